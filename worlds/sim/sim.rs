//! The simulated world itself: orders start work, work takes virtual time, done work is told.

use crate::agenda::{Agenda, Step};
use crate::dice::Dice;
use crate::door::Door;
use crate::faults::Faults;
use crate::journal::Log;
use crate::matter::{Entry, Matter, Verdict};
use crate::reach::Scene;
use crate::{Content, Delay, Settings, Trace};
use std::collections::VecDeque;
use std::hash::Hash;
use std::io;
use world::{
    Answer, Disk, Event, Fault, Found, Health, Id, Journal, Kind, Machine, Program, Request,
    Source, Span, Thing, Ticket, Time, World, Zone,
};

/// A world that lives in memory, under virtual time, from one seed.
#[derive(Debug)]
pub struct Sim {
    pub(crate) now: Time,
    pub(crate) settings: Settings,
    /// For the world's own doings.
    pub(crate) dice: Dice,
    /// For the region: a stream of its own, so that delays do not shift what it draws.
    chances: Dice,
    pub(crate) agenda: Agenda,
    pub(crate) outbox: VecDeque<Event>,
    pub(crate) matter: Matter,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
    pub(crate) door: Door,
    pub(crate) trace: Trace,
    last_work: u64,
}

impl Sim {
    /// A world in which nothing exists yet.
    pub fn new(seed: u64, settings: Settings) -> Sim {
        let mut dice = Dice::new(seed);
        Sim {
            now: settings.start,
            chances: Dice::new(dice.roll()),
            dice,
            agenda: Agenda::default(),
            outbox: VecDeque::new(),
            matter: Matter::default(),
            faults: Faults::default(),
            log: Log::default(),
            door: Door::default(),
            trace: Trace::new(settings.text),
            settings,
            last_work: 0,
        }
    }

    /// Everything that was told and said so far.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// When the world will next do something by itself; none: only an order can change it.
    pub fn due(&self) -> Option<Time> {
        if self.outbox.is_empty() { self.agenda.due() } else { Some(self.now) }
    }

    /// Moves the clock without anybody noticing: time in which no control plane runs.
    pub fn pass(&mut self, span: Span) {
        let until = self.now + span;
        while self.agenda.due().is_some_and(|due| due <= until) {
            self.turn();
        }
        self.now = self.now.max(until);
    }

    // === clients ===

    /// A client sends a request, now.
    pub fn request(&mut self, request: Request) -> Ticket {
        self.request_at(self.now, request)
    }

    /// A client will send a request at a later moment (not before now).
    pub fn request_at(&mut self, at: Time, request: Request) -> Ticket {
        let ticket = self.door.ticket();
        self.agenda.plan(at.max(self.now), Step::Arrive(ticket, request));
        ticket
    }

    /// The client that waits for this ticket goes away, now.
    pub fn hang_up(&mut self, ticket: Ticket) {
        self.agenda.plan(self.now, Step::Leave(ticket));
    }

    /// The answer, once.
    pub fn take_answer(&mut self, ticket: Ticket) -> Option<Answer> {
        self.door.answers.remove(&ticket)
    }

    /// All answers that nobody has taken yet, in the order of their tickets.
    pub fn answers(&mut self) -> Vec<(Ticket, Answer)> {
        std::mem::take(&mut self.door.answers).into_iter().collect()
    }

    /// Tickets whose connection broke in a crash, each reported once, in order.
    pub fn lost(&mut self) -> Vec<Ticket> {
        std::mem::take(&mut self.door.lost).into_iter().collect()
    }

    /// Asks the region to end its loop.
    pub fn stop(&mut self) {
        self.agenda.plan(self.now, Step::Stop);
    }

    // === what a test may do to things ===

    /// The guest ends by itself, as after `poweroff`.
    pub fn switch_off(&mut self, machine: &Id) {
        self.end(machine, true);
    }

    /// From now on `id` cannot be made or changed, and fails with this reason. What is already
    /// made stays as it is.
    pub fn spoil(&mut self, id: &Id, why: &str) {
        self.matter.spoiled.insert(id.clone(), why.to_owned());
        self.consider(id);
    }

    /// Ends what `spoil` began.
    pub fn unspoil(&mut self, id: &Id) {
        self.matter.spoiled.remove(id);
        self.consider(id);
    }

    /// What a disk or a snapshot holds.
    pub fn content(&self, id: &Id) -> Option<&Content> {
        self.matter.entries.get(id)?.content.as_ref()
    }

