//! What a zone process knows of its machines and does about them. Orders and events come in, news
//! goes out; the loop around it is `zone`'s.

use crate::boot::Report;
use crate::cities::Cities;
use crate::console::{self, Console};
use crate::init::{EXIT_OFF, EXIT_REBOOT, GRACE};
use crate::kernel::{self, End};
use crate::limits::{Limits, RETRY};
use crate::machine::{Asked, Machine, Then};
use crate::message::{MachineOrder, News, Order, Seen};
use crate::meter::Meter;
use crate::nodes::Node;
use crate::outside::{Desired, Outside};
use crate::zone::Watch;
use std::collections::BTreeMap;
use std::fs;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use world::{Health, Id};

/// Beyond the patience of the machine's own first program.
const KILL_AFTER: Duration = Duration::from_secs(2);

/// What became readable.
#[derive(Debug, Clone)]
pub enum Source {
    /// A control plane wants to connect.
    Desk,
    /// A control plane has spoken.
    Client(u64),
    /// A signal has come.
    Signals,
    /// A machine's first process has ended.
    Process(Id),
    /// A boot says how it went.
    Report(Id),
    /// A machine has written.
    Console(Id),
    /// A machine asks for a mount.
    Mount(Id),
    /// The metadata service has something to say.
    Outside,
    /// A node has something to say.
    Node(Id),
    /// A node has ended.
    NodeEnded(Id),
    /// Who carries the packets of cities has something to say.
    Cities,
    /// It has ended.
    CitiesEnded,
}

/// The zone's state.
pub struct Mind {
    /// What is waited for.
    pub watch: Watch,
    pub run: PathBuf,
    pub limits: Limits,
    pub machines: BTreeMap<Id, Machine>,
    pub nodes: BTreeMap<Id, Node>,
    pub cities: Cities,
    pub meter: Meter,
    pub news: Vec<News>,
    pub dark: bool,
    pub halting: bool,
    pub desired: Desired,
    pub outside: Option<Outside>,
    /// Children that attended mounts of machines that have ended.
    pub attendants: Vec<i32>,
    /// Machines that have ended, whose control groups the kernel still holds.
    pub leftovers: Vec<Id>,
}

impl Mind {
    pub fn new(run: PathBuf, limits: Limits, watch: Watch) -> Mind {
        Mind {
            watch,
            run,
            limits,
            machines: BTreeMap::new(),
            nodes: BTreeMap::new(),
            cities: Cities::default(),
            meter: Meter::default(),
            news: Vec::new(),
            dark: false,
            halting: false,
            desired: Desired::default(),
            outside: None,
            attendants: Vec::new(),
            leftovers: Vec::new(),
        }
    }

    /// Whether the process may end.
    pub fn finished(&self) -> bool {
        let nodes = !self.nodes.is_empty() || self.cities.process.is_some();
        let empty = self.machines.is_empty() && !nodes;
        self.halting && empty && self.leftovers.is_empty()
    }

    /// Milliseconds until something must be done without an event; -1 for never.
    pub fn patience(&self) -> i32 {
        if !self.leftovers.is_empty() {
            return RETRY.as_millis() as i32;
        }
        let kills = self.machines.values().filter_map(|m| m.process.as_ref()?.kill_at);
        let boots = self.nodes.values().filter_map(|node| node.again_at);
        let boots = boots.chain(self.cities.again_at);
        kills.chain(boots).chain(self.meter.deadline()).min().map_or(-1, |at| {
            at.saturating_duration_since(Instant::now()).as_millis().min(60_000) as i32 + 1
        })
    }

    pub fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    /// What exists.
    pub fn inventory(&self) -> Vec<Seen> {
        let machines = self.machines.values().map(|machine| machine.seen(self.dark));
        machines.chain(self.nodes.values().map(|node| node.seen(self.dark))).collect()
    }

    /// Leaves nothing on the host.
    pub fn close(&self) {
        self.limits.close();
    }

