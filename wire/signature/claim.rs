//! Reads what a request says about who signed it. Proves nothing: for routing, before any key is
//! looked up.

use crate::{Flaw, Request, canonical, instant};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const ALGORITHM_V4A: &str = "AWS4-ECDSA-P256-SHA256";
const TERMINATOR: &str = "aws4_request";
/// Seven days, S3's limit for presigned URLs.
const EXPIRES_MAX_S: i64 = 604_800;

/// How a request says it is authenticated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It does not.
    Anonymous,
    /// SigV4 in the `Authorization` header.
    Header(Signed),
    /// SigV4 in the query.
    Presigned(Signed),
    /// SigV2; only S3 still takes it on AWS. Parsed for routing and refused by `verify`.
    SigV2(SignedV2),
}

impl Claim {
    /// The access key id that the request names.
    pub fn key_id(&self) -> Option<&str> {
        match self {
            Claim::Anonymous => None,
            Claim::Header(signed) | Claim::Presigned(signed) => Some(&signed.credential.key_id),
            Claim::SigV2(signed) => Some(&signed.key_id),
        }
    }

    /// The SigV4 parts, of either kind.
    pub fn signed(&self) -> Option<&Signed> {
        match self {
            Claim::Header(signed) | Claim::Presigned(signed) => Some(signed),
            Claim::Anonymous | Claim::SigV2(_) => None,
        }
    }
}

/// The parts of a SigV4 authentication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Who, and for which day, region and service.
    pub credential: Credential,
    /// Lower-case names in the order of the request's own list.
    pub signed_headers: Vec<String>,
    /// As sent; 64 lower-case hex digits when it can be right.
    pub signature: String,
    /// `YYYYMMDDTHHMMSSZ`, as the string to sign has it.
    pub stamp: String,
    /// The same instant, milliseconds since the epoch.
    pub at_ms: i64,
    /// Presigned: `X-Amz-Expires`, seconds; `None` with header authentication, and where a service
    /// other than S3 was called without it.
    pub expires_s: Option<i64>,
    /// `X-Amz-Security-Token`, from wherever it came.
    pub token: Option<String>,
}

/// A credential scope with its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Access key id.
    pub key_id: String,
    /// `YYYYMMDD`.
    pub date: String,
    /// AWS region, as the customer wrote it.
    pub region: String,
    /// The service's signing name, e.g. `elasticloadbalancing`.
    pub service: String,
}

impl Credential {
    /// `20150830/us-east-1/sqs/aws4_request`.
    pub fn scope(&self) -> String {
        format!("{}/{}/{}/{TERMINATOR}", self.date, self.region, self.service)
    }
}

/// The parts of a SigV2 authentication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedV2 {
    /// Access key id.
    pub key_id: String,
    /// Base64, as sent.
    pub signature: String,
    /// True when it came in the query.
    pub in_query: bool,
}

/// Reads the authentication of a request. Errors: everything about its shape; nothing about keys,
/// clocks or bodies.
pub fn claim(request: &Request<'_>) -> Result<Claim, Flaw> {
    let header = request.only("authorization")?;
    let parts = QueryParts::read(request.query)?;
    let mechanisms = [header.is_some(), parts.is_v4(), parts.is_v2()];
    if mechanisms.iter().filter(|present| **present).count() > 1 {
        return Err(Flaw::TwoMechanisms);
    }
    match header {
        Some(value) => from_header(request, value),
        None if parts.is_v4() => from_query(request, parts),
        None if parts.is_v2() => Ok(Claim::SigV2(SignedV2 {
            key_id: parts.v2_key.unwrap_or_default(),
            signature: parts.v2_signature.unwrap_or_default(),
            in_query: true,
        })),
        None => Ok(Claim::Anonymous),
    }
}

