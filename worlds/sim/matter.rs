//! What exists: each thing as ordered and as it is, and what it still waits for.

use crate::{Content, Settings};
use std::collections::{BTreeMap, BTreeSet};
use world::{Disk, Filter, Health, Id, Machine, Port, Source, Thing, Time, Zone};

/// The newest bytes of a console that are kept.
const CONSOLE_LIMIT: usize = 64 * 1024;

/// One thing.
#[derive(Debug)]
pub(crate) struct Entry {
    /// As last ordered.
    pub(crate) wanted: Thing,
    /// As it physically is; none while it is not made.
    pub(crate) actual: Option<Thing>,
    pub(crate) health: Health,
    /// What this life of the control plane was last told.
    pub(crate) told: Option<Health>,
    /// The number of the work under way.
    pub(crate) work: Option<u64>,
    pub(crate) leaving: bool,
    /// Ordered again while it was leaving.
    pub(crate) then: Option<Thing>,
    /// Of a disk or a snapshot.
    pub(crate) content: Option<Content>,
    /// Of a machine.
    pub(crate) run: Run,
}

/// How a machine runs.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(crate) up: bool,
    /// The boot number that it last booted with.
    pub(crate) booted: Option<u32>,
    /// It ended by itself or crashed, and rests until a higher boot number is ordered.
    pub(crate) off: Option<bool>,
    /// When it booted.
    pub(crate) since: Time,
    /// How often it booted.
    pub(crate) count: u64,
    pub(crate) console: Vec<u8>,
}

impl Run {
    pub(crate) fn print(&mut self, line: &str) {
        self.console.extend_from_slice(line.as_bytes());
        self.console.push(b'\n');
        let surplus = self.console.len().saturating_sub(CONSOLE_LIMIT);
        self.console.drain(..surplus);
    }
}

/// What to do about a thing.
#[derive(Debug, PartialEq)]
pub(crate) enum Verdict {
    /// It is as ordered, or can only wait as it is.
    Rest,
    /// It cannot be as ordered for now, and is like this.
    Wait(Health),
    /// Make it, or change it in place.
    Make,
    /// Boot this machine, again if it runs.
    Boot,
}

impl Entry {
    pub(crate) fn new(wanted: Thing) -> Entry {
        Entry {
            wanted,
            actual: None,
            health: Health::Coming,
            told: None,
            work: None,
            leaving: false,
            then: None,
            content: None,
            run: Run::default(),
        }
    }

    /// Exists and can be built upon.
    pub(crate) fn serves(&self) -> bool {
        self.actual.is_some() && self.health == Health::Ready && !self.leaving
    }

    /// A machine that ended and was not asked to boot again since.
    pub(crate) fn rests(&self, machine: &Machine) -> bool {
        self.run.off.is_some() && Some(machine.boot) <= self.run.booted
    }
}

/// Everything that exists, and who needs whom.
#[derive(Debug, Default)]
pub(crate) struct Matter {
    pub(crate) entries: BTreeMap<Id, Entry>,
    needed_by: BTreeMap<Id, BTreeSet<Id>>,
    /// Things that cannot be made, by order of a test, and why.
    pub(crate) spoiled: BTreeMap<Id, String>,
}

impl Matter {
    /// Remembers whom this thing will wait for.
    pub(crate) fn link(&mut self, id: &Id, thing: &Thing) {
        for need in mentions(thing) {
            self.needed_by.entry(need.clone()).or_default().insert(id.clone());
        }
    }

    pub(crate) fn unlink(&mut self, id: &Id, thing: &Thing) {
        for need in mentions(thing) {
            if let Some(dependents) = self.needed_by.get_mut(need) {
                dependents.remove(id);
                if dependents.is_empty() {
                    self.needed_by.remove(need);
                }
            }
        }
    }

    /// Works out anew who needs whom.
    pub(crate) fn relink(&mut self) {
        self.needed_by.clear();
        let orders = self.entries.iter().map(|(id, entry)| (id.clone(), entry.wanted.clone()));
        for (id, thing) in orders.collect::<Vec<_>>() {
            self.link(&id, &thing);
        }
    }

    pub(crate) fn dependents(&self, id: &Id) -> Vec<Id> {
        self.needed_by.get(id).map(|ids| ids.iter().cloned().collect()).unwrap_or_default()
    }

    fn serves(&self, id: &Id) -> bool {
        self.entries.get(id).is_some_and(Entry::serves)
    }

