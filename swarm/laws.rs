//! Laws of rooms over everything that is kept: what must be true of balancers, groups, names,
//! experiments and bills once everything had time. Not the general oracles.

use crate::stage::Stage;
use autoscaling::model::{Group, Stage as Life};
use ec2::model::{Instance, Shortage, State};
use elb::model::{LoadBalancer, State as Seen, TargetGroup, TargetHealth};
use fis::model::Experiment;
use pricing::model::Run;
use region::{Key, Scope, Store};
use route53::model::{HostedZone, NAMES};
use std::collections::{BTreeMap, BTreeSet};
use vpc::model::{Address, NetworkInterface};
use world::{Id, NameZone, Program, Thing};

/// The tag that every instance of a group has.
const GROUP: &str = "aws:autoscaling:groupName";

/// All of them. `alone`: nobody but the sites' owners was there, so that their networks work.
pub fn hold(stage: &mut Stage, alone: bool) -> Result<(), String> {
    let ordered: BTreeMap<Id, Thing> =
        stage.region().ordered().map(|(id, thing)| (id.clone(), thing.clone())).collect();
    let store = stage.region().store();
    groups(store)?;
    targets(store, alone)?;
    balancers(store, &ordered)?;
    names(store, &ordered)?;
    experiments(store)?;
    bills(store)
}

fn groups(store: &Store) -> Result<(), String> {
    let mut members: BTreeSet<(Scope, Id)> = BTreeSet::new();
    for (key, group) in store.all::<Group>() {
        if group.deleting {
            return Err(format!("{} is still being deleted", key.id));
        }
        if !group.suspended.is_empty() {
            continue;
        }
        let mut zones: BTreeMap<&str, u32> =
            group.zones.iter().map(|zone| (zone.as_str(), 0)).collect();
        for (id, member) in &group.members {
            members.insert((key.scope.clone(), id.clone()));
            match member.stage {
                Life::InService => *zones.entry(&member.zone).or_default() += 1,
                Life::Standby => {}
                _ => return Err(format!("{id} of {} stays {:?}", key.id, member.stage)),
            }
        }
        let serving: u32 = zones.values().sum();
        if serving != group.desired || serving > group.max || serving < group.min {
            let want = (group.min, group.desired, group.max);
            return Err(format!("{} has {serving} in service, wanted {want:?}", key.id));
        }
        let (least, most) = (zones.values().min(), zones.values().max());
        if most.unwrap_or(&0) - least.unwrap_or(&0) > 1 {
            return Err(format!("{} is out of balance: {zones:?}", key.id));
        }
    }
    let suspended = store.all::<Group>().any(|(_, group)| !group.suspended.is_empty());
    for (key, instance) in store.all::<Instance>().filter(|_| !suspended) {
        let tagged = store.get::<region::Tags>(key).is_some_and(|t| t.tags.contains_key(GROUP));
        let over = matches!(instance.state, State::ShuttingDown | State::Terminated);
        let member = members.remove(&(key.scope.clone(), key.id.clone()));
        if !over && tagged != member {
            return Err(format!("{}: of a group by tag {tagged}, by record {member}", key.id));
        }
    }
    match members.first().filter(|_| !suspended) {
        Some((_, id)) => Err(format!("{id} is in a group and does not exist")),
        None => Ok(()),
    }
}

fn targets(store: &Store, alone: bool) -> Result<(), String> {
    for (key, group) in store.all::<TargetGroup>() {
        if let Some(one) = group.targets.values().find(|one| one.leaving.is_some()) {
            return Err(format!("{} drains for ever from {}", one.id, key.id));
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

fn balancers(store: &Store, ordered: &BTreeMap<Id, Thing>) -> Result<(), String> {
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
    let is = |thing: &Thing| match thing {
        Thing::Machine(machine) => matches!(machine.program, Program::Balancer(_)),
        _ => false,
    };
    let made: BTreeSet<Id> =
        ordered.iter().filter(|(_, thing)| is(thing)).map(|(id, _)| id.clone()).collect();
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

fn names(store: &Store, ordered: &BTreeMap<Id, Thing>) -> Result<(), String> {
    let empty = BTreeMap::new();
    let served: &BTreeMap<Id, NameZone> = match ordered.get(&Id::from(NAMES)) {
        Some(Thing::Machine(machine)) => match &machine.program {
            Program::Names(names) => &names.zones,
            _ => return Err("the name servers run something else".to_owned()),
        },
        _ => &empty,
    };
    let live: BTreeMap<Id, (&Key, &str)> = store
        .all::<HostedZone>()
        .map(|(key, zone)| (key.id.clone(), (key, zone.name.as_str())))
        .collect();
    if let Some((id, _)) = served.iter().find(|(id, zone)| {
        zone.name.ends_with(".example.com.")
            && id.as_str().starts_with('Z')
            && !live.contains_key(*id)
    }) {
        return Err(format!("the name servers answer for {id}, which is gone"));
    }
    for (id, (key, name)) in &live {
        let sets = HostedZone::sets(store, key).count();
        match served.get(id) {
            Some(zone) if zone.records.len() != sets => {
                let count = zone.records.len();
                return Err(format!("{name} has {sets} record sets, {count} are answered"));
            }
            None if !served.values().any(|zone| zone.name == *name) => {
                return Err(format!("nobody answers for {name}"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn experiments(store: &Store) -> Result<(), String> {
    let over = |one: &Experiment| one.status.is_over();
    if let Some((key, one)) = store.all::<Experiment>().find(|(_, one)| !over(one)) {
        return Err(format!("{} stays {:?}: {:?}", key.id, one.status, one.progress));
    }
    match store.all::<Shortage>().next() {
        Some((key, _)) => Err(format!("a shortage is left: {}", key.id)),
        None => Ok(()),
    }
}

fn bills(store: &Store) -> Result<(), String> {
    for (key, run) in store.all::<Run>() {
        let mut before = None;
        for span in &run.spans {
            let ends = span.to.unwrap_or(world::Time::NEVER);
            if span.from > ends || before.is_some_and(|before| span.from < before) {
                return Err(format!("{} costs twice at once: {:?}", key.id, run.spans));
            }
            before = Some(ends);
        }
        let there = match key.id.as_str().split(['-', '/']).next() {
            Some("i") => store.get::<Instance>(key).is_some_and(|one| one.state == State::Running),
            Some("vol") => store.get::<ebs::model::Volume>(key).is_some(),
            Some("eipalloc") => store.get::<Address>(key).is_some(),
            Some("eni") => {
                store.get::<NetworkInterface>(key).is_some_and(|one| one.public.is_some())
            }
            Some("app" | "net") => store.get::<LoadBalancer>(key).is_some(),
            _ => continue,
        };
        if run.present().is_some() != there {
            return Err(format!("{} costs {:?} and exists: {there}", key.id, run.present()));
        }
    }
    Ok(())
}
