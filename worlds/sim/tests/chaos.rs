//! Random orders, faults, crashes and power failures by seed: the simulated world stays sane,
//! forgets nothing that it must keep, and does the same again.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use sim::{Settings, Sim};
use std::collections::BTreeMap;
use world::{
    Address, Answer, Card, Disk, Event, Fault, Filter, Form, Group, Guest, Health, Id, Kind,
    Machine, Plug, Port, Program, Request, Router, Segment, Size, Slot, Snapshot, Source, Span,
    Thing, Ticket, Time, World,
};

const HOSTS: u64 = 6;

struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }
}

fn zone(host: u64) -> world::Zone {
    ["za", "zb"][(host % 2) as usize].into()
}

fn machine(host: u64, boot: u32) -> Thing {
    let guest =
        Guest { hostname: "h".into(), first_boot: None, keys: Vec::new(), card: Card::default() };
    let data = Slot { disk: format!("data{host}").into(), device: "/dev/sdf".into() };
    Thing::Machine(Machine {
        zone: zone(host),
        size: Size { millicpus: 1_000, memory: 1 << 20, pids: 10 },
        root: Some(format!("root{host}").into()),
        disks: if host == 0 { vec![data] } else { Vec::new() },
        ports: vec![format!("port{host}").into()],
        program: Program::Guest(guest),
        boot,
    })
}

fn disk(host: u64, source: Source) -> Thing {
    Thing::Disk(Disk { zone: zone(host), size: 1 << 30, form: Form::Tree, source })
}

/// A region of six hosts in two zones, of which a random part is wanted.
fn all_things() -> BTreeMap<Id, Thing> {
    let mut things: BTreeMap<Id, Thing> = BTreeMap::new();
    let router = Router { blocks: vec!["10.0.0.0/16".parse().unwrap()], internet: true };
    things.insert("router".into(), Thing::Router(router));
    let group = Group { router: "router".into(), passes: Vec::new() };
    things.insert("group".into(), Thing::Filter(Filter::Group(group)));
    for side in 0..2_u64 {
        let block = format!("10.0.{side}.0/24").parse().unwrap();
        let segment = Segment {
            router: "router".into(),
            zone: zone(side),
            block,
            routes: Vec::new(),
            ladder: None,
        };
        things.insert(format!("segment{side}").into(), Thing::Segment(segment));
    }
    for host in 0..HOSTS {
        let private = format!("10.0.{}.{}", host % 2, 10 + host).parse().unwrap();
        let port = Port {
            segment: format!("segment{}", host % 2).into(),
            mac: [2, 0, 0, 0, 0, host as u8],
            addresses: vec![Address { private, public: None }],
            groups: vec!["group".into()],
            guarded: true,
            plug: Some(Plug { machine: format!("machine{host}").into(), index: 0 }),
            uncounted: false,
        };
        things.insert(format!("port{host}").into(), Thing::Port(port));
        let image = Source::Image("host".into());
        things.insert(format!("root{host}").into(), disk(host, image));
        things.insert(format!("machine{host}").into(), machine(host, 1));
    }
    things.insert("data0".into(), disk(0, Source::Snapshot("snapshot".into())));
    let snapshot = Snapshot { disk: "root1".into(), form: Form::Tree };
    things.insert("snapshot".into(), Thing::Snapshot(snapshot));
    things
}

/// What the journal may hold after a crash, followed from outside.
#[derive(Default)]
struct Shadow {
    /// Each generation's base and everything appended to it, oldest first.
    generations: Vec<(usize, Vec<u8>)>,
    /// For each mark: the generation and its length at that moment.
    marks: BTreeMap<u64, (usize, usize)>,
    /// The generation that is durable, and how much of it.
    firm: (usize, usize),
}

impl Shadow {
    fn live(&mut self) -> (usize, &mut Vec<u8>) {
        if self.generations.is_empty() {
            self.generations.push((0, Vec::new()));
        }
        let index = self.generations.len() - 1;
        (index, &mut self.generations[index].1)
    }

    fn mark(&mut self, mark: u64) {
        let (index, bytes) = self.live();
        let length = bytes.len();
        self.marks.insert(mark, (index, length));
    }

    fn synced(&mut self, mark: u64) {
        self.firm = self.firm.max(self.marks[&mark]);
    }

