//! From a signature to a principal, and from what is wrong with it to AWS's code in the protocol
//! of the request.

use region::{Credential, Principal, Store};
use shape::Protocol;
use signature::{ALLOWED_SKEW_MS, Claim, Flaw, KeyRing};
use wire::Failure;
use world::Time;

/// Proves who asks.
pub(crate) fn prove(
    claim: &Claim,
    request: &wire::Request,
    store: &Store,
    ring: &mut KeyRing,
    now: Time,
    protocol: Protocol,
) -> Result<Principal, Failure> {
    let refuse = |trouble: Trouble| trouble.failure(protocol);
    let signed = match claim {
        Claim::Anonymous => return Err(refuse(Trouble::Flaw(Flaw::Missing))),
        _ => claim.signed().ok_or_else(|| {
            refuse(Trouble::Flaw(Flaw::UnsupportedAlgorithm("Signature Version 2".into())))
        })?,
    };
    let built_in = Credential::built_in();
    let scope = &signed.credential;
    let stored = store.get::<Credential>(&Credential::key(&scope.key_id));
    let credential = match stored {
        Some(stored) => stored,
        None if scope.key_id == built_in.key_id => &std::sync::Arc::new(built_in),
        None => return Err(refuse(Trouble::UnknownKey)),
    };
    if !credential.active {
        return Err(refuse(Trouble::UnknownKey));
    }
    let key = ring.key(&credential.secret, &scope.date, &scope.region, &scope.service);
    let request = signature::Request {
        method: request.method,
        path: request.path,
        query: request.query,
        headers: request.headers,
        body: request.body,
    };
    let token = credential.session_token.as_deref();
    let now_ms = now.millis() as i64;
    signature::verify_with(claim, &request, key, token, now_ms, ALLOWED_SKEW_MS)
        .map_err(|flaw| refuse(Trouble::Flaw(flaw)))?;
    if credential.expires.is_some_and(|expires| expires <= now) {
        return Err(refuse(Trouble::ExpiredToken));
    }
    Ok(credential.principal.clone())
}

/// Why somebody is not let in.
pub(crate) enum Trouble {
    /// The signature itself.
    Flaw(Flaw),
    /// No such key, or it was made inactive.
    UnknownKey,
    /// A session that is over.
    ExpiredToken,
}

impl Trouble {
    /// AWS's code, status and words in this protocol.
    pub(crate) fn failure(&self, protocol: Protocol) -> Failure {
        let message = match self {
            Trouble::UnknownKey => {
                "The security token included in the request is invalid.".to_owned()
            }
            Trouble::ExpiredToken => {
                "The security token included in the request is expired".to_owned()
            }
            Trouble::Flaw(flaw) => explain(flaw),
        };
        let (code, status) = match protocol {
            Protocol::Ec2 => self.in_ec2(),
            Protocol::Query | Protocol::RestXml => self.in_xml(),
            _ => self.in_json(),
        };
        Failure { code: code.into(), message, status, sender: true, members: Vec::new() }
    }

    fn in_ec2(&self) -> (&'static str, u16) {
        match self {
            Trouble::UnknownKey => ("AuthFailure", 401),
            Trouble::ExpiredToken => ("RequestExpired", 400),
            Trouble::Flaw(flaw) => match flaw {
                Flaw::Missing => ("MissingAuthenticationToken", 403),
                Flaw::Skewed { .. } | Flaw::Expired { .. } => ("RequestExpired", 400),
                Flaw::Incomplete(_) | Flaw::Malformed(_) | Flaw::UnknownScheme(_) => {
                    ("IncompleteSignature", 400)
                }
                _ => ("AuthFailure", 401),
            },
        }
    }

    fn in_xml(&self) -> (&'static str, u16) {
        match self {
            Trouble::UnknownKey => ("InvalidClientTokenId", 403),
            Trouble::ExpiredToken => ("ExpiredToken", 403),
            Trouble::Flaw(flaw) => match flaw {
                Flaw::Missing => ("MissingAuthenticationToken", 403),
                Flaw::TokenAbsent | Flaw::TokenMismatch => ("InvalidClientTokenId", 403),
                Flaw::Expired { .. } => ("RequestExpired", 400),
                Flaw::Mismatch(_) | Flaw::Skewed { .. } | Flaw::NotYetValid { .. } => {
                    ("SignatureDoesNotMatch", 403)
                }
                Flaw::PayloadMismatch { .. } => ("SignatureDoesNotMatch", 403),
                _ => ("IncompleteSignature", 400),
            },
        }
    }

    fn in_json(&self) -> (&'static str, u16) {
        match self {
            Trouble::UnknownKey => ("UnrecognizedClientException", 400),
            Trouble::ExpiredToken => ("ExpiredTokenException", 400),
            Trouble::Flaw(flaw) => match flaw {
                Flaw::Missing => ("MissingAuthenticationTokenException", 400),
                Flaw::TokenAbsent | Flaw::TokenMismatch => ("UnrecognizedClientException", 400),
                Flaw::Incomplete(_) | Flaw::Malformed(_) | Flaw::UnknownScheme(_) => {
                    ("IncompleteSignatureException", 400)
                }
                _ => ("InvalidSignatureException", 400),
            },
        }
    }
}

/// Some flaws in AWS's fuller words.
fn explain(flaw: &Flaw) -> String {
    match flaw {
        Flaw::Skewed { request_ms, now_ms, .. } => {
            let (request, now) = (signature::stamp_of(*request_ms), signature::stamp_of(*now_ms));
            let word = if request_ms < now_ms { "expired" } else { "not yet current" };
            format!(
                "Signature {word}: {request} and the time here is {now}; more than 15 minutes \
                 apart. Set the clock right."
            )
        }
        other => other.to_string(),
    }
}