    pub fn obey(&mut self, order: Order) {
        match order {
            Order::Ensure(order) => self.ensure(*order),
            Order::Node(order) => self.ensure_node(*order),
            Order::Renamed(id, change) => self.rename_node(&id, *change),
            Order::City(name) => self.want_city(name),
            Order::Regions(regions) => self.learn_regions(regions),
            Order::Remove(id) if self.nodes.contains_key(&id) => self.remove_node(&id),
            Order::Kill(id) if self.nodes.contains_key(&id) => self.kill_node(&id),
            Order::Freeze(id) if self.nodes.contains_key(&id) => self.freeze_node(&id, true),
            Order::Thaw(id) if self.nodes.contains_key(&id) => self.freeze_node(&id, false),
            Order::Remove(id) => self.remove(&id),
            Order::Card(id, card) => {
                if let Some(machine) = self.machines.get_mut(&id) {
                    machine.order.guest.card = *card;
                }
                self.tell_face(&id);
            }
            Order::Kill(id) => self.kill(&id),
            Order::Freeze(id) => self.freeze(&id, true),
            Order::Thaw(id) => self.freeze(&id, false),
            Order::Darken => self.darken(),
            Order::Lighten => self.lighten(),
            Order::ServeMetadata { router, netns, port } => {
                self.desired.served.insert(router.clone(), (netns.clone(), port));
                self.tell_outside(|outside| outside.serve(&router, &netns, port));
            }
            Order::EndMetadata(router) => {
                self.desired.served.remove(&router);
                self.tell_outside(|outside| outside.end(&router));
            }
            // Answered by the loop, which knows who asks.
            Order::Inventory(_) | Order::Meter(_) => {}
            Order::Halt => {
                self.halting = true;
                let ids: Vec<Id> = self.machines.keys().cloned().collect();
                ids.iter().for_each(|id| self.remove(id));
                let nodes: Vec<Id> = self.nodes.keys().cloned().collect();
                nodes.iter().for_each(|id| self.remove_node(id));
                self.cities.process.iter().for_each(|process| process.kill());
            }
        }
    }

    pub fn notice(&mut self, source: &Source) {
        match source {
            Source::Process(id) => self.ended(id),
            Source::Report(id) => self.reported(id),
            Source::Console(id) => {
                if let Some((console, _)) =
                    self.machines.get_mut(id).and_then(|machine| machine.console.as_mut())
                    && let Err(error) = console.pour()
                {
                    eprintln!("zone: console of {id}: {error}");
                }
            }
            Source::Mount(id) => self.attend_mount(id),
            Source::Signals => self.reap_attendants(),
            Source::Outside => self.hear_outside(),
            Source::Node(id) => self.hear_node(id),
            Source::NodeEnded(id) => self.node_ended(id),
            Source::Cities => self.hear_cities(),
            Source::CitiesEnded => self.cities_ended(),
            Source::Desk | Source::Client(_) => {}
        }
    }

    /// Kills what did not end in time; clears away what the kernel still held.
    pub fn look_at_clock(&mut self) {
        let (machines, nodes, limits) = (&self.machines, &self.nodes, &self.limits);
        self.leftovers.retain(|id| {
            let runs = machines.get(id).is_some_and(|machine| machine.process.is_some())
                || nodes.get(id).is_some_and(|node| node.process.is_some());
            !runs && !limits.remove(id.as_str())
        });
        let now = Instant::now();
        for machine in self.machines.values_mut() {
            if let Some(process) = &mut machine.process
                && process.kill_at.is_some_and(|at| at <= now)
            {
                process.kill_at = None;
                let _ = kernel::signal(process.fd.as_fd(), libc::SIGKILL);
            }
        }
        self.boot_nodes_again(now);
        if self.cities.again_at.is_some_and(|at| at <= now) {
            self.start_cities();
        }
        self.look_at_meter();
    }

    // === orders ===

