//! The life of a machine.

use crate::topology::{all_out, in_from_all, ip};
use crate::{Place, Probe, Site};
use std::net::Ipv4Addr;
use world::{Fault, Health, Id, Kind, Traffic};

const WEB: Probe = Probe::Tcp(80);

/// Two machines that may say anything to each other, in zone 0 and in zone `zone`.
struct Pair {
    one: Id,
    two: Id,
    two_at: Ipv4Addr,
}

fn pair(site: &mut Site<'_>, zone: usize) -> Pair {
    let router = site.router("10.9.0.0/16", false);
    let group = site.group(&router, vec![all_out(), in_from_all(Traffic::ALL)]);
    let near = site.segment(&router, 0, "10.9.1.0/24", Vec::new());
    let far = site.segment(&router, zone, "10.9.2.0/24", Vec::new());
    let (one, _) = site.host(&near, "10.9.1.10", &[&group]);
    let (two, _) = site.host(&far, "10.9.2.10", &[&group]);
    site.settle();
    site.serve(&two, WEB);
    Pair { one, two, two_at: ip("10.9.2.10") }
}

fn reboot(site: &mut Site<'_>, machine: &Id) {
    site.machine_mut(machine, |machine, _| machine.boot += 1);
}

pub(super) fn a_killed_machine_stays_off(site: &mut Site<'_>) {
    let Pair { one, two, two_at } = pair(site, 0);
    let from = Place::Machine(one.clone());
    site.answers(&from, two_at, WEB, &two);
    site.inject(Fault::Kill(two.clone()));
    site.until(&two, Health::Off(false));
    site.silent(&from, two_at, WEB);
    assert_eq!(site.inventory()[&two].health, Health::Off(false));
    assert_eq!(site.inventory()[&one].health, Health::Ready, "and no other");
    site.again(&two);
    let news = site.listen();
    assert!(!news.contains(&(two.clone(), Health::Ready)), "the same order is no order to boot");
    reboot(site, &two);
    site.settle();
    site.answers(&from, two_at, Probe::Ping, &two);
}

/// A machine whose last need is ordered after everything else.
fn waits_for(site: &mut Site<'_>, late: Kind) {
    let router = site.router("10.9.0.0/16", false);
    let group = site.group(&router, vec![all_out()]);
    let segment = site.segment(&router, 0, "10.9.1.0/24", Vec::new());
    let (machine, _) = site.host(&segment, "10.9.1.10", &[&group]);
    let things = site.things.clone();
    site.clear();
    site.heard.clear();
    let (last, rest): (Vec<_>, Vec<_>) =
        things.into_iter().partition(|(_, thing)| thing.kind() == late);
    for (id, thing) in rest {
        site.ensure(&id, thing);
    }
    site.listen();
    let early = site.heard.get(&machine).is_some_and(|all| all.contains(&Health::Ready));
    assert!(!early, "it runs without its {late:?}");
    for (id, thing) in last {
        site.ensure(&id, thing);
    }
    site.settle();
}

pub(super) fn a_machine_waits_for_its_port(site: &mut Site<'_>) {
    waits_for(site, Kind::Port);
    site.clear();
    site.heard.clear();
    waits_for(site, Kind::Segment);
}

pub(super) fn a_machine_waits_for_its_disk(site: &mut Site<'_>) {
    waits_for(site, Kind::Disk);
}

/// A reboot ends what ran.
pub(super) fn a_higher_boot_number_is_a_reboot(site: &mut Site<'_>) {
    let Pair { one, two, two_at } = pair(site, 0);
    let from = Place::Machine(one);
    site.answers(&from, two_at, WEB, &two);
    reboot(site, &two);
    site.settle();
    site.silent(&from, two_at, WEB);
    site.serve(&two, WEB);
    site.answers(&from, two_at, WEB, &two);
}

pub(super) fn a_reboot_keeps_the_disk(site: &mut Site<'_>) {
    let Pair { two, .. } = pair(site, 0);
    site.ground.write_file(&two, "/root/kept", b"through a reboot");
    reboot(site, &two);
    site.settle();
    let kept = site.ground.read_file(&two, "/root/kept");
    assert_eq!(kept.as_deref(), Some(&b"through a reboot"[..]));
}

/// What ran goes on running.
pub(super) fn a_new_card_is_no_reboot(site: &mut Site<'_>) {
    let Pair { one, two, two_at } = pair(site, 0);
    site.machine_mut(&two, |_, guest| {
        guest.card.tree.insert("meta-data/public-ipv4".to_owned(), "203.0.113.9".to_owned());
        guest.card.hop_limit = 2;
    });
    site.settle();
    site.answers(&Place::Machine(one), two_at, WEB, &two);
}

