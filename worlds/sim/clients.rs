//! What a test can do at the front door and inside machines, and what it can look at.

use crate::agenda::Step;
use crate::faults::Writer;
use crate::matter::Entry;
use crate::reach::Scene;
use crate::{Content, Reply, Sim};
use world::{Answer, Courier, Id, Letter, Machine, Program, Request, Thing, Ticket, Time};

/// A letter that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// When.
    pub at: Time,
    /// By which machine.
    pub courier: Id,
    /// Its name in the courier's configuration.
    pub name: String,
    /// The letter.
    pub letter: Letter,
}

impl Sim {
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

    /// The guest ends by itself, as after `poweroff`.
    pub fn switch_off(&mut self, machine: &Id) {
        self.end(machine, true);
        self.rouse();
    }

    /// From now on `id` cannot be made or changed, and fails with this reason. What is already
    /// made stays as it is.
    pub fn spoil(&mut self, id: &Id, why: &str) {
        self.matter.spoiled.insert(id.clone(), why.to_owned());
        self.consider(id);
        self.rouse();
    }

    /// Ends what `spoil` began.
    pub fn unspoil(&mut self, id: &Id) {
        self.matter.spoiled.remove(id);
        self.consider(id);
        self.rouse();
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
        self.write_disk(machine, &root, path, bytes)
    }

    /// A program in the machine writes a file to a disk, at once or as soon as the disk stalls no
    /// more. False when it does not run.
    pub fn write_disk(&mut self, machine: &Id, disk: &Id, path: &str, bytes: &[u8]) -> bool {
        let Some(run) = self.run_number(machine) else { return false };
        if self.faults.stalled.contains(disk) {
            let writer = Writer { machine: machine.clone(), run, path: path.to_owned() };
            self.faults.writers.push((disk.clone(), writer, bytes.to_vec()));
            return true;
        }
        let disk = self.matter.entries.get_mut(disk).and_then(|disk| disk.content.as_mut());
        disk.map(|content| content.files.insert(path.to_owned(), bytes.to_vec())).is_some()
    }

    /// Those who waited for a disk go on, if they still run.
    pub(crate) fn flush(&mut self, disk: &Id) {
        for (waited, writer, bytes) in std::mem::take(&mut self.faults.writers) {
            if waited != *disk {
                self.faults.writers.push((waited, writer, bytes));
            } else if self.run_number(&writer.machine) == Some(writer.run) {
                self.write_disk(&writer.machine, disk, &writer.path, &bytes);
            }
        }
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
            ..Scene::default()
        }
    }

    /// The scene as programs see it: machines that are off keep their addresses; without disks,
    /// and without what machines run.
    pub(crate) fn outlook(&self) -> Scene {
        let made = |(id, entry): (&Id, &Entry)| match entry.actual.as_ref()? {
            Thing::Disk(_) | Thing::Snapshot(_) => None,
            Thing::Machine(machine) => Some((id.clone(), Thing::Machine(shell(machine)))),
            thing => Some((id.clone(), thing.clone())),
        };
        Scene {
            things: self.matter.entries.iter().filter_map(made).collect(),
            down: self.faults.frozen.clone(),
            dark: self.faults.dark.clone(),
            cuts: self.faults.cuts.clone(),
            hosts: self.settings.hosts.clone(),
            ..Scene::default()
        }
        .indexed()
    }

    /// From now on a guest answers this on this port, whenever it runs.
    pub fn serve(&mut self, machine: &Id, port: u16, reply: Reply) {
        self.watch.replies.insert((machine.clone(), port), reply);
        self.stir();
        self.rouse();
    }

    /// How many guests run now.
    pub fn guests_up(&self) -> usize {
        let guest = |thing: &Thing| {
            matches!(thing, Thing::Machine(Machine { program: Program::Guest(_), .. }))
        };
        let up = |entry: &&Entry| entry.run.up && entry.actual.as_ref().is_some_and(guest);
        self.matter.entries.values().filter(up).count()
    }

    /// The letters that were taken, in order.
    pub fn delivered(&self) -> &[Delivery] {
        &self.watch.delivered
    }

    fn root_of(&self, machine: &Id) -> Option<Id> {
        let entry = self.matter.entries.get(machine)?;
        match &entry.actual {
            Some(Thing::Machine(machine)) if entry.run.up => machine.root.clone(),
            _ => None,
        }
    }
}

/// As far as a scene asks.
fn shell(machine: &Machine) -> Machine {
    Machine {
        zone: machine.zone.clone(),
        size: machine.size,
        root: None,
        disks: Vec::new(),
        ports: Vec::new(),
        program: Program::Courier(Box::<Courier>::default()),
        boot: machine.boot,
    }
}
