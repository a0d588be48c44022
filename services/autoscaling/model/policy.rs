//! A scaling policy as it is kept.

use region::record;
use serde::{Deserialize, Serialize};
use world::Time;

/// A scaling policy. Kept under `GROUP/NAME`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// The group's name.
    pub group: String,
    /// Its own.
    pub name: String,
    /// `arn:aws:autoscaling:…:scalingPolicy:UUID:autoScalingGroupName/GROUP:policyName/NAME`.
    pub arn: String,
    /// Whether it acts.
    pub enabled: bool,
    /// How it decides.
    pub kind: Kind,
    /// Its alarms, when it made them: high, low.
    pub alarms: Vec<String>,
    /// Whether its alarms are there as it wants them.
    pub made: bool,
    /// It goes once its alarms are gone.
    pub deleting: bool,
    /// Ask for the alarms again no earlier.
    pub again: Option<Time>,
    /// By alarm: the evaluation that was last acted on.
    pub heeded: std::collections::BTreeMap<String, Time>,
}

record!(Policy, "autoscaling/policy", 1);

/// How a policy decides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Kind {
    /// One adjustment, then a cooldown.
    Simple {
        /// By how much.
        adjust: Adjust,
        /// How much.
        by: i32,
        /// Seconds; the group's where none.
        cooldown: Option<u32>,
    },
    /// An adjustment by how far the threshold is passed.
    Steps {
        /// By how much.
        adjust: Adjust,
        /// In the order of their bounds.
        steps: Vec<Step>,
        /// Seconds.
        warmup: Option<u32>,
        /// `Average`, `Minimum`, `Maximum`.
        aggregation: String,
    },
    /// Keeps a metric near a value.
    Tracking(Tracking),
}

/// What an adjustment's number means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjust {
    /// `ChangeInCapacity`, `ExactCapacity`, `PercentChangeInCapacity`.
    pub kind: String,
    /// Of a percentage: at least so much.
    pub least: Option<u32>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// From here, relative to the threshold.
    pub lower: Option<f64>,
    /// To here.
    pub upper: Option<f64>,
    /// Its adjustment.
    pub by: i32,
}

/// A target tracking configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tracking {
    /// The API's TargetTrackingConfiguration, as JSON with AWS's names.
    pub data: shape::Json,
    /// The value to keep.
    pub target: f64,
    /// Never scales in.
    pub only_out: bool,
    /// Seconds.
    pub warmup: Option<u32>,
}

impl Policy {
    /// Under which id a policy is kept.
    pub fn id_of(group: &str, name: &str) -> String {
        format!("{group}/{name}")
    }

    /// AWS's name of its type.
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Simple { .. } => "SimpleScaling",
            Kind::Steps { .. } => "StepScaling",
            Kind::Tracking(_) => "TargetTrackingScaling",
        }
    }

    /// Seconds for which a new instance is warming, as this policy says.
    pub fn warmup(&self) -> Option<u32> {
        match &self.kind {
            Kind::Simple { .. } => None,
            Kind::Steps { warmup, .. } => *warmup,
            Kind::Tracking(tracking) => tracking.warmup,
        }
    }
}
