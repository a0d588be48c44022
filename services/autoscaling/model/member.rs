//! An instance in a group, and where it is in its life there.

use super::Version;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use world::Time;

/// A stage of an instance's life in a group (Auto Scaling user guide, "instance lifecycle").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs, reason = "AWS's own words")]
pub enum Stage {
    Pending,
    PendingWait,
    PendingProceed,
    InService,
    Terminating,
    TerminatingWait,
    TerminatingProceed,
    Detaching,
    EnteringStandby,
    Standby,
}

impl Stage {
    /// AWS's name.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Pending => "Pending",
            Stage::PendingWait => "Pending:Wait",
            Stage::PendingProceed => "Pending:Proceed",
            Stage::InService => "InService",
            Stage::Terminating => "Terminating",
            Stage::TerminatingWait => "Terminating:Wait",
            Stage::TerminatingProceed => "Terminating:Proceed",
            Stage::Detaching => "Detaching",
            Stage::EnteringStandby => "EnteringStandby",
            Stage::Standby => "Standby",
        }
    }

    /// On its way into service.
    pub fn is_pending(self) -> bool {
        matches!(self, Stage::Pending | Stage::PendingWait | Stage::PendingProceed)
    }

    /// On its way to its end.
    pub fn is_ending(self) -> bool {
        matches!(self, Stage::Terminating | Stage::TerminatingWait | Stage::TerminatingProceed)
    }

    /// Counts against the desired capacity.
    pub fn counts(self) -> bool {
        self.is_pending() || self == Stage::InService
    }
}

/// Why an instance was launched beyond what is desired; counts only while it is pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// It was not.
    Plain,
    /// Another one shall go once it is in service.
    Extra,
}

/// An instance in a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Where it is in its life.
    pub stage: Stage,
    /// Its zone.
    pub zone: String,
    /// Its subnet.
    pub subnet: String,
    /// Its type.
    pub kind: String,
    /// How much it counts.
    pub weight: u32,
    /// What it was launched from.
    pub version: Option<Version>,
    /// When it was launched.
    pub launched: Time,
    /// When it came into service.
    pub served: Option<Time>,
    /// Not to be terminated by scaling in.
    pub protected: bool,
    /// Why it is unhealthy, as the end of a sentence of AWS's.
    pub sick: Option<String>,
    /// Nothing is left of it, or it is about to be nothing: it holds no capacity.
    pub gone: bool,
    /// Whether it is more than is desired, until it is in service.
    pub purpose: Purpose,
    /// How often its machine had crashed when it came.
    pub crashes: u32,
    /// The activity that is under way for it.
    pub activity: Option<u64>,
    /// The hooks that it waits for.
    pub waits: BTreeMap<String, Wait>,
    /// A hook said ABANDON.
    pub abandoned: bool,
    /// TerminateInstances was asked for.
    pub asked: bool,
    /// The target groups (ARNs) and classic balancers (names) it is registered with.
    pub registered: BTreeSet<String>,
    /// Those that it came past while AddToLoadBalancer was suspended: whoever wants it there
    /// registers it (user guide, "Suspend and resume processes").
    #[serde(default)]
    pub passed: BTreeSet<String>,
    /// Those from which it was taken and which may still serve it.
    pub draining: BTreeMap<String, Time>,
    /// Ask again no earlier.
    pub again: Option<Time>,
}

/// A lifecycle hook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    /// At launch; else at the end.
    pub launching: bool,
    /// Seconds.
    pub heartbeat: u32,
    /// When nobody answers: CONTINUE, else ABANDON.
    pub goes_on: bool,
    /// Whom to tell.
    pub target: Option<String>,
    /// As what.
    pub role: Option<String>,
    /// What to tell beside.
    pub metadata: Option<String>,
}

/// That a member waits for a hook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// A UUID.
    pub token: String,
    /// Since when.
    pub began: Time,
    /// Until when, unless a heartbeat comes.
    pub until: Time,
}
