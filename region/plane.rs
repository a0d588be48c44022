//! Data planes: what customers put *in* (messages, objects), kept by event sourcing.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::fmt::Debug;

/// The contents of one resource: the mailbox of a queue. It is exactly what its entries made it.
///
/// Operations compute entries from what they see, and hand them to [`crate::Call::record`], which
/// applies and journals them. Time reaches a plane only as an argument or inside an entry.
pub trait Plane: Any + Default + Debug {
    /// `room/noun`: `sqs/mailbox`. Never changes once released.
    const KIND: &'static str;

    /// What can happen to it. Persisted: only ever add variants and optional fields.
    type Entry: Serialize + DeserializeOwned + Debug + Clone + 'static;

    /// Lets `entry` have happened. Cannot fail: what could fail was checked before.
    fn apply(&mut self, entry: &Self::Entry);

    /// Entries that turn a default plane into this one; what a compaction writes.
    fn entries(&self) -> Vec<Self::Entry>;
}