    fn crashed(&mut self, left: Vec<u8>) {
        self.live();
        let (oldest, length) = self.firm;
        let legal = self.generations[oldest..].iter().enumerate().any(|(index, (base, bytes))| {
            let least = if index == 0 { length } else { *base };
            left.len() >= least && bytes.starts_with(&left)
        });
        assert!(legal, "{} bytes are left, {length} of {oldest} were durable", left.len());
        self.generations = vec![(left.len(), left.clone())];
        self.firm = (0, left.len());
        self.marks.clear();
    }
}

struct Chaos {
    sim: Sim,
    dice: Dice,
    all: BTreeMap<Id, Thing>,
    wanted: BTreeMap<Id, Thing>,
    faults: Vec<Fault>,
    shadow: Shadow,
    tickets: Vec<Ticket>,
    answered: usize,
    lost: usize,
    crashes: usize,
    kills: usize,
}

impl Chaos {
    fn new(seed: u64, settings: Settings) -> Chaos {
        Chaos {
            sim: Sim::new(seed, settings),
            dice: Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            all: all_things(),
            wanted: BTreeMap::new(),
            faults: Vec::new(),
            shadow: Shadow::default(),
            tickets: Vec::new(),
            answered: 0,
            lost: 0,
            crashes: 0,
            kills: 0,
        }
    }

    fn hear(&mut self, event: &Event) {
        match event {
            Event::Request(ticket, _) => {
                self.sim.answer(*ticket, Answer { status: 200, ..Answer::default() });
            }
            Event::Synced(mark) => self.shadow.synced(*mark),
            _ => {}
        }
    }

    fn step(&mut self) {
        let number = self.dice.below(self.all.len() as u64) as usize;
        let (id, thing) = self.all.iter().nth(number).map(|(i, t)| (i.clone(), t.clone())).unwrap();
        match self.dice.below(24) {
            0..=7 => {
                self.sim.ensure(&id, &thing);
                self.wanted.insert(id, thing);
            }
            8 | 9 => {
                self.sim.remove(&id);
                self.wanted.remove(&id);
            }
            10 => self.reboot(),
            11..=13 => self.journal(),
            14 => self.inject(),
            15 => {
                if let Some(fault) = self.faults.pop() {
                    self.sim.heal(&fault);
                }
            }
            16 => {
                let at = self.sim.now() + Span::micros(self.dice.below(50_000));
                let ticket = self.sim.request_at(at, Request::default());
                self.tickets.push(ticket);
            }
            17 => self.crash(),
            _ => {
                let until = self.sim.now() + Span::micros(self.dice.below(30_000));
                let event = self.sim.next(until);
                assert!(event != Event::Time || self.sim.now() >= until);
                self.hear(&event);
            }
        }
    }

    fn reboot(&mut self) {
        let host = self.dice.below(HOSTS);
        let id = Id::from(format!("machine{host}"));
        if let Some(Thing::Machine(machine)) = self.wanted.get_mut(&id) {
            machine.boot += 1;
            let thing = Thing::Machine(machine.clone());
            self.sim.ensure(&id, &thing);
            self.all.insert(id, thing);
        }
    }

    fn journal(&mut self) {
        let byte = self.dice.below(256) as u8;
        let length = self.dice.below(40) as usize;
        match self.dice.below(8) {
            0 => {
                let mark = self.sim.journal().replace(vec![byte; length]);
                self.shadow.live();
                self.shadow.generations.push((length, vec![byte; length]));
                self.shadow.mark(mark);
            }
            1..=3 => {
                let mark = self.sim.journal().sync();
                self.shadow.mark(mark);
            }
            _ => {
                self.sim.journal().append(&vec![byte; length]);
                self.shadow.live().1.extend(vec![byte; length]);
            }
        }
        assert_eq!(self.sim.journal().read().unwrap(), *self.shadow.live().1);
    }

    fn inject(&mut self) {
        let host = self.dice.below(HOSTS);
        let machine = Id::from(format!("machine{host}"));
        let fault = match self.dice.below(6) {
            0 | 1 => {
                self.kills += 1;
                Fault::Kill(machine)
            }
            2 => Fault::Freeze(machine),
            3 => Fault::Dark(zone(host)),
            4 => Fault::Cut(zone(0), zone(1)),
            _ => Fault::SlowDisk(Span::millis(20)),
        };
        self.sim.inject(fault.clone());
        if !matches!(fault, Fault::Kill(_)) {
            self.faults.push(fault);
        }
    }

