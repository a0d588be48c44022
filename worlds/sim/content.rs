//! What a simulated disk holds: where it came from and the few files that tests write.

use crate::Trace;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

/// The bytes of a disk or a snapshot, as far as the simulation keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Content {
    /// The image that it began as; none: blank.
    pub image: Option<String>,
    /// What was written since, by path.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Content {
    /// Equal for equal contents.
    pub fn number(&self) -> u64 {
        let mut trace = Trace::default();
        self.hash(&mut trace);
        trace.finish()
    }
}
