//! A group of users. Who is in it stands in the users.

use super::{Entity, Grants, Holder, Tags};
use crate::model::refuse;
use region::{Refusal, Scope, record};
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

impl Group {
    /// `arn:aws:iam::ACCOUNT:group/PATH/NAME`.
    pub fn arn(&self, scope: &Scope) -> String {
        scope.global().arn("iam", &format!("group{}{}", self.path, self.name))
    }
}

impl Entity for Group {
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

    fn missing(name: &str) -> Refusal {
        refuse::missing(format!("The group with name {name} cannot be found."))
    }
}

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
