//! A role, and the instance profile that carries it to a machine.

use super::entity::entity;
use super::{Grants, Holder, Tags};
use region::record;
use serde::{Deserialize, Serialize};
use world::Time;

/// A role; its key is its name in small letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Up to 64 characters.
    pub name: String,
    /// `AROA…`.
    pub id: String,
    /// `/` or `/team/`; `/aws-service-role/SERVICE/` for a service's own.
    pub path: String,
    /// When it was made.
    pub created: Time,
    /// AssumeRolePolicyDocument, as it was given.
    pub trust: String,
    /// For a person.
    pub description: Option<String>,
    /// Seconds, 3600 to 43200.
    pub max_session: u32,
    /// ARN of its permissions boundary.
    pub boundary: Option<String>,
    /// Its policies.
    pub grants: Grants,
    /// The service whose own it is: `autoscaling.amazonaws.com`.
    pub service: Option<String>,
    /// Its tags.
    pub tags: Tags,
}

record!(Role, "iam/role", 1);
entity!(Role, "role", "The role with name {} cannot be found.");

impl Holder for Role {
    const WHAT: &'static str = "role";
    const TITLE: &'static str = "Role";
    const INLINE_LIMIT: usize = 10_240;

    fn grants(&self) -> &Grants {
        &self.grants
    }

    fn grants_mut(&mut self) -> &mut Grants {
        &mut self.grants
    }

    fn boundary(&self) -> Option<&str> {
        self.boundary.as_deref()
    }
}

/// A service's role was deleted; its key is the task's id. Kept for a day, to be asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleDeletion {
    /// When it may be forgotten.
    pub until: Time,
}

record!(RoleDeletion, "iam/role-deletion", 1);

/// An instance profile; its key is its name in small letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceProfile {
    /// Up to 128 characters.
    pub name: String,
    /// `AIPA…`.
    pub id: String,
    /// `/` or `/team/`.
    pub path: String,
    /// When it was made.
    pub created: Time,
    /// Name of the role that it carries.
    pub role: Option<String>,
    /// Its tags.
    pub tags: Tags,
}

record!(InstanceProfile, "iam/instance-profile", 1);
entity!(InstanceProfile, "instance-profile", "Instance Profile {} cannot be found.");
