//! Listeners of classic balancers.

use super::refuse::{self, configuration, invalid};
use crate::model::{Classic, ClassicListener};
use crate::operations::v2::certificates;
use api_elb::{
    CreateLoadBalancerListenerInput, CreateLoadBalancerListenerOutput,
    DeleteLoadBalancerListenerInput, DeleteLoadBalancerListenerOutput, Listener,
    SetLoadBalancerListenerSSLCertificateInput, SetLoadBalancerListenerSSLCertificateOutput,
};
use region::{Call, Refusal, serve};

/// Listeners of one balancer (ELB quotas).
const LISTENERS: usize = 100;

/// Adds listeners; the same one again is no error.
pub(super) fn add(call: &mut Call, one: &mut Classic, given: Vec<Listener>) -> Result<(), Refusal> {
    for listener in given {
        serve!(
            call,
            Listener {
                instance_port,
                instance_protocol,
                load_balancer_port,
                protocol,
                ssl_certificate_id
            } = listener
        );
        let protocol = protocol.to_uppercase();
        let instance_protocol = instance_protocol.map(|name| name.to_uppercase());
        let instance_protocol = instance_protocol.unwrap_or_else(|| match protocol.as_str() {
            "HTTP" | "HTTPS" => "HTTP".into(),
            _ => "TCP".into(),
        });
        check(&protocol, &instance_protocol)?;
        let port = u16::try_from(load_balancer_port).ok().filter(|port| *port > 0);
        let port = port.ok_or_else(|| {
            invalid(format!("Listener port {load_balancer_port} must be between 1 and 65535"))
        })?;
        let secure = matches!(protocol.as_str(), "HTTPS" | "SSL");
        match &ssl_certificate_id {
            Some(arn) if secure => certificates::exists(call, arn).map_err(|_| missing(arn))?,
            None if secure => {
                let message =
                    format!("Secure Listeners need to specify a SSLCertificateId: {protocol}");
                return Err(Refusal::new("ValidationError", message));
            }
            _ => {}
        }
        let made = ClassicListener {
            protocol,
            instance_port: instance_port as u16,
            instance_protocol,
            certificate: ssl_certificate_id.filter(|_| secure),
            policies: Vec::new(),
        };
        match one.listeners.get(&port) {
            Some(present)
                if (ClassicListener { policies: Vec::new(), ..present.clone() }) == made => {}
            Some(_) => {
                let message = format!(
                    "A listener already exists for this load balancer with LoadBalancerPort {port} \
                     but with a different InstancePort, Protocol, or SSLCertificateId"
                );
                return Err(Refusal::new("DuplicateListener", message));
            }
            None => {
                one.listeners.insert(port, made);
            }
        }
    }
    if one.listeners.len() > LISTENERS {
        return Err(configuration("The maximum number of listeners has been reached"));
    }
    Ok(())
}

fn missing(arn: &str) -> Refusal {
    let message = format!("Server Certificate not found for the key: {arn}");
    Refusal::new("CertificateNotFound", message)
}

fn check(protocol: &str, instance: &str) -> Result<(), Refusal> {
    let known = |name: &str| matches!(name, "HTTP" | "HTTPS" | "TCP" | "SSL");
    if !known(protocol) || !known(instance) {
        let message = "Invalid listener protocol: must be one of HTTP, HTTPS, TCP, SSL";
        return Err(Refusal::new("UnsupportedProtocol", message));
    }
    // API_Listener: both of the application layer, or both of the transport layer.
    let http = |name: &str| name.starts_with("HTTP");
    if http(protocol) != http(instance) {
        let message = "The protocol of the listener and of the instances must be at the same \
                       internet protocol layer";
        return Err(invalid(message));
    }
    Ok(())
}

/// docs: API_CreateLoadBalancerListeners
pub fn create_load_balancer_listeners(
    call: &mut Call,
    input: CreateLoadBalancerListenerInput,
) -> Result<CreateLoadBalancerListenerOutput, Refusal> {
    serve!(call, CreateLoadBalancerListenerInput { load_balancer_name, listeners } = input);
    let mut one = refuse::find(call, &load_balancer_name)?;
    add(call, &mut one, listeners)?;
    call.put(load_balancer_name, one);
    Ok(CreateLoadBalancerListenerOutput {})
}

/// docs: API_DeleteLoadBalancerListeners
pub fn delete_load_balancer_listeners(
    call: &mut Call,
    input: DeleteLoadBalancerListenerInput,
) -> Result<DeleteLoadBalancerListenerOutput, Refusal> {
    serve!(
        call,
        DeleteLoadBalancerListenerInput { load_balancer_name, load_balancer_ports } = input
    );
    let mut one = refuse::find(call, &load_balancer_name)?;
    one.listeners.retain(|port, _| !load_balancer_ports.contains(&i32::from(*port)));
    call.put(load_balancer_name, one);
    Ok(DeleteLoadBalancerListenerOutput {})
}

/// docs: API_SetLoadBalancerListenerSSLCertificate
pub fn set_load_balancer_listener_ssl_certificate(
    call: &mut Call,
    input: SetLoadBalancerListenerSSLCertificateInput,
) -> Result<SetLoadBalancerListenerSSLCertificateOutput, Refusal> {
    serve!(
        call,
        SetLoadBalancerListenerSSLCertificateInput {
            load_balancer_name,
            load_balancer_port,
            ssl_certificate_id
        } = input
    );
    let mut one = refuse::find(call, &load_balancer_name)?;
    certificates::exists(call, &ssl_certificate_id).map_err(|_| missing(&ssl_certificate_id))?;
    let listener = listener(&mut one, load_balancer_port)?;
    if !matches!(listener.protocol.as_str(), "HTTPS" | "SSL") {
        let message = "The listener must speak HTTPS or SSL to have a certificate";
        return Err(configuration(message));
    }
    listener.certificate = Some(ssl_certificate_id);
    call.put(load_balancer_name, one);
    Ok(SetLoadBalancerListenerSSLCertificateOutput {})
}

/// The listener of a port.
pub(super) fn listener(one: &mut Classic, port: i32) -> Result<&mut ClassicListener, Refusal> {
    let found = u16::try_from(port).ok().and_then(|port| one.listeners.get_mut(&port));
    found.ok_or_else(|| {
        let message = format!("There is no listener on port {port} of this load balancer");
        Refusal::new("ListenerNotFound", message)
    })
}
