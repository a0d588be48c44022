//! AWS Signature Version 4: who signed a request, and does the signature hold.
//! Pure: the time is an argument, keys are arguments; no routing, no key store, no AWS error codes.
//!
//! A request passes in two steps. [`claim`] only reads: it says which key, region and service the
//! request names, so that it can be routed before any key is looked up. [`verify`] then proves it
//! with the secret. [`sign`] and [`presign`] are the customer's side of the same rules.
//! Source: IAM User Guide, "Create a signed AWS API request", and S3 API Reference, "Authenticating
//! Requests (AWS Signature Version 4)".

mod canonical;
mod claim;
mod flaw;
mod instant;
mod key;
mod sign;
mod verify;

pub use claim::{Claim, Credential, Signed, SignedV2, claim};
pub use flaw::{Evidence, Flaw};
pub use instant::{date_of, stamp_of};
pub use key::{KeyRing, SigningKey, hmac_sha256, sha256_hex};
pub use sign::{Signer, presign, sign};
pub use verify::{Proof, verify, verify_with};

#[cfg(test)]
mod tests;

/// How far a request's clock may be from ours: 15 minutes, in milliseconds (AWS's figure).
pub const ALLOWED_SKEW_MS: i64 = 15 * 60 * 1000;

/// One HTTP request as it came from the wire, borrowed.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The verb as sent, e.g. `POST`.
    pub method: &'a str,
    /// The raw path, percent-encoding untouched, without the query. Empty means `/`.
    pub path: &'a str,
    /// The raw query without the question mark; empty when there is none.
    pub query: &'a str,
    /// Names in any case, order and duplicates as they came.
    pub headers: &'a [(String, String)],
    /// The body as received, before any decompression.
    pub body: &'a [u8],
}

impl<'a> Request<'a> {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Every value of a header, in order. Names compare without case.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The only value of a header that may come once; [`Flaw::Duplicate`] when it came twice.
    pub(crate) fn only(&self, name: &str) -> Result<Option<&'a str>, Flaw> {
        let mut values = self.values(name);
        let first = values.next();
        match values.next() {
            Some(_) => Err(Flaw::Duplicate(name.to_owned())),
            None => Ok(first.map(str::trim)),
        }
    }
}