    fn crash(&mut self) {
        self.crashes += 1;
        let before = self.sim.inventory();
        let power = self.dice.below(3) == 0;
        if power {
            self.sim.power_off();
        } else {
            self.sim.crash();
        }
        let after = self.sim.inventory();
        for found in &after {
            assert!(before.iter().any(|old| old.id == found.id), "{found:?} came from nowhere");
            assert!(!power || matches!(found.kind, Kind::Disk | Kind::Snapshot), "{found:?}");
        }
        let left = self.sim.journal().read().unwrap();
        self.shadow.crashed(left);
        self.lost += self.sim.lost().len();
        for (id, thing) in &self.wanted {
            self.sim.ensure(id, thing);
        }
        for found in after.iter().filter(|found| !self.wanted.contains_key(&found.id)) {
            self.sim.remove(&found.id);
        }
    }

    /// Takes everything that comes, until nothing comes.
    fn rest(&mut self) {
        let end = self.sim.now() + Span::seconds(60);
        loop {
            let event = self.sim.next(end);
            self.hear(&event);
            if event == Event::Time {
                break;
            }
        }
        assert_eq!(self.sim.due(), None, "something never comes to rest");
    }

    /// Faults end, the rest of what is needed is wanted, and everything must come to rest.
    fn heal(&mut self) {
        for fault in std::mem::take(&mut self.faults) {
            self.sim.heal(&fault);
        }
        let whole: Vec<Id> = self.all.keys().cloned().collect();
        for id in whole {
            let thing = self.all[&id].clone();
            self.sim.ensure(&id, &thing);
            self.wanted.insert(id, thing);
        }
        self.rest();
        let mut killed = 0;
        for found in self.sim.inventory() {
            if found.health == Health::Off(false) {
                killed += 1;
                // One that was killed only comes back when it is asked to.
                let Some(Thing::Machine(machine)) = self.all.get_mut(&found.id) else {
                    panic!("{found:?} is no machine")
                };
                machine.boot += 1;
                let thing = Thing::Machine(machine.clone());
                self.sim.ensure(&found.id, &thing);
                self.wanted.insert(found.id, thing);
            }
        }
        assert!(killed <= self.kills, "{killed} of {} kills", self.kills);
        self.kills = 0;
        self.rest();
        let found: BTreeMap<Id, Health> =
            self.sim.inventory().into_iter().map(|found| (found.id, found.health)).collect();
        let ready = self.wanted.keys().map(|id| (id.clone(), Health::Ready)).collect();
        assert_eq!(found, ready);
        assert_eq!(self.sim.scene().things, self.wanted, "each is as it was last ordered");
        self.answered += self.sim.answers().len();
        self.lost += self.sim.lost().len();
        assert_eq!(self.answered + self.lost, self.tickets.len(), "each client hears the end");
    }
}

fn run(seed: u64, settings: Settings) -> (u128, usize) {
    let mut chaos = Chaos::new(seed, settings);
    for _ in 0..3 {
        for _ in 0..300 {
            chaos.step();
        }
        chaos.heal();
    }
    (chaos.sim.trace().digest(), chaos.crashes)
}

#[test]
fn every_seed_comes_to_rest_and_repeats() {
    let mut crashes = 0;
    let mut digests = std::collections::BTreeSet::new();
    for seed in 0..100 {
        let (digest, crashed) = run(seed, Settings::default());
        assert_eq!(run(seed, Settings::default()).0, digest, "seed {seed} does not repeat");
        crashes += crashed;
        digests.insert(digest);
    }
    assert_eq!(digests.len(), 100, "two seeds did the same");
    assert!(crashes > 1_000, "{crashes}");
}

#[test]
fn every_seed_comes_to_rest_without_delays() {
    for seed in 1_000..1_050 {
        run(seed, Settings::instant());
    }
}

/// The text changes nothing but itself.
#[test]
fn the_text_does_not_disturb() {
    let with = run(5, Settings { text: true, ..Settings::default() });
    assert_eq!(with, run(5, Settings::default()));
}