    /// Which of its runs a machine is in, from 1; none: it does not run. Processes that a test
    /// imagines in it end when this changes.
    pub fn run_number(&self, machine: &Id) -> Option<u64> {
        let run = &self.matter.entries.get(machine)?.run;
        run.up.then_some(run.count)
    }

    /// A program in the machine writes a file to its root disk. False when it does not run.
    pub fn write_file(&mut self, machine: &Id, path: &str, bytes: &[u8]) -> bool {
        let Some(root) = self.root_of(machine) else { return false };
        let disk = self.matter.entries.get_mut(&root).and_then(|disk| disk.content.as_mut());
        disk.map(|content| content.files.insert(path.to_owned(), bytes.to_vec())).is_some()
    }

    /// A program in the machine reads a file from its root disk.
    pub fn read_file(&self, machine: &Id, path: &str) -> Option<Vec<u8>> {
        self.content(&self.root_of(machine)?)?.files.get(path).cloned()
    }

    /// What decides where packets go, as it is now.
    pub fn scene(&self) -> Scene {
        let made = |(id, entry): (&Id, &Entry)| Some((id.clone(), entry.actual.clone()?));
        let idle = |(id, entry): &(&Id, &Entry)| !entry.run.up || self.faults.frozen.contains(*id);
        let entries = &self.matter.entries;
        Scene {
            things: entries.iter().filter_map(made).collect(),
            down: entries.iter().filter(idle).map(|(id, _)| id.clone()).collect(),
            dark: self.faults.dark.clone(),
            cuts: self.faults.cuts.clone(),
            hosts: self.settings.hosts.clone(),
        }
    }

    fn root_of(&self, machine: &Id) -> Option<Id> {
        let entry = self.matter.entries.get(machine)?;
        match &entry.actual {
            Some(Thing::Machine(machine)) if entry.run.up => Some(machine.root.clone()),
            _ => None,
        }
    }

    // === work ===

    /// One step of the agenda; moves the clock to it.
    fn turn(&mut self) {
        let Some(due) = self.agenda.due() else { return };
        self.now = self.now.max(due);
        match self.agenda.pop() {
            Some(Step::Work(id, number)) => self.finish(&id, number),
            Some(Step::Sync) => self.synced(),
            Some(Step::Arrive(ticket, request)) => {
                // A client that left on its way never arrives.
                if self.door.open.contains(&ticket) {
                    self.outbox.push_back(Event::Request(ticket, request));
                }
            }
            Some(Step::Leave(ticket)) => {
                if self.door.open.remove(&ticket) {
                    self.outbox.push_back(Event::Hangup(ticket));
                }
            }
            Some(Step::Stop) => self.outbox.push_back(Event::Stop),
            None => {}
        }
    }

    fn synced(&mut self) {
        if let Some(mark) = self.log.synced()
            && !self.log.stuck
        {
            self.outbox.push_back(Event::Synced(mark));
        }
        if self.log.begin() {
            self.plan_sync();
        }
    }

    fn plan_sync(&mut self) {
        let Delay { least, most } = self.settings.sync;
        let at = self.now + self.dice.span(least, most) + self.faults.slowness();
        self.agenda.plan(at, Step::Sync);
    }

