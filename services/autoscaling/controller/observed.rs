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

/// By instance, as a classic balancer sees them. One that it has not looked at yet is not in
/// service for another reason than the instance's own.
pub(super) fn classic(store: &Store, scope: &Scope, name: &str) -> BTreeMap<String, Seen> {
    let all = find::instances(store, scope, name).unwrap_or_default().into_iter();
    let one = |serves, reason: &str| match (serves, reason) {
        (true, _) => Seen::Healthy,
        (false, "Instance") => Seen::Unhealthy,
        _ => Seen::Other,
    };
    all.map(|status| {
        let seen = one(status.in_service, &status.reason);
        (status.id, seen)
    })
    .collect()
}
