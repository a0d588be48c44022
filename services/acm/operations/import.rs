//! ImportCertificate: a customer's own, checked.

use super::refuse::{self, invalid};
use crate::model::{self, Certificate, Origin, Status, read};
use api_acm::{ImportCertificateRequest, ImportCertificateResponse};
use region::{Call, Refusal, serve};

/// docs: API_ImportCertificate
pub fn import_certificate(
    call: &mut Call,
    input: ImportCertificateRequest,
) -> Result<ImportCertificateResponse, Refusal> {
    serve!(
        call,
        ImportCertificateRequest {
            certificate,
            private_key,
            certificate_chain,
            certificate_arn,
            tags
        } = input
    );
    let body = text("certificate", certificate)?;
    let chain = certificate_chain.map(|chain| text("certificate chain", chain)).transpose()?;
    let private = text("private key", private_key)?;
    let present = match &certificate_arn {
        Some(arn) => Some(refuse::find(call, arn)?),
        None => None,
    };
    let given = super::tags::read(tags.unwrap_or_default())?;
    if present.is_some() && !given.is_empty() {
        return Err(invalid("Tags cannot be given when a certificate is imported again"));
    }
    let mut made = certificate_of(call, body, chain, &private)?;
    let key = match present {
        Some((key, before)) => {
            if before.origin != Origin::Imported {
                let message = "Only imported certificates can be imported again";
                return Err(invalid(message));
            }
            made.tags = before.tags.clone();
            made.created = before.created;
            key
        }
        None => {
            made.tags = given;
            let id = refuse::uuid(call);
            call.key(id)
        }
    };
    let arn = model::arn(&key.scope, key.id.as_str());
    call.put_at(key, made);
    Ok(ImportCertificateResponse { certificate_arn: Some(arn) })
}

fn text(what: &str, bytes: Vec<u8>) -> Result<String, Refusal> {
    let text = String::from_utf8(bytes).ok().filter(|text| text.contains("-----BEGIN "));
    let text = text.ok_or_else(|| invalid(format!("The {what} is not in a valid PEM format.")))?;
    Ok(format!("{}\n", text.trim().replace("\r\n", "\n")))
}

fn certificate_of(
    call: &Call,
    body: String,
    chain: Option<String>,
    private: &str,
) -> Result<Certificate, Refusal> {
    let unreadable = || invalid("Could not parse the certificate: it is not a valid X.509 one.");
    let mut all = read::chain(&body).ok_or_else(unreadable)?;
    let leaf = all.remove(0);
    if !all.is_empty() {
        let message = "The certificate field contains more than one certificate. You can specify \
                       only one certificate in this field.";
        return Err(invalid(message));
    }
    let above = match &chain {
        Some(chain) => read::chain(chain)
            .ok_or_else(|| invalid("The certificate chain is not in a valid PEM format."))?,
        None => Vec::new(),
    };
    if above.is_empty() && !leaf.self_signed {
        let message = "Provided certificate is not a valid self signed. Please provide either a \
                       valid self-signed certificate or certificate chain.";
        return Err(invalid(message));
    }
    let links = std::iter::once(&leaf).chain(&above).zip(&above);
    if !links.clone().all(|(one, next)| one.issued_by(next)) {
        let message = "Could not validate the certificate with the certificate chain.";
        return Err(invalid(message));
    }
    is_good_now(call, &leaf)?;
    let key_algorithm = leaf
        .key_algorithm
        .ok_or_else(|| invalid("The certificate's key algorithm or key size is not supported."))?;
    if private.contains("ENCRYPTED") {
        return Err(invalid("The private key must not be encrypted."));
    }
    let key = read::key(private)
        .ok_or_else(|| invalid("The private key is not in a valid PEM format."))?;
    if key.public.is_some_and(|public| public != leaf.public) {
        return Err(invalid("The private key does not match the certificate."));
    }
    let mut names = leaf.names;
    let domain = leaf.common.clone().or_else(|| names.first().cloned()).unwrap_or_default();
    if names.is_empty() && !domain.is_empty() {
        names.push(domain.clone());
    }
    Ok(Certificate {
        domain,
        names,
        origin: Origin::Imported,
        status: Status::Issued,
        body,
        chain: chain.unwrap_or_default(),
        key: key.pem,
        key_algorithm: key_algorithm.into(),
        signature_algorithm: leaf.signature_algorithm,
        subject: leaf.subject,
        issuer: leaf.issuer,
        serial: leaf.serial,
        not_before: leaf.not_before,
        not_after: leaf.not_after,
        created: call.now,
        issued: Some(call.now),
        domains: Vec::new(),
        validation: String::new(),
        transparency: "DISABLED".into(),
        export: "DISABLED".into(),
        tags: Default::default(),
        token: None,
        renewed: None,
    })
}

fn is_good_now(call: &Call, leaf: &read::Read) -> Result<(), Refusal> {
    let now = call.now.seconds() as i64;
    if leaf.not_after <= now {
        return Err(invalid("The certificate has expired."));
    }
    if leaf.not_before > now {
        return Err(invalid("The certificate is not yet valid."));
    }
    Ok(())
}
