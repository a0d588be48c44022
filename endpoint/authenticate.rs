//! From a signature to a principal, and from what is wrong with it to AWS's code in the protocol
//! of the request.

use region::{Credential, Principal, Store, zone};
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
    let token = credential.session_token.as_deref();
    let now_ms = now.millis() as i64;
    signature::verify_with(claim, request, key, token, now_ms, ALLOWED_SKEW_MS)
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
    /// Signed for a region that is not modelled.
    Region(String),
}

impl Trouble {
    /// AWS's code, status and words in this protocol.
    pub(crate) fn failure(&self, protocol: Protocol) -> Failure {
        let message = match self {
            Trouble::UnknownKey if protocol == Protocol::Ec2 => {
                "AWS was not able to validate the provided access credentials".to_owned()
            }
            Trouble::UnknownKey => {
                "The security token included in the request is invalid.".to_owned()
            }
            Trouble::Region(name) => {
                let known: Vec<&str> = zone::REGIONS.iter().map(|region| region.name).collect();
                format!(
                    "Credential should be scoped to a valid region. Maquette models {}, not '{}'.",
                    known.join(", "),
                    name.chars().take(64).collect::<String>()
                )
            }
            Trouble::ExpiredToken => {
                "The security token included in the request is expired".to_owned()
            }
            Trouble::Flaw(flaw) => explain(flaw),
        };
        let (code, status) = self.class().code(protocol);
        Failure { code: code.into(), message, status, sender: true, members: Vec::new() }
    }

    fn class(&self) -> Class {
        let flaw = match self {
            Trouble::UnknownKey => return Class::UnknownKey,
            Trouble::ExpiredToken => return Class::ExpiredToken,
            Trouble::Region(_) => return Class::Wrong,
            Trouble::Flaw(flaw) => flaw,
        };
        match flaw {
            Flaw::Missing => Class::Missing,
            Flaw::TwoMechanisms
            | Flaw::UnknownScheme(_)
            | Flaw::UnsupportedAlgorithm(_)
            | Flaw::Incomplete(_)
            | Flaw::Malformed(_)
            | Flaw::Duplicate(_)
            | Flaw::DateAbsent
            | Flaw::DateMalformed(_)
            | Flaw::ExpiresOutOfRange(_) => Class::Unreadable,
            Flaw::TokenAbsent | Flaw::TokenMismatch => Class::UnknownKey,
            Flaw::Skewed { .. } | Flaw::NotYetValid { .. } => Class::Skewed,
            Flaw::Expired { .. } => Class::Expired,
            Flaw::Scope(_)
            | Flaw::MustBeSigned(_)
            | Flaw::UnsignedHeaders(_)
            | Flaw::SignedHeaderAbsent(_)
            | Flaw::PayloadMismatch { .. }
            | Flaw::PayloadForm(_)
            | Flaw::Mismatch(_) => Class::Wrong,
        }
    }
}

/// What AWS tells apart.
enum Class {
    Missing,
    /// Not to be read as a signature.
    Unreadable,
    UnknownKey,
    ExpiredToken,
    /// Clocks are apart.
    Skewed,
    /// A presigned request whose time is over.
    Expired,
    /// Readable, and not the signature of this request.
    Wrong,
}

impl Class {
    /// AWS's code and status.
    fn code(self, protocol: Protocol) -> (&'static str, u16) {
        match protocol {
            Protocol::Ec2 => match self {
                Class::Missing => ("MissingAuthenticationToken", 403),
                Class::Unreadable => ("IncompleteSignature", 400),
                Class::ExpiredToken | Class::Skewed | Class::Expired => ("RequestExpired", 400),
                Class::UnknownKey | Class::Wrong => ("AuthFailure", 401),
            },
            Protocol::Query | Protocol::RestXml => match self {
                Class::Missing => ("MissingAuthenticationToken", 403),
                Class::Unreadable => ("IncompleteSignature", 400),
                Class::UnknownKey => ("InvalidClientTokenId", 403),
                Class::ExpiredToken => ("ExpiredToken", 403),
                Class::Expired => ("RequestExpired", 400),
                Class::Skewed | Class::Wrong => ("SignatureDoesNotMatch", 403),
            },
            Protocol::Json10 | Protocol::Json11 | Protocol::RestJson | Protocol::Cbor => match self
            {
                Class::Missing => ("MissingAuthenticationTokenException", 400),
                Class::Unreadable => ("IncompleteSignatureException", 400),
                Class::UnknownKey => ("UnrecognizedClientException", 400),
                Class::ExpiredToken => ("ExpiredTokenException", 400),
                Class::Skewed | Class::Expired | Class::Wrong => ("InvalidSignatureException", 400),
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
