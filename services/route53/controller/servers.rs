//! The name servers and health checkers of the internet: one machine for all accounts.

use super::{delegation, health, look, zone};
use crate::model::{HealthCheck, NAMES, Servers, owned};
use region::{Key, Plan, View};
use std::sync::Arc;
use world::{EDGE, Id, Machine, Names, Program, Size, Thing};

/// States the machine with every public zone, every name of AWS's own and every check; and writes
/// down what the checkers found.
pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
    if view.store.get::<Servers>(key).is_none() {
        return;
    }
    let mut zones = owned::zones(view.store);
    zones.extend(delegation::referrals(view.store));
    for (key, hosted) in delegation::answering(view.store) {
        zones.insert(key.id.clone(), Arc::new(zone::zone(view.store, key, hosted)));
    }
    let checks = view.store.all::<HealthCheck>();
    let checks =
        checks.map(|(key, check)| (key.id.clone(), look::look(view, key, check))).collect();
    let program = Program::Names(Box::new(Names { zones, checks }));
    plan.thing(Id::from(NAMES), machine(EDGE, program));
    health::observe(view, plan);
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
