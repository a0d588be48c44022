//! Tags of what has an ARN here.

use region::record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The tags of one resource; its key is the resource's ARN.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TagSet {
    /// Key to value.
    pub tags: BTreeMap<String, String>,
}

record!(TagSet, "elb/tags", 1);
