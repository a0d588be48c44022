//! What the store keeps: typed, versioned records. Not the tables that hold them.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::fmt::Debug;

/// A thing that a customer asked for, as it is kept and journaled.
///
/// Implement it with [`record!`](crate::record). When a persisted type changes its shape, keep the
/// old one in a module `v1`, raise `VERSION` and override [`Record::load`] to read both.
pub trait Record:
    Any + Send + Sync + Clone + Debug + PartialEq + Serialize + DeserializeOwned
{
    /// `room/noun`: `vpc/subnet`. Never changes once released; the part before the slash is the
    /// room that the journal holds responsible.
    const KIND: &'static str;

    /// The version of the persisted shape that `save` writes.
    const VERSION: u16;

    /// Reads a persisted record of any version up to the present one.
    fn load(version: u16, bytes: &[u8]) -> Result<Self, String> {
        if version != Self::VERSION {
            return Err(format!("{} of version {version} cannot be read here", Self::KIND));
        }
        serde_json::from_slice(bytes).map_err(|error| format!("{}: {error}", Self::KIND))
    }
}

/// Declares that a type is kept in the store: `record!(Subnet, "vpc/subnet", 1);`
#[macro_export]
macro_rules! record {
    ($type:ty, $kind:literal, $version:literal) => {
        impl $crate::Record for $type {
            const KIND: &'static str = $kind;
            const VERSION: u16 = $version;
        }
    };
}
