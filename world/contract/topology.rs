//! A small piece of a world that one case builds, changes and clears away.

use crate::{Ground, Place, Probe, Reach};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use world::{
    Address, Card, Disk, Event, Fault, Filter, Findings, Form, Found, Group, Guest, Health, Id,
    Ipv4Net, Ladder, Machine, Pass, Peer, Plug, Port, Program, Route, Router, Rung, Segment, Size,
    Snapshot, Source, Span, Thing, Time, Traffic, Usage, Way,
};

/// What one case has ordered and heard.
pub struct Site<'g> {
    /// The world under test.
    pub ground: &'g mut dyn Ground,
    /// As last ordered.
    pub things: BTreeMap<Id, Thing>,
    /// Every health that was heard of each thing, in order.
    pub heard: BTreeMap<Id, Vec<Health>>,
    /// The highest mark of the journal that was heard of.
    pub synced: u64,
    /// Whether the journal was heard to be stuck.
    pub stuck: bool,
    /// What each machine's program was heard to have found out.
    pub found: BTreeMap<Id, Findings>,
    /// What each machine was heard to have used.
    pub used: BTreeMap<Id, Vec<Usage>>,
    gone: BTreeSet<Id>,
    /// Ordered, and no news of being ready since.
    pending: BTreeSet<Id>,
}

/// An address that a case wrote down.
pub fn ip(text: &str) -> Ipv4Addr {
    text.parse().expect("written in a case")
}

/// A block that a case wrote down.
pub fn net(text: &str) -> Ipv4Net {
    text.parse().expect("written in a case")
}

/// TCP to these ports.
pub fn tcp(first: u16, last: u16) -> Traffic {
    Traffic { protocol: Some(6), ports: Some((first, last)), icmp: None }
}

/// A rule of a group.
pub fn pass(way: Way, traffic: Traffic, peer: Peer) -> Pass {
    Pass { way, traffic, peer }
}

/// The rule that lets everything out.
pub fn all_out() -> Pass {
    pass(Way::Out, Traffic::ALL, Peer::Net(net("0.0.0.0/0")))
}

/// A rule that lets this in from everywhere.
pub fn in_from_all(traffic: Traffic) -> Pass {
    pass(Way::In, traffic, Peer::Net(net("0.0.0.0/0")))
}

