//! Groups at rest: as many in service as desired, in balance over the group's own zones, of
//! instances that exist, each a target wherever the group is attached and nowhere else.

use autoscaling::model::{Group, Member, Stage};
use ec2::model::{Instance, State};
use elb::model::TargetGroup;
use region::{Key, Scope, Store};
use std::collections::{BTreeMap, BTreeSet};
use world::Id;

/// The tag that every instance of a group has.
const GROUP: &str = "aws:autoscaling:groupName";

pub(super) fn hold(store: &Store) -> Result<(), String> {
    let mut members: BTreeSet<(Scope, Id)> = BTreeSet::new();
    for (key, group) in store.all::<Group>() {
        if group.deleting {
            return Err(format!("{} is still being deleted", key.id));
        }
        if !group.suspended.is_empty() {
            continue;
        }
        members.extend(group.members.keys().map(|id| (key.scope.clone(), id.clone())));
        capacity(key, group)?;
        for (id, member) in &group.members {
            let instance = store.get::<Instance>(&Key::new(&key.scope, id.clone()));
            let runs = instance.is_some_and(|one| one.state == State::Running);
            if member.stage == Stage::InService && !runs {
                return Err(format!("{id} of {} is in service and does not run", key.id));
            }
            registered(store, key, group, (id, member))?;
        }
    }
    if store.all::<Group>().any(|(_, group)| !group.suspended.is_empty()) {
        return Ok(());
    }
    for (key, instance) in store.all::<Instance>() {
        let over = matches!(instance.state, State::ShuttingDown | State::Terminated);
        let tagged = group_of(store, key).is_some();
        let member = members.remove(&(key.scope.clone(), key.id.clone()));
        if !over && tagged != member {
            return Err(format!("{}: of a group by tag {tagged}, by record {member}", key.id));
        }
    }
    match members.first() {
        Some((_, id)) => Err(format!("{id} is in a group and does not exist")),
        None => strays(store),
    }
}

/// The name of the group whose tag an instance has.
fn group_of(store: &Store, instance: &Key) -> Option<String> {
    store.get::<region::Tags>(instance)?.tags.get(GROUP).cloned()
}

fn capacity(key: &Key, group: &Group) -> Result<(), String> {
    let mut zones: BTreeMap<&str, u32> =
        group.zones.iter().map(|zone| (zone.as_str(), 0)).collect();
    for (id, member) in &group.members {
        match member.stage {
            Stage::InService => {
                let Some(count) = zones.get_mut(member.zone.as_str()) else {
                    return Err(format!("{id} of {} is in {}", key.id, member.zone));
                };
                *count += 1;
            }
            Stage::Standby => {}
            _ => return Err(format!("{id} of {} stays {:?}", key.id, member.stage)),
        }
    }
    let serving: u32 = zones.values().sum();
    if serving != group.desired || serving > group.max || serving < group.min {
        let want = (group.min, group.desired, group.max);
        return Err(format!("{} has {serving} in service, wanted {want:?}", key.id));
    }
    let (least, most) = (zones.values().min(), zones.values().max());
    match most.unwrap_or(&0) - least.unwrap_or(&0) > 1 {
        true => Err(format!("{} is out of balance: {zones:?}", key.id)),
        false => Ok(()),
    }
}

/// Who is in service is a target of every target group of the group.
fn registered(
    store: &Store,
    key: &Key,
    group: &Group,
    (id, member): (&Id, &Member),
) -> Result<(), String> {
    for (arn, _) in group.attached.iter().filter(|(_, one)| one.kind == "elbv2") {
        let Some((_, pool)) = elb::model::find::group(store, arn) else { continue };
        let there = pool.targets.values().any(|one| one.id == id.as_str());
        if member.stage == Stage::InService && !there {
            return Err(format!("{id} of {} serves and is no target of {}", key.id, pool.name));
        }
    }
    Ok(())
}

/// Instances of groups are targets only where their group is attached.
fn strays(store: &Store) -> Result<(), String> {
    for (key, pool) in store.all::<TargetGroup>() {
        for id in pool.targets.values().map(|one| &one.id) {
            let instance = Key::new(&key.scope, Id::from(id));
            let Some(name) = group_of(store, &instance) else { continue };
            let group = store.get::<Group>(&Key::new(&key.scope, Id::from(&name)));
            let end = key.id.as_str();
            if group.is_some_and(|group| !group.attached.keys().any(|arn| arn.ends_with(end))) {
                return Err(format!("{id} of {name} is a target of {end}, which it left"));
            }
        }
    }
    Ok(())
}
