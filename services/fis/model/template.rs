//! What is designed and kept: templates, and the safety lever.

use region::record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use world::Time;

/// Words to words.
pub type Words = BTreeMap<String, String>;

/// An experiment template; its key is its id, `EXT…`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Template {
    /// What an experiment does.
    pub design: Design,
    /// When it was made.
    pub created: Time,
    /// When it last changed.
    pub updated: Time,
    /// Its tags.
    pub tags: Words,
}

record!(Template, "fis/template", 1);

/// What an experiment does, and to what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Design {
    /// For a person.
    pub description: String,
    /// The role that AWS would assume; kept, not used (decisions/0006).
    pub role: String,
    /// By name.
    pub targets: BTreeMap<String, Target>,
    /// By name.
    pub actions: BTreeMap<String, Action>,
    /// ARNs of alarms; each ends the experiment when it goes into ALARM.
    pub stops: Vec<String>,
    /// An experiment with an empty target goes on without it (`skip`) and does not fail.
    pub skip_empty: bool,
}

/// What is aimed at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// `aws:ec2:instance`.
    pub kind: String,
    /// Chosen by name.
    pub arns: Vec<String>,
    /// Chosen by tags, all of which must be there.
    pub tags: Words,
    /// Path in the resource's own description (`State.Name`) to the values of which it has one.
    pub filters: Vec<(String, Vec<String>)>,
    /// Further conditions: `availabilityZoneIdentifier`, `vpc`.
    pub parameters: Words,
    /// `ALL`, `COUNT(n)` or `PERCENT(n)`.
    pub selection: String,
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// `aws:ec2:stop-instances`.
    pub kind: String,
    /// For a person.
    pub description: Option<String>,
    /// `duration` to `PT5M`.
    pub parameters: Words,
    /// Actions that must have ended before.
    pub after: Vec<String>,
    /// `Instances` to the name of a target.
    pub targets: Words,
}

/// The account's safety lever: while it is engaged no experiment runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lever {
    /// Why it is as it is.
    pub reason: String,
    /// Engaged.
    pub engaged: bool,
}

record!(Lever, "fis/lever", 1);

/// The one key of the lever in its scope.
pub const LEVER: &str = "default";
