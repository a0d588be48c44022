//! RequestCertificate: the region's own authority issues it.

use super::refuse::{self, invalid};
use crate::model::{self, Authority, Certificate, Domain, Origin, Status, issue, make};
use api_acm::{
    CertificateOptions, DomainValidationOption, RequestCertificateRequest,
    RequestCertificateResponse,
};
use region::{Call, Refusal, serve};
use world::Span;

/// Names of one certificate (ACM quotas).
const NAMES: usize = 10;
/// A token counts this long (API_RequestCertificate).
const TOKEN: Span = Span::seconds(3600);
/// Of chance that is no key by chance, once in 2³², another is taken.
const TRIES: u32 = 8;

/// Keys are ECDSA P-256 here, also where AWS's default is RSA_2048.
///
/// docs: API_RequestCertificate
pub fn request_certificate(
    call: &mut Call,
    input: RequestCertificateRequest,
) -> Result<RequestCertificateResponse, Refusal> {
    serve!(
        call,
        RequestCertificateRequest {
            domain_name,
            subject_alternative_names,
            validation_method,
            domain_validation_options,
            idempotency_token,
            key_algorithm,
            options,
            tags
        } = input
    );
    if let Some(other) = key_algorithm.filter(|one| one != "EC_prime256v1") {
        return Err(Refusal::not_implemented(format!("The key algorithm {other}")));
    }
    let names = names(domain_name, subject_alternative_names)?;
    let tags = super::tags::read(tags.unwrap_or_default())?;
    let (transparency, export) = read_options(call, options)?;
    let validation = validation_method.unwrap_or_else(|| "EMAIL".into());
    if !matches!(validation.as_str(), "DNS" | "EMAIL") {
        return Err(Refusal::not_implemented(format!("The validation method {validation}")));
    }
    if let Some(token) = &idempotency_token {
        let same = |one: &Certificate| {
            let counts =
                one.token.as_ref().is_some_and(|(t, until)| t == token && *until > call.now);
            counts && one.names == names
        };
        let all = call.list::<Certificate>();
        if let Some((id, _)) = all.iter().find(|(_, one)| same(one)) {
            let arn = model::arn(&call.scope, id.as_str());
            return Ok(RequestCertificateResponse { certificate_arn: Some(arn) });
        }
    }
    let domains = domains(call, &names, &validation, domain_validation_options)?;
    let mut certificate = Certificate {
        domain: names.first().cloned().unwrap_or_default(),
        names,
        origin: Origin::Issued,
        status: Status::Pending,
        body: String::new(),
        chain: String::new(),
        key: key(call)?,
        key_algorithm: "EC_prime256v1".into(),
        signature_algorithm: String::new(),
        subject: String::new(),
        issuer: String::new(),
        serial: String::new(),
        not_before: 0,
        not_after: 0,
        created: call.now,
        issued: None,
        domains,
        validation,
        transparency,
        export,
        tags,
        token: idempotency_token.map(|token| (token, call.now + TOKEN)),
        renewed: None,
    };
    let authority = authority(call)?;
    let serial = sixteen(call);
    issue::issue(&mut certificate, &authority, call.now.seconds(), serial).ok_or_else(|| {
        invalid(format!("A certificate for {} cannot be made", certificate.domain))
    })?;
    let id = refuse::uuid(call);
    let arn = model::arn(&call.scope, &id);
    call.put(id, certificate);
    Ok(RequestCertificateResponse { certificate_arn: Some(arn) })
}

fn sixteen(call: &mut Call) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&call.chance().to_be_bytes());
    bytes[8..].copy_from_slice(&call.chance().to_be_bytes());
    bytes
}

fn thirty_two(call: &mut Call) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(&sixteen(call));
    bytes[16..].copy_from_slice(&sixteen(call));
    bytes
}

fn key(call: &mut Call) -> Result<String, Refusal> {
    let found = (0..TRIES).find_map(|_| make::key(thirty_two(call)));
    found.ok_or_else(|| Refusal::bug("no key could be made"))
}

/// The authority of this account and region; made when it is first needed.
fn authority(call: &mut Call) -> Result<Authority, Refusal> {
    if let Some(present) = call.find::<Authority>("authority") {
        return Ok((*present).clone());
    }
    let name = issue::authority_name(&call.scope.account, &call.scope.region);
    let made = (0..TRIES).find_map(|_| {
        let (key, serial) = (thirty_two(call), sixteen(call));
        issue::authority(&name, call.now.seconds(), key, serial)
    });
    let made = made.ok_or_else(|| Refusal::bug("no authority could be made"))?;
    call.put("authority", made.clone());
    Ok(made)
}

fn names(domain: String, others: Option<Vec<String>>) -> Result<Vec<String>, Refusal> {
    let mut all: Vec<String> = Vec::new();
    for name in [domain].into_iter().chain(others.unwrap_or_default()) {
        let name = name.to_ascii_lowercase();
        check(&name)?;
        if !all.contains(&name) {
            all.push(name);
        }
    }
    if all.len() > NAMES {
        let message = format!("A certificate can have at most {NAMES} domain names");
        return Err(Refusal::new("LimitExceededException", message));
    }
    Ok(all)
}

fn check(name: &str) -> Result<(), Refusal> {
    let plain = name.strip_prefix("*.").unwrap_or(name);
    let label = |label: &str| {
        let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        (1..=63).contains(&label.len())
            && label.chars().all(good)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if plain.len() <= 253 && plain.contains('.') && plain.split('.').all(label) {
        return Ok(());
    }
    Err(invalid(format!("The domain name '{name}' is not a fully qualified domain name")))
}

fn read_options(
    call: &mut Call,
    options: Option<CertificateOptions>,
) -> Result<(String, String), Refusal> {
    let options = options.unwrap_or_default();
    serve!(
        call,
        CertificateOptions { certificate_transparency_logging_preference, export } = options
    );
    if export.as_deref() == Some("ENABLED") {
        return Err(Refusal::not_implemented("A certificate whose key can be exported"));
    }
    let logging = certificate_transparency_logging_preference;
    Ok((logging.unwrap_or_else(|| "ENABLED".into()), "DISABLED".into()))
}

fn domains(
    call: &mut Call,
    names: &[String],
    method: &str,
    options: Option<Vec<DomainValidationOption>>,
) -> Result<Vec<Domain>, Refusal> {
    let options = options.unwrap_or_default();
    for option in &options {
        let above = option.domain_name == option.validation_domain
            || option.domain_name.ends_with(&format!(".{}", option.validation_domain));
        if !names.contains(&option.domain_name) || !above {
            let message = format!(
                "The validation domain {} does not fit the domain name {}",
                option.validation_domain, option.domain_name
            );
            return Err(Refusal::new("InvalidDomainValidationOptionsException", message));
        }
    }
    let account = call.scope.account.to_string();
    let domain = |name: &String| {
        let option = options.iter().find(|option| option.domain_name == *name);
        Domain {
            name: name.clone(),
            validation: option.map_or(name, |option| &option.validation_domain).clone(),
            record: (method == "DNS").then(|| issue::proof(&account, name)),
        }
    };
    Ok(names.iter().map(domain).collect())
}