impl<'g> Site<'g> {
    /// Nothing yet.
    pub fn new(ground: &'g mut dyn Ground) -> Site<'g> {
        Site {
            ground,
            things: BTreeMap::new(),
            heard: BTreeMap::new(),
            synced: 0,
            stuck: false,
            gone: BTreeSet::new(),
            pending: BTreeSet::new(),
            found: BTreeMap::new(),
            used: BTreeMap::new(),
        }
    }

    /// An id that no other case has.
    pub fn fresh(&mut self, prefix: &str) -> Id {
        Id::from(format!("{prefix}-0{:016x}", self.ground.world().chance()))
    }

    /// Orders a thing, and expects news of it.
    pub fn ensure(&mut self, id: &Id, thing: Thing) {
        self.things.insert(id.clone(), thing.clone());
        self.gone.remove(id);
        self.pending.insert(id.clone());
        self.ground.world().ensure(id, &thing);
    }

    /// Orders again what is already ordered.
    pub fn again(&mut self, id: &Id) {
        let thing = self.things[id].clone();
        self.ground.world().ensure(id, &thing);
    }

    // === building ===

    /// A router.
    pub fn router(&mut self, block: &str, internet: bool) -> Id {
        let id = self.fresh("vpc");
        self.ensure(&id, Thing::Router(Router { blocks: vec![net(block)], internet }));
        id
    }

    /// A segment in the first (0) or second (1) zone, without a ladder.
    pub fn segment(&mut self, router: &Id, zone: usize, block: &str, routes: Vec<Route>) -> Id {
        let id = self.fresh("subnet");
        let zone = self.ground.zones()[zone].clone();
        let router = router.clone();
        let segment = Segment { router, zone, block: net(block), routes, ladder: None };
        self.ensure(&id, Thing::Segment(segment));
        id
    }

    /// A group.
    pub fn group(&mut self, router: &Id, passes: Vec<Pass>) -> Id {
        let id = self.fresh("sg");
        let group = Group { router: router.clone(), passes };
        self.ensure(&id, Thing::Filter(Filter::Group(group)));
        id
    }

    /// A ladder.
    pub fn ladder(&mut self, router: &Id, rungs: Vec<Rung>) -> Id {
        let id = self.fresh("acl");
        let ladder = Ladder { router: router.clone(), rungs };
        self.ensure(&id, Thing::Filter(Filter::Ladder(ladder)));
        id
    }

    /// A guarded port with nothing plugged in.
    pub fn port(&mut self, segment: &Id, private: &str, groups: &[&Id]) -> Id {
        let id = self.fresh("eni");
        let octets = ip(private).octets();
        let port = Port {
            segment: segment.clone(),
            // Locally administered; unique within its router because the address is.
            mac: [0x02, 0x16, octets[0], octets[1], octets[2], octets[3]],
            addresses: vec![Address { private: ip(private), public: None }],
            groups: groups.iter().map(|id| (*id).clone()).collect(),
            guarded: true,
            plug: None,
            uncounted: false,
        };
        self.ensure(&id, Thing::Port(port));
        id
    }

    /// A root disk in the first (0) or second (1) zone.
    pub fn disk(&mut self, zone: usize, source: Source) -> Id {
        let id = self.fresh("vol");
        let zone = self.ground.zones()[zone].clone();
        let disk = Disk { zone, size: 1 << 30, form: Form::Tree, source };
        self.ensure(&id, Thing::Disk(disk));
        id
    }

    /// A snapshot of a tree.
    pub fn snapshot(&mut self, disk: &Id) -> Id {
        let id = self.fresh("snap");
        self.ensure(&id, Thing::Snapshot(Snapshot { disk: disk.clone(), form: Form::Tree }));
        id
    }

    /// A machine on a new root disk, plugged into this port.
    pub fn machine(&mut self, port: &Id) -> Id {
        let zone = self.zone_of(port);
        let image = self.ground.image();
        let root = self.disk(zone, image);
        self.machine_on(port, &root)
    }

    /// A machine on this root disk, plugged into this port.
    pub fn machine_on(&mut self, port: &Id, root: &Id) -> Id {
        let id = self.fresh("i");
        let zone = self.ground.zones()[self.zone_of(port)].clone();
        let card = Card {
            enabled: true,
            tokens_required: true,
            hop_limit: 1,
            tree: BTreeMap::from([("meta-data/instance-id".to_owned(), id.to_string())]),
            user_data: None,
        };
        let guest = Guest {
            hostname: format!("host-{}", &id.as_str()[id.as_str().len() - 6..]),
            first_boot: None,
            keys: Vec::new(),
            card,
        };
        let machine = Machine {
            zone,
            size: Size { millicpus: 1_000, memory: 256 << 20, pids: 128 },
            root: Some(root.clone()),
            disks: Vec::new(),
            ports: vec![port.clone()],
            program: Program::Guest(guest),
            boot: 1,
        };
        let plug = Some(Plug { machine: id.clone(), index: 0 });
        self.port_mut(port, |port| port.plug = plug);
        self.ensure(&id, Thing::Machine(machine));
        id
    }

    /// A machine that runs a program of the world's own, plugged into this port.
    pub fn node(&mut self, port: &Id, program: Program) -> Id {
        let id = self.fresh("node");
        let zone = self.ground.zones()[self.zone_of(port)].clone();
        let size = Size { millicpus: 1_000, memory: 64 << 20, pids: 128 };
        let (ports, disks) = (vec![port.clone()], Vec::new());
        let machine = Machine { zone, size, root: None, disks, ports, program, boot: 1 };
        let plug = Some(Plug { machine: id.clone(), index: 0 });
        self.port_mut(port, |port| port.plug = plug);
        self.ensure(&id, Thing::Machine(machine));
        id
    }

    /// Changes what a machine runs.
    pub fn program_mut(&mut self, id: &Id, change: impl FnOnce(&mut Program)) {
        self.change(id, |thing| {
            let Thing::Machine(machine) = thing else { panic!("no machine") };
            change(&mut machine.program);
        });
    }

    /// A machine at this address, in a segment, with these groups.
    pub fn host(&mut self, segment: &Id, private: &str, groups: &[&Id]) -> (Id, Id) {
        let port = self.port(segment, private, groups);
        (self.machine(&port), port)
    }

    fn zone_of(&self, port: &Id) -> usize {
        let Thing::Port(port) = &self.things[port] else { panic!("{port} is no port") };
        let Thing::Segment(segment) = &self.things[&port.segment] else { panic!("no segment") };
        usize::from(segment.zone != self.ground.zones()[0])
    }

    // === changing ===

    /// Changes a port.
    pub fn port_mut(&mut self, id: &Id, change: impl FnOnce(&mut Port)) {
        self.change(id, |thing| {
            let Thing::Port(port) = thing else { panic!("no port") };
            change(port);
        });
    }

    /// Changes a segment.
    pub fn segment_mut(&mut self, id: &Id, change: impl FnOnce(&mut Segment)) {
        self.change(id, |thing| {
            let Thing::Segment(segment) = thing else { panic!("no segment") };
            change(segment);
        });
    }

    /// Changes the rules of a group.
    pub fn passes(&mut self, id: &Id, passes: Vec<Pass>) {
        self.change(id, |thing| {
            let Thing::Filter(Filter::Group(group)) = thing else { panic!("no group") };
            group.passes = passes;
        });
    }

    /// Changes the rungs of a ladder.
    pub fn rungs(&mut self, id: &Id, rungs: Vec<Rung>) {
        self.change(id, |thing| {
            let Thing::Filter(Filter::Ladder(ladder)) = thing else { panic!("no ladder") };
            ladder.rungs = rungs;
        });
    }

    /// Changes a machine and its guest.
    pub fn machine_mut(&mut self, id: &Id, change: impl FnOnce(&mut Machine, &mut Guest)) {
        self.change(id, |thing| {
            let Thing::Machine(machine) = thing else { panic!("no machine") };
            let Program::Guest(mut guest) = machine.program.clone() else { panic!("no guest") };
            change(machine, &mut guest);
            machine.program = Program::Guest(guest);
        });
    }

    /// Changes a thing.
    pub fn change(&mut self, id: &Id, change: impl FnOnce(&mut Thing)) {
        let mut thing = self.things[id].clone();
        change(&mut thing);
        self.ensure(id, thing);
    }

    // === listening ===

    fn hear(&mut self, event: Event) {
        match event {
            Event::News(id, health) => {
                if health == Health::Ready {
                    self.pending.remove(&id);
                }
                self.heard.entry(id).or_default().push(health);
            }
            Event::Gone(id) => {
                self.gone.insert(id);
            }
            Event::Synced(mark) => {
                assert!(mark >= self.synced, "marks fell from {} to {mark}", self.synced);
                self.synced = mark;
            }
            Event::Stuck(_) => self.stuck = true,
            Event::Findings(id, findings) => {
                self.found.insert(id, findings);
            }
            Event::Usage(id, usage) => self.used.entry(id).or_default().push(usage),
            Event::Time | Event::Request(..) | Event::Hangup(_) | Event::Stop => {}
        }
    }

    /// Takes events until `done`, and panics when the world's patience ends first.
    pub fn wait(&mut self, what: &str, mut done: impl FnMut(&mut Self) -> bool) {
        let end = self.ground.world().now() + self.ground.patience();
        while !done(self) {
            let event = self.ground.world().next(end);
            let late = event == Event::Time && self.ground.world().now() >= end;
            self.hear(event);
            assert!(!late || done(self), "waited in vain for {what}; heard {:?}", self.heard);
        }
    }

    /// Waits until there was news that everything ordered is ready.
    pub fn settle(&mut self) {
        let pending = format!("{:?} to be ready", self.pending);
        self.wait(&pending, |site| site.pending.is_empty());
    }

    /// Waits until the newest news of a thing is this.
    pub fn until(&mut self, id: &Id, health: Health) {
        let what = format!("{id} to be {health:?}");
        self.wait(&what, |site| site.heard.get(id).and_then(|all| all.last()) == Some(&health));
    }

    /// Takes what comes within the world's quiet span, and says what news came.
    pub fn listen(&mut self) -> Vec<(Id, Health)> {
        let end = self.ground.world().now() + self.ground.quiet();
        self.listen_until(end)
    }

    fn listen_until(&mut self, end: Time) -> Vec<(Id, Health)> {
        let mut news = Vec::new();
        loop {
            let event = self.ground.world().next(end);
            if let Event::News(id, health) = &event {
                news.push((id.clone(), health.clone()));
            }
            if event == Event::Time && self.ground.world().now() >= end {
                return news;
            }
            self.hear(event);
        }
    }

    /// Waits for a condition that no event announces, looking at it again and again.
    pub fn poll(&mut self, what: &str, mut done: impl FnMut(&mut Self) -> bool) {
        let end = self.ground.world().now() + self.ground.patience();
        while !done(self) {
            let now = self.ground.world().now();
            assert!(now < end, "waited in vain for {what}");
            self.listen_until((now + Span::millis(5)).min(end));
        }
    }

    /// Forgets everything heard of a thing so far.
    pub fn forget(&mut self, id: &Id) {
        self.heard.remove(id);
    }

    /// What the inventory says about this site's things.
    pub fn inventory(&mut self) -> BTreeMap<Id, Found> {
        let all = self.ground.world().inventory();
        let count = all.len();
        let map: BTreeMap<Id, Found> = all.into_iter().map(|f| (f.id.clone(), f)).collect();
        assert_eq!(map.len(), count, "the inventory names a thing twice");
        map.into_iter().filter(|(id, _)| self.things.contains_key(id)).collect()
    }

    // === doing ===

    /// Injects a fault.
    pub fn inject(&mut self, fault: Fault) {
        self.ground.world().inject(fault);
    }

    /// Heals a fault.
    pub fn heal(&mut self, fault: &Fault) {
        self.ground.world().heal(fault);
    }

    /// The control plane dies and comes back, and orders everything again, as a region does.
    pub fn restart(&mut self) {
        self.ground.restart();
        self.synced = 0;
        self.stuck = false;
        self.heard.clear();
        self.found.clear();
        self.used.clear();
    }

    /// Runs a listener.
    pub fn serve(&mut self, machine: &Id, probe: Probe) {
        self.ground.run_listener(machine, probe);
    }

    /// Asserts that `machine` answers at `to`.
    pub fn answers(&mut self, from: &Place, to: Ipv4Addr, probe: Probe, machine: &Id) {
        match self.ground.probe(from, to, probe) {
            Reach::Answered(who) => {
                assert!(who.is_none() || who.as_ref() == Some(machine), "{who:?} answered");
            }
            Reach::Silent => panic!("{machine} does not answer {probe:?} at {to} from {from:?}"),
        }
    }

    /// Asserts that nobody answers at `to`.
    pub fn silent(&mut self, from: &Place, to: Ipv4Addr, probe: Probe) {
        let reach = self.ground.probe(from, to, probe);
        assert_eq!(reach, Reach::Silent, "{probe:?} at {to} from {from:?}");
    }

    // === clearing ===

    /// Orders that a thing cease to exist.
    pub fn remove(&mut self, id: &Id) {
        self.pending.remove(id);
        self.gone.remove(id);
        self.ground.world().remove(id);
    }

    /// Waits until nothing is left of these.
    pub fn until_gone(&mut self, ids: &[Id]) {
        let what = format!("{ids:?} to be gone");
        self.wait(&what, |site| ids.iter().all(|id| site.gone.contains(id)));
        let left = self.inventory();
        for id in ids {
            assert!(!left.contains_key(id), "{id} is gone and still in the inventory");
            self.things.remove(id);
        }
    }

    /// Removes everything, machines first, as an orderly region would.
    pub fn clear(&mut self) {
        for stage in 0..4 {
            let due: Vec<Id> = self
                .things
                .iter()
                .filter(|(_, thing)| stage_of(thing) == stage)
                .map(|(id, _)| id.clone())
                .collect();
            for id in &due {
                self.remove(id);
            }
            self.until_gone(&due);
        }
    }
}

fn stage_of(thing: &Thing) -> u8 {
    match thing {
        Thing::Machine(_) => 0,
        Thing::Port(_) | Thing::Disk(_) | Thing::Snapshot(_) => 1,
        Thing::Segment(_) | Thing::Filter(_) => 2,
        Thing::Router(_) => 3,
    }
}