/// At the first boot of the machine on its disk, never again.
pub(super) fn the_first_boot_script_runs_once(site: &mut Site<'_>) {
    let router = site.router("10.9.0.0/16", false);
    let group = site.group(&router, vec![all_out()]);
    let segment = site.segment(&router, 0, "10.9.1.0/24", Vec::new());
    let (machine, _) = site.host(&segment, "10.9.1.10", &[&group]);
    site.machine_mut(&machine, |machine, guest| {
        guest.first_boot = Some(b"#!/bin/sh\necho first-boot-was-here\n".to_vec());
        // The order without a script may already be booting.
        machine.boot += 1;
    });
    site.settle();
    let said = |site: &mut Site<'_>, machine: &Id| {
        let console = site.ground.world().console(machine);
        String::from_utf8_lossy(&console).contains("first-boot-was-here")
    };
    site.poll("the script's output", |site| said(site, &machine));
    reboot(site, &machine);
    site.settle();
    site.listen();
    assert!(!said(site, &machine), "it ran again, or the console is older than the boot");
}

/// Its machines lose power and links, the other zone does not notice; healed, they boot unasked.
pub(super) fn a_dark_zone_and_a_healed_one(site: &mut Site<'_>) {
    let Pair { one, two, two_at } = pair(site, 1);
    let from = Place::Machine(one.clone());
    site.answers(&from, two_at, WEB, &two);
    let dark = Fault::Dark(site.ground.zones()[1].clone());
    site.inject(dark.clone());
    site.until(&two, Health::Dark);
    site.silent(&from, two_at, Probe::Ping);
    assert_eq!(site.inventory()[&two].health, Health::Dark);
    assert_eq!(site.inventory()[&one].health, Health::Ready);
    site.answers(&from, ip("10.9.1.10"), Probe::Ping, &one);
    site.heal(&dark);
    site.until(&two, Health::Ready);
    site.answers(&from, two_at, Probe::Ping, &two);
    site.silent(&from, two_at, WEB);
}

pub(super) fn a_machine_that_was_off_stays_off_through_the_dark(site: &mut Site<'_>) {
    let Pair { two, .. } = pair(site, 1);
    site.inject(Fault::Kill(two.clone()));
    site.until(&two, Health::Off(false));
    let dark = Fault::Dark(site.ground.zones()[1].clone());
    site.inject(dark.clone());
    site.listen();
    site.heal(&dark);
    let news = site.listen();
    assert!(!news.contains(&(two.clone(), Health::Ready)), "nobody asked it to boot");
    assert_eq!(site.inventory()[&two].health, Health::Off(false));
}

pub(super) fn a_machine_ordered_in_the_dark_waits(site: &mut Site<'_>) {
    let router = site.router("10.9.0.0/16", false);
    let group = site.group(&router, vec![all_out()]);
    let segment = site.segment(&router, 1, "10.9.1.0/24", Vec::new());
    let dark = Fault::Dark(site.ground.zones()[1].clone());
    site.inject(dark.clone());
    let (machine, _) = site.host(&segment, "10.9.1.10", &[&group]);
    site.until(&machine, Health::Dark);
    site.heal(&dark);
    site.settle();
}

pub(super) fn a_frozen_machine_thaws(site: &mut Site<'_>) {
    let Pair { one, two, two_at } = pair(site, 0);
    let from = Place::Machine(one);
    let frozen = Fault::Freeze(two.clone());
    site.inject(frozen.clone());
    // A frozen machine's kernel may still answer pings; its processes may not answer at all.
    site.silent(&from, two_at, WEB);
    site.heal(&frozen);
    site.answers(&from, two_at, WEB, &two);
}

/// What ran goes on running, before the region orders anything and after.
pub(super) fn a_restart_disturbs_no_machine(site: &mut Site<'_>) {
    let Pair { one, two, two_at } = pair(site, 1);
    let from = Place::Machine(one);
    site.restart();
    site.answers(&from, two_at, WEB, &two);
    let ids: Vec<Id> = site.things.keys().cloned().collect();
    for id in &ids {
        site.again(id);
    }
    site.listen();
    site.answers(&from, two_at, WEB, &two);
    site.inject(Fault::Kill(two.clone()));
    site.until(&two, Health::Off(false));
}
