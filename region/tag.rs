//! Tags of resources that are found by id, for all rooms that share one tag space.

use crate::{Key, Refusal, Scope, Store, record};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A resource may have this many tags (AWS: tag quotas).
pub const TAGS_PER_RESOURCE: usize = 50;

/// The tags of one resource; its key is the resource's id.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tags {
    /// What kind of resource, as the API names it: `instance`, `vpc`.
    pub resource_type: String,
    /// Key to value.
    pub tags: BTreeMap<String, String>,
}

record!(Tags, "region/tags", 1);

impl Tags {
    /// The tags of the resource `id`; none is an empty map.
    pub fn of(store: &Store, scope: &Scope, id: &str) -> BTreeMap<String, String> {
        store.get::<Tags>(&Key::new(scope, id)).map(|tags| tags.tags.clone()).unwrap_or_default()
    }

    /// Checks a tag as AWS does: key 1 to 128 characters and not `aws:`, value up to 256.
    pub fn check(key: &str, value: &str) -> Result<(), Refusal> {
        let length = key.chars().count();
        if length == 0 || length > 128 {
            let message = format!("Tag key must be 1 to 128 characters long: {key}");
            return Err(Refusal::new("InvalidParameterValue", message));
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            let message = "Tag keys starting with 'aws:' are reserved for internal use";
            return Err(Refusal::new("InvalidParameterValue", message));
        }
        if value.chars().count() > 256 {
            let message = format!("Tag value exceeds the maximum length of 256: {key}");
            return Err(Refusal::new("InvalidParameterValue", message));
        }
        Ok(())
    }
}
