//! Health of targets as observed by balancers' nodes.

use region::record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use world::Time;

/// The health of a group's targets; observed, exists while a balancer uses the group. Its key is
/// the group's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TargetHealth {
    /// By `ID:PORT`.
    pub targets: BTreeMap<String, Observed>,
}

record!(TargetHealth, "elb/target-health", 1);

/// The health of one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// Its state.
    pub state: State,
    /// Why, where it is not healthy.
    pub reason: Option<Reason>,
    /// Since when it is in this state.
    pub since: Time,
}

/// States of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Being registered, or its first checks run.
    Initial,
    /// Gets requests.
    Healthy,
    /// Failed its checks.
    Unhealthy,
    /// Gets no requests: not registered, its group not used, its zone not enabled, or stopped.
    Unused,
    /// Deregistered; finishes what it has.
    Draining,
    /// Checks are disabled.
    Unavailable,
}

impl State {
    /// AWS's name.
    pub fn name(self) -> &'static str {
        match self {
            State::Initial => "initial",
            State::Healthy => "healthy",
            State::Unhealthy => "unhealthy",
            State::Unused => "unused",
            State::Draining => "draining",
            State::Unavailable => "unavailable",
        }
    }
}

/// Why a target is in its state (API_TargetHealth).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// The nodes do not know it yet.
    Registering,
    /// The nodes look for the first time.
    Checking,
    /// Answers with a code that was not expected.
    Codes(u16),
    /// Does not answer in time.
    Timeout,
    /// Failed in another way.
    Failed,
    /// Is not in the group.
    NotRegistered,
    /// No balancer sends requests to the group.
    NotInUse,
    /// Its zone is not enabled for the balancer.
    ZoneNotEnabled,
    /// Drains.
    Deregistering,
    /// The instance is stopped.
    Stopped,
    /// The instance is terminated.
    Terminated,
    /// The address belongs to a balancer.
    Unusable,
    /// Checks are disabled.
    Disabled,
    /// The nodes cannot be made.
    Internal,
}

impl Reason {
    /// AWS's code.
    pub fn code(&self) -> &'static str {
        match self {
            Reason::Registering => "Elb.RegistrationInProgress",
            Reason::Checking => "Elb.InitialHealthChecking",
            Reason::Codes(_) => "Target.ResponseCodeMismatch",
            Reason::Timeout => "Target.Timeout",
            Reason::Failed => "Target.FailedHealthChecks",
            Reason::NotRegistered => "Target.NotRegistered",
            Reason::NotInUse | Reason::ZoneNotEnabled => "Target.NotInUse",
            Reason::Deregistering => "Target.DeregistrationInProgress",
            Reason::Stopped | Reason::Terminated => "Target.InvalidState",
            Reason::Unusable => "Target.IpUnusable",
            Reason::Disabled => "Target.HealthCheckDisabled",
            Reason::Internal => "Elb.InternalError",
        }
    }

    /// AWS's sentence.
    pub fn description(&self) -> String {
        let text = match self {
            Reason::Registering => "Target registration is in progress",
            Reason::Checking => "Initial health checks in progress",
            Reason::Codes(code) => {
                return format!("Health checks failed with these codes: [{code}]");
            }
            Reason::Timeout => "Request timed out",
            Reason::Failed => "Health checks failed",
            Reason::NotRegistered => "Target is not registered to the target group",
            Reason::NotInUse => {
                "Target group is not configured to receive traffic from the load balancer"
            }
            Reason::ZoneNotEnabled => {
                "Target is in an Availability Zone that is not enabled for the load balancer"
            }
            Reason::Deregistering => "Target deregistration is in progress",
            Reason::Stopped => "Target is in the stopped state",
            Reason::Terminated => "Target is in the terminated state",
            Reason::Unusable => {
                "The IP address cannot be used as a target, because it is in use by a load balancer"
            }
            Reason::Disabled => "Health checks are disabled for this target",
            Reason::Internal => "Health checks failed due to an internal error",
        };
        text.into()
    }
}
