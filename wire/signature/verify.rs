//! Proves a claim with the secret: headers, clock, token, signature, body, in this order.
//! Looks up no key.

use crate::canonical::{self, is_s3};
use crate::{Claim, Evidence, Flaw, Request, Signed, SigningKey, key};
use subtle::ConstantTimeEq;

/// What a service other than S3 grants a presigned request, seconds.
const PRESIGNED_S: i64 = 900;
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
/// Words that S3 takes for bodies which prove themselves chunk by chunk, or not at all.
const STREAMING: [&str; 3] = [
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
];
/// `x-amz-*` headers that need no signature: the first is proved against the key's record, the
/// second is itself a line of the canonical request, the third is a remark.
const UNSIGNED_TAKEN: [&str; 3] =
    ["x-amz-security-token", "x-amz-content-sha256", "x-amz-user-agent"];

/// What a good signature says about the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The body is what was signed.
    Body,
    /// S3 only: the body was deliberately not signed.
    Unsigned,
    /// S3 only: the body follows in chunks, of this kind, seeded by this signature. The caller
    /// checks them.
    Streaming {
        /// The value of `x-amz-content-sha256`.
        kind: String,
        /// The header's signature, where the chain of chunk signatures begins.
        seed: String,
    },
}

/// Proves a claim with its key's secret. `session_token` is what the key's record says: `None` for
/// a lasting key, which then must not come with a token. Times in milliseconds since the epoch.
pub fn verify(
    claim: &Claim,
    request: &Request<'_>,
    secret: &str,
    session_token: Option<&str>,
    now_ms: i64,
    allowed_skew_ms: i64,
) -> Result<Proof, Flaw> {
    let scope = &claim.signed().ok_or_else(|| not_v4(claim))?.credential;
    let key = SigningKey::derive(secret, &scope.date, &scope.region, &scope.service);
    verify_with(claim, request, &key, session_token, now_ms, allowed_skew_ms)
}

/// As [`verify`], with a signing key derived earlier for this claim's own scope (see `KeyRing`).
pub fn verify_with(
    claim: &Claim,
    request: &Request<'_>,
    key: &SigningKey,
    session_token: Option<&str>,
    now_ms: i64,
    allowed_skew_ms: i64,
) -> Result<Proof, Flaw> {
    let signed = claim.signed().ok_or_else(|| not_v4(claim))?;
    let presigned = matches!(claim, Claim::Presigned(_));
    all_signed(request, &signed.signed_headers)?;
    if presigned {
        in_life(signed, now_ms, allowed_skew_ms)?;
    } else if now_ms.abs_diff(signed.at_ms) > allowed_skew_ms.unsigned_abs() {
        let request_ms = signed.at_ms;
        return Err(Flaw::Skewed { request_ms, now_ms, allowed_ms: allowed_skew_ms });
    }
    same_token(signed.token.as_deref(), session_token)?;
    let payload = Payload::of(request, presigned, &signed.credential.service)?;
    prove(signed, request, key, payload.line(), presigned)?;
    payload.check(request.body, &signed.signature)
}

fn not_v4(claim: &Claim) -> Flaw {
    match claim {
        Claim::SigV2(_) => Flaw::UnsupportedAlgorithm("AWS Signature Version 2".to_owned()),
        _ => Flaw::Missing,
    }
}

/// Each `x-amz-*` header that is present must be signed: they choose operations and conditions.
fn all_signed(request: &Request<'_>, signed: &[String]) -> Result<(), Flaw> {
    let mut loose: Vec<String> = Vec::new();
    for (name, _) in request.headers {
        let amz = name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("x-amz-"));
        let is_signed = || signed.iter().any(|known| known.eq_ignore_ascii_case(name));
        let is_taken = || UNSIGNED_TAKEN.iter().any(|taken| taken.eq_ignore_ascii_case(name));
        if amz && !is_signed() && !is_taken() {
            loose.push(name.to_ascii_lowercase());
        }
    }
    if loose.is_empty() { Ok(()) } else { Err(Flaw::UnsignedHeaders(loose)) }
}

fn in_life(signed: &Signed, now_ms: i64, allowed_skew_ms: i64) -> Result<(), Flaw> {
    if now_ms < signed.at_ms.saturating_sub(allowed_skew_ms) {
        return Err(Flaw::NotYetValid { request_ms: signed.at_ms, now_ms });
    }
    let asked_s = signed.expires_s.unwrap_or(PRESIGNED_S);
    let life_s = if is_s3(&signed.credential.service) { asked_s } else { asked_s.min(PRESIGNED_S) };
    let ended_ms = signed.at_ms.saturating_add(life_s * 1000);
    if now_ms > ended_ms { Err(Flaw::Expired { ended_ms, now_ms }) } else { Ok(()) }
}

