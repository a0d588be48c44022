//! What a group launches its instances from.

use serde::{Deserialize, Serialize};

/// A launch configuration, or a launch template, or a mix of types over one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// By name.
    Configuration(String),
    /// One template.
    Template(TemplateRef),
    /// One template with several types.
    Mixed(Mixed),
}

/// A launch template as a group names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateRef {
    /// `lt-…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `$Default`, `$Latest` or a number; none was given: the default one.
    pub version: Option<String>,
}

/// A mixed instances policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mixed {
    /// The template.
    pub template: TemplateRef,
    /// In the order of priority.
    pub overrides: Vec<Override>,
    /// `prioritized` or `lowest-price`.
    pub strategy: String,
    /// Capacity on demand at least.
    pub base: u32,
    /// Percentage on demand above that.
    pub above: u32,
    /// Recorded: nothing is launched as Spot here.
    pub spot_strategy: String,
    /// Recorded.
    pub spot_pools: Option<i32>,
}

/// A type that may be launched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Instead of the template's.
    pub kind: Option<String>,
    /// How much it counts.
    pub weight: Option<u32>,
    /// Instead of the group's template.
    pub template: Option<TemplateRef>,
}

/// What an instance was launched from, to the version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Version {
    /// A launch configuration's name.
    Configuration(String),
    /// A template's id, name and version.
    Template(String, String, u64),
}

impl Source {
    /// The group's template.
    pub fn template(&self) -> Option<&TemplateRef> {
        match self {
            Source::Configuration(_) => None,
            Source::Template(template) => Some(template),
            Source::Mixed(mixed) => Some(&mixed.template),
        }
    }

    /// How much an instance of this type counts.
    pub fn weight_of(&self, kind: &str) -> u32 {
        let Source::Mixed(mixed) = self else { return 1 };
        let own = mixed.overrides.iter().find(|one| one.kind.as_deref() == Some(kind));
        own.and_then(|one| one.weight).unwrap_or(1)
    }

    /// Whether instances count by weights.
    pub fn weighted(&self) -> bool {
        match self {
            Source::Mixed(mixed) => mixed.overrides.iter().any(|one| one.weight.is_some()),
            _ => false,
        }
    }
}
