//! A parameter and its versions.

use region::{Key, Scope, record};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use world::{Id, Time};

/// Versions that are kept of one parameter (AWS: Parameter Store quotas).
pub(crate) const VERSIONS: u64 = 100;

/// A parameter; its key is its name. What it holds is in its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// `/shop/database/host`, or a word without slashes.
    pub name: String,
    /// The first version that is kept.
    pub oldest: u64,
    /// The version in force.
    pub latest: u64,
    /// Labels and the versions that have them.
    pub labels: BTreeMap<String, u64>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

record!(Parameter, "ssm/parameter", 1);

impl Parameter {
    /// The labels of a version.
    pub fn labels_of(&self, version: u64) -> BTreeSet<String> {
        let of = self.labels.iter().filter(|(_, at)| **at == version);
        of.map(|(label, _)| label.clone()).collect()
    }
}

/// One version of a parameter; its key is [`version_key`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// From 1.
    pub number: u64,
    /// What it holds.
    pub value: String,
    /// What kind of text that is.
    pub kind: Kind,
    /// `text` or `aws:ec2:image`.
    pub data_type: String,
    /// For a person.
    pub description: Option<String>,
    /// The regular expression that the value matches.
    pub allowed_pattern: Option<String>,
    /// How large it may be.
    pub tier: Tier,
    /// When it was put.
    pub modified: Time,
    /// ARN of who put it.
    pub by: String,
}

record!(Version, "ssm/version", 1);

/// The key of a version.
pub(crate) fn version_key(scope: &Scope, name: &str, number: u64) -> Key {
    Key::new(scope, Id::from(format!("{name}:{number}")))
}

/// What kind of text a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// One text.
    String,
    /// Texts between commas.
    StringList,
}

impl Kind {
    /// AWS's name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::String => "String",
            Kind::StringList => "StringList",
        }
    }
}

/// How large a value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tier {
    /// 4 KB.
    Standard,
    /// 8 KB.
    Advanced,
}

impl Tier {
    /// AWS's name.
    pub fn name(self) -> &'static str {
        match self {
            Tier::Standard => "Standard",
            Tier::Advanced => "Advanced",
        }
    }

    /// Bytes that a value has at most (AWS: Parameter Store quotas).
    pub fn limit(self) -> usize {
        match self {
            Tier::Standard => 4096,
            Tier::Advanced => 8192,
        }
    }

    /// Parameters of this tier in one region (AWS: Parameter Store quotas).
    pub fn quota(self) -> usize {
        match self {
            Tier::Standard => 10_000,
            Tier::Advanced => 100_000,
        }
    }
}
