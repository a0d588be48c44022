//! A scaling activity: what was done to a group, why, and how it went.

use region::record;
use serde::{Deserialize, Serialize};
use world::{Span, Time};

/// One activity. Kept under [`Activity::id_of`] its group and number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// The group's name.
    pub group: String,
    /// The group's ARN: names are used again.
    pub arn: String,
    /// Its place among the group's activities.
    pub number: u64,
    /// A UUID.
    pub id: String,
    /// `Launching a new EC2 instance: i-…`.
    pub description: String,
    /// `At 2026-01-01T00:00:00Z …`.
    pub cause: String,
    /// When it began.
    pub began: Time,
    /// When it ended.
    pub ended: Option<Time>,
    /// How it goes.
    pub status: Status,
    /// What went wrong.
    pub message: Option<String>,
    /// 0 to 100.
    pub progress: i32,
    /// The subnet and zone, as JSON.
    pub details: String,
    /// Whether the group is gone.
    pub orphan: bool,
}

record!(Activity, "autoscaling/activity", 1);

/// How an activity goes; AWS's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "AWS's own words")]
pub enum Status {
    PreInService,
    InProgress,
    WaitingForELBConnectionDraining,
    MidLifecycleAction,
    WaitingForInstanceWarmup,
    Successful,
    Failed,
    Cancelled,
}

impl Status {
    /// AWS's name.
    pub fn name(self) -> &'static str {
        match self {
            Status::PreInService => "PreInService",
            Status::InProgress => "InProgress",
            Status::WaitingForELBConnectionDraining => "WaitingForELBConnectionDraining",
            Status::MidLifecycleAction => "MidLifecycleAction",
            Status::WaitingForInstanceWarmup => "WaitingForInstanceWarmup",
            Status::Successful => "Successful",
            Status::Failed => "Failed",
            Status::Cancelled => "Cancelled",
        }
    }

    /// Whether nothing follows.
    pub fn is_over(self) -> bool {
        matches!(self, Status::Successful | Status::Failed | Status::Cancelled)
    }
}

impl Activity {
    /// Activities are kept six weeks (API_DescribeScalingActivities).
    pub const KEPT: Span = Span::seconds(42 * 86_400);

    /// Under which id an activity is kept: in the order of their numbers.
    pub fn id_of(group: &str, number: u64) -> String {
        format!("{group}/{number:010}")
    }

    /// It is over.
    pub fn end(&mut self, status: Status, at: Time) {
        self.status = status;
        self.ended = Some(at);
        self.progress = 100;
    }
}
