//! A managed policy of a customer, with its versions. AWS's own are in `managed`.

use super::{Entity, Tags};
use crate::model::refuse;
use region::{Arn, Key, Refusal, Scope, record};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use world::{Id, Time};

/// A policy; its key is its name in small letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Up to 128 characters.
    pub name: String,
    /// `ANPA…`.
    pub id: String,
    /// `arn:aws:iam::ACCOUNT:policy/PATH/NAME`: what clients call it by.
    pub arn: String,
    /// `/` or `/team/`.
    pub path: String,
    /// For a person.
    pub description: Option<String>,
    /// When it was made.
    pub created: Time,
    /// When its versions last changed.
    pub updated: Time,
    /// Its versions by number: 1 is `v1`. Five at most.
    pub versions: BTreeMap<u32, Version>,
    /// The version in force.
    pub default: u32,
    /// The number of the version to come; numbers are not used twice.
    pub next: u32,
    /// Its tags.
    pub tags: Tags,
}

record!(Policy, "iam/policy", 1);

/// One version of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// As it was given.
    pub document: String,
    /// When.
    pub created: Time,
}

/// Policies are found by their ARNs.
impl Entity for Policy {
    fn name(&self) -> &str {
        &self.name
    }

    fn path(&self) -> &str {
        &self.path
    }

    fn tags(&self) -> &Tags {
        &self.tags
    }

    fn tags_mut(&mut self) -> &mut Tags {
        &mut self.tags
    }

    fn missing(arn: &str) -> Refusal {
        refuse::missing(format!("Policy {arn} was not found."))
    }

    fn key(scope: &Scope, arn: &str) -> Key {
        let resource = Arn::parse(arn).map_or(arn, |arn| arn.resource);
        let name = resource.rsplit('/').next().unwrap_or_default();
        Key::new(&scope.global(), Id::from(name.to_lowercase()))
    }

    fn is(&self, arn: &str) -> bool {
        self.arn == arn
    }
}
