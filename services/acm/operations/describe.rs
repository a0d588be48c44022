//! DescribeCertificate and GetCertificate.

use super::refuse::{self, stamp};
use crate::model::{self, Certificate, Domain, Origin, Status};
use api_acm::{
    CertificateDetail, CertificateOptions, DescribeCertificateRequest, DescribeCertificateResponse,
    DomainValidation, ExtendedKeyUsage, GetCertificateRequest, GetCertificateResponse, KeyUsage,
    RenewalSummary, ResourceRecord,
};
use region::{Call, Key, Refusal, serve};
use shape::Timestamp;

/// The status as it is now: what has expired says so.
pub(super) fn status(certificate: &Certificate, now: world::Time) -> &'static str {
    match certificate.status {
        Status::Pending => "PENDING_VALIDATION",
        Status::Issued if certificate.not_after <= now.seconds() as i64 => "EXPIRED",
        Status::Issued => "ISSUED",
    }
}

/// docs: API_DescribeCertificate
pub fn describe_certificate(
    call: &mut Call,
    input: DescribeCertificateRequest,
) -> Result<DescribeCertificateResponse, Refusal> {
    serve!(call, DescribeCertificateRequest { certificate_arn } = input);
    let (key, certificate) = refuse::find(call, &certificate_arn)?;
    Ok(DescribeCertificateResponse { certificate: Some(detail(call, &key, &certificate)) })
}

fn detail(call: &Call, key: &Key, one: &Certificate) -> CertificateDetail {
    let arn = model::arn(&key.scope, key.id.as_str());
    let issued = one.status == Status::Issued;
    let imported = one.origin == Origin::Imported;
    let users = model::users(call.store(), &key.scope, &arn);
    let text = |text: &str| Some(text.to_owned()).filter(|_| issued);
    let validations = || one.domains.iter().map(|domain| validation(one, domain)).collect();
    let eligible = issued && !imported && !users.is_empty();
    CertificateDetail {
        created_at: Some(stamp(one.created)),
        domain_name: Some(one.domain.clone()),
        domain_validation_options: (!imported).then(validations),
        extended_key_usages: Some(usages(issued && !imported)),
        imported_at: one.issued.filter(|_| imported).map(stamp),
        in_use_by: Some(users),
        issued_at: one.issued.filter(|_| !imported).map(stamp),
        issuer: if imported { text(&one.issuer) } else { Some("Amazon".into()) },
        key_algorithm: Some(shown_algorithm(&one.key_algorithm)),
        key_usages: Some(key_usages(issued && !imported)),
        not_after: issued.then(|| Timestamp::from_seconds(one.not_after)),
        not_before: issued.then(|| Timestamp::from_seconds(one.not_before)),
        options: Some(CertificateOptions {
            certificate_transparency_logging_preference: Some(one.transparency.clone()),
            export: Some(one.export.clone()).filter(|_| !imported),
        }),
        renewal_eligibility: Some(if eligible { "ELIGIBLE" } else { "INELIGIBLE" }.into()),
        renewal_summary: one.renewed.map(|at| RenewalSummary {
            domain_validation_options: Some(validations()),
            renewal_status: Some("SUCCESS".into()),
            renewal_status_reason: None,
            updated_at: Some(stamp(at)),
        }),
        serial: text(&one.serial),
        signature_algorithm: text(&one.signature_algorithm),
        status: Some(status(one, call.now).into()),
        subject: text(&one.subject),
        subject_alternative_names: Some(one.names.clone()),
        r#type: Some(if imported { "IMPORTED" } else { "AMAZON_ISSUED" }.into()),
        certificate_arn: Some(arn),
        ..Default::default()
    }
}

/// ACM shows `RSA-2048` in details where it says `RSA_2048` elsewhere.
fn shown_algorithm(algorithm: &str) -> String {
    match algorithm.strip_prefix("RSA_") {
        Some(bits) => format!("RSA-{bits}"),
        None => algorithm.replace('_', "-"),
    }
}

fn usages(shown: bool) -> Vec<ExtendedKeyUsage> {
    let usage =
        |name: &str, oid: &str| ExtendedKeyUsage { name: Some(name.into()), oid: Some(oid.into()) };
    let all = [
        usage("TLS_WEB_SERVER_AUTHENTICATION", "1.3.6.1.5.5.7.3.1"),
        usage("TLS_WEB_CLIENT_AUTHENTICATION", "1.3.6.1.5.5.7.3.2"),
    ];
    all.into_iter().filter(|_| shown).collect()
}

fn key_usages(shown: bool) -> Vec<KeyUsage> {
    let usage = KeyUsage { name: Some("DIGITAL_SIGNATURE".into()) };
    shown.then_some(usage).into_iter().collect()
}

fn validation(one: &Certificate, domain: &Domain) -> DomainValidation {
    let done = one.status == Status::Issued;
    let record = domain.record.as_ref().map(|(name, value)| ResourceRecord {
        name: Some(name.clone()),
        r#type: Some("CNAME".into()),
        value: Some(value.clone()),
    });
    let emails = ["admin", "administrator", "hostmaster", "postmaster", "webmaster"];
    let mail = |who: &str| {
        let domain = domain.validation.strip_prefix("*.").unwrap_or(&domain.validation);
        format!("{who}@{domain}")
    };
    DomainValidation {
        domain_name: Some(domain.name.clone()),
        resource_record: record,
        validation_domain: Some(domain.validation.clone()),
        validation_emails: (one.validation == "EMAIL")
            .then(|| emails.iter().map(|who| mail(who)).collect()),
        validation_method: Some(one.validation.clone()),
        validation_status: Some(if done { "SUCCESS" } else { "PENDING_VALIDATION" }.into()),
        ..Default::default()
    }
}

/// docs: API_GetCertificate
pub fn get_certificate(
    call: &mut Call,
    input: GetCertificateRequest,
) -> Result<GetCertificateResponse, Refusal> {
    serve!(call, GetCertificateRequest { certificate_arn } = input);
    let (_, certificate) = refuse::find(call, &certificate_arn)?;
    if certificate.status == Status::Pending {
        let message = format!("The certificate {certificate_arn} is not yet issued.");
        return Err(Refusal::new("RequestInProgressException", message));
    }
    let chain = Some(certificate.chain.clone()).filter(|chain| !chain.is_empty());
    Ok(GetCertificateResponse {
        certificate: Some(certificate.body.clone()),
        certificate_chain: chain,
    })
}
