//! Orders start work, work takes virtual time, done work is told. The only place where things
//! change.

use crate::agenda::Step;
use crate::matter::{Entry, Verdict};
use crate::{Content, Delay, Sim};
use world::{Disk, Event, Health, Id, Kind, Machine, Program, Source, Span, Thing, Zone};

impl Sim {
    pub(crate) fn work(&mut self, id: &Id, delay: Delay) {
        self.last_work += 1;
        let number = self.last_work;
        let at = self.now + self.dice.span(delay.least, delay.most);
        if let Some(entry) = self.matter.entries.get_mut(id) {
            entry.work = Some(number);
            self.agenda.plan(at, Step::Work(id.clone(), number));
        }
    }

    /// Begins what has to be done about `id`, unless work on it is already under way.
    pub(crate) fn consider(&mut self, id: &Id) {
        let Some(entry) = self.matter.entries.get(id) else { return };
        if entry.work.is_some() || entry.leaving {
            return;
        }
        match self.matter.verdict(id, &self.faults.dark, &self.settings) {
            Verdict::Rest => {}
            Verdict::Wait(health) => self.wait(id, health),
            Verdict::Make => {
                let delay = match self.matter.entries[id].wanted.kind() {
                    Kind::Disk | Kind::Snapshot => self.settings.disk,
                    _ => self.settings.network,
                };
                self.work(id, delay);
            }
            Verdict::Boot => {
                let entry = self.matter.entries.get_mut(id).expect("looked up above");
                entry.run.up = false;
                entry.run.off = None;
                let guest = matches!(
                    &entry.wanted,
                    Thing::Machine(Machine { program: Program::Guest(_), .. })
                );
                let delay = if guest { self.settings.boot } else { self.settings.programs };
                self.set_health(id, Health::Coming);
                self.work(id, delay);
            }
        }
    }

    /// It cannot be as ordered. Network things vanish with what they stand on; disks stay.
    fn wait(&mut self, id: &Id, health: Health) {
        let Some(entry) = self.matter.entries.get_mut(id) else { return };
        let kind = entry.wanted.kind();
        let network = !matches!(kind, Kind::Machine | Kind::Disk | Kind::Snapshot);
        if network && health == Health::Coming {
            entry.actual = None;
        }
        if kind == Kind::Machine && health == Health::Dark {
            entry.run.up = false;
        }
        if self.set_health(id, health) {
            self.wake(id);
        }
    }

    /// Looks again at everything that needs `id`.
    fn wake(&mut self, id: &Id) {
        for dependent in self.matter.dependents(id) {
            self.consider(&dependent);
        }
    }

    pub(crate) fn finish(&mut self, id: &Id, number: u64) {
        let Some(entry) = self.matter.entries.get_mut(id) else { return };
        if entry.work != Some(number) {
            return;
        }
        entry.work = None;
        if entry.leaving {
            return self.vanish(id);
        }
        match self.matter.verdict(id, &self.faults.dark, &self.settings) {
            Verdict::Rest => {}
            Verdict::Wait(health) => self.wait(id, health),
            Verdict::Make | Verdict::Boot => {
                self.apply(id);
                self.say(id);
                self.wake(id);
            }
        }
    }

    /// Makes the thing exactly as ordered; its needs are met.
    pub(crate) fn apply(&mut self, id: &Id) {
        let entry = &self.matter.entries[id];
        let content = match &entry.wanted {
            Thing::Disk(disk) if entry.actual.is_none() => Some(self.fresh_content(disk)),
            Thing::Snapshot(snapshot) if entry.content.is_none() => {
                self.content(&snapshot.disk).cloned()
            }
            _ => None,
        };
        let boots = match &entry.wanted {
            Thing::Machine(machine) if !entry.rests(machine) => {
                !entry.run.up || Some(machine.boot) > entry.run.booted
            }
            _ => false,
        };
        let entry = self.matter.entries.get_mut(id).expect("indexed above");
        if content.is_some() {
            entry.content = content;
        }
        entry.actual = Some(entry.wanted.clone());
        if let Thing::Machine(machine) = entry.wanted.clone() {
            if boots {
                self.boot(id, &machine);
            } else if entry.run.up && matches!(entry.health, Health::Failed(_)) {
                entry.health = Health::Ready;
            }
        } else {
            entry.health = Health::Ready;
        }
        self.enlist(id);
        self.stir_for(id);
    }

    fn fresh_content(&self, disk: &Disk) -> Content {
        match &disk.source {
            Source::Blank => Content::default(),
            Source::Image(name) => Content { image: Some(name.clone()), ..Content::default() },
            Source::Snapshot(snapshot) => self.content(snapshot).cloned().unwrap_or_default(),
        }
    }