    /// What to do about `id`, which is not leaving.
    pub(crate) fn verdict(&self, id: &Id, dark: &BTreeSet<Zone>, settings: &Settings) -> Verdict {
        let entry = &self.entries[id];
        if let Some(why) = self.spoiled.get(id)
            && entry.actual.as_ref() != Some(&entry.wanted)
        {
            return Verdict::Wait(Health::Failed(why.clone()));
        }
        match &entry.wanted {
            Thing::Machine(machine) => return self.machine_verdict(id, entry, machine, dark),
            Thing::Disk(disk) => {
                if let Some(why) = refusal(entry, disk, settings) {
                    return Verdict::Wait(Health::Failed(why));
                }
            }
            _ => {}
        }
        let waits = match &entry.wanted {
            Thing::Router(_) => false,
            Thing::Segment(segment) => !self.serves(&segment.router),
            Thing::Port(port) => !self.serves(&port.segment),
            Thing::Filter(Filter::Group(group)) => !self.serves(&group.router),
            Thing::Filter(Filter::Ladder(ladder)) => !self.serves(&ladder.router),
            Thing::Disk(Disk { source: Source::Snapshot(snapshot), .. }) => {
                entry.actual.is_none() && !self.serves(snapshot)
            }
            Thing::Disk(_) => false,
            Thing::Snapshot(snapshot) => entry.content.is_none() && !self.serves(&snapshot.disk),
            Thing::Machine(_) => unreachable!("judged above"),
        };
        if waits {
            Verdict::Wait(Health::Coming)
        } else if entry.actual.as_ref() == Some(&entry.wanted) && entry.health == Health::Ready {
            Verdict::Rest
        } else {
            Verdict::Make
        }
    }

    fn machine_verdict(
        &self,
        id: &Id,
        entry: &Entry,
        machine: &Machine,
        dark: &BTreeSet<Zone>,
    ) -> Verdict {
        let rests = entry.rests(machine);
        let boots = !rests && (!entry.run.up || Some(machine.boot) > entry.run.booted);
        if !rests && dark.contains(&machine.zone) {
            return Verdict::Wait(Health::Dark);
        }
        if boots {
            return match self.lacks(id, machine) {
                Some(health) if !entry.run.up => Verdict::Wait(health),
                // A machine that runs goes on running until it can be booted again.
                Some(_) => Verdict::Rest,
                None => Verdict::Boot,
            };
        }
        // What failed to become something else may be wanted again as it is.
        let failed = entry.run.up && matches!(entry.health, Health::Failed(_));
        let changed = failed || entry.actual.as_ref() != Some(&entry.wanted);
        if changed && self.lacks(id, machine).is_none() { Verdict::Make } else { Verdict::Rest }
    }

    /// What keeps a machine from booting, as its health.
    fn lacks(&self, id: &Id, machine: &Machine) -> Option<Health> {
        for disk in machine.root.iter().chain(machine.disks.iter().map(|s| &s.disk)) {
            match self.entries.get(disk).map(|entry| &entry.wanted) {
                Some(Thing::Disk(found)) if found.zone != machine.zone => {
                    return Some(Health::Failed(format!("{disk} is in zone {}", found.zone)));
                }
                Some(Thing::Disk(_)) if self.serves(disk) => {}
                Some(Thing::Disk(_)) | None => return Some(Health::Coming),
                Some(other) => {
                    return Some(Health::Failed(format!("{disk} is a {:?}", other.kind())));
                }
            }
        }
        let plugged = |port: &Id| match self.entries.get(port) {
            Some(Entry { actual: Some(Thing::Port(Port { plug: Some(plug), .. })), .. }) => {
                self.serves(port) && plug.machine == *id
            }
            _ => false,
        };
        (!machine.ports.iter().all(plugged)).then_some(Health::Coming)
    }
}

/// Why a disk cannot be like this.
fn refusal(entry: &Entry, disk: &Disk, settings: &Settings) -> Option<String> {
    if let Some(Thing::Disk(actual)) = &entry.actual {
        if actual.size > disk.size {
            return Some(format!("a disk never shrinks: {} to {}", actual.size, disk.size));
        }
        if actual.form != disk.form {
            return Some(format!("a disk keeps its form: {:?}", actual.form));
        }
        return None;
    }
    match (&disk.source, &settings.images) {
        (Source::Image(name), Some(images)) if !images.contains(name) => {
            Some(format!("there is no image {name}"))
        }
        _ => None,
    }
}

/// The things whose coming or going concerns this one.
fn mentions(thing: &Thing) -> Vec<&Id> {
    match thing {
        Thing::Router(_) => Vec::new(),
        Thing::Segment(segment) => vec![&segment.router],
        Thing::Port(port) => vec![&port.segment],
        Thing::Filter(Filter::Group(group)) => vec![&group.router],
        Thing::Filter(Filter::Ladder(ladder)) => vec![&ladder.router],
        Thing::Disk(Disk { source: Source::Snapshot(snapshot), .. }) => vec![snapshot],
        Thing::Disk(_) => Vec::new(),
        Thing::Snapshot(snapshot) => vec![&snapshot.disk],
        Thing::Machine(machine) => machine
            .root
            .iter()
            .chain(machine.disks.iter().map(|slot| &slot.disk))
            .chain(&machine.ports)
            .collect(),
    }
}
