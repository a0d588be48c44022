//! Listeners and their rules.

use super::{Action, Condition};
use region::record;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A listener; its key is the end of its ARN, `app/NAME/HEX/LISTENER`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listener {
    /// The balancer's key.
    pub balancer: String,
    /// 1 to 65535.
    pub port: u16,
    /// `HTTP`, `HTTPS`, `TCP`, `TLS`, `UDP`, `TCP_UDP`.
    pub protocol: String,
    /// ARNs of certificates; the first is the default one.
    pub certificates: Vec<String>,
    /// For HTTPS and TLS.
    pub ssl_policy: Option<String>,
    /// For TLS: `HTTP2Preferred`.
    pub alpn: Option<String>,
    /// What becomes of what no rule matches.
    pub default: Action,
    /// The id of that default rule.
    pub default_rule: String,
    /// Other rules, by id (sixteen digits).
    pub rules: BTreeMap<String, Rule>,
    /// Attributes that were set; others have their defaults.
    pub attributes: BTreeMap<String, String>,
}

record!(Listener, "elb/listener", 1);

/// A rule of a listener.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// 1 to 50000, unique in the listener; the lowest is tried first.
    pub priority: u32,
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// What then happens.
    pub action: Action,
}

impl Listener {
    /// Whether it decrypts.
    pub fn is_secure(&self) -> bool {
        matches!(self.protocol.as_str(), "HTTPS" | "TLS")
    }

    /// Its rules with their ids in the order in which they are tried, without the default one.
    pub fn ordered(&self) -> Vec<(&String, &Rule)> {
        let mut all: Vec<_> = self.rules.iter().collect();
        all.sort_by_key(|(_, rule)| rule.priority);
        all
    }

    /// The target groups that its rules name, by ARN.
    pub fn groups(&self) -> BTreeSet<&str> {
        let rules = self.rules.values().flat_map(|rule| rule.action.groups());
        self.default.groups().chain(rules).collect()
    }
}