fn from_header(request: &Request<'_>, value: &str) -> Result<Claim, Flaw> {
    let (scheme, rest) = value.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((value, ""));
    match scheme {
        ALGORITHM => {}
        ALGORITHM_V4A => return Err(Flaw::UnsupportedAlgorithm(scheme.to_owned())),
        "AWS" => return v2_header(rest),
        _ if scheme.starts_with("AWS4-") => {
            return Err(Flaw::UnsupportedAlgorithm(scheme.to_owned()));
        }
        _ => return Err(Flaw::UnknownScheme(scheme.chars().take(40).collect())),
    }
    let (mut credential, mut signed_headers, mut signature) = (None, None, None);
    for part in rest.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let Some((name, value)) = part.split_once('=') else {
            return Err(Flaw::Malformed("a part of Authorization is not Name=Value".to_owned()));
        };
        let slot = match name.trim_end() {
            "Credential" => &mut credential,
            "SignedHeaders" => &mut signed_headers,
            "Signature" => &mut signature,
            _ => {
                return Err(Flaw::Malformed("Authorization has a part of unknown name".to_owned()));
            }
        };
        if slot.replace(value.trim()).is_some() {
            return Err(Flaw::Duplicate(name.to_owned()));
        }
    }
    let (Some(credential), Some(signed_headers), Some(signature)) =
        (credential, signed_headers, signature)
    else {
        return Err(Flaw::Incomplete(absent([
            ("Credential", credential.is_none()),
            ("SignedHeaders", signed_headers.is_none()),
            ("Signature", signature.is_none()),
        ])));
    };
    let credential = read_credential(credential)?;
    let signed_headers = read_signed_headers(signed_headers)?;
    let (stamp, at_ms) = header_date(request, &signed_headers)?;
    same_day(&credential, &stamp)?;
    Ok(Claim::Header(Signed {
        credential,
        signed_headers,
        signature: signature.to_owned(),
        stamp,
        at_ms,
        expires_s: None,
        token: request.only("x-amz-security-token")?.map(str::to_owned),
    }))
}

fn v2_header(rest: &str) -> Result<Claim, Flaw> {
    match rest.trim().split_once(':') {
        Some((key_id, signature)) if !key_id.is_empty() && !signature.is_empty() => {
            Ok(Claim::SigV2(SignedV2 {
                key_id: key_id.to_owned(),
                signature: signature.to_owned(),
                in_query: false,
            }))
        }
        _ => Err(Flaw::Malformed("Authorization AWS needs KEY:SIGNATURE".to_owned())),
    }
}

/// The time that header authentication is signed with: `X-Amz-Date`, which like each `x-amz-*` must
/// be signed, else `Date`. Either is safe from change: the string to sign repeats it.
fn header_date(request: &Request<'_>, signed: &[String]) -> Result<(String, i64), Flaw> {
    let malformed = |text: &str| Flaw::DateMalformed(text.chars().take(40).collect());
    if let Some(text) = request.only("x-amz-date")? {
        if !signed.iter().any(|name| name == "x-amz-date") {
            return Err(Flaw::MustBeSigned("x-amz-date".to_owned()));
        }
        let at_ms = instant::parse_stamp(text).ok_or_else(|| malformed(text))?;
        return Ok((text.to_owned(), at_ms));
    }
    let text = request.only("date")?.ok_or(Flaw::DateAbsent)?;
    let at_ms = instant::parse_stamp(text)
        .or_else(|| instant::parse_http_date(text))
        .ok_or_else(|| malformed(text))?;
    Ok((instant::stamp_of(at_ms), at_ms))
}

/// The authentication parameters of a query, decoded.
#[derive(Default)]
struct QueryParts {
    algorithm: Option<String>,
    credential: Option<String>,
    date: Option<String>,
    expires: Option<String>,
    signed_headers: Option<String>,
    signature: Option<String>,
    token: Option<String>,
    v2_key: Option<String>,
    v2_signature: Option<String>,
}

impl QueryParts {
    fn read(query: &str) -> Result<QueryParts, Flaw> {
        let mut parts = QueryParts::default();
        for (name, value) in canonical::parameters(query) {
            let name = canonical::decode(name, true);
            let slot = match name.as_ref() {
                b"X-Amz-Algorithm" => &mut parts.algorithm,
                b"X-Amz-Credential" => &mut parts.credential,
                b"X-Amz-Date" => &mut parts.date,
                b"X-Amz-Expires" => &mut parts.expires,
                b"X-Amz-SignedHeaders" => &mut parts.signed_headers,
                b"X-Amz-Signature" => &mut parts.signature,
                b"X-Amz-Security-Token" => &mut parts.token,
                b"AWSAccessKeyId" => &mut parts.v2_key,
                b"Signature" => &mut parts.v2_signature,
                _ => continue,
            };
            let name = String::from_utf8_lossy(&name).into_owned();
            let value = String::from_utf8(canonical::decode(value, true).into_owned())
                .map_err(|_| Flaw::Malformed(format!("{name} is not UTF-8")))?;
            if slot.replace(value).is_some() {
                return Err(Flaw::Duplicate(name));
            }
        }
        Ok(parts)
    }

    fn is_v4(&self) -> bool {
        self.algorithm.is_some() || self.credential.is_some() || self.signature.is_some()
    }

    fn is_v2(&self) -> bool {
        self.v2_key.is_some() && self.v2_signature.is_some()
    }
}

