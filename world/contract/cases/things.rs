//! Ordering, changing and removing things, whatever they are.

use crate::topology::{all_out, in_from_all, ip, tcp};
use crate::{Place, Probe, Site};
use std::collections::BTreeMap;
use world::{Address, Found, Health, Id, Traffic};

/// A router, a segment, a group, a ladder, a machine with its port and disk, and a snapshot.
fn one_of_each(site: &mut Site<'_>) -> Id {
    let router = site.router("10.9.0.0/16", false);
    let ladder = site.ladder(&router, Vec::new());
    let segment = site.segment(&router, 0, "10.9.1.0/24", Vec::new());
    site.segment_mut(&segment, |segment| segment.ladder = Some(ladder));
    let group = site.group(&router, vec![all_out(), in_from_all(Traffic::ALL)]);
    let (machine, _) = site.host(&segment, "10.9.1.10", &[&group]);
    let root = site.things.iter().find_map(|(id, thing)| match thing {
        world::Thing::Disk(_) => Some(id.clone()),
        _ => None,
    });
    site.snapshot(&root.expect("a machine has a root disk"));
    machine
}

/// Everything but its ground is ensured before its ground.
pub(super) fn any_order_becomes_ready(site: &mut Site<'_>) {
    one_of_each(site);
    let mut backwards: Vec<_> = site.things.clone().into_iter().collect();
    site.clear();
    // Machines first, then what they need, routers last: the reverse of any sensible order.
    backwards.sort_by_key(|(_, thing)| std::cmp::Reverse(thing.kind()));
    let snapshots = |thing: &world::Thing| matches!(thing, world::Thing::Snapshot(_));
    backwards.sort_by_key(|(_, thing)| snapshots(thing));
    for (id, thing) in backwards {
        site.ensure(&id, thing);
    }
    site.settle();
}

pub(super) fn the_same_again_is_silent(site: &mut Site<'_>) {
    one_of_each(site);
    site.settle();
    site.listen();
    let ids: Vec<Id> = site.things.keys().cloned().collect();
    for id in ids.iter().chain(&ids) {
        site.again(id);
    }
    let mut news = site.listen();
    news.retain(|(id, _)| ids.contains(id));
    assert_eq!(news, [], "news of nothing new");
}

fn expected(site: &Site<'_>) -> BTreeMap<Id, Found> {
    let found = |(id, thing): (&Id, &world::Thing)| {
        let found = Found { id: id.clone(), kind: thing.kind(), health: Health::Ready };
        (id.clone(), found)
    };
    site.things.iter().map(found).collect()
}

pub(super) fn the_inventory_is_what_was_ensured(site: &mut Site<'_>) {
    one_of_each(site);
    site.settle();
    assert_eq!(site.inventory(), expected(site));
}

/// A restarted region finds everything, orders it again, and no more is made.
pub(super) fn the_inventory_survives_a_restart(site: &mut Site<'_>) {
    one_of_each(site);
    site.settle();
    site.restart();
    assert_eq!(site.inventory(), expected(site), "before anything is ordered");
    let ids: Vec<Id> = site.things.keys().cloned().collect();
    for id in &ids {
        site.again(id);
    }
    let news = site.listen();
    assert!(news.iter().all(|(_, health)| *health == Health::Ready), "{news:?}");
    assert_eq!(site.inventory(), expected(site), "after everything is ordered again");
}

pub(super) fn what_is_removed_is_gone(site: &mut Site<'_>) {
    let machine = one_of_each(site);
    site.settle();
    site.remove(&machine);
    site.remove(&machine);
    site.until_gone(std::slice::from_ref(&machine));
    assert_eq!(site.inventory(), expected(site), "and nothing else is");
}

/// The ground goes before what stands on it.
pub(super) fn removal_in_any_order(site: &mut Site<'_>) {
    one_of_each(site);
    site.settle();
    let mut order: Vec<(Id, world::Thing)> = site.things.clone().into_iter().collect();
    order.sort_by_key(|(_, thing)| thing.kind());
    let ids: Vec<Id> = order.into_iter().map(|(id, _)| id).collect();
    for id in &ids {
        site.remove(id);
    }
    site.until_gone(&ids);
}

/// A region that crashed while it removed something removes it again and must hear the end.
pub(super) fn removing_nothing_is_gone_too(site: &mut Site<'_>) {
    let never = site.fresh("vol");
    site.remove(&never);
    site.until_gone(&[never]);
}

pub(super) fn an_id_can_live_again(site: &mut Site<'_>) {
    let machine = one_of_each(site);
    site.settle();
    let thing = site.things[&machine].clone();
    site.remove(&machine);
    site.until_gone(std::slice::from_ref(&machine));
    site.forget(&machine);
    site.ensure(&machine, thing);
    site.settle();
}

/// News follows every change, and once it came the change is in force.
pub(super) fn changes_are_told_when_in_force(site: &mut Site<'_>) {
    let router = site.router("10.9.0.0/16", false);
    let segment = site.segment(&router, 0, "10.9.1.0/24", Vec::new());
    let group = site.group(&router, vec![all_out()]);
    let (one, _) = site.host(&segment, "10.9.1.10", &[&group]);
    let (other, port) = site.host(&segment, "10.9.1.20", &[&group]);
    site.settle();
    site.serve(&other, Probe::Tcp(80));
    let from = Place::Machine(one);
    for _ in 0..3 {
        site.passes(&group, vec![all_out(), in_from_all(tcp(80, 80))]);
        site.settle();
        site.answers(&from, ip("10.9.1.20"), Probe::Tcp(80), &other);
        site.passes(&group, vec![all_out()]);
        site.settle();
        site.silent(&from, ip("10.9.1.20"), Probe::Tcp(80));
    }
    site.passes(&group, vec![all_out(), in_from_all(tcp(80, 80))]);
    site.port_mut(&port, |port| {
        port.addresses.push(Address { private: ip("10.9.1.21"), public: None });
    });
    site.settle();
    site.answers(&from, ip("10.9.1.20"), Probe::Tcp(80), &other);
}
