//! A server certificate that a customer uploaded. What uses it is elsewhere.

use super::{Entity, Tags};
use crate::model::refuse;
use region::{Refusal, Scope, record};
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

// By hand: the private key is not for logs.
impl fmt::Debug for ServerCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerCertificate({} {})", self.id, self.name)
    }
}

impl ServerCertificate {
    /// `arn:aws:iam::ACCOUNT:server-certificate/PATH/NAME`.
    pub fn arn(&self, scope: &Scope) -> String {
        scope.global().arn("iam", &format!("server-certificate{}{}", self.path, self.name))
    }
}

impl Entity for ServerCertificate {
    fn name(&self) -> &str {
        &self.name
    }

    fn path(&self) -> &str {
        &self.path
    }

    fn tags(&self) -> &Tags {
        &self.tags
    }

    fn tags_mut(&mut self) -> &mut Tags {
        &mut self.tags
    }

    fn missing(name: &str) -> Refusal {
        refuse::missing(format!("The Server Certificate with name {name} cannot be found."))
    }
}