    fn boot(&mut self, id: &Id, machine: &Machine) {
        let root = machine.root.as_ref();
        let disk = root.and_then(|root| self.matter.entries.get_mut(root));
        let script = match &machine.program {
            Program::Guest(guest) => guest.first_boot.as_deref().filter(|_| {
                let marker = format!("/.first-boot/{id}");
                let content = disk.and_then(|disk| disk.content.as_mut());
                content.is_some_and(|content| content.files.insert(marker, Vec::new()).is_none())
            }),
            _ => None,
        };
        let entry = self.matter.entries.get_mut(id).expect("the caller has it");
        entry.health = Health::Ready;
        entry.run.up = true;
        entry.run.off = None;
        entry.run.booted = Some(machine.boot);
        entry.run.count += 1;
        entry.run.since = self.now;
        if self.settings.answers_after > Span(0) {
            self.agenda.plan(self.now + self.settings.answers_after, Step::Stir);
        }
        entry.run.console.clear();
        let from = root.map_or("nothing", Id::as_str);
        entry.run.print(&format!("{id} boots from {from}, boot {}", machine.boot));
        // Of scripts the simulation understands only `echo`.
        for line in String::from_utf8_lossy(script.unwrap_or_default()).lines() {
            if let Some(text) = line.strip_prefix("echo ") {
                entry.run.print(text);
            }
        }
        if let Program::Guest(guest) = &machine.program {
            entry.run.print(&format!("{} login:", guest.hostname));
        }
    }

    /// A machine's programs end: by themselves, or killed.
    pub(crate) fn end(&mut self, id: &Id, by_itself: bool) {
        let Some(entry) = self.matter.entries.get_mut(id) else { return };
        let Thing::Machine(machine) = &entry.wanted else { return };
        let booting = entry.work.is_some() && entry.health == Health::Coming;
        if entry.leaving || !(entry.run.up || booting) {
            return;
        }
        if !matches!(machine.program, Program::Guest(_)) {
            // A program of the world's own that ends begins again.
            entry.work = None;
            entry.run.up = false;
            self.stir();
            self.set_health(id, Health::Coming);
            return self.consider(id);
        }
        let boot = machine.boot;
        if booting {
            // Killed on its way up: that boot is spent.
            entry.work = None;
            entry.run.booted = entry.run.booted.max(Some(boot));
            entry.actual = Some(entry.wanted.clone());
        }
        entry.run.up = false;
        entry.run.off = Some(by_itself);
        self.stir();
        self.set_health(id, Health::Off(by_itself));
        self.consider(id);
    }

    /// Nothing is left of it.
    fn vanish(&mut self, id: &Id) {
        let Some(entry) = self.matter.entries.remove(id) else { return };
        self.matter.unlink(id, &entry.wanted);
        self.faults.frozen.remove(id);
        self.stir();
        self.outbox.push_back(Event::Gone(id.clone()));
        self.wake(id);
        if let Some(thing) = entry.then {
            self.order(id, &thing);
        }
    }

    pub(crate) fn order(&mut self, id: &Id, thing: &Thing) {
        let Some(entry) = self.matter.entries.get_mut(id) else {
            let mut entry = Entry::new(thing.clone());
            if let Thing::Snapshot(snapshot) = thing
                && let Some(disk) = self.matter.entries.get(&snapshot.disk)
            {
                // The moment that counts is this one, however long the making takes.
                entry.content.clone_from(&disk.content);
            }
            self.matter.link(id, thing);
            self.matter.entries.insert(id.clone(), entry);
            return self.consider(id);
        };
        if entry.leaving {
            entry.then = Some(thing.clone());
            return;
        }
        if entry.wanted == *thing {
            // A new life of the control plane hears how it is, once.
            if entry.told.is_none() && entry.work.is_none() && entry.health != Health::Coming {
                self.say(id);
            }
            return self.consider(id);
        }
        if entry.wanted.kind() != thing.kind() {
            let why = format!("{id} is a {:?}", entry.wanted.kind());
            self.outbox.push_back(Event::News(id.clone(), Health::Failed(why)));
            return;
        }
        let old = std::mem::replace(&mut entry.wanted, thing.clone());
        self.matter.unlink(id, &old);
        self.matter.link(id, thing);
        self.consider(id);
    }

    /// A thing changed; bytes at rest change no way.
    fn stir_for(&mut self, id: &Id) {
        let kind = self.matter.entries[id].wanted.kind();
        if !matches!(kind, Kind::Disk | Kind::Snapshot) {
            self.stir();
        }
    }

    /// True when that is a change.
    pub(crate) fn set_health(&mut self, id: &Id, health: Health) -> bool {
        let Some(entry) = self.matter.entries.get_mut(id) else { return false };
        if entry.health == health {
            return false;
        }
        entry.health = health;
        self.stir_for(id);
        self.say(id);
        true
    }

    fn say(&mut self, id: &Id) {
        if let Some(entry) = self.matter.entries.get_mut(id) {
            let first = entry.told.replace(entry.health.clone()).is_none();
            self.outbox.push_back(Event::News(id.clone(), entry.health.clone()));
            if first {
                self.retell(id);
            }
        }
    }

    pub(crate) fn machines_of(&self, zone: &Zone) -> Vec<Id> {
        let within = |thing: &Thing| matches!(thing, Thing::Machine(m) if m.zone == *zone);
        let entries = self.matter.entries.iter();
        entries.filter(|(_, e)| within(&e.wanted)).map(|(id, _)| id.clone()).collect()
    }

    pub(crate) fn darken(&mut self, zone: &Zone) {
        for id in self.machines_of(zone) {
            let entry = self.matter.entries.get_mut(&id).expect("just listed");
            let Thing::Machine(machine) = &entry.wanted else { continue };
            if entry.leaving || entry.rests(machine) {
                continue;
            }
            entry.work = None;
            entry.run.up = false;
            self.set_health(&id, Health::Dark);
        }
    }
}