#[test]
fn clients_hear_answers_hang_up_and_lose_connections() {
    let mut sim = Sim::new(1, Settings::instant());
    let request = |target: &str| Request { target: target.into(), ..Request::default() };
    let (now, later) = (sim.now(), sim.now() + Span::seconds(1));
    let first = sim.request(request("/first"));
    let second = sim.request(request("/second"));
    let third = sim.request_at(later, request("/third"));
    assert_eq!(sim.next(now), Event::Request(first, request("/first")));
    assert_eq!(sim.next(now), Event::Request(second, request("/second")));
    assert_eq!(sim.next(now), Event::Time);
    sim.answer(first, Answer { status: 201, ..Answer::default() });
    assert_eq!(sim.take_answer(first).map(|answer| answer.status), Some(201));
    assert_eq!(sim.take_answer(first), None, "once");
    sim.hang_up(second);
    sim.hang_up(first);
    assert_eq!(sim.next(now), Event::Hangup(second));
    assert_eq!(sim.next(now), Event::Time, "who was answered cannot hang up");
    sim.answer(second, Answer::default());
    assert_eq!(sim.answers(), [], "nobody is there to take it");
    let fourth = sim.request(request("/fourth"));
    sim.crash();
    assert_eq!(sim.lost(), [fourth]);
    assert_eq!(sim.next(Time::NEVER), Event::Request(third, request("/third")));
    assert_eq!(sim.now(), later);
    sim.stop();
    assert_eq!(sim.next(Time::PAST), Event::Stop);
    assert_eq!(sim.next(Time::NEVER), Event::Time, "without an end the clock stands");
    assert_eq!(sim.now(), later);
}

/// Things that cannot be made say why, and are made once they can.
#[test]
fn what_is_spoiled_fails() {
    let mut sim = Sim::new(1, Settings::instant());
    let all = all_things();
    let news = |sim: &mut Sim| {
        let now = sim.now();
        match sim.next(now) {
            Event::News(id, health) => Some((id.to_string(), health)),
            _ => None,
        }
    };
    sim.spoil(&"router".into(), "no memory");
    sim.ensure(&"router".into(), &all[&"router".into()]);
    sim.ensure(&"group".into(), &all[&"group".into()]);
    assert_eq!(news(&mut sim), Some(("router".into(), Health::Failed("no memory".into()))));
    assert_eq!(news(&mut sim), None);
    assert_eq!(sim.inventory(), [], "neither exists");
    sim.unspoil(&"router".into());
    assert_eq!(news(&mut sim), Some(("router".into(), Health::Ready)));
    assert_eq!(news(&mut sim), Some(("group".into(), Health::Ready)));
    let known = ["host".to_owned()].into();
    let mut sim = Sim::new(1, Settings { images: Some(known), ..Settings::instant() });
    sim.ensure(&"disk".into(), &disk(0, Source::Image("other".into())));
    assert!(matches!(news(&mut sim), Some((_, Health::Failed(why))) if why.contains("other")));
    sim.ensure(&"good".into(), &disk(0, Source::Image("host".into())));
    assert_eq!(news(&mut sim), Some(("good".into(), Health::Ready)));
    let mut smaller = disk(0, Source::Image("host".into()));
    let Thing::Disk(shape) = &mut smaller else { unreachable!() };
    shape.size = 1;
    sim.ensure(&"good".into(), &smaller);
    assert!(matches!(news(&mut sim), Some((_, Health::Failed(why))) if why.contains("shrinks")));
}

/// A guest that switches itself off says so, and rests.
#[test]
fn a_guest_switches_itself_off() {
    let mut sim = Sim::new(1, Settings::instant());
    for (id, thing) in all_things() {
        sim.ensure(&id, &thing);
    }
    let now = sim.now();
    while sim.next(now) != Event::Time {}
    let id = Id::from("machine1");
    assert!(!sim.console(&id).is_empty());
    sim.switch_off(&id);
    assert_eq!(sim.next(now), Event::News(id.clone(), Health::Off(true)));
    sim.ensure(&id, &machine(1, 1));
    assert_eq!(sim.next(now), Event::Time);
    sim.ensure(&id, &machine(1, 2));
    assert_eq!(sim.next(now), Event::News(id.clone(), Health::Coming));
    assert_eq!(sim.next(now), Event::News(id, Health::Ready));
}

fn settled(settings: Settings) -> Sim {
    let mut sim = Sim::new(1, settings);
    for (id, thing) in all_things() {
        sim.ensure(&id, &thing);
    }
    news(&mut sim);
    sim
}

