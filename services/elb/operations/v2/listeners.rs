//! CreateListener, ModifyListener, DeleteListener, DescribeListeners.

use super::actions::{self, Place};
use super::{answer, balancers, certificates, refuse, tags};
use crate::model::{Kind, Listener, TagSet, find, name, policy};
use api_elbv2::{
    CreateListenerInput, CreateListenerOutput, DeleteListenerInput, DeleteListenerOutput,
    DescribeListenersInput, DescribeListenersOutput, ModifyListenerInput, ModifyListenerOutput,
    MutualAuthenticationAttributes,
};
use refuse::{configuration, invalid};
use region::{Call, Key, Refusal, serve};
use std::collections::BTreeMap;

/// Listeners of one balancer (ELB quotas).
const LISTENERS: usize = 50;
/// Target groups of one application balancer (ELB quotas).
const GROUPS: usize = 100;

/// docs: API_CreateListener
pub fn create_listener(
    call: &mut Call,
    input: CreateListenerInput,
) -> Result<CreateListenerOutput, Refusal> {
    serve!(
        call,
        CreateListenerInput {
            load_balancer_arn,
            protocol,
            port,
            default_actions,
            certificates,
            ssl_policy,
            alpn_policy,
            mutual_authentication,
            tags
        } = input
    );
    let (balancer, record) = refuse::balancer(call, &load_balancer_arn)?;
    let tags = tags::read(tags)?;
    mutual(call, mutual_authentication)?;
    let protocol = protocol.ok_or_else(|| invalid("A listener protocol must be specified"))?;
    let port = port.ok_or_else(|| invalid("A listener port must be specified"))? as u16;
    check_protocol(record.kind, &protocol)?;
    let present = balancers::listeners(call, &balancer);
    check_port(&present, None, port, &protocol, &load_balancer_arn)?;
    if present.len() >= LISTENERS {
        let message = "The maximum number of listeners has been reached for this load balancer";
        return Err(Refusal::new("TooManyListeners", message));
    }
    let place = Place { balancer: &balancer, kind: record.kind, protocol: &protocol };
    let default = actions::read(call, &place, default_actions)?;
    let mut listener = Listener {
        balancer: balancer.id.to_string(),
        port,
        certificates: Vec::new(),
        ssl_policy: None,
        alpn: None,
        default,
        default_rule: refuse::hex(call),
        rules: BTreeMap::new(),
        attributes: BTreeMap::new(),
        protocol,
    };
    secure(call, &mut listener, certificates, ssl_policy, alpn_policy)?;
    let hex = refuse::hex(call);
    let key = call.key(format!("{}/{hex}", balancer.id));
    tags::put(call, &name::listener(&key.scope, key.id.as_str()), tags)?;
    call.put_at(key.clone(), listener.clone());
    few_groups(call, &balancer)?;
    Ok(CreateListenerOutput { listeners: Some(vec![answer::listener(&key, &listener)]) })
}

/// Refuses more target groups than a balancer may have. Called with the change made.
pub(super) fn few_groups(call: &Call, balancer: &Key) -> Result<(), Refusal> {
    if find::groups(call.store(), balancer).len() <= GROUPS {
        return Ok(());
    }
    let message = "The maximum number of unique target groups per load balancer has been reached";
    Err(Refusal::new("TooManyUniqueTargetGroupsPerLoadBalancer", message))
}

fn mutual(call: &mut Call, given: Option<MutualAuthenticationAttributes>) -> Result<(), Refusal> {
    let Some(given) = given else { return Ok(()) };
    serve!(call, MutualAuthenticationAttributes { mode } = given);
    match mode.as_deref() {
        None | Some("off") => Ok(()),
        Some(mode) => {
            Err(Refusal::not_implemented(format!("Mutual authentication of mode {mode}")))
        }
    }
}

fn check_protocol(kind: Kind, protocol: &str) -> Result<(), Refusal> {
    let (good, names) = match kind {
        Kind::Application => (matches!(protocol, "HTTP" | "HTTPS"), "HTTP, HTTPS"),
        Kind::Network => {
            (matches!(protocol, "TCP" | "TLS" | "UDP" | "TCP_UDP"), "UDP, TCP, TLS, TCP_UDP")
        }
    };
    if matches!(protocol, "QUIC" | "TCP_QUIC" | "GENEVE") {
        return Err(Refusal::not_implemented(format!("The protocol {protocol}")));
    }
    if good {
        return Ok(());
    }
    Err(invalid(format!("Listener protocol '{protocol}' must be one of '{names}'")))
}

/// TCP and UDP may share a port number on a network balancer.
fn check_port(
    present: &[(Key, Listener)],
    own: Option<&Key>,
    port: u16,
    protocol: &str,
    balancer: &str,
) -> Result<(), Refusal> {
    let transport = |protocol: &str| match protocol {
        "UDP" => (false, true),
        "TCP_UDP" => (true, true),
        _ => (true, false),
    };
    let (tcp, udp) = transport(protocol);
    let clash = present.iter().any(|(key, one)| {
        let (other_tcp, other_udp) = transport(&one.protocol);
        Some(key) != own && one.port == port && ((tcp && other_tcp) || (udp && other_udp))
    });
    if !clash {
        return Ok(());
    }
    let message =
        format!("A listener already exists on this port for this load balancer '{balancer}'");
    Err(Refusal::new("DuplicateListener", message))
}

