//! The reference model of where packets go: facts by hand, then laws over random topologies.

#![expect(clippy::unwrap_used, reason = "the texts are written here")]

use sim::reach::{Flow, From, Packet, Reach, Scene, arrives, continues, reach};
use std::net::Ipv4Addr;
use world::{
    Address, Filter, Form, Group, Health, Icmp, Id, Ipv4Net, Ladder, Machine, Pass, Peer, Plug,
    Port, Program, Route, Router, Rung, Segment, Size, Thing, Traffic, Via, Way, Zone,
};

const HOST: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
const WEB: Flow = Flow::Tcp(40_000, 80);

fn ip(text: &str) -> Ipv4Addr {
    text.parse().unwrap()
}

fn net(text: &str) -> Ipv4Net {
    text.parse().unwrap()
}

fn tcp(first: u16, last: u16) -> Traffic {
    Traffic { protocol: Some(6), ports: Some((first, last)), icmp: None }
}

fn pass(way: Way, traffic: Traffic, peer: &str) -> Pass {
    Pass { way, traffic, peer: Peer::Net(net(peer)) }
}

fn rung(way: Way, traffic: Traffic, peer: &str, pass: bool) -> Rung {
    Rung { way, traffic, peer: net(peer), pass }
}

fn open() -> Vec<Pass> {
    vec![pass(Way::In, Traffic::ALL, "0.0.0.0/0"), pass(Way::Out, Traffic::ALL, "0.0.0.0/0")]
}

fn machine(zone: &str, port: &str) -> Thing {
    let guest = world::Guest {
        hostname: String::new(),
        first_boot: None,
        keys: Vec::new(),
        card: world::Card::default(),
    };
    Thing::Machine(Machine {
        zone: zone.into(),
        size: Size { millicpus: 1, memory: 1, pids: 1 },
        root: Some("disk".into()),
        disks: Vec::new(),
        ports: vec![port.into()],
        program: Program::Guest(guest),
        boot: 1,
    })
}

/// Builds scenes in few words; machine `x` is on port `p-x`.
struct Sketch(Scene);

impl Sketch {
    /// Router `r` 10.0.0.0/16 with the internet; segments `a` 10.0.1.0/24 in zone za and `b`
    /// 10.0.2.0/24 in zone zb, both with a default route; group `all` passes everything.
    /// Machines: a1 10.0.1.10 (public 203.0.113.1), a2 10.0.1.11, b1 10.0.2.10 (203.0.113.2).
    fn town() -> Sketch {
        let mut town = Sketch(Scene::default());
        town.0.hosts.insert(HOST);
        town.router("r", "10.0.0.0/16");
        town.segment("a", "r", "za", "10.0.1.0/24");
        town.segment("b", "r", "zb", "10.0.2.0/24");
        town.group("all", "r", open());
        town.host("a1", "a", "10.0.1.10", Some("203.0.113.1"));
        town.host("a2", "a", "10.0.1.11", None);
        town.host("b1", "b", "10.0.2.10", Some("203.0.113.2"));
        town
    }

    fn put(&mut self, id: &str, thing: Thing) {
        self.0.things.insert(id.into(), thing);
    }

    fn router(&mut self, id: &str, block: &str) {
        self.put(id, Thing::Router(Router { blocks: vec![net(block)], internet: true }));
    }

    fn segment(&mut self, id: &str, router: &str, zone: &str, block: &str) {
        let routes = vec![Route { to: net("0.0.0.0/0"), via: Via::Internet }];
        let (router, zone, block) = (router.into(), zone.into(), net(block));
        self.put(id, Thing::Segment(Segment { router, zone, block, routes, ladder: None }));
    }

    fn group(&mut self, id: &str, router: &str, passes: Vec<Pass>) {
        let group = Group { router: router.into(), passes };
        self.put(id, Thing::Filter(Filter::Group(group)));
    }

    fn ladder(&mut self, id: &str, segment: &str, rungs: Vec<Rung>) {
        let ladder = Ladder { router: "r".into(), rungs };
        self.put(id, Thing::Filter(Filter::Ladder(ladder)));
        self.on_segment(segment).ladder = Some(id.into());
    }

