//! What a zone could have on AWS and none has here. DNSSEC: no zone is signed.

use crate::model::HostedZone;
use api_route53::{
    DNSSECStatus, DisableHostedZoneDNSSECRequest, DisableHostedZoneDNSSECResponse,
    GetDNSSECRequest, GetDNSSECResponse,
};
use region::{Call, Refusal, serve};

/// docs: API_GetDNSSEC
pub(crate) fn get_dnssec(
    call: &mut Call,
    input: GetDNSSECRequest,
) -> Result<GetDNSSECResponse, Refusal> {
    serve!(call, GetDNSSECRequest { hosted_zone_id } = input);
    let (_, zone) = HostedZone::find(call, &hosted_zone_id)?;
    if zone.private {
        let message = "Operation is unsupported for private hosted zones.";
        return Err(Refusal::new("InvalidArgument", message));
    }
    let status = DNSSECStatus { serve_signature: Some("NOT_SIGNING".into()), status_message: None };
    Ok(GetDNSSECResponse { status: Some(status), key_signing_keys: Some(Vec::new()) })
}

/// docs: API_DisableHostedZoneDNSSEC
pub(crate) fn disable_hosted_zone_dnssec(
    call: &mut Call,
    input: DisableHostedZoneDNSSECRequest,
) -> Result<DisableHostedZoneDNSSECResponse, Refusal> {
    serve!(call, DisableHostedZoneDNSSECRequest { hosted_zone_id } = input);
    HostedZone::find(call, &hosted_zone_id)?;
    let message = "The hosted zone doesn't have any DNSSEC resources.";
    Err(Refusal::new("DNSSECNotFound", message))
}
