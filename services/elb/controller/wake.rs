//! Whose changes concern which balancer and which target group.

use crate::model::{Listener, TargetGroup, find, name};
use region::{Changed, Key, Scope, View};
use std::collections::BTreeSet;
use vpc::model::NetworkInterface;

/// The balancer of a listener.
pub(super) fn balancer_of_listener(_: &View, changed: &Changed) -> Vec<Key> {
    let balancer = changed.key.id.as_str().rsplit_once('/').map(|(balancer, _)| balancer);
    balancer.map(|id| Key::new(&changed.key.scope, id)).into_iter().collect()
}

/// The balancer that uses a target group.
pub(super) fn balancer_of_group(view: &View, changed: &Changed) -> Vec<Key> {
    find::used(view.store, &changed.key)
}

/// The balancers whose target groups an instance is in.
pub(super) fn balancer_of_instance(view: &View, changed: &Changed) -> Vec<Key> {
    balancers(view, &changed.key.scope, changed.key.id.as_str())
}

/// The balancers whose target groups the instance of an interface is in.
pub(super) fn balancer_of_interface(view: &View, changed: &Changed) -> Vec<Key> {
    let after = view.store.get::<NetworkInterface>(&changed.key).map(|one| &**one);
    let both = [changed.before::<NetworkInterface>(), after];
    let attachments = both.into_iter().flatten().filter_map(|one| one.attachment.as_ref());
    let instances: BTreeSet<_> = attachments.map(|attachment| &attachment.instance).collect();
    let scope = &changed.key.scope;
    instances.into_iter().flat_map(|id| balancers(view, scope, id.as_str())).collect()
}

/// The balancers whose listeners show a certificate.
pub(super) fn balancer_of_certificate(view: &View, changed: &Changed) -> Vec<Key> {
    let arn = acm::model::arn(&changed.key.scope, changed.key.id.as_str());
    let all = view.store.list::<Listener>(&changed.key.scope);
    let showing = all.filter(|(_, listener)| listener.certificates.contains(&arn));
    showing.map(|(key, listener)| Key::new(&key.scope, &listener.balancer)).collect()
}

/// The target groups that a listener names or named.
pub(super) fn group_of_listener(view: &View, changed: &Changed) -> Vec<Key> {
    let after = view.store.get::<Listener>(&changed.key).map(|one| &**one);
    let both = [changed.before::<Listener>(), after];
    let arns = both.into_iter().flatten().flat_map(|listener| listener.groups());
    arns.filter_map(|arn| name::key(arn, "targetgroup")).collect()
}

/// The target groups that an instance is in.
pub(super) fn group_of_instance(view: &View, changed: &Changed) -> Vec<Key> {
    groups(view, &changed.key.scope, changed.key.id.as_str())
}

fn groups(view: &View, scope: &Scope, target: &str) -> Vec<Key> {
    let all = view.store.list::<TargetGroup>(scope);
    let here = all.filter(|(_, group)| group.targets.values().any(|one| one.id == target));
    here.map(|(key, _)| key.clone()).collect()
}

fn balancers(view: &View, scope: &Scope, target: &str) -> Vec<Key> {
    let groups = groups(view, scope, target);
    groups.iter().flat_map(|group| find::used(view.store, group)).collect()
}
