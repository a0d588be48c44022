//! Health checks: what is looked at, and what was found.

use region::{Call, Key, Refusal, record};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use world::{Outcome, Time};

/// A health check; its key is its id, a UUID, in its account's global scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthCheck {
    /// What the customer told it apart by.
    pub caller_reference: String,
    /// Rises with each update, from 1.
    pub version: i64,
    /// What it looks at.
    pub kind: Kind,
    /// Well counts as unwell and the other way round.
    pub inverted: bool,
    /// Counts as well without looking.
    pub disabled: bool,
}

record!(HealthCheck, "route53/health-check", 1);

/// What a health check looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// HTTP, HTTPS, `_STR_MATCH` and TCP.
    Endpoint(Endpoint),
    /// Other health checks.
    Calculated {
        /// HealthThreshold: so many must be well.
        least: u32,
        /// Their ids.
        children: Vec<String>,
    },
    /// A CloudWatch alarm.
    Alarm {
        /// Where it is.
        region: String,
        /// Its name.
        name: String,
        /// InsufficientDataHealthStatus: `Healthy`, `Unhealthy`, `LastKnownStatus`.
        insufficient: String,
    },
}

/// Something that answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// The Type as the API names it: `HTTP_STR_MATCH`.
    pub kind: String,
    /// Else the name is resolved at each look.
    pub address: Option<String>,
    /// FullyQualifiedDomainName.
    pub name: Option<String>,
    /// TCP port.
    pub port: u16,
    /// ResourcePath.
    pub path: Option<String>,
    /// SearchString.
    pub search: Option<String>,
    /// Seconds: 10 or 30.
    pub interval: u32,
    /// FailureThreshold, 1 to 10.
    pub threshold: u32,
    /// MeasureLatency; stored only.
    pub latency: bool,
    /// EnableSNI.
    pub sni: bool,
    /// Checkers' regions, as given; empty: all.
    pub regions: Vec<String>,
}

/// What was found out about a health check; its key is the check's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Whether it counts as well, all said and done.
    pub well: bool,
    /// What each checker saw last, by its name: `us-east-1-0`.
    pub checkers: BTreeMap<String, Observation>,
}

record!(Health, "route53/health", 1);

/// What one checker saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// Counted by the threshold; none while too little is known.
    pub well: Option<bool>,
    /// The last look.
    pub outcome: Outcome,
    /// When `well` last changed.
    pub since: Time,
}

/// Why a check was last unwell, by checker; its key is the check's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Failures {
    /// What each saw, and when.
    pub checkers: BTreeMap<String, (Outcome, Time)>,
}

record!(Failures, "route53/failures", 1);

/// Regions in which AWS has health checkers.
pub const CHECKER_REGIONS: [&str; 8] = [
    "us-east-1",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "sa-east-1",
];

impl HealthCheck {
    /// The check of this id.
    pub(crate) fn find(call: &Call, id: &str) -> Result<(Key, Arc<HealthCheck>), Refusal> {
        let key = Key::new(&call.scope.global(), id);
        let check = call.get::<HealthCheck>(&key);
        check.map(|check| (key, check)).ok_or_else(|| super::refuse::no_check(id))
    }

    /// The Type as the API names it.
    pub fn type_name(&self) -> &str {
        match &self.kind {
            Kind::Endpoint(endpoint) => &endpoint.kind,
            Kind::Calculated { .. } => "CALCULATED",
            Kind::Alarm { .. } => "CLOUDWATCH_METRIC",
        }
    }
}
