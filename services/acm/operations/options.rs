//! UpdateCertificateOptions and RenewCertificate.

use super::refuse;
use crate::model::{Certificate, Origin, Status};
use api_acm::{
    CertificateOptions, RenewCertificateOutput, RenewCertificateRequest,
    UpdateCertificateOptionsOutput, UpdateCertificateOptionsRequest,
};
use region::{Call, Refusal, serve};

/// docs: API_UpdateCertificateOptions
pub fn update_certificate_options(
    call: &mut Call,
    input: UpdateCertificateOptionsRequest,
) -> Result<UpdateCertificateOptionsOutput, Refusal> {
    serve!(call, UpdateCertificateOptionsRequest { certificate_arn, options } = input);
    serve!(call, CertificateOptions { certificate_transparency_logging_preference } = options);
    let (key, certificate) = refuse::find(call, &certificate_arn)?;
    if certificate.origin == Origin::Imported {
        let message = "The options of imported certificates cannot be changed";
        return Err(Refusal::new("InvalidStateException", message));
    }
    let mut certificate = (*certificate).clone();
    if let Some(transparency) = certificate_transparency_logging_preference {
        certificate.transparency = transparency;
    }
    call.put_at(key, certificate);
    Ok(UpdateCertificateOptionsOutput {})
}

/// AWS renews private and exported certificates on demand; here each that the region issued.
///
/// docs: API_RenewCertificate
pub fn renew_certificate(
    call: &mut Call,
    input: RenewCertificateRequest,
) -> Result<RenewCertificateOutput, Refusal> {
    serve!(call, RenewCertificateRequest { certificate_arn } = input);
    let (key, certificate) = refuse::find(call, &certificate_arn)?;
    if certificate.origin == Origin::Imported {
        return Err(refuse::invalid("Imported certificates cannot be renewed"));
    }
    if certificate.status == Status::Pending {
        let message = format!("The certificate {certificate_arn} is not yet issued.");
        return Err(Refusal::new("RequestInProgressException", message));
    }
    let renewed = crate::controller::renewed(&call.view(), &key, &certificate);
    let renewed: Certificate = renewed.ok_or_else(|| Refusal::bug("the authority cannot sign"))?;
    call.put_at(key, renewed);
    Ok(RenewCertificateOutput {})
}
