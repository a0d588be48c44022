//! Certificates and who issued them.

use region::record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use world::Time;

/// A certificate; its key is the end of its ARN, a UUID.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The first name it is for; for imported ones the subject's common name.
    pub domain: String,
    /// All names it is for, the first among them.
    pub names: Vec<String>,
    /// Where it comes from.
    pub origin: Origin,
    /// Where it is in its life.
    pub status: Status,
    /// PEM of the certificate itself; empty until it is issued.
    pub body: String,
    /// PEM of those above it, nearest first; empty when there are none.
    pub chain: String,
    /// PEM (PKCS#8). Never shown.
    pub key: String,
    /// `RSA_2048`, `EC_prime256v1`.
    pub key_algorithm: String,
    /// `SHA256WITHRSA`.
    pub signature_algorithm: String,
    /// `CN=example.com`
    pub subject: String,
    /// The issuer's common name.
    pub issuer: String,
    /// Bytes in hexadecimal, with colons.
    pub serial: String,
    /// Seconds since 1970.
    pub not_before: i64,
    /// Seconds since 1970.
    pub not_after: i64,
    /// When it was asked for or imported first.
    pub created: Time,
    /// When it was issued, or imported last.
    pub issued: Option<Time>,
    /// How control over its names is shown.
    pub domains: Vec<Domain>,
    /// `DNS` or `EMAIL`.
    pub validation: String,
    /// Certificate transparency logging: `ENABLED`; stored only.
    pub transparency: String,
    /// Whether its key may be exported: `ENABLED`, `DISABLED`.
    pub export: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// The token of its request, and until when it counts.
    pub token: Option<(String, Time)>,
    /// When it was last renewed.
    pub renewed: Option<Time>,
}

record!(Certificate, "acm/certificate", 1);

// By hand: the private key is not for logs.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({} {:?})", self.domain, self.status)
    }
}

/// Where a certificate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// The customer's own.
    Imported,
    /// The region's authority.
    Issued,
}

/// Where a certificate is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Waits for its validation.
    Pending,
    /// Can be used.
    Issued,
}

/// How control over one name is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// The name.
    pub name: String,
    /// The domain that it is validated for.
    pub validation: String,
    /// Name and value of the CNAME record that AWS asks for.
    pub record: Option<(String, String)>,
}

/// A region's own authority of one account; made when it is first needed. Its key is `authority`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// PEM of its certificate.
    pub certificate: String,
    /// PEM (PKCS#8). Never shown.
    pub key: String,
}

record!(Authority, "acm/authority", 1);

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authority")
    }
}

/// Which certificates a resource of another room uses. That room writes it; its key is the
/// resource's own there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Use {
    /// A certificate's ARN to the ARNs of what uses it.
    pub used: BTreeMap<String, Vec<String>>,
}

record!(Use, "acm/use", 1);

/// An account's configuration; its key is `configuration`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// So many days before their end certificates would be announced; stored only.
    pub days: i32,
}

record!(Configuration, "acm/configuration", 1);
