//! What balancers observed of instances, read from the records of `elb`.

use region::{Scope, Store};
use std::collections::BTreeMap;

/// How a balancer sees an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    Healthy,
    Unhealthy,
    Draining,
    Other,
}

/// By instance, as a target group's balancer sees them.
pub(super) fn targets(_: &Store, _: &str) -> BTreeMap<String, Seen> {
    BTreeMap::new()
}

/// By instance, as a classic balancer sees them.
pub(super) fn classic(_: &Store, _: &Scope, _: &str) -> BTreeMap<String, Seen> {
    BTreeMap::new()
}
