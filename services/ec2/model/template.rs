//! A launch template as it is kept: versions of parameters for a launch.

use region::record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use world::Time;

/// A launch template. Kept under its id, `lt-…`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LaunchTemplate {
    /// Unique in a region.
    pub name: String,
    /// When it was made.
    pub created: Time,
    /// Who made it.
    pub creator: String,
    /// The version that a launch takes when it names none.
    pub default: u64,
    /// The highest number ever given.
    pub latest: u64,
    /// By number.
    pub versions: BTreeMap<u64, TemplateVersion>,
}

record!(LaunchTemplate, "ec2/launch-template", 1);

/// One version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TemplateVersion {
    /// For a person.
    pub description: Option<String>,
    /// When it was made.
    pub created: Time,
    /// Who made it.
    pub creator: String,
    /// The parameters with AWS's member names, as the API took them.
    pub data: shape::Json,
}
