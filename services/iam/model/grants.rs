//! What a user, group or role is allowed: policies written into it and policies attached to it.

use super::Entity;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The policies of one holder.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Grants {
    /// Inline policies: name to document, as it was given.
    pub inline: BTreeMap<String, String>,
    /// ARNs of managed policies.
    pub attached: BTreeSet<String>,
}

/// What holds policies.
pub trait Holder: Entity {
    /// As messages call it: `user`.
    const WHAT: &'static str;
    /// As names of quotas call it: `User`.
    const TITLE: &'static str;
    /// All its inline policies together have this many characters at most, blanks not counted
    /// (AWS: IAM quotas).
    const INLINE_LIMIT: usize;

    /// Its policies.
    fn grants(&self) -> &Grants;

    /// Its policies, to change.
    fn grants_mut(&mut self) -> &mut Grants;

    /// The ARN of the policy that bounds it.
    fn boundary(&self) -> Option<&str> {
        None
    }
}