    fn host(&mut self, id: &str, segment: &str, private: &str, public: Option<&str>) {
        let port = format!("p-{id}");
        let zone = self.on_segment(segment).zone.clone();
        let router = self.on_segment(segment).router.clone();
        let group = if router.as_str() == "r" { "all" } else { "other" };
        self.put(id, machine(zone.as_str(), &port));
        self.put(
            &port,
            Thing::Port(Port {
                segment: segment.into(),
                mac: [2; 6],
                addresses: vec![Address { private: ip(private), public: public.map(ip) }],
                groups: vec![group.into()],
                guarded: true,
                plug: Some(Plug { machine: id.into(), index: 0 }),
                uncounted: false,
            }),
        );
    }

    fn on_segment(&mut self, id: &str) -> &mut Segment {
        match self.0.things.get_mut(&Id::from(id)) {
            Some(Thing::Segment(segment)) => segment,
            other => panic!("{id} is {other:?}"),
        }
    }

    fn on_port(&mut self, machine: &str) -> &mut Port {
        match self.0.things.get_mut(&Id::from(format!("p-{machine}"))) {
            Some(Thing::Port(port)) => port,
            other => panic!("{machine} has {other:?}"),
        }
    }

    /// `net` is the internet.
    #[track_caller]
    fn expect(&self, from: &str, to: &str, flow: Flow, expected: &str) {
        let from = match from {
            "net" => From::Internet(HOST),
            machine => From::Machine(machine.into()),
        };
        let found = match reach(&self.0, &Packet { from, to: ip(to), flow }) {
            Reach::Arrives(id) => id.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(found, expected);
    }
}

#[test]
fn inside_one_router() {
    let mut town = Sketch::town();
    town.expect("a1", "10.0.1.11", WEB, "a2");
    town.expect("a1", "10.0.2.10", Flow::PING, "b1");
    town.expect("a1", "10.0.1.10", WEB, "a1");
    town.expect("a1", "127.0.0.1", WEB, "a1");
    town.expect("a1", "10.0.1.99", WEB, "NoRoute");
    town.0.down.insert("b1".into());
    town.expect("a1", "10.0.2.10", WEB, "Dropped");
    town.expect("b1", "10.0.1.10", WEB, "Dropped");
    town.0.down.clear();
    town.on_port("b1").plug = None;
    town.expect("a1", "10.0.2.10", WEB, "Dropped");
    town.expect("b1", "10.0.1.10", WEB, "NoRoute");
}

#[test]
fn two_routers_share_nothing() {
    let mut town = Sketch::town();
    town.router("r2", "10.0.0.0/16");
    town.segment("c", "r2", "za", "10.0.1.0/24");
    town.group("other", "r2", open());
    town.host("c1", "c", "10.0.1.11", Some("203.0.113.3"));
    town.host("c2", "c", "10.0.1.12", None);
    town.expect("a1", "10.0.1.11", WEB, "a2");
    town.expect("c2", "10.0.1.11", WEB, "c1");
    town.expect("a1", "10.0.1.12", WEB, "NoRoute");
    town.expect("a1", "203.0.113.3", WEB, "c1");
    town.expect("c1", "203.0.113.1", WEB, "a1");
    town.expect("c2", "203.0.113.1", WEB, "Dropped");
    // A group serves one router only, by whatever name.
    town.on_port("a2").groups = vec!["other".into()];
    town.expect("a1", "10.0.1.11", WEB, "Dropped");
}

#[test]
fn the_internet() {
    let mut town = Sketch::town();
    town.expect("net", "203.0.113.1", WEB, "a1");
    town.expect("net", "203.0.113.9", WEB, "NoRoute");
    town.expect("net", "10.0.1.10", WEB, "NoRoute");
    town.expect("a1", "192.0.2.1", WEB, "Outside");
    town.expect("a2", "192.0.2.1", WEB, "Dropped");
    town.expect("a1", "198.51.100.1", WEB, "NoRoute");
    // Hairpin: out by one public address, in by the other, also by one's own.
    town.expect("a1", "203.0.113.2", WEB, "b1");
    town.expect("a1", "203.0.113.1", WEB, "a1");
    // The answer needs a route too.
    town.on_segment("a").routes.clear();
    town.expect("net", "203.0.113.1", WEB, "Dropped");
    town.expect("a1", "192.0.2.1", WEB, "NoRoute");
    town.expect("b1", "203.0.113.1", WEB, "Dropped");
    let scene = &town.0;
    let packet = Packet { from: From::Internet(HOST), to: ip("203.0.113.1"), flow: WEB };
    assert_eq!(arrives(scene, &packet), Reach::Arrives("a1".into()));
    if let Some(Thing::Router(router)) = town.0.things.get_mut(&Id::from("r")) {
        router.internet = false;
    }
    town.expect("net", "203.0.113.2", WEB, "NoRoute");
    town.expect("b1", "192.0.2.1", WEB, "NoRoute");
}

#[test]
fn the_longest_prefix_and_the_local_block() {
    let mut town = Sketch::town();
    let nowhere = |to: &str| Route { to: net(to), via: Via::Nowhere };
    town.on_segment("a").routes.push(nowhere("192.0.2.0/24"));
    town.expect("a1", "192.0.2.1", WEB, "Dropped");
    let internet = Route { to: net("192.0.2.1/32"), via: Via::Internet };
    town.on_segment("a").routes.push(internet);
    town.expect("a1", "192.0.2.1", WEB, "Outside");
    // The first of equal ones.
    town.on_segment("a").routes.push(nowhere("192.0.2.1/32"));
    town.expect("a1", "192.0.2.1", WEB, "Outside");
    town.on_segment("a").routes.push(nowhere("10.0.2.0/24"));
    town.expect("a1", "10.0.2.10", WEB, "b1");
}

#[test]
fn a_port_that_forwards() {
    let mut town = Sketch::town();
    let through = |id: &str| Route { to: net("192.0.2.0/24"), via: Via::Port(id.into()) };
    town.on_segment("a").routes = vec![through("p-b1")];
    let packet = Packet { from: From::Machine("a1".into()), to: HOST, flow: WEB };
    assert_eq!(arrives(&town.0, &packet), Reach::Dropped, "a guard takes only its own");
    town.on_port("b1").guarded = false;
    assert_eq!(arrives(&town.0, &packet), Reach::Arrives("b1".into()));
    town.on_segment("a").routes = vec![through("p-none")];
    town.expect("a1", "192.0.2.1", WEB, "NoRoute");
}

#[test]
fn guards_drop_forged_sources() {
    let mut town = Sketch::town();
    let forged = |town: &Sketch, source: &str| {
        let from = From::Port("p-a1".into(), ip(source));
        arrives(&town.0, &Packet { from, to: ip("10.0.1.11"), flow: WEB })
    };
    assert_eq!(forged(&town, "10.0.1.10"), Reach::Arrives("a2".into()));
    assert_eq!(forged(&town, "10.0.1.12"), Reach::Dropped);
    town.on_port("a1").guarded = false;
    assert_eq!(forged(&town, "10.0.1.12"), Reach::Arrives("a2".into()));
    let from = From::Port("p-a1".into(), ip("10.0.1.12"));
    let packet = Packet { from, to: ip("10.0.1.11"), flow: WEB };
    assert_ne!(reach(&town.0, &packet), Reach::Arrives("a2".into()), "no answer finds it");
}

#[test]
fn groups_both_ways() {
    let mut town = Sketch::town();
    town.on_port("b1").groups = vec!["g".into()];
    town.expect("a1", "10.0.2.10", WEB, "Dropped");
    town.group("g", "r", vec![pass(Way::In, tcp(80, 81), "10.0.1.10/32")]);
    town.expect("a1", "10.0.2.10", WEB, "b1");
    town.expect("a1", "10.0.2.10", Flow::Tcp(80, 82), "Dropped");
    town.expect("a1", "10.0.2.10", Flow::Udp(80, 80), "Dropped");
    town.expect("a1", "10.0.2.10", Flow::PING, "Dropped");
    town.expect("a2", "10.0.2.10", WEB, "Dropped");
    town.expect("b1", "10.0.1.10", WEB, "Dropped");
    // Any rule of any group.
    town.on_port("b1").groups.push("all".into());
    town.expect("b1", "10.0.1.10", WEB, "a1");
    // By name: private addresses of members on the same router, never public ones.
    let named = Pass { way: Way::In, traffic: Traffic::ALL, peer: Peer::Group("all".into()) };
    town.group("g", "r", vec![named]);
    town.on_port("b1").groups = vec!["g".into()];
    town.on_port("a2").groups = vec!["g".into()];
    town.expect("a1", "10.0.2.10", WEB, "b1");
    town.expect("a1", "203.0.113.2", WEB, "Dropped");
    town.expect("a2", "10.0.2.10", WEB, "Dropped");
    let unreachable =
        Traffic { protocol: Some(1), ports: None, icmp: Some(Icmp { kind: 3, code: Some(4) }) };
    town.group("g", "r", vec![pass(Way::In, unreachable, "0.0.0.0/0")]);
    town.expect("a1", "10.0.2.10", Flow::Icmp(3, 4), "b1");
    town.expect("a1", "10.0.2.10", Flow::Icmp(3, 3), "Dropped");
}

#[test]
fn ladders_there_and_back() {
    let mut town = Sketch::town();
    let web_in = rung(Way::In, tcp(80, 80), "0.0.0.0/0", true);
    town.ladder("l", "b", vec![web_in.clone()]);
    town.expect("a1", "10.0.2.10", WEB, "Dropped");
    let back = rung(Way::Out, tcp(32_768, 60_999), "10.0.1.0/24", true);
    town.ladder("l", "b", vec![web_in.clone(), back]);
    town.expect("a1", "10.0.2.10", WEB, "b1");
    town.expect("a1", "10.0.2.10", Flow::Tcp(1_024, 80), "Dropped");
    town.expect("net", "203.0.113.2", WEB, "Dropped");
    // The first that matches decides.
    let deny = rung(Way::In, Traffic::ALL, "10.0.1.10/32", false);
    let all = [Way::In, Way::Out].map(|way| rung(way, Traffic::ALL, "0.0.0.0/0", true));
    town.ladder("l", "b", [vec![deny], all.to_vec()].concat());
    town.expect("a1", "10.0.2.10", WEB, "Dropped");
    town.expect("a2", "10.0.2.10", WEB, "b1");
    town.expect("a1", "203.0.113.2", WEB, "b1");
    // The sender's side, and its answers.
    town.ladder("m", "a", vec![rung(Way::Out, Traffic::ALL, "0.0.0.0/0", true)]);
    town.expect("a2", "10.0.2.10", WEB, "Dropped");
    town.expect("a1", "10.0.1.11", WEB, "a2");
    // Named and missing: nothing passes.
    town.on_segment("a").ladder = Some("none".into());
    town.expect("b1", "10.0.1.11", WEB, "Dropped");
}

/// Outside and in again is not inside one segment, even when it is.
#[test]
fn a_hairpin_passes_ladders() {
    let mut town = Sketch::town();
    town.on_port("a2").addresses[0].public = Some(ip("203.0.113.4"));
    let not_me = rung(Way::In, Traffic::ALL, "203.0.113.1/32", false);
    let all = [Way::In, Way::Out].map(|way| rung(way, Traffic::ALL, "0.0.0.0/0", true));
    town.ladder("l", "a", [vec![not_me], all.to_vec()].concat());
    town.expect("a1", "10.0.1.11", WEB, "a2");
    town.expect("a1", "203.0.113.4", WEB, "Dropped");
    town.expect("net", "203.0.113.4", WEB, "a2");
}

/// An echo comes back as an echo reply.
#[test]
fn ladders_see_the_type_of_an_answer() {
    let mut town = Sketch::town();
    let icmp = |kind| {
        let icmp = Some(Icmp { kind, code: None });
        Traffic { protocol: Some(1), ports: None, icmp }
    };
    let inward = rung(Way::In, icmp(8), "0.0.0.0/0", true);
    town.ladder("l", "b", vec![inward.clone(), rung(Way::Out, icmp(8), "0.0.0.0/0", true)]);
    town.expect("a1", "10.0.2.10", Flow::PING, "Dropped");
    town.ladder("l", "b", vec![inward, rung(Way::Out, icmp(0), "0.0.0.0/0", true)]);
    town.expect("a1", "10.0.2.10", Flow::PING, "b1");
}

/// Neither members nor ladders of another router count, whatever addresses they have.
#[test]
fn filters_serve_one_router() {
    let mut town = Sketch::town();
    town.router("r2", "10.0.0.0/16");
    town.segment("c", "r2", "za", "10.0.1.0/24");
    town.group("other", "r2", open());
    town.host("c1", "c", "10.0.1.10", None);
    let friends = Pass { way: Way::In, traffic: Traffic::ALL, peer: Peer::Group("other".into()) };
    town.group("g", "r", vec![friends]);
    town.on_port("b1").groups = vec!["g".into()];
    town.expect("a1", "10.0.2.10", WEB, "Dropped");
    town.expect("a2", "10.0.1.10", WEB, "a1");
    let all = [Way::In, Way::Out].map(|way| rung(way, Traffic::ALL, "0.0.0.0/0", true));
    let ladder = Ladder { router: "r2".into(), rungs: all.to_vec() };
    town.put("l", Thing::Filter(Filter::Ladder(ladder)));
    town.on_port("b1").groups = vec!["all".into()];
    town.expect("a1", "10.0.2.10", WEB, "b1");
    town.on_segment("b").ladder = Some("l".into());
    town.expect("a1", "10.0.2.10", WEB, "Dropped");
}

/// A revoked rule stops new conversations, a ladder stops all.
#[test]
fn old_conversations_go_on() {
    let mut town = Sketch::town();
    let packet = Packet { from: From::Machine("a1".into()), to: ip("10.0.2.10"), flow: WEB };
    town.group("all", "r", Vec::new());
    assert_eq!(reach(&town.0, &packet), Reach::Dropped);
    assert_eq!(continues(&town.0, &packet), Reach::Arrives("b1".into()));
    town.ladder("l", "b", vec![rung(Way::In, Traffic::ALL, "0.0.0.0/0", true)]);
    assert_eq!(continues(&town.0, &packet), Reach::Dropped);
}

#[test]
fn zones_dark_and_cut() {
    let mut town = Sketch::town();
    town.0.cuts.insert(("zb".into(), "za".into()));
    town.expect("a1", "10.0.2.10", WEB, "Dropped");
    town.expect("b1", "10.0.1.10", WEB, "Dropped");
    town.expect("a1", "10.0.1.11", WEB, "a2");
    town.expect("net", "203.0.113.2", WEB, "b1");
    town.0.cuts.clear();
    town.0.dark.insert("zb".into());
    town.expect("a1", "10.0.2.10", WEB, "Dropped");
    town.expect("net", "203.0.113.2", WEB, "Dropped");
    town.expect("b1", "192.0.2.1", WEB, "Dropped");
    town.expect("net", "203.0.113.1", WEB, "a1");
}

// === laws over random topologies ===

struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.roll() >> 11) % end
    }

    fn one_in(&mut self, end: u64) -> bool {
        self.below(end) == 0
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }

    fn traffic(&mut self) -> Traffic {
        let first = self.below(100) as u16;
        match self.below(6) {
            0 | 1 => Traffic::ALL,
            2 => tcp(first, first + 60),
            3 => Traffic { protocol: Some(17), ports: None, icmp: None },
            4 => {
                Traffic { protocol: Some(1), ports: None, icmp: Some(Icmp { kind: 8, code: None }) }
            }
            _ => tcp(1_024, 65_535),
        }
    }

    fn block(&mut self) -> Ipv4Net {
        let narrow = format!("10.0.{}.{}/32", self.below(3), 10 + self.below(5));
        net(self.pick::<&str>(&[
            "0.0.0.0/0",
            "0.0.0.0/0",
            "10.0.0.0/16",
            "10.0.1.0/24",
            narrow.as_str(),
        ]))
    }

    fn way(&mut self) -> Way {
        if self.one_in(2) { Way::In } else { Way::Out }
    }

    fn zone(&mut self) -> Zone {
        Zone::from(self.pick::<&str>(&["za", "zb", "zc"]))
    }

    /// One of `count` things of a kind, mostly of the first ones, so that things meet; now and
    /// then one that does not exist.
    fn any(&mut self, kind: &str, count: u64) -> Id {
        let dangling = u64::from(self.one_in(20));
        let span = if self.one_in(2) { count } else { count.div_ceil(3) };
        Id::from(format!("{kind}{}", self.below(span + dangling)))
    }

    /// Up to three routers with overlapping blocks; some references lead nowhere, or to things of
    /// another kind or router.
    fn scene(&mut self) -> Scene {
        let mut things: Vec<(Id, Thing)> = Vec::new();
        for number in 0..3 {
            let router = Router { blocks: vec![net("10.0.0.0/16")], internet: !self.one_in(4) };
            things.push((format!("r{number}").into(), Thing::Router(router)));
        }
        for number in 0..6 {
            let passes = (0..self.below(10)).map(|_| {
                let peer = match self.one_in(3) {
                    true => Peer::Group(self.any("g", 6)),
                    false => Peer::Net(self.block()),
                };
                Pass { way: self.way(), traffic: self.traffic(), peer }
            });
            let mut passes: Vec<Pass> = passes.collect();
            if self.one_in(3) {
                passes.extend(open());
            }
            let group = Group { router: self.any("r", 3), passes };
            things.push((format!("g{number}").into(), Thing::Filter(Filter::Group(group))));
        }
        for number in 0..2 {
            let rungs = (0..self.below(6)).map(|_| {
                let (way, traffic, peer) = (self.way(), self.traffic(), self.block());
                Rung { way, traffic, peer, pass: !self.one_in(3) }
            });
            let rungs = rungs.collect();
            let ladder = Ladder { router: self.any("r", 3), rungs };
            things.push((format!("l{number}").into(), Thing::Filter(Filter::Ladder(ladder))));
        }
        self.segments(&mut things);
        self.hosts(&mut things);
        let mut scene = Scene::new(things);
        scene.hosts.insert(HOST);
        if self.one_in(3) {
            scene.cuts.insert((self.zone(), self.zone()));
        }
        if self.one_in(4) {
            scene.dark.insert(self.zone());
        }
        scene
    }

    fn segments(&mut self, things: &mut Vec<(Id, Thing)>) {
        for number in 0..5_u64 {
            let routes = (0..self.below(3)).map(|_| {
                let via = match self.below(5) {
                    0 => Via::Nowhere,
                    1 => Via::Port(self.any("p", 8)),
                    _ => Via::Internet,
                };
                let to = *self.pick(&[net("0.0.0.0/0"), net("203.0.113.0/24"), net("10.0.1.0/24")]);
                Route { to, via }
            });
            let mut routes: Vec<Route> = routes.collect();
            if self.one_in(2) {
                routes.push(Route { to: net("0.0.0.0/0"), via: Via::Internet });
            }
            let segment = Segment {
                router: self.any("r", 3),
                zone: self.zone(),
                block: net(&format!("10.0.{}.0/24", number % 3)),
                routes,
                ladder: self.one_in(4).then(|| self.any("l", 2)),
            };
            things.push((format!("s{number}").into(), Thing::Segment(segment)));
        }
    }

    fn hosts(&mut self, things: &mut Vec<(Id, Thing)>) {
        for number in 0..8_u64 {
            let private = ip(&format!("10.0.{}.{}", self.below(3), 10 + self.below(5)));
            let public = self.one_in(2).then(|| ip(&format!("203.0.113.{number}")));
            let port = Port {
                segment: self.any("s", 5),
                mac: [2; 6],
                addresses: vec![Address { private, public }; self.below(8).min(1) as usize],
                groups: (0..self.below(5)).map(|_| self.any("g", 6)).collect(),
                guarded: !self.one_in(4),
                plug: (!self.one_in(8))
                    .then(|| Plug { machine: format!("m{number}").into(), index: 0 }),
                uncounted: false,
            };
            things.push((format!("p{number}").into(), Thing::Port(port)));
            let zone = self.zone();
            things.push((format!("m{number}").into(), machine(zone.as_str(), "p")));
        }
    }

    /// Mostly to an address that somebody has.
    fn packet(&mut self, scene: &Scene) -> Packet {
        let mut packet = self.any_packet();
        let taken: Vec<Address> = scene
            .things
            .values()
            .filter_map(|thing| match thing {
                Thing::Port(port) => port.addresses.first().copied(),
                _ => None,
            })
            .collect();
        if packet.to != HOST && !taken.is_empty() && !self.one_in(3) {
            let address = *self.pick(&taken);
            packet.to = address.public.filter(|_| self.one_in(2)).unwrap_or(address.private);
        }
        packet
    }

    fn any_packet(&mut self) -> Packet {
        let from = match self.below(8) {
            0 | 1 => From::Internet(HOST),
            2 => From::Port(format!("p{}", self.below(9)).into(), ip("10.0.1.10")),
            _ => From::Machine(format!("m{}", self.below(9)).into()),
        };
        let to = match self.below(8) {
            0 | 1 => HOST,
            2 | 3 => ip(&format!("203.0.113.{}", self.below(9))),
            _ => ip(&format!("10.0.{}.{}", self.below(3), 10 + self.below(5))),
        };
        let port = self.below(120) as u16;
        let flow = match self.below(5) {
            0 => Flow::PING,
            1 => Flow::Udp(50_000, port),
            2 => Flow::Other(47),
            _ => Flow::Tcp(*self.pick(&[1_000, 40_000]), port),
        };
        Packet { from, to, flow }
    }
}