    fn ensure(&mut self, order: MachineOrder) {
        if self.halting || linux_store::safe_name(order.id.as_str()).is_err() {
            let reason = "the zone is closing, or the name is not one".to_owned();
            self.news.push(News::Failed(order.id, reason));
            return;
        }
        let id = order.id.clone();
        let Some(machine) = self.machines.get_mut(&id) else {
            self.machines.insert(id.clone(), Machine::new(order));
            self.tell_face(&id);
            self.boot(&id);
            return;
        };
        let again = order.boot > machine.booted;
        let same_face = machine.order.guest.card == order.guest.card
            && machine.order.addresses == order.addresses;
        machine.order = order;
        if !same_face {
            self.tell_face(&id);
        }
        let Some(machine) = self.machines.get_mut(&id) else { return };
        match (&machine.process, machine.then) {
            (Some(_), Then::Forget) => machine.then = Then::Boot,
            (Some(_), _) if again => self.stop(&id, Then::Boot),
            (Some(process), _) if process.report.is_none() => {
                let seen = machine.seen(self.dark);
                self.sync_disks(&id);
                self.news.push(News::Ready(seen));
            }
            (Some(_), _) => {}
            (None, _) if again || matches!(machine.rest, Health::Failed(_) | Health::Coming) => {
                self.boot(&id);
            }
            (None, _) => self.tell_rest(&id),
        }
    }

    fn remove(&mut self, id: &Id) {
        match self.machines.get(id) {
            Some(machine) if machine.process.is_some() => self.stop(id, Then::Forget),
            _ => self.forget(id),
        }
    }

    /// Warns the machine's programs, and kills them when they do not listen.
    fn stop(&mut self, id: &Id, then: Then) {
        self.freeze(id, false);
        let Some(machine) = self.machines.get_mut(id) else { return };
        let earlier = std::mem::replace(&mut machine.then, then);
        let Some(process) = &mut machine.process else { return };
        if earlier != Then::Stay && process.kill_at.is_some() {
            return; // It has been warned.
        }
        let booting = process.report.is_some();
        let signal = if booting { libc::SIGKILL } else { libc::SIGTERM };
        let _ = kernel::signal(process.fd.as_fd(), signal);
        process.kill_at = Some(Instant::now() + GRACE + KILL_AFTER);
    }

    fn kill(&mut self, id: &Id) {
        self.freeze(id, false);
        if let Some(process) = self.machines.get(id).and_then(|machine| machine.process.as_ref()) {
            let _ = kernel::signal(process.fd.as_fd(), libc::SIGKILL);
        }
    }

    fn freeze(&mut self, id: &Id, stop: bool) {
        let Some(process) = self.machines.get_mut(id).and_then(|m| m.process.as_mut()) else {
            return;
        };
        if process.frozen == stop {
            return;
        }
        match self.limits.freeze(id.as_str(), stop) {
            Ok(true) => process.frozen = stop,
            Ok(false) | Err(_) => {
                let signal = if stop { libc::SIGSTOP } else { libc::SIGCONT };
                signal_tree(process.pid, signal);
                process.frozen = stop;
            }
        }
    }

    fn darken(&mut self) {
        self.dark = true;
        let ids: Vec<Id> = self.machines.keys().cloned().collect();
        for id in ids {
            self.kill(&id);
            self.news.push(News::Dark(id));
        }
        self.darken_nodes();
    }

    fn lighten(&mut self) {
        self.dark = false;
        let ids: Vec<Id> = self.machines.keys().cloned().collect();
        for id in ids {
            match self.machines.get(&id) {
                Some(machine) if machine.process.is_some() => {}
                Some(machine) if machine.rest == Health::Coming => self.boot(&id),
                _ => self.tell_rest(&id),
            }
        }
        self.lighten_nodes();
    }

    // === a machine's life ===

    fn boot(&mut self, id: &Id) {
        let Some(machine) = self.machines.get_mut(id) else { return };
        if self.dark {
            machine.rest = Health::Coming;
            self.news.push(News::Dark(id.clone()));
            return;
        }
        machine.then = Then::Stay;
        machine.booted = machine.order.boot;
        if let Err(error) = machine.start(&self.run, &self.limits, &mut self.watch) {
            machine.rest = Health::Failed(error.to_string());
            return self.tell_rest(id);
        }
        self.meter.begins(id, None);
    }

