//! Balancers at rest: targets that drained are gone, those that run are well, and there are just
//! the nodes and interfaces that records call for, each configured as its records say.

use ec2::model::{Instance, State};
use elb::model::{LoadBalancer, Nodes, State as Seen, TargetGroup, TargetHealth};
use region::{Key, Store};
use std::collections::{BTreeMap, BTreeSet};
use vpc::model::NetworkInterface;
use world::{Balancer, Id, Pool, Program, Thing};

pub(super) fn targets(store: &Store, alone: bool) -> Result<(), String> {
    for (key, group) in store.all::<TargetGroup>() {
        for one in group.targets.values() {
            if one.leaving.is_some() {
                return Err(format!("{} drains for ever from {}", one.id, key.id));
            }
            let instance = store.get::<Instance>(&Key::new(&key.scope, Id::from(&one.id)));
            if instance.is_none_or(|instance| instance.state == State::Terminated) {
                return Err(format!("{} is over and a target of {}", one.id, key.id));
            }
        }
        let Some(health) = store.get::<TargetHealth>(key).filter(|_| alone) else { continue };
        for (name, seen) in &health.targets {
            let id = name.split(':').next().unwrap_or_default();
            let instance = store.get::<Instance>(&Key::new(&key.scope, id));
            let runs = instance.is_some_and(|one| one.state == State::Running);
            let well = matches!(seen.state, Seen::Healthy | Seen::Unused);
            if runs && !well {
                return Err(format!("{name} of {} runs and is {seen:?}", key.id));
            }
        }
    }
    Ok(())
}

pub(super) fn nodes(store: &Store, ordered: &[(&Id, &Thing)]) -> Result<(), String> {
    let (mut machines, mut interfaces) = (BTreeSet::new(), BTreeSet::new());
    for (key, balancer) in store.all::<LoadBalancer>() {
        if !balancer.active {
            return Err(format!("{} never becomes active", key.id));
        }
        for (zone, node) in &balancer.nodes {
            machines.insert(balancer.machine(zone));
            interfaces.insert(node.interface.clone());
        }
    }
    let made: BTreeSet<Id> = ordered
        .iter()
        .filter(|(_, one)| program(one).is_some())
        .map(|(id, _)| (*id).clone())
        .collect();
    if made != machines {
        return Err(format!("balancers' nodes are {made:?}, should be {machines:?}"));
    }
    let all = store.all::<NetworkInterface>();
    let held = all.filter(|(_, one)| one.requester.as_deref() == Some("amazon-elb"));
    let held: BTreeSet<Id> = held.map(|(key, _)| key.id.clone()).collect();
    match held == interfaces {
        true => Ok(()),
        false => Err(format!("balancers hold {held:?}, should hold {interfaces:?}")),
    }
}

fn program(thing: &Thing) -> Option<&Balancer> {
    match thing {
        Thing::Machine(machine) => match &machine.program {
            Program::Balancer(balancer) => Some(balancer),
            _ => None,
        },
        _ => None,
    }
}

/// Nodes send to the targets that are registered, let those go that leave, and count checks as
/// their target group says; and no name leads to a node that does not work.
pub fn configured(store: &Store, ordered: &[(&Id, &Thing)]) -> Result<(), String> {
    let groups: BTreeMap<&str, &TargetGroup> =
        store.all::<TargetGroup>().map(|(key, group)| (key.id.as_str(), &**group)).collect();
    for (id, thing) in ordered {
        let Some(balancer) = program(thing) else { continue };
        for (name, pool) in &balancer.pools {
            if let Some(group) = groups.get(name.as_str()) {
                agrees(pool, group).map_err(|what| format!("{id}, {name}: {what}"))?;
            }
        }
    }
    for (key, nodes) in store.all::<Nodes>() {
        let works = |zone| nodes.ready.get(zone) == Some(&true);
        if let Some((zone, _)) = nodes.well.iter().find(|(zone, well)| **well && !works(*zone)) {
            return Err(format!("clients are sent to {} in {zone}, which is down", key.id));
        }
    }
    Ok(())
}

fn agrees(pool: &Pool, group: &TargetGroup) -> Result<(), String> {
    for (name, target) in &pool.targets {
        match group.targets.get(name) {
            None => return Err(format!("{name} is sent to and is not registered")),
            Some(one) if one.leaving != target.leaving => {
                return Err(format!("{name} leaves {:?}, not {:?}", target.leaving, one.leaving));
            }
            Some(_) => {}
        }
    }
    let (counts, said) = ((pool.check.rise, pool.check.fall), &group.check);
    match counts == (said.healthy, said.unhealthy) {
        true => Ok(()),
        false => Err(format!("{counts:?} checks count, should: {said:?}")),
    }
}
