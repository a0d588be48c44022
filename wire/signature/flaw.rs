//! What is wrong with a request's signature, in words the front door can turn into AWS's codes.
//! Not AWS's codes themselves: they differ from protocol to protocol.

use std::fmt;

/// Why a request is not accepted. Nothing here reveals the expected signature or the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// No authentication at all (`MissingAuthenticationToken`; S3 `AccessDenied`).
    Missing,
    /// An `Authorization` header and query authentication together, or SigV4 and SigV2 together
    /// (S3 `InvalidArgument`, "Only one auth mechanism allowed").
    TwoMechanisms,
    /// The `Authorization` header names a scheme that is not AWS's, e.g. `Basic`.
    UnknownScheme(String),
    /// AWS's, but not served here: SigV4A, or SigV2 where SigV4 is needed.
    UnsupportedAlgorithm(String),
    /// Parts of the authentication are absent (`IncompleteSignature`; S3
    /// `AuthorizationHeaderMalformed`, presigned `AuthorizationQueryParametersError`).
    Incomplete(Vec<&'static str>),
    /// A part is present and unreadable; the text says which (same codes as `Incomplete`).
    Malformed(String),
    /// A header or query parameter of the authentication came twice.
    Duplicate(String),
    /// The credential scope is wrong: shape, terminator, or its day is not the request's day.
    Scope(String),
    /// Neither `X-Amz-Date` nor `Date`.
    DateAbsent,
    /// The date is not `YYYYMMDDTHHMMSSZ` (or an RFC 7231 date in `Date`).
    DateMalformed(String),
    /// `SignedHeaders` lacks `host`, or `x-amz-date` which the request has.
    MustBeSigned(String),
    /// `x-amz-*` headers are present that were not signed (S3 `AccessDenied`).
    UnsignedHeaders(Vec<String>),
    /// `SignedHeaders` names a header that the request does not carry.
    SignedHeaderAbsent(String),
    /// `X-Amz-Expires` is not a number in 1..=604800.
    ExpiresOutOfRange(String),
    /// Header authentication: the clocks differ by more than is allowed (`RequestTimeTooSkewed`
    /// on S3, `SignatureDoesNotMatch` / `RequestExpired` elsewhere). Milliseconds since the epoch.
    Skewed {
        /// The request's own time.
        request_ms: i64,
        /// Ours.
        now_ms: i64,
        /// The limit, milliseconds.
        allowed_ms: i64,
    },
    /// Presigned: its time is over ("Request has expired").
    Expired {
        /// When it ended, milliseconds since the epoch.
        ended_ms: i64,
        /// Ours.
        now_ms: i64,
    },
    /// Presigned: dated further ahead than the allowed skew ("Request is not yet valid").
    NotYetValid {
        /// The request's own time, milliseconds since the epoch.
        request_ms: i64,
        /// Ours.
        now_ms: i64,
    },
    /// The key is a session's and the request has no `X-Amz-Security-Token`.
    TokenAbsent,
    /// The token is not this key's, or the key is no session's (`InvalidClientTokenId`).
    TokenMismatch,
    /// `x-amz-content-sha256` is not the hash of the body (S3 `XAmzContentSHA256Mismatch`).
    PayloadMismatch {
        /// What the request says, lower-case hex.
        claimed: String,
        /// What the body gives, lower-case hex.
        computed: String,
    },
    /// `x-amz-content-sha256` holds a word that this service does not take, e.g.
    /// `UNSIGNED-PAYLOAD` outside S3.
    PayloadForm(String),
    /// The signature is not the one that the secret gives (`SignatureDoesNotMatch`).
    Mismatch(Box<Evidence>),
}

/// What the server signed, for the customer to compare (S3 returns both in its error).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The canonical request, lines joined with `\n`.
    pub canonical_request: String,
    /// The string to sign.
    pub string_to_sign: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flaw::Missing => write!(out, "Request is missing Authentication Token"),
            Flaw::TwoMechanisms => write!(out, "Only one auth mechanism allowed"),
            Flaw::UnknownScheme(scheme) => {
                write!(out, "Unsupported Authorization Type '{scheme}'")
            }
            Flaw::UnsupportedAlgorithm(name) => {
                write!(out, "The authorization mechanism '{name}' is not supported here")
            }
            Flaw::Incomplete(parts) => write!(out, "Authorization lacks {}", parts.join(", ")),
            Flaw::Malformed(what) => write!(out, "Authorization is malformed: {what}"),
            Flaw::Duplicate(name) => write!(out, "'{name}' may be given once only"),
            Flaw::Scope(what) => write!(out, "Credential scope: {what}"),
            Flaw::DateAbsent => write!(out, "A valid 'X-Amz-Date' or 'Date' is required"),
            Flaw::DateMalformed(text) => {
                write!(out, "'{text}' is not a date of the form YYYYMMDDTHHMMSSZ")
            }
            Flaw::MustBeSigned(name) => write!(out, "'{name}' must be a signed header"),
            Flaw::UnsignedHeaders(names) => {
                write!(out, "Headers present in the request were not signed: {}", names.join(", "))
            }
            Flaw::SignedHeaderAbsent(name) => {
                write!(out, "Signed header '{name}' is not in the request")
            }
            Flaw::ExpiresOutOfRange(text) => {
                write!(out, "X-Amz-Expires must be a number from 1 to 604800, not '{text}'")
            }
            Flaw::Skewed { .. } => write!(
                out,
                "The difference between the request time and the current time is too large"
            ),
            Flaw::Expired { .. } => write!(out, "Request has expired"),
            Flaw::NotYetValid { .. } => write!(out, "Request is not yet valid"),
            Flaw::TokenAbsent => write!(out, "The security token is missing"),
            Flaw::TokenMismatch => {
                write!(out, "The security token included in the request is invalid")
            }
            Flaw::PayloadMismatch { .. } => {
                write!(out, "'x-amz-content-sha256' does not match what was computed")
            }
            Flaw::PayloadForm(word) => {
                write!(out, "x-amz-content-sha256 '{word}' is not accepted by this service")
            }
            Flaw::Mismatch(_) => write!(
                out,
                "The request signature we calculated does not match the signature you provided. \
                 Check your AWS Secret Access Key and signing method."
            ),
        }
    }
}

impl std::error::Error for Flaw {}
