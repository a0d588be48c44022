//! A launch configuration as it is kept.

use region::record;
use serde::{Deserialize, Serialize};
use world::Time;

/// A launch configuration. Kept under its name; never changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LaunchConfiguration {
    /// Its ARN.
    pub arn: String,
    /// When it was made.
    pub created: Time,
    /// The API's own members, as JSON with AWS's names.
    pub data: shape::Json,
}

record!(LaunchConfiguration, "autoscaling/launch-configuration", 1);