    fn work(&mut self, id: &Id, delay: Delay) {
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
                self.set_health(id, Health::Coming);
                self.work(id, self.settings.boot);
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

    fn finish(&mut self, id: &Id, number: u64) {
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
            }
        } else {
            entry.health = Health::Ready;
        }
    }

    fn fresh_content(&self, disk: &Disk) -> Content {
        match &disk.source {
            Source::Blank => Content::default(),
            Source::Image(name) => Content { image: Some(name.clone()), ..Content::default() },
            Source::Snapshot(snapshot) => self.content(snapshot).cloned().unwrap_or_default(),
        }
    }

    fn boot(&mut self, id: &Id, machine: &Machine) {
        let Program::Guest(guest) = &machine.program;
        let marker = format!("/.first-boot/{id}");
        let disk = self.matter.entries.get_mut(&machine.root).and_then(|d| d.content.as_mut());
        let script = guest.first_boot.as_deref().filter(|_| {
            disk.is_some_and(|content| content.files.insert(marker, Vec::new()).is_none())
        });
        let entry = self.matter.entries.get_mut(id).expect("the caller has it");
        entry.health = Health::Ready;
        entry.run.up = true;
        entry.run.off = None;
        entry.run.booted = Some(machine.boot);
        entry.run.count += 1;
        entry.run.console.clear();
        entry.run.print(&format!("{} boots from {}, boot {}", id, machine.root, machine.boot));
        // Of scripts the simulation understands only `echo`.
        for line in String::from_utf8_lossy(script.unwrap_or_default()).lines() {
            if let Some(text) = line.strip_prefix("echo ") {
                entry.run.print(text);
            }
        }
        entry.run.print(&format!("{} login:", guest.hostname));
    }

    /// A machine's programs end: by themselves, or killed.
    fn end(&mut self, id: &Id, by_itself: bool) {
        let Some(entry) = self.matter.entries.get_mut(id) else { return };
        let Thing::Machine(machine) = &entry.wanted else { return };
        let booting = entry.work.is_some() && entry.health == Health::Coming;
        if entry.leaving || !(entry.run.up || booting) {
            return;
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
        self.set_health(id, Health::Off(by_itself));
        self.consider(id);
    }

    /// Nothing is left of it.
    fn vanish(&mut self, id: &Id) {
        let Some(entry) = self.matter.entries.remove(id) else { return };
        self.matter.unlink(id, &entry.wanted);
        self.faults.frozen.remove(id);
        self.outbox.push_back(Event::Gone(id.clone()));
        self.wake(id);
        if let Some(thing) = entry.then {
            self.order(id, &thing);
        }
    }

    fn order(&mut self, id: &Id, thing: &Thing) {
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
            return;
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

    // === news ===

    /// True when that is a change.
    pub(crate) fn set_health(&mut self, id: &Id, health: Health) -> bool {
        let Some(entry) = self.matter.entries.get_mut(id) else { return false };
        if entry.health == health {
            return false;
        }
        entry.health = health;
        self.say(id);
        true
    }

    fn say(&mut self, id: &Id) {
        if let Some(entry) = self.matter.entries.get_mut(id) {
            entry.told = Some(entry.health.clone());
            self.outbox.push_back(Event::News(id.clone(), entry.health.clone()));
        }
    }

    fn machines_of(&self, zone: &Zone) -> Vec<Id> {
        let within = |thing: &Thing| matches!(thing, Thing::Machine(m) if m.zone == *zone);
        let entries = self.matter.entries.iter();
        entries.filter(|(_, e)| within(&e.wanted)).map(|(id, _)| id.clone()).collect()
    }

    fn darken(&mut self, zone: &Zone) {
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

    fn told(&mut self, verb: &str, data: &impl Hash, line: impl FnOnce() -> String) {
        self.trace.note(self.now, verb, data, line);
    }

    fn note_event(&mut self, event: &Event) {
        let (trace, now) = (&mut self.trace, self.now);
        match event {
            Event::Request(ticket, request) => {
                let Request { method, target, headers, body } = request;
                trace.note(now, "< request", &(ticket, method, target, headers, body), || {
                    format!("{} {method} {target} {}", ticket.0, String::from_utf8_lossy(body))
                });
            }
            Event::Hangup(ticket) => {
                trace.note(now, "< hangup", ticket, || ticket.0.to_string());
            }
            Event::News(id, health) => {
                trace.note(now, "< news", &(id, health), || format!("{id} {health:?}"));
            }
            Event::Gone(id) => trace.note(now, "< gone", id, || id.to_string()),
            Event::Synced(mark) => trace.note(now, "< synced", mark, || mark.to_string()),
            Event::Stuck(why) => trace.note(now, "< stuck", why, || why.clone()),
            Event::Time => trace.note(now, "< time", &(), String::new),
            Event::Stop => trace.note(now, "< stop", &(), String::new),
        }
    }
}

// === impl World ===

impl World for Sim {
    fn now(&self) -> Time {
        self.now
    }

    fn chance(&mut self) -> u64 {
        let chance = self.chances.roll();
        self.told("< chance", &chance, || format!("{chance:016x}"));
        chance
    }

    fn ensure(&mut self, id: &Id, thing: &Thing) {
        self.told("> ensure", &(id, thing), || format!("{id} {thing:?}"));
        self.order(id, thing);
    }

    fn remove(&mut self, id: &Id) {
        self.told("> remove", id, || id.to_string());
        let Some(entry) = self.matter.entries.get_mut(id) else {
            // So that whoever waits for the end of a thing that a crash already took hears of it.
            self.outbox.push_back(Event::Gone(id.clone()));
            return;
        };
        entry.then = None;
        if !entry.leaving {
            entry.leaving = true;
            entry.run.up = false;
            self.work(id, self.settings.removal);
        }
    }

    fn inventory(&mut self) -> Vec<Found> {
        let exists = |entry: &Entry| {
            entry.actual.is_some() || entry.work.is_some() || entry.health == Health::Dark
        };
        let entries = self.matter.entries.iter().filter(|(_, entry)| exists(entry));
        let found: Vec<Found> = entries
            .map(|(id, entry)| Found {
                id: id.clone(),
                kind: entry.wanted.kind(),
                health: entry.health.clone(),
            })
            .collect();
        let count = found.len();
        let data: Vec<_> = found.iter().map(|f| (&f.id, f.kind, &f.health)).collect();
        self.trace.note(self.now, "< inventory", &data, || format!("{count} things"));
        found
    }

    fn console(&mut self, machine: &Id) -> Vec<u8> {
        let entry = self.matter.entries.get(machine);
        let text = entry.map(|entry| entry.run.console.clone()).unwrap_or_default();
        self.told("< console", &(machine, &text), || machine.to_string());
        text
    }

    fn journal(&mut self) -> &mut dyn Journal {
        self
    }

    fn answer(&mut self, ticket: Ticket, answer: Answer) {
        let Answer { status, headers, body } = &answer;
        self.told("> answer", &(ticket, status, headers, body), || {
            format!("{} {status} {}", ticket.0, String::from_utf8_lossy(body))
        });
        self.door.answer(ticket, answer);
    }

    fn inject(&mut self, fault: Fault) {
        self.told("> inject", &fault, || format!("{fault:?}"));
        match fault {
            Fault::Kill(id) => self.end(&id, false),
            Fault::Freeze(id) => {
                self.faults.frozen.insert(id);
            }
            Fault::Dark(zone) => {
                self.darken(&zone);
                self.faults.dark.insert(zone);
            }
            Fault::Cut(one, other) => {
                self.faults.cuts.insert((one, other));
            }
            Fault::SlowDisk(span) => self.faults.slow.push(span),
            Fault::FullDisk => self.faults.full = true,
            Fault::Skew(span) => self.now = self.now + span,
        }
    }

    fn heal(&mut self, fault: &Fault) {
        self.told("> heal", fault, || format!("{fault:?}"));
        match fault {
            Fault::Kill(_) | Fault::Skew(_) => {}
            Fault::Freeze(id) => {
                self.faults.frozen.remove(id);
            }
            Fault::Dark(zone) => {
                self.faults.dark.remove(zone);
                for id in self.machines_of(zone) {
                    self.consider(&id);
                }
            }
            Fault::Cut(one, other) => {
                self.faults.cuts.remove(&(one.clone(), other.clone()));
            }
            Fault::SlowDisk(span) => {
                if let Some(at) = self.faults.slow.iter().position(|slow| slow == span) {
                    self.faults.slow.remove(at);
                }
            }
            Fault::FullDisk => self.faults.full = false,
        }
    }

    fn next(&mut self, until: Time) -> Event {
        let horizon = until.max(self.now);
        let event = loop {
            if let Some(event) = self.outbox.pop_front() {
                break event;
            }
            if self.agenda.due().is_some_and(|due| due <= horizon) {
                self.turn();
                continue;
            }
            // Without an end to wait for, and with nothing to come, the clock stands.
            if until != Time::NEVER {
                self.now = horizon;
            }
            break Event::Time;
        };
        self.note_event(&event);
        event
    }
}

// === impl Journal ===

impl Journal for Sim {
    fn read(&mut self) -> io::Result<Vec<u8>> {
        let bytes = self.log.read();
        self.told("< journal", &bytes, || format!("{} bytes", bytes.len()));
        Ok(bytes)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.told("> cut", &length, || format!("to {length} bytes"));
        self.log.cut(length);
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) {
        self.told("> append", &bytes, || format!("{} bytes", bytes.len()));
        if self.log.stuck {
            return;
        }
        if self.faults.full {
            let fits = self.dice.up_to(bytes.len() as u64) as usize;
            self.log.append(&bytes[..fits]);
            self.jam();
        } else {
            self.log.append(bytes);
        }
    }

    fn sync(&mut self) -> u64 {
        let (mark, begins) = self.log.sync();
        self.told("> sync", &mark, || mark.to_string());
        if begins {
            self.plan_sync();
        }
        mark
    }

    fn replace(&mut self, bytes: Vec<u8>) -> u64 {
        self.told("> replace", &bytes, || format!("{} bytes", bytes.len()));
        if self.faults.full {
            // The old generation stays, whole as it was.
            self.jam();
        } else {
            self.log.replace(bytes);
            self.log.stuck = false;
        }
        self.sync()
    }
}

impl Sim {
    fn jam(&mut self) {
        self.log.stuck = true;
        self.outbox.push_back(Event::Stuck("no space left on device".to_owned()));
    }
}