/// All news of one minute.
fn news(sim: &mut Sim) -> Vec<(String, Health)> {
    let end = sim.now() + Span::seconds(60);
    let mut news = Vec::new();
    loop {
        match sim.next(end) {
            Event::News(id, health) => news.push((id.to_string(), health)),
            Event::Time => return news,
            _ => {}
        }
    }
}

/// What stands on a thing waits for it again.
#[test]
fn without_its_router_a_network_waits() {
    let mut sim = settled(Settings::instant());
    sim.remove(&"router".into());
    let heard = news(&mut sim);
    for id in ["group", "segment0", "segment1", "port0", "port5"] {
        assert!(heard.contains(&(id.to_owned(), Health::Coming)), "{id}: {heard:?}");
    }
    assert!(!heard.iter().any(|(id, _)| id.starts_with("machine")), "machines run on");
    sim.ensure(&"router".into(), &all_things()[&"router".into()]);
    let heard = news(&mut sim);
    for id in ["router", "group", "segment0", "segment1", "port0", "port5"] {
        assert!(heard.contains(&(id.to_owned(), Health::Ready)), "{id}: {heard:?}");
    }
}

/// A new control plane hears of each thing once, when it first orders it.
#[test]
fn a_new_life_is_told_once() {
    let mut sim = settled(Settings::default());
    sim.crash();
    assert_eq!(news(&mut sim), []);
    for round in 0..2 {
        for (id, thing) in all_things() {
            sim.ensure(&id, &thing);
        }
        let heard = news(&mut sim);
        assert!(heard.iter().all(|(_, health)| *health == Health::Ready), "{heard:?}");
        assert_eq!(heard.len(), if round == 0 { all_things().len() } else { 0 });
    }
}

/// What is written while the snapshot is still being made is not in it.
#[test]
fn a_snapshot_holds_the_moment_of_its_order() {
    let mut sim = settled(Settings::default());
    let machine = Id::from("machine2");
    assert!(sim.write_file(&machine, "/early", b"1"));
    let snapshot = Snapshot { disk: "root2".into(), form: Form::Tree };
    sim.ensure(&"late".into(), &Thing::Snapshot(snapshot));
    assert!(sim.write_file(&machine, "/late", b"2"));
    let disk = sim.content(&"root2".into()).unwrap().number();
    news(&mut sim);
    let content = sim.content(&"late".into()).unwrap();
    assert!(content.files.contains_key("/early") && !content.files.contains_key("/late"));
    assert_ne!(content.number(), disk);
}

/// A day in which nothing runs the region still passes for its machines.
#[test]
fn zones_go_on_without_a_control_plane() {
    let mut sim = settled(Settings::default());
    let dark = Fault::Dark(zone(0));
    sim.inject(dark.clone());
    sim.heal(&dark);
    sim.crash();
    sim.pass(Span::seconds(60));
    let found = sim.inventory();
    assert_eq!(found.len(), all_things().len());
    assert!(found.iter().all(|found| found.health == Health::Ready), "{found:?}");
}

/// A machine that is killed on its way up has spent that boot.
#[test]
fn killed_while_booting() {
    let boot = sim::Delay { least: Span::seconds(5), most: Span::seconds(5) };
    let mut sim = Sim::new(1, Settings { boot, ..Settings::instant() });
    for (id, thing) in all_things() {
        sim.ensure(&id, &thing);
    }
    let soon = sim.now() + Span::seconds(1);
    while sim.next(soon) != Event::Time {}
    sim.inject(Fault::Kill("machine1".into()));
    let heard = news(&mut sim);
    let mine = heard.iter().filter(|(id, _)| id == "machine1").map(|(_, health)| health);
    assert_eq!(mine.collect::<Vec<_>>(), [&Health::Off(false)]);
    sim.ensure(&"machine1".into(), &machine(1, 1));
    assert_eq!(news(&mut sim), []);
    sim.ensure(&"machine1".into(), &machine(1, 2));
    assert_eq!(news(&mut sim).last(), Some(&("machine1".into(), Health::Ready)));
}

/// What was frozen is gone with the machine; another of that name is not frozen.
#[test]
fn a_new_machine_is_not_frozen() {
    let mut sim = settled(Settings::instant());
    let id = Id::from("machine1");
    sim.inject(Fault::Freeze(id.clone()));
    assert!(sim.scene().down.contains(&id));
    sim.remove(&id);
    sim.ensure(&id, &machine(1, 1));
    news(&mut sim);
    assert!(!sim.scene().down.contains(&id));
}