fn from_query(request: &Request<'_>, parts: QueryParts) -> Result<Claim, Flaw> {
    if let Some(other) = parts.algorithm.as_deref().filter(|name| *name != ALGORITHM) {
        return Err(Flaw::UnsupportedAlgorithm(other.chars().take(40).collect()));
    }
    let (Some(_), Some(credential), Some(stamp), Some(signed_headers), Some(signature)) =
        (&parts.algorithm, &parts.credential, &parts.date, &parts.signed_headers, &parts.signature)
    else {
        return Err(Flaw::Incomplete(absent([
            ("X-Amz-Algorithm", parts.algorithm.is_none()),
            ("X-Amz-Credential", parts.credential.is_none()),
            ("X-Amz-Date", parts.date.is_none()),
            ("X-Amz-SignedHeaders", parts.signed_headers.is_none()),
            ("X-Amz-Signature", parts.signature.is_none()),
        ])));
    };
    let credential = read_credential(credential)?;
    let signed_headers = read_signed_headers(signed_headers)?;
    let at_ms = instant::parse_stamp(stamp)
        .ok_or_else(|| Flaw::DateMalformed(stamp.chars().take(40).collect()))?;
    same_day(&credential, stamp)?;
    let expires_s = match &parts.expires {
        Some(text) => Some(read_expires(text)?),
        None if canonical::is_s3(&credential.service) => {
            return Err(Flaw::Incomplete(vec!["X-Amz-Expires"]));
        }
        None => None,
    };
    let token = match (parts.token, request.only("x-amz-security-token")?) {
        (Some(_), Some(_)) => return Err(Flaw::Duplicate("X-Amz-Security-Token".to_owned())),
        (query, header) => query.or(header.map(str::to_owned)),
    };
    Ok(Claim::Presigned(Signed {
        credential,
        signed_headers,
        signature: signature.clone(),
        stamp: stamp.clone(),
        at_ms,
        expires_s,
        token,
    }))
}

fn read_expires(text: &str) -> Result<i64, Flaw> {
    let digits = !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
    let seconds = if digits { text.parse().unwrap_or(0) } else { 0 };
    if (1..=EXPIRES_MAX_S).contains(&seconds) {
        Ok(seconds)
    } else {
        Err(Flaw::ExpiresOutOfRange(text.chars().take(20).collect()))
    }
}

fn absent<const N: usize>(parts: [(&'static str, bool); N]) -> Vec<&'static str> {
    parts.into_iter().filter(|(_, absent)| *absent).map(|(name, _)| name).collect()
}

fn read_credential(text: &str) -> Result<Credential, Flaw> {
    let parts: Vec<&str> = text.split('/').collect();
    let [key_id, date, region, service, terminator] = parts[..] else {
        return Err(Flaw::Scope("must be KEY/YYYYMMDD/REGION/SERVICE/aws4_request".to_owned()));
    };
    if [key_id, region, service].iter().any(|part| part.is_empty()) {
        return Err(Flaw::Scope("key id, region and service must not be empty".to_owned()));
    }
    if terminator != TERMINATOR {
        return Err(Flaw::Scope("must end with 'aws4_request'".to_owned()));
    }
    if instant::parse_day(date).is_none() {
        return Err(Flaw::Scope("the date must be YYYYMMDD".to_owned()));
    }
    Ok(Credential {
        key_id: key_id.to_owned(),
        date: date.to_owned(),
        region: region.to_owned(),
        service: service.to_owned(),
    })
}

fn read_signed_headers(text: &str) -> Result<Vec<String>, Flaw> {
    let names: Vec<String> = text.split(';').map(str::to_owned).collect();
    let readable = |name: &String| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic() && !b.is_ascii_uppercase())
    };
    if !names.iter().all(readable) {
        return Err(Flaw::Malformed("SignedHeaders must be lower-case names".to_owned()));
    }
    // A repeated or unsorted list is what no client sends, and AWS does not take.
    if !names.is_sorted_by(|a, b| a < b) {
        return Err(Flaw::Malformed("SignedHeaders must be sorted, each name once".to_owned()));
    }
    if !names.iter().any(|name| name == "host") {
        return Err(Flaw::MustBeSigned("host".to_owned()));
    }
    Ok(names)
}

fn same_day(credential: &Credential, stamp: &str) -> Result<(), Flaw> {
    if stamp.starts_with(&credential.date) {
        Ok(())
    } else {
        Err(Flaw::Scope(format!(
            "its date {} is not the date of the request, {}",
            credential.date,
            &stamp[..8]
        )))
    }
}
