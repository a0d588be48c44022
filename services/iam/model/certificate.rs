//! A server certificate that a customer uploaded. What uses it is elsewhere.

use super::Tags;
use super::entity::entity;
use region::record;
use serde::{Deserialize, Serialize};
use std::fmt;
use world::Time;

/// A server certificate; its key is its name in small letters.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerCertificate {
    /// Up to 128 characters.
    pub name: String,
    /// `ASCA…`.
    pub id: String,
    /// `/` or `/team/`; `/cloudfront/…` for CloudFront.
    pub path: String,
    /// When it came.
    pub uploaded: Time,
    /// Seconds since 1970 after which it is not valid, as it says itself.
    pub expires: i64,
    /// PEM.
    pub body: String,
    /// PEM of those above it.
    pub chain: Option<String>,
    /// PEM. Never shown.
    pub private_key: String,
    /// Its tags.
    pub tags: Tags,
}

record!(ServerCertificate, "iam/server-certificate", 1);
entity!(
    ServerCertificate,
    "server-certificate",
    "The Server Certificate with name {} cannot be found."
);

// By hand: the private key is not for logs.
impl fmt::Debug for ServerCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerCertificate({} {})", self.id, self.name)
    }
}