/// Certificates, policy and ALPN of a listener that decrypts; refuses them on others.
fn secure(
    call: &mut Call,
    listener: &mut Listener,
    certificates: Option<Vec<api_elbv2::Certificate>>,
    ssl_policy: Option<String>,
    alpn: Option<Vec<String>>,
) -> Result<(), Refusal> {
    if !listener.is_secure() {
        if certificates.is_some_and(|given| !given.is_empty()) || ssl_policy.is_some() {
            let message = format!(
                "A certificate or a security policy cannot be specified for {} listeners",
                listener.protocol
            );
            return Err(invalid(message));
        }
        listener.certificates.clear();
        listener.ssl_policy = None;
        listener.alpn = None;
        return Ok(());
    }
    if let Some(given) = certificates.filter(|given| !given.is_empty()) {
        let [given] = <[_; 1]>::try_from(given)
            .map_err(|_| invalid("You must specify exactly one certificate for a listener"))?;
        let arn = certificates::read(call, given)?;
        match listener.certificates.first_mut() {
            Some(first) => *first = arn,
            None => listener.certificates.push(arn),
        }
    }
    if listener.certificates.is_empty() {
        let message =
            format!("A certificate must be specified for {} listeners", listener.protocol);
        return Err(invalid(message));
    }
    if let Some(wanted) = ssl_policy {
        if policy::named(&wanted).is_none() {
            let message = format!("SSL policy '{wanted}' not found");
            return Err(Refusal::new("SSLPolicyNotFound", message));
        }
        listener.ssl_policy = Some(wanted);
    }
    listener.ssl_policy.get_or_insert_with(|| policy::DEFAULT.into());
    if let Some(alpn) = alpn {
        if listener.protocol != "TLS" {
            return Err(configuration("An ALPN policy can only be specified for TLS listeners"));
        }
        listener.alpn = alpn.into_iter().next().filter(|policy| policy != "None");
    }
    Ok(())
}

/// docs: API_ModifyListener
pub fn modify_listener(
    call: &mut Call,
    input: ModifyListenerInput,
) -> Result<ModifyListenerOutput, Refusal> {
    serve!(
        call,
        ModifyListenerInput {
            listener_arn,
            protocol,
            port,
            default_actions,
            certificates,
            ssl_policy,
            alpn_policy,
            mutual_authentication
        } = input
    );
    let (key, present) = refuse::listener(call, &listener_arn)?;
    mutual(call, mutual_authentication)?;
    let balancer = call.key(&present.balancer);
    let arn = name::balancer(&balancer.scope, balancer.id.as_str());
    let (_, record) = refuse::balancer(call, &arn)?;
    let mut listener = (*present).clone();
    if let Some(protocol) = protocol {
        check_protocol(record.kind, &protocol)?;
        listener.protocol = protocol;
    }
    if let Some(port) = port {
        listener.port = port as u16;
    }
    let all = balancers::listeners(call, &balancer);
    check_port(&all, Some(&key), listener.port, &listener.protocol, &arn)?;
    if let Some(given) = default_actions.filter(|given| !given.is_empty()) {
        let place = Place { balancer: &balancer, kind: record.kind, protocol: &listener.protocol };
        listener.default = actions::read(call, &place, given)?;
    }
    secure(call, &mut listener, certificates, ssl_policy, alpn_policy)?;
    call.put_at(key.clone(), listener.clone());
    few_groups(call, &balancer)?;
    Ok(ModifyListenerOutput { listeners: Some(vec![answer::listener(&key, &listener)]) })
}

/// docs: API_DeleteListener
pub fn delete_listener(
    call: &mut Call,
    input: DeleteListenerInput,
) -> Result<DeleteListenerOutput, Refusal> {
    serve!(call, DeleteListenerInput { listener_arn } = input);
    let (key, _) = refuse::listener(call, &listener_arn)?;
    forget(call, &key);
    Ok(DeleteListenerOutput {})
}

/// Forgets a listener with its rules and all tags.
pub(super) fn forget(call: &mut Call, key: &Key) {
    if let Some(listener) = call.get::<Listener>(key) {
        for rule in listener.rules.keys().chain([&listener.default_rule]) {
            call.forget::<TagSet>(name::rule(&key.scope, key.id.as_str(), rule));
        }
    }
    call.forget::<TagSet>(name::listener(&key.scope, key.id.as_str()));
    call.forget_at::<Listener>(key);
}

/// docs: API_DescribeListeners
pub fn describe_listeners(
    call: &mut Call,
    input: DescribeListenersInput,
) -> Result<DescribeListenersOutput, Refusal> {
    serve!(
        call,
        DescribeListenersInput { load_balancer_arn, listener_arns, marker, page_size } = input
    );
    let arns = listener_arns.unwrap_or_default();
    let mut all: Vec<(Key, Listener)> = Vec::new();
    match load_balancer_arn {
        Some(arn) => {
            let (balancer, _) = refuse::balancer(call, &arn)?;
            all = balancers::listeners(call, &balancer);
        }
        None if arns.is_empty() => {
            return Err(invalid("You must specify either listener ARNs or a load balancer ARN"));
        }
        None => {
            for arn in &arns {
                let (key, one) = refuse::listener(call, arn)?;
                all.push((key, (*one).clone()));
            }
        }
    }
    let name = |(key, _): &(Key, Listener)| key.id.to_string();
    all.sort_by_key(name);
    let (all, next_marker) = refuse::page(all, name, marker, page_size)?;
    let listeners = all.iter().map(|(key, one)| answer::listener(key, one)).collect();
    Ok(DescribeListenersOutput { listeners: Some(listeners), next_marker })
}
