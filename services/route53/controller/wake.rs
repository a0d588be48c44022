//! Whose changes concern the name servers, and whose the resolver of which VPC.

use crate::model::{HostedZone, VpcPlace, servers};
use cloudwatch::model::AlarmState;
use region::{Changed, Key, Scope, View};
use std::collections::BTreeSet;
use std::sync::Arc;
use vpc::model::{Address, NetworkInterface, Subnet};
use world::Id;

/// The name servers.
pub(super) fn names(_: &View, _: &Changed) -> Vec<Key> {
    vec![crate::model::servers()]
}

/// The name servers, if the change can be seen from the internet.
pub(super) fn servers_of_interface(view: &View, changed: &Changed) -> Vec<Key> {
    let seen = |one: &NetworkInterface| (one.public, one.addresses.clone());
    let before = changed.before::<NetworkInterface>();
    let after = view.store.get::<NetworkInterface>(&changed.key);
    match (before, after) {
        (Some(before), Some(after)) if seen(before) == seen(after) => Vec::new(),
        // Elastic addresses change with records of their own.
        (None, Some(after)) if after.public.is_none() => Vec::new(),
        _ => vec![servers()],
    }
}

/// The VPC of an interface that came, went or has other addresses.
pub(super) fn of_interface(view: &View, changed: &Changed) -> Vec<Key> {
    let seen = |one: &NetworkInterface| (one.public, one.addresses.clone());
    let before = changed.before::<NetworkInterface>();
    let after = view.store.get::<NetworkInterface>(&changed.key).map(Arc::as_ref);
    match (before, after) {
        (Some(before), Some(after)) if seen(before) == seen(after) => Vec::new(),
        (before, after) => {
            let all = before.into_iter().chain(after);
            all.map(|one| Key::new(&changed.key.scope, one.vpc.clone())).collect()
        }
    }
}

/// The VPC of a subnet.
pub(super) fn of_subnet(view: &View, changed: &Changed) -> Vec<Key> {
    let before = changed.before::<Subnet>();
    let after = view.store.get::<Subnet>(&changed.key).map(Arc::as_ref);
    let all = before.into_iter().chain(after);
    all.map(|one| Key::new(&changed.key.scope, one.vpc.clone())).collect()
}

/// The VPCs that an Elastic IP address left or came to.
pub(super) fn of_address(view: &View, changed: &Changed) -> Vec<Key> {
    let interface = |address: &Address| {
        let used = address.association.as_ref()?;
        let key = Key::new(&changed.key.scope, used.interface.clone());
        let interface = view.store.get::<NetworkInterface>(&key)?;
        Some(Key::new(&changed.key.scope, interface.vpc.clone()))
    };
    let before = changed.before::<Address>().and_then(interface);
    let after = view.store.get::<Address>(&changed.key).and_then(|after| interface(after));
    before.into_iter().chain(after).collect()
}

/// The VPCs that saw or see a private zone.
pub(super) fn of_zone(view: &View, changed: &Changed) -> Vec<Key> {
    let before = changed.before::<HostedZone>();
    let after = view.store.get::<HostedZone>(&changed.key).map(Arc::as_ref);
    let all = before.into_iter().chain(after);
    let places: BTreeSet<VpcPlace> = all.flat_map(|zone| zone.vpcs.iter().cloned()).collect();
    places.iter().filter_map(|place| vpc(view, place)).collect()
}

/// The VPCs that see a record set.
pub(super) fn of_record_set(view: &View, changed: &Changed) -> Vec<Key> {
    let scope = &changed.key.scope;
    let zone = Key::new(&Scope::new(&scope.account, region::GLOBAL), Id::from(&scope.region));
    let Some(zone) = view.store.get::<HostedZone>(&zone) else { return Vec::new() };
    zone.vpcs.iter().filter_map(|place| vpc(view, place)).collect()
}

/// The VPCs that see any private zone of the account: its records may name the check.
pub(super) fn of_health(view: &View, changed: &Changed) -> Vec<Key> {
    let zones = view.store.list::<HostedZone>(&changed.key.scope);
    let places: BTreeSet<&VpcPlace> = zones.flat_map(|(_, zone)| &zone.vpcs).collect();
    places.into_iter().filter_map(|place| vpc(view, place)).collect()
}

/// A VPC by its region and id, whoever has it.
fn vpc(view: &View, place: &VpcPlace) -> Option<Key> {
    let mut all = view.store.all::<vpc::model::Vpc>();
    let here = |key: &Key| *key.scope.region == *place.region && *key.id.as_str() == *place.id;
    all.find(|(key, _)| here(key)).map(|(key, _)| key.clone())
}

/// The name servers, if the alarm has another state: it is evaluated far more often.
pub(super) fn servers_of_alarm(view: &View, changed: &Changed) -> Vec<Key> {
    let before = changed.before::<AlarmState>().map(|state| state.value);
    let after = view.store.get::<AlarmState>(&changed.key).map(|state| state.value);
    if before == after { Vec::new() } else { vec![servers()] }
}

/// Every VPC that sees a private zone: its aliases may lead to the balancer.
pub(super) fn of_balancer(view: &View, _: &Changed) -> Vec<Key> {
    let zones = view.store.all::<HostedZone>();
    let places: BTreeSet<&VpcPlace> = zones.flat_map(|(_, zone)| &zone.vpcs).collect();
    places.into_iter().filter_map(|place| vpc(view, place)).collect()
}
