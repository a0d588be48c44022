//! The name servers and health checkers of the internet: one machine for all accounts.

use super::{health, look, zone};
use crate::model::{HealthCheck, HostedZone, NAMES, Servers, owned};
use region::{Key, Plan, Store, View};
use std::collections::BTreeMap;
use std::sync::Arc;
use world::{EDGE, Id, Machine, Names, Program, Size, Thing};

/// States the machine with every public zone, every name of AWS's own and every check; and writes
/// down what the checkers found.
pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
    if view.store.get::<Servers>(key).is_none() {
        return;
    }
    let mut zones = owned::zones(view.store);
    for (key, hosted) in answering(view.store) {
        zones.insert(key.id.clone(), zone::zone(view.store, key, hosted));
    }
    let checks = view.store.all::<HealthCheck>();
    let checks = checks.map(|(key, check)| (key.id.clone(), look::look(view, check))).collect();
    let program = Program::Names(Box::new(Names { zones, checks }));
    plan.thing(Id::from(NAMES), machine(EDGE, program));
    health::observe(view, plan);
}

/// The public zones that answer. On AWS all do, each on its own name servers; here all name
/// servers are alike, so of zones with the same name the one made first answers.
fn answering(store: &Store) -> impl Iterator<Item = (&Key, &HostedZone)> {
    let mut first: BTreeMap<&str, (&Key, &Arc<HostedZone>)> = BTreeMap::new();
    for (key, zone) in store.all::<HostedZone>().filter(|(_, zone)| !zone.private) {
        let best = first.entry(&zone.name).or_insert((key, zone));
        if (zone.created, &key.id) < (best.1.created, &best.0.id) {
            *best = (key, zone);
        }
    }
    first.into_values().map(|(key, zone)| (key, &**zone))
}

/// A machine of the world's own.
pub(super) fn machine(zone: &str, program: Program) -> Thing {
    Thing::Machine(Machine {
        zone: zone.into(),
        size: Size { millicpus: 1000, memory: 256 << 20, pids: 64 },
        root: None,
        disks: Vec::new(),
        ports: Vec::new(),
        program,
        boot: 0,
    })
}
