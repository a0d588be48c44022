//! Target groups: where requests go, how that is checked, and who is registered.

use super::attribute;
use region::record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use world::{Id, Time, Zone};

/// A target group; its key is the end of its ARN, `targetgroup/NAME/HEX`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetGroup {
    /// Unique in the account and region.
    pub name: String,
    /// `instance` or `ip`.
    pub kind: String,
    /// `HTTP`, `HTTPS`, `TCP`, `TLS`, `UDP`, `TCP_UDP`.
    pub protocol: String,
    /// `HTTP1`, `HTTP2`, `GRPC`; only for HTTP and HTTPS.
    pub version: Option<String>,
    /// Where targets listen that do not say otherwise.
    pub port: u16,
    /// Where targets live.
    pub vpc: Id,
    /// How they are looked after.
    pub check: Check,
    /// Attributes that were set; others have their defaults.
    pub attributes: BTreeMap<String, String>,
    /// Who is registered, by `ID:PORT`.
    pub targets: BTreeMap<String, Registration>,
    /// When it was made.
    pub created: Time,
}

record!(TargetGroup, "elb/target-group", 1);

/// How targets are looked after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// `HTTP`, `HTTPS`, `TCP`.
    pub protocol: String,
    /// `traffic-port` or a number.
    pub port: String,
    /// For HTTP and HTTPS.
    pub path: Option<String>,
    /// Seconds.
    pub interval: u32,
    /// Seconds.
    pub timeout: u32,
    /// Successes in a row.
    pub healthy: u32,
    /// Failures in a row.
    pub unhealthy: u32,
    /// `200`, `200-299`, `200,202`: HTTP codes, or gRPC codes for GRPC groups.
    pub matcher: Option<String>,
}

/// A registered target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// `i-…` or an address.
    pub id: String,
    /// Where it listens.
    pub port: u16,
    /// For addresses: the zone that was given, or that of its subnet; none is `all`.
    pub zone: Option<Zone>,
    /// When it was registered.
    pub at: Time,
    /// When it was deregistered: it drains.
    pub leaving: Option<Time>,
}

impl TargetGroup {
    /// Whether it is one for network balancers.
    pub fn is_network(&self) -> bool {
        !matches!(self.protocol.as_str(), "HTTP" | "HTTPS")
    }

    /// An attribute that was set, or its default.
    pub fn attribute(&self, name: &str) -> String {
        if let Some(set) = self.attributes.get(name) {
            return set.clone();
        }
        // Connections to addresses come from the balancer unless datagrams (NLB guide, "Client IP
        // preservation").
        let by_address = self.kind == "ip" && matches!(self.protocol.as_str(), "TCP" | "TLS");
        if name == "preserve_client_ip.enabled" && by_address {
            return "false".into();
        }
        attribute::default(attribute::of_group(self.is_network()), name).into()
    }

    /// An attribute as a number.
    pub fn number(&self, name: &str) -> u32 {
        self.attribute(name).parse().unwrap_or_default()
    }

    /// An attribute as a yes or no.
    pub fn flag(&self, name: &str) -> bool {
        self.attribute(name) == "true"
    }
}
