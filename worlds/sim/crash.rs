//! The two ways to lose the control plane: alone, or together with everything that runs.

use crate::Sim;
use crate::agenda::Step;
use crate::matter::{Entry, Matter, Verdict};
use std::collections::BTreeSet;
use world::{Event, Health, Id, Kind, Thing, Ticket};

impl Sim {
    /// What a `kill -9` of the control plane leaves: machines run on, faults stay in force, work
    /// under way is done or was never begun, unsynced bytes of the journal may be torn, events
    /// that waited are gone, and clients find their connections broken (see [`Sim::lost`]).
    pub fn crash(&mut self) {
        self.trace.note(self.now, "> crash", &(), String::new);
        self.lose_connections();
        let ids: Vec<Id> = self.matter.entries.keys().cloned().collect();
        for id in &ids {
            self.break_off(id);
        }
        self.drop_unfounded();
        self.relink();
        // Zones supervise their machines without a control plane.
        for id in &ids {
            self.consider(id);
        }
        self.rouse();
    }

    /// The whole host loses power: disks, snapshots and the journal's synced bytes stay.
    pub fn power_off(&mut self) {
        self.trace.note(self.now, "> power off", &(), String::new);
        self.lose_connections();
        self.matter.entries.retain(|_, entry| {
            let kind = entry.wanted.kind();
            matches!(kind, Kind::Disk | Kind::Snapshot) && entry.actual.is_some()
        });
        for entry in self.matter.entries.values_mut() {
            entry.forget();
        }
        self.faults.frozen.clear();
        self.relink();
        self.rouse();
    }

    /// Lets go of clients, events and the journal's loose end.
    fn lose_connections(&mut self) {
        let now = self.now;
        let mut coming: BTreeSet<Ticket> = BTreeSet::new();
        self.agenda.retain(|at, step| match step {
            Step::Arrive(ticket, _) if at > now => coming.insert(*ticket),
            Step::Stop => at > now,
            Step::Look(_) | Step::Stir => true,
            _ => false,
        });
        self.outbox.retain(|event| matches!(event, Event::Stop));
        self.door.lose(&coming);
        self.log.crash(&mut self.dice);
    }

    /// Ends the work on one thing, half of the time done and half of the time not.
    fn break_off(&mut self, id: &Id) {
        let entry = &self.matter.entries[id];
        let (working, leaving) = (entry.work.is_some(), entry.leaving);
        let made = entry.actual.is_some();
        let machine = entry.wanted.kind() == Kind::Machine;
        if leaving {
            // A machine that was being stopped has ended in any case.
            if machine || self.dice.coin() {
                self.matter.entries.remove(id);
                return;
            }
        } else if working {
            // A zone that supervises a machine boots it again without the control plane.
            let done = (machine && made) || self.dice.coin();
            let verdict = self.matter.verdict(id, &self.faults.dark, &self.settings);
            if done && matches!(verdict, Verdict::Make | Verdict::Boot) {
                self.apply(id);
            }
        }
        if let Some(entry) = self.matter.entries.get_mut(id) {
            entry.forget();
        }
    }

    /// Things that were never made vanish, and network things that stand on nothing.
    fn drop_unfounded(&mut self) {
        self.matter.entries.retain(|_, entry| entry.actual.is_some());
        loop {
            let lost: Vec<Id> = self
                .matter
                .entries
                .iter()
                .filter(|(_, entry)| !founded(&self.matter, entry))
                .map(|(id, _)| id.clone())
                .collect();
            if lost.is_empty() {
                return;
            }
            for id in &lost {
                self.matter.entries.remove(id);
            }
        }
    }

    fn relink(&mut self) {
        self.matter.relink();
        let Sim { faults, matter, .. } = self;
        faults.frozen.retain(|id| matter.entries.contains_key(id));
        self.stir();
    }
}

impl Entry {
    /// The next life of the control plane knows neither orders nor what was told.
    fn forget(&mut self) {
        self.told = None;
        self.work = None;
        self.leaving = false;
        self.then = None;
        if let Some(actual) = &self.actual {
            self.wanted = actual.clone();
            if matches!(self.health, Health::Failed(_)) && !matches!(actual, Thing::Machine(_)) {
                self.health = Health::Ready;
            }
        }
    }
}

fn founded(matter: &Matter, entry: &Entry) -> bool {
    let ground = match &entry.wanted {
        Thing::Segment(segment) => &segment.router,
        Thing::Port(port) => &port.segment,
        Thing::Filter(world::Filter::Group(group)) => &group.router,
        Thing::Filter(world::Filter::Ladder(ladder)) => &ladder.router,
        _ => return true,
    };
    matter.entries.contains_key(ground)
}
