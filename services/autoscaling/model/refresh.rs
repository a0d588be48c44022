//! An instance refresh as it is kept.

use super::{Source, Version};
use region::record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use world::{Id, Time};

/// An instance refresh. Kept under its id, a UUID.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refresh {
    /// The group's name.
    pub group: String,
    /// The group's ARN: names are used again.
    pub arn: String,
    /// Its place among the group's refreshes.
    pub number: u64,
    /// Where it is.
    pub state: RefreshState,
    /// Why.
    pub reason: Option<String>,
    /// When it began.
    pub began: Time,
    /// When it ended.
    pub ended: Option<Time>,
    /// What the client asked for, as JSON with AWS's names.
    pub preferences_shown: shape::Json,
    /// The same, with defaults.
    pub preferences: Preferences,
    /// The configuration that the client asked for, as JSON with AWS's names.
    pub wanted_shown: Option<shape::Json>,
    /// What the group launches once this succeeds.
    pub wanted: Option<Source>,
    /// What the group launched before.
    pub before: Source,
    /// The versions of before, for a rollback.
    pub before_version: Option<Version>,
    /// The instances that must go.
    pub left: BTreeSet<Id>,
    /// How many there were.
    pub total: u32,
    /// The checkpoint it waits at.
    pub checkpoint: Option<Checkpoint>,
    /// Checkpoints (percentages) that it passed.
    pub passed: BTreeSet<u32>,
    /// The rollback, when there is one.
    pub reversal: Option<Reversal>,
    /// Begin of its bake time.
    pub bakes: Option<Time>,
}

record!(Refresh, "autoscaling/refresh", 1);

/// A stop at a percentage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Percent.
    pub at: u32,
    /// Until when.
    pub until: Time,
}

/// A rollback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reversal {
    /// Why.
    pub reason: String,
    /// When.
    pub at: Time,
    /// How far the refresh had come.
    pub percent: u32,
    /// How many were left.
    pub left: u32,
}

/// What a refresh heeds; AWS's names, AWS's defaults (user guide, "default values").
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "AWS's own words")]
pub struct Preferences {
    pub min_healthy: u32,
    pub max_healthy: u32,
    pub warmup: u32,
    pub checkpoints: Vec<u32>,
    pub checkpoint_delay: u32,
    pub skip_matching: bool,
    pub auto_rollback: bool,
    pub protected: String,
    pub standby: String,
    pub alarms: Vec<String>,
    pub bake: u32,
}

/// Where a refresh is; AWS's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "AWS's own words")]
pub enum RefreshState {
    Pending,
    InProgress,
    Successful,
    Failed,
    Cancelling,
    Cancelled,
    RollbackInProgress,
    RollbackFailed,
    RollbackSuccessful,
    Baking,
}

impl RefreshState {
    /// AWS's name.
    pub fn name(self) -> &'static str {
        match self {
            RefreshState::Pending => "Pending",
            RefreshState::InProgress => "InProgress",
            RefreshState::Successful => "Successful",
            RefreshState::Failed => "Failed",
            RefreshState::Cancelling => "Cancelling",
            RefreshState::Cancelled => "Cancelled",
            RefreshState::RollbackInProgress => "RollbackInProgress",
            RefreshState::RollbackFailed => "RollbackFailed",
            RefreshState::RollbackSuccessful => "RollbackSuccessful",
            RefreshState::Baking => "Baking",
        }
    }

    /// Whether something follows.
    pub fn is_active(self) -> bool {
        matches!(
            self,
            RefreshState::Pending
                | RefreshState::InProgress
                | RefreshState::Cancelling
                | RefreshState::RollbackInProgress
                | RefreshState::Baking
        )
    }
}

impl Refresh {
    /// How far it has come.
    pub fn percent(&self) -> u32 {
        match self.total {
            0 => 100,
            total => (total - (self.left.len() as u32).min(total)) * 100 / total,
        }
    }
}