/// A thousand scenes with forty packets each.
fn each(seed: u64, mut law: impl FnMut(&Scene, &Packet, &Reach)) {
    let mut dice = Dice(seed | 1);
    for _ in 0..1_000 {
        let scene = dice.scene();
        for _ in 0..40 {
            let packet = dice.packet(&scene);
            let found = reach(&scene, &packet);
            law(&scene, &packet, &found);
        }
    }
}

fn edit(scene: &Scene, mut edit: impl FnMut(&mut Thing)) -> Scene {
    let mut scene = scene.clone();
    scene.things.values_mut().for_each(&mut edit);
    scene
}

fn got_through(found: &Reach) -> bool {
    matches!(found, Reach::Arrives(_) | Reach::Outside)
}

fn to_itself(packet: &Packet, found: &Reach) -> bool {
    matches!((&packet.from, found), (From::Machine(from), Reach::Arrives(to)) if from == to)
}

/// Nothing panics, and every outcome is seen often enough for the other laws to mean something.
#[test]
fn every_outcome_happens() {
    let mut seen = [0; 4];
    each(0xa11, |_, packet, found| {
        let index = match found {
            Reach::Arrives(_) if to_itself(packet, found) => return,
            Reach::Arrives(_) => 0,
            Reach::Outside => 1,
            Reach::Dropped => 2,
            Reach::NoRoute => 3,
        };
        seen[index] += 1;
    });
    assert!(seen.iter().all(|count| *count > 100), "{seen:?}");
}