    fn reported(&mut self, id: &Id) {
        let Some(machine) = self.machines.get_mut(id) else { return };
        let Some(process) = &mut machine.process else { return };
        let Some((report, token)) = process.report.take() else { return };
        self.watch.forget(report.as_fd(), token);
        let (text, mut fds) = kernel::receive(report.as_fd()).unwrap_or_default();
        match serde_json::from_slice(&text) {
            Ok(Report::Up(shortfalls)) => {
                machine.shortfalls = shortfalls;
                let directory = console::directory(&self.run, id);
                if let Some(listener) = (fds.len() > 1).then(|| fds.pop()).flatten() {
                    let token = self.watch.add(listener.as_fd(), Source::Mount(id.clone())).ok();
                    process.asked = Some(Asked { listener, token, child: None });
                }
                let opened = fds.pop().map(|fifo| Console::open(&directory, fifo));
                if let Some(Ok(console)) = opened
                    && let Ok(token) = self.watch.add(console.as_fd(), Source::Console(id.clone()))
                {
                    machine.console = Some((console, token));
                }
                self.sync_disks(id);
                if let Some(machine) = self.machines.get(id) {
                    self.news.push(News::Ready(machine.seen(self.dark)));
                }
            }
            Ok(Report::Failed(reason)) => machine.rest = Health::Failed(reason),
            Err(_) => machine.rest = Health::Off(false),
        }
    }

    fn ended(&mut self, id: &Id) {
        if self
            .machines
            .get(id)
            .and_then(|m| m.process.as_ref())
            .is_some_and(|p| p.report.is_some())
        {
            self.reported(id);
        }
        let Some(machine) = self.machines.get_mut(id) else { return };
        let Some(process) = machine.process.take() else { return };
        self.meter.ends(id, self.limits.used(id.as_str()));
        let end = wait_for(process.pid);
        self.watch.forget(process.fd.as_fd(), process.token);
        if let Some(Asked { listener, token: Some(token), .. }) = &process.asked {
            self.watch.forget(listener.as_fd(), *token);
        }
        self.attendants.extend(process.asked.and_then(|asked| asked.child));
        machine.disks.clear();
        if !self.limits.remove(id.as_str()) {
            self.leftovers.push(id.clone());
        }
        if let Some((mut console, token)) = machine.console.take() {
            let _ = console.pour();
            self.watch.forget(console.as_fd(), token);
        }
        match machine.then {
            Then::Forget => return self.forget(id),
            Then::Boot => return self.boot(id),
            Then::Stay => {}
        }
        machine.rest = match end {
            _ if matches!(machine.rest, Health::Failed(_)) => machine.rest.clone(),
            End::Exit(EXIT_REBOOT) | End::Signal(libc::SIGHUP) if !self.dark => {
                return self.boot(id);
            }
            // reboot(2) in a pid namespace ends its first program with SIGINT.
            End::Exit(EXIT_OFF) | End::Signal(libc::SIGINT) => Health::Off(true),
            _ => Health::Off(false),
        };
        self.tell_rest(id);
    }

    fn forget(&mut self, id: &Id) {
        if self.machines.remove(id).is_some() {
            let _ = fs::remove_dir_all(console::directory(&self.run, id));
            if self.outside.is_some() {
                self.tell_outside(|outside| outside.no_face(id));
            }
        }
        self.news.push(News::Gone(id.clone()));
    }

    fn tell_rest(&mut self, id: &Id) {
        let Some(machine) = self.machines.get(id) else { return };
        let id = id.clone();
        self.news.push(match machine.health(self.dark) {
            Health::Dark => News::Dark(id),
            Health::Off(by_guest) => News::Off(id, by_guest),
            Health::Failed(reason) => News::Failed(id, reason),
            Health::Coming | Health::Ready => return,
        });
    }
}

pub fn wait_for(pid: i32) -> End {
    let mut status = 0;
    // SAFETY: our own child, which has ended.
    unsafe { libc::waitpid(pid, &mut status, 0) };
    kernel::end_of(status)
}

/// Signals every process of a machine, found by its pid namespace.
fn signal_tree(first: i32, signal: i32) {
    let namespace = |pid: &str| fs::read_link(format!("/proc/{pid}/ns/pid")).ok();
    let Some(wanted) = namespace(&first.to_string()) else { return };
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Ok(pid) = name.parse::<i32>()
            && namespace(&name).as_ref() == Some(&wanted)
            && let Ok(process) = kernel::pidfd(pid)
        {
            // SAFETY: `process` holds the number while it is looked at a second time.
            if namespace(&name).as_ref() == Some(&wanted) {
                let _ = kernel::signal(process.as_fd(), signal);
            }
        }
    }
}
