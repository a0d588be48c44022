//! Certificates of a listener: the default one and those chosen by server name.

use super::refuse;
use api_elbv2::{
    AddListenerCertificatesInput, AddListenerCertificatesOutput, Certificate,
    DescribeListenerCertificatesInput, DescribeListenerCertificatesOutput,
    RemoveListenerCertificatesInput, RemoveListenerCertificatesOutput,
};
use refuse::invalid;
use region::{Call, Refusal, serve};

/// Certificates of one balancer, default ones not counted (ELB quotas).
const CERTIFICATES: usize = 25;

/// A certificate that exists and was issued, by its ARN.
pub(super) fn read(call: &mut Call, given: Certificate) -> Result<String, Refusal> {
    serve!(call, Certificate { certificate_arn, is_default } = given);
    if is_default.is_some() {
        return Err(invalid("The value of IsDefault cannot be specified"));
    }
    let arn = certificate_arn.ok_or_else(|| invalid("A certificate ARN must be specified"))?;
    exists(call, &arn)?;
    Ok(arn)
}

/// Refuses a certificate that cannot be shown.
pub(in crate::operations) fn exists(call: &Call, arn: &str) -> Result<(), Refusal> {
    let known = crate::controller::certificate_of(call.store(), arn).is_some();
    if known {
        return Ok(());
    }
    let here =
        acm::model::key(arn).is_some_and(|key| call.get::<acm::model::Certificate>(&key).is_some());
    if here {
        let message = format!(
            "The certificate '{arn}' must have a fully-qualified domain name, a supported \
             signature, and a supported key size."
        );
        return Err(Refusal::new("UnsupportedCertificate", message));
    }
    Err(Refusal::new("CertificateNotFound", format!("Certificate '{arn}' not found")))
}

/// docs: API_AddListenerCertificates
pub fn add_listener_certificates(
    call: &mut Call,
    input: AddListenerCertificatesInput,
) -> Result<AddListenerCertificatesOutput, Refusal> {
    serve!(call, AddListenerCertificatesInput { listener_arn, certificates } = input);
    let (key, listener) = refuse::listener(call, &listener_arn)?;
    let mut listener = (*listener).clone();
    if !listener.is_secure() {
        let message = format!("Certificates cannot be added to {} listeners", listener.protocol);
        return Err(Refusal::new("UnsupportedOperation", message));
    }
    let mut shown = Vec::new();
    for given in certificates {
        let arn = read(call, given)?;
        if !listener.certificates.contains(&arn) {
            listener.certificates.push(arn.clone());
        }
        shown.push(Certificate { certificate_arn: Some(arn), is_default: Some(false) });
    }
    if listener.certificates.len() > CERTIFICATES + 1 {
        let message = "The maximum number of certificates has been reached for this load balancer";
        return Err(Refusal::new("TooManyCertificates", message));
    }
    call.put_at(key, listener);
    Ok(AddListenerCertificatesOutput { certificates: Some(shown) })
}

/// docs: API_RemoveListenerCertificates
pub fn remove_listener_certificates(
    call: &mut Call,
    input: RemoveListenerCertificatesInput,
) -> Result<RemoveListenerCertificatesOutput, Refusal> {
    serve!(call, RemoveListenerCertificatesInput { listener_arn, certificates } = input);
    let (key, listener) = refuse::listener(call, &listener_arn)?;
    let mut listener = (*listener).clone();
    for given in certificates {
        serve!(call, Certificate { certificate_arn } = given);
        let arn = certificate_arn.ok_or_else(|| invalid("A certificate ARN must be specified"))?;
        if listener.certificates.first() == Some(&arn) {
            let message = format!("The default certificate '{arn}' cannot be removed");
            return Err(Refusal::new("OperationNotPermitted", message));
        }
        listener.certificates.retain(|present| *present != arn);
    }
    call.put_at(key, listener);
    Ok(RemoveListenerCertificatesOutput {})
}

/// docs: API_DescribeListenerCertificates
pub fn describe_listener_certificates(
    call: &mut Call,
    input: DescribeListenerCertificatesInput,
) -> Result<DescribeListenerCertificatesOutput, Refusal> {
    serve!(call, DescribeListenerCertificatesInput { listener_arn, marker, page_size } = input);
    let (_, listener) = refuse::listener(call, &listener_arn)?;
    let all: Vec<(usize, String)> = listener.certificates.iter().cloned().enumerate().collect();
    let place = |(at, _): &(usize, String)| format!("{at:04}");
    let (all, next_marker) = refuse::page(all, place, marker, page_size)?;
    let shown = all
        .into_iter()
        .map(|(at, arn)| Certificate { certificate_arn: Some(arn), is_default: Some(at == 0) });
    Ok(DescribeListenerCertificatesOutput { certificates: Some(shown.collect()), next_marker })
}
