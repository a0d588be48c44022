//! From records to the answers that clients see, and the filters that lists of them offer.

pub mod acl;
pub mod address;
pub mod dhcp;
pub mod gateway;
pub mod group;
pub mod interface;
pub mod subnet;
pub mod table;
pub mod vpc;

use crate::form::list;

/// The values that parts of parts of an answer have for a filter.
fn each<P, V: ToString>(parts: &Option<Vec<P>>, value: impl Fn(&P) -> &Option<V>) -> Vec<String> {
    parts.iter().flatten().flat_map(|part| list(value(part))).collect()
}

/// For filters about parts of AWS that nothing here can have: they match nothing.
fn none<T>(_: &T) -> Vec<String> {
    Vec::new()
}