#[test]
fn without_rules_nothing_passes() {
    each(0xb22, |scene, packet, _| {
        let bare = edit(scene, |thing| {
            if let Thing::Filter(Filter::Group(group)) = thing {
                group.passes.clear();
            }
        });
        let found = reach(&bare, packet);
        assert!(!got_through(&found) || to_itself(packet, &found), "{packet:?}: {found:?}");
    });
}

#[test]
fn a_ladder_with_no_rungs_parts_segments() {
    each(0xc33, |scene, packet, _| {
        let parted = edit(scene, |thing| match thing {
            Thing::Filter(Filter::Ladder(ladder)) => ladder.rungs.clear(),
            Thing::Segment(segment) => segment.ladder = Some("l0".into()),
            _ => {}
        });
        let found = arrives(&parted, packet);
        let segment = |thing: Option<&Thing>| match thing {
            Some(Thing::Port(port)) => Some(port.segment.clone()),
            _ => None,
        };
        let ports = |machine: &Id| {
            let holds = |port: &Port| port.plug.as_ref().is_some_and(|p| p.machine == *machine);
            let things = parted.things.values();
            let plugged = things.filter(|thing| matches!(thing, Thing::Port(p) if holds(p)));
            plugged.filter_map(|thing| segment(Some(thing))).collect::<Vec<_>>()
        };
        match (&packet.from, &found) {
            (From::Machine(from), Reach::Arrives(to)) => {
                assert!(from == to || ports(from).iter().any(|s| ports(to).contains(s)));
            }
            (From::Port(from, _), Reach::Arrives(to)) => {
                let near = segment(parted.things.get(from)).unwrap();
                assert!(ports(to).contains(&near), "{packet:?}");
            }
            (From::Internet(_), found) | (_, found) => assert!(!got_through(found), "{packet:?}"),
        }
    });
}

