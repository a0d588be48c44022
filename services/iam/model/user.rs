//! A user and the keys by which it proves itself.

use super::entity::entity;
use super::{Grants, Holder, Tags};
use region::record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use world::Time;

/// A user; its key is its name in small letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Up to 64 characters.
    pub name: String,
    /// `AIDA…`.
    pub id: String,
    /// `/` or `/team/`.
    pub path: String,
    /// When it was made.
    pub created: Time,
    /// ARN of its permissions boundary.
    pub boundary: Option<String>,
    /// Its policies.
    pub grants: Grants,
    /// Names of the groups it is in.
    pub groups: BTreeSet<String>,
    /// Its tags.
    pub tags: Tags,
}

record!(User, "iam/user", 1);
entity!(User, "user", "The user with name {} cannot be found.");

impl Holder for User {
    const WHAT: &'static str = "user";
    const TITLE: &'static str = "User";
    const INLINE_LIMIT: usize = 2048;

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

/// An access key of a user, or of the account's root; its key is its id. The secret is in the
/// [`region::Credential`] of the same id, where the front door looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessKey {
    /// `AKIA…`.
    pub id: String,
    /// Whose; none is the account's root.
    pub user: Option<String>,
    /// Whether it is accepted.
    pub active: bool,
    /// When it was made.
    pub created: Time,
}

record!(AccessKey, "iam/access-key", 1);
