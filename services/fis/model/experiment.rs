//! An experiment that was started, and how far it is.

use super::{Design, Words};
use region::record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use world::Time;

/// An experiment; its key is its id, `EXP…`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// The template that it was started from.
    pub template: String,
    /// The template as it was then.
    pub design: Design,
    /// What each target turned out to be: ARNs or, for instances and subnets, ids.
    pub resolved: BTreeMap<String, Vec<String>>,
    /// How it is: `running`, `completed`, ...
    pub status: Status,
    /// Why.
    pub reason: String,
    /// When it was started.
    pub started: Time,
    /// When it ended.
    pub ended: Option<Time>,
    /// How far each action is.
    pub progress: BTreeMap<String, Progress>,
    /// Only resolves targets and skips all actions.
    pub preview: bool,
    /// Its tags.
    pub tags: Words,
}

record!(Experiment, "fis/experiment", 1);

/// States of experiments and of actions, as AWS names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Waits for others.
    Pending,
    /// Begins.
    Initiating,
    /// Goes on.
    Running,
    /// Ended as planned.
    Completed,
    /// Is being undone.
    Stopping,
    /// Was undone before its end.
    Stopped,
    /// Went wrong.
    Failed,
    /// Never began, because the experiment ended.
    Cancelled,
    /// Never began, because its target is empty or nothing is done.
    Skipped,
}

impl Status {
    /// AWS's word.
    pub fn word(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Initiating => "initiating",
            Status::Running => "running",
            Status::Completed => "completed",
            Status::Stopping => "stopping",
            Status::Stopped => "stopped",
            Status::Failed => "failed",
            Status::Cancelled => "cancelled",
            Status::Skipped => "skipped",
        }
    }

    /// Whether nothing more will happen.
    pub fn is_over(self) -> bool {
        use Status::{Cancelled, Completed, Failed, Skipped, Stopped};
        matches!(self, Completed | Stopped | Failed | Cancelled | Skipped)
    }
}

/// How far an action is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// How it is.
    pub status: Status,
    /// Why.
    pub reason: String,
    /// When it began.
    pub began: Option<Time>,
    /// When it ended.
    pub ended: Option<Time>,
    /// What was asked and answered so far, by a tag of its own: an id that was made, or empty.
    pub done: BTreeMap<String, String>,
}