/// More rules and fewer ladders never take a way away.
#[test]
fn opening_never_closes() {
    each(0xd44, |scene, packet, found| {
        let opened = edit(scene, |thing| match thing {
            Thing::Filter(Filter::Group(group)) => group.passes.extend(open()),
            Thing::Segment(segment) => segment.ladder = None,
            _ => {}
        });
        if got_through(found) {
            assert_eq!(reach(&opened, packet), *found, "{packet:?}");
        }
    });
}

#[test]
fn without_routes_there_is_no_outside() {
    each(0xe55, |scene, packet, _| {
        let bare = edit(scene, |thing| {
            if let Thing::Segment(segment) = thing {
                segment.routes.clear();
            }
        });
        let found = reach(&bare, packet);
        assert_ne!(found, Reach::Outside);
        assert!(!got_through(&found) || packet.to.is_private(), "{packet:?}: {found:?}");
        assert!(!got_through(&found) || !matches!(packet.from, From::Internet(_)));
    });
}

#[test]
fn what_does_not_run_is_not_reached() {
    each(0xf66, |scene, packet, _| {
        let mut off = scene.clone();
        off.down = off.things.keys().cloned().collect();
        assert!(!got_through(&reach(&off, packet)), "all off");
        let mut dark = scene.clone();
        dark.dark.extend(["za", "zb", "zc"].map(Zone::from));
        assert!(!got_through(&reach(&dark, packet)), "all dark");
    });
}

