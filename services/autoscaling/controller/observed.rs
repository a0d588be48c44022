//! What balancers observed of instances, read from the records of `elb`.

use elb::model::{State, find};
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
pub(super) fn targets(store: &Store, arn: &str) -> BTreeMap<String, Seen> {
    let Some((key, _)) = find::group(store, arn) else { return BTreeMap::new() };
    let all = find::targets(store, &key).into_iter();
    let one = |state| match state {
        State::Healthy => Seen::Healthy,
        State::Unhealthy => Seen::Unhealthy,
        State::Draining => Seen::Draining,
        _ => Seen::Other,
    };
    all.map(|status| (status.id, one(status.state))).collect()
}

/// By instance, as a classic balancer sees them.
pub(super) fn classic(_: &Store, _: &Scope, _: &str) -> BTreeMap<String, Seen> {
    BTreeMap::new()
}
