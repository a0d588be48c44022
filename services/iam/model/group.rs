//! A group of users. Who is in it stands in the users.

use super::entity::entity;
use super::{Grants, Holder, Tags};
use region::record;
use serde::{Deserialize, Serialize};
use world::Time;

/// A group; its key is its name in small letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Up to 128 characters.
    pub name: String,
    /// `AGPA…`.
    pub id: String,
    /// `/` or `/team/`.
    pub path: String,
    /// When it was made.
    pub created: Time,
    /// Its policies.
    pub grants: Grants,
    /// Always empty: AWS's groups have none.
    pub tags: Tags,
}

record!(Group, "iam/group", 1);
entity!(Group, "group", "The group with name {} cannot be found.");

impl Holder for Group {
    const WHAT: &'static str = "group";
    const TITLE: &'static str = "Group";
    const INLINE_LIMIT: usize = 5120;

    fn grants(&self) -> &Grants {
        &self.grants
    }

    fn grants_mut(&mut self) -> &mut Grants {
        &mut self.grants
    }
}