/// An echo that is answered would be answered the other way round, where everything is open.
#[test]
fn open_neighbours_meet_in_both_directions() {
    let mut met = 0;
    each(0x177, |scene, packet, _| {
        let opened = edit(scene, |thing| match thing {
            Thing::Filter(Filter::Group(group)) => group.passes.extend(open()),
            Thing::Segment(segment) => segment.ladder = None,
            Thing::Port(port) => port.guarded = true,
            _ => {}
        });
        let ping = Packet { flow: Flow::PING, ..packet.clone() };
        let address = |machine: &Id| {
            let mut own = opened.things.values().filter_map(|thing| match thing {
                Thing::Port(port) if port.plug.as_ref().is_some_and(|p| p.machine == *machine) => {
                    Some(port.addresses.first().map(|address| address.private))
                }
                _ => None,
            });
            // Only machines with one port: which of several answers is their own affair.
            own.next().flatten().filter(|_| own.next().is_none())
        };
        let (From::Machine(from), Reach::Arrives(to)) = (&ping.from, reach(&opened, &ping)) else {
            return;
        };
        let (Some(back_to), Some(_)) = (address(from), address(&to)) else { return };
        if *from != to && packet.to.is_private() {
            met += 1;
            let back = Packet { from: From::Machine(to), to: back_to, flow: Flow::PING };
            let found = reach(&opened, &back);
            // Two ports may claim one address; then the first of them answers.
            let doubled = opened.things.values().filter(|thing| {
                matches!(thing, Thing::Port(p) if p.addresses.iter().any(|a| a.private == back_to))
            });
            assert!(found == Reach::Arrives(from.clone()) || doubled.count() > 1, "{back:?}");
        }
    });
    assert!(met > 200, "{met}");
}