fn same_token(sent: Option<&str>, known: Option<&str>) -> Result<(), Flaw> {
    match (sent, known) {
        (None, None) => Ok(()),
        (Some(sent), Some(known)) if bool::from(sent.as_bytes().ct_eq(known.as_bytes())) => Ok(()),
        (None, Some(_)) => Err(Flaw::TokenAbsent),
        (Some(_), _) => Err(Flaw::TokenMismatch),
    }
}

/// The last line of the canonical request, and what has to hold for the body.
enum Payload {
    /// The hash that we computed; nothing was claimed.
    Computed(String),
    /// The hash that the request claims.
    Claimed(String),
    Unsigned,
    Streaming(&'static str),
}

impl Payload {
    fn of(request: &Request<'_>, presigned: bool, service: &str) -> Result<Payload, Flaw> {
        let in_query = || {
            let mut parameters = canonical::parameters(request.query);
            parameters.find(|(name, _)| *name == "X-Amz-Content-Sha256").map(|(_, value)| value)
        };
        let in_header = request.only("x-amz-content-sha256")?;
        let Some(word) = in_header.or_else(|| in_query().filter(|_| presigned)) else {
            return Ok(if presigned && is_s3(service) {
                Payload::Unsigned
            } else {
                Payload::Computed(key::sha256_hex(request.body))
            });
        };
        let is_hash = word.len() == 64
            && word.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if is_hash {
            return Ok(Payload::Claimed(word.to_owned()));
        }
        let streaming = STREAMING.into_iter().find(|known| *known == word);
        match (word, streaming) {
            (UNSIGNED, _) if is_s3(service) => Ok(Payload::Unsigned),
            (_, Some(kind)) if is_s3(service) && !presigned => Ok(Payload::Streaming(kind)),
            _ => Err(Flaw::PayloadForm(word.chars().take(64).collect())),
        }
    }

    fn line(&self) -> &str {
        match self {
            Payload::Computed(hash) | Payload::Claimed(hash) => hash,
            Payload::Unsigned => UNSIGNED,
            Payload::Streaming(kind) => kind,
        }
    }

    fn check(self, body: &[u8], signature: &str) -> Result<Proof, Flaw> {
        match self {
            Payload::Computed(_) => Ok(Proof::Body),
            Payload::Unsigned => Ok(Proof::Unsigned),
            Payload::Streaming(kind) => {
                Ok(Proof::Streaming { kind: kind.to_owned(), seed: signature.to_owned() })
            }
            Payload::Claimed(claimed) => {
                let computed = key::sha256_hex(body);
                if claimed == computed {
                    Ok(Proof::Body)
                } else {
                    Err(Flaw::PayloadMismatch { claimed, computed })
                }
            }
        }
    }
}

fn prove(
    signed: &Signed,
    request: &Request<'_>,
    key: &SigningKey,
    payload: &str,
    presigned: bool,
) -> Result<(), Flaw> {
    let except = if presigned { "X-Amz-Signature" } else { "" };
    let query = canonical::query(request.query, except);
    let headers = canonical::headers(request, &signed.signed_headers)?;
    let mut evidence = None;
    for path in canonical::paths(request.path, &signed.credential.service) {
        let canonical_request = canonical_request(
            request.method,
            &path,
            &query,
            &headers,
            &signed.signed_headers,
            payload,
        );
        let string_to_sign =
            string_to_sign(&signed.stamp, &signed.credential.scope(), &canonical_request);
        let expected = key.signature(&string_to_sign);
        if bool::from(expected.as_bytes().ct_eq(signed.signature.as_bytes())) {
            return Ok(());
        }
        evidence.get_or_insert(Evidence { canonical_request, string_to_sign });
    }
    Err(Flaw::Mismatch(Box::new(evidence.expect("there is always one path to try"))))
}

pub(crate) fn canonical_request(
    method: &str,
    path: &str,
    query: &str,
    headers: &str,
    signed: &[String],
    payload: &str,
) -> String {
    format!("{method}\n{path}\n{query}\n{headers}\n{}\n{payload}", signed.join(";"))
}

pub(crate) fn string_to_sign(stamp: &str, scope: &str, canonical_request: &str) -> String {
    let hash = key::sha256_hex(canonical_request.as_bytes());
    format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hash}")
}