/// The world hands the model what works, and no more.
#[test]
fn a_scene_of_the_simulated_world_holds_what_works() {
    let mut sim = sim::Sim::new(3, sim::Settings::instant());
    use world::World;
    let disk = Thing::Disk(world::Disk {
        zone: "za".into(),
        size: 1,
        form: Form::Tree,
        source: world::Source::Blank,
    });
    sim.ensure(&"disk".into(), &disk);
    for (id, thing) in &Sketch::town().0.things {
        sim.ensure(id, thing);
    }
    let until = sim.now();
    while sim.next(until) != world::Event::Time {}
    let scene = sim.scene();
    assert!(!scene.down.contains(&Id::from("a1")), "it runs");
    let found = sim.inventory();
    let of = |name: &str| found.iter().find(|f| f.id.as_str() == name).map(|f| f.health.clone());
    assert_eq!(of("a1"), Some(Health::Ready));
    assert!(!matches!(of("b1"), Some(Health::Ready)), "its disk is in another zone");
    let ping = |to: &str| Packet { from: From::Machine("a1".into()), to: ip(to), flow: Flow::PING };
    assert_eq!(reach(&scene, &ping("10.0.1.11")), Reach::Arrives("a2".into()));
    assert_eq!(reach(&scene, &ping("10.0.2.10")), Reach::Dropped);
}
