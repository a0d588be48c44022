//! Random groups and ladders against a model of what they mean: every probe must agree.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is test code")]

mod lab;
use lab::{Lab, id, in_its_own_world, traffic};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::{Duration, Instant};
use world::{Filter, Group, Health, Id, Ladder, Pass, Peer, Rung, Traffic, Way};

/// Rounds and seed, unless `LINUX_NET_TEST_ROUNDS` and `LINUX_NET_TEST_SEED` say otherwise.
const ROUNDS: u64 = 20;
const SEED: u64 = 36;
const PORTS: [u16; 3] = [53, 80, 443];
const MACHINES: [(&str, &str, [u8; 4]); 5] = [
    ("m0", "subnet-a", [10, 0, 1, 10]),
    ("m1", "subnet-a", [10, 0, 1, 11]),
    ("m2", "subnet-b", [10, 0, 2, 10]),
    ("m3", "subnet-b", [10, 0, 2, 11]),
    ("m4", "subnet-c", [10, 0, 3, 10]),
];
const GROUPS: [&str; 4] = ["sg-0", "sg-1", "sg-2", "sg-3"];

struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) as usize % limit
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    fn way(&mut self) -> Way {
        *self.pick(&[Way::In, Way::Out])
    }

    fn traffic(&mut self) -> Traffic {
        let (protocol, detail) = *self.pick(&[
            ("all", "all"),
            ("tcp", "all"),
            ("udp", "all"),
            ("icmp", "all"),
            ("tcp", "80"),
            ("udp", "53"),
            ("tcp", "80-443"),
            ("tcp", "53-80"),
            ("udp", "1-65535"),
            ("udp", "80-443"),
            ("icmp", "8"),
            ("icmp", "8/0"),
            ("icmp", "0"),
            ("47", "all"),
            ("tcp", "1024-65535"),
            ("udp", "443"),
            ("tcp", "443"),
            ("icmp", "8/1"),
        ]);
        traffic(protocol, detail)
    }

    fn net(&mut self) -> world::Ipv4Net {
        let nets = [
            "0.0.0.0/0",
            "0.0.0.0/0",
            "10.0.0.0/16",
            "10.0.1.0/24",
            "10.0.2.0/24",
            "10.0.1.10/32",
            "10.0.2.10/31",
            "10.0.2.11/32",
            "10.0.3.10/32",
            "10.0.0.0/22",
        ];
        self.pick(&nets).parse().unwrap()
    }

    fn group(&mut self) -> Group {
        let count = 2 + self.below(9);
        let mut passes: Vec<Pass> = (0..count)
            .map(|_| Pass {
                way: self.way(),
                traffic: self.traffic(),
                peer: match self.below(3) {
                    0 => Peer::Group(id(GROUPS[self.below(4)])),
                    _ => Peer::Net(self.net()),
                },
            })
            .collect();
        if self.below(2) == 0 {
            passes.push(lab::pass(lab::OPEN[1]));
        }
        Group { router: id("vpc-1"), passes }
    }

    fn ladder(&mut self) -> Ladder {
        let count = self.below(6);
        let mut rungs: Vec<Rung> = (0..count)
            .map(|_| Rung {
                way: self.way(),
                traffic: self.traffic(),
                peer: self.net(),
                pass: self.below(3) > 0,
            })
            .collect();
        for way in [Way::In, Way::Out] {
            let peer = "0.0.0.0/0".parse().unwrap();
            rungs.push(Rung { way, traffic: Traffic::ALL, peer, pass: self.below(6) > 0 });
        }
        Ladder { router: id("vpc-1"), rungs }
    }
}

/// A packet: protocol, and destination port or ICMP type.
#[derive(Debug, Clone, Copy)]
struct Packet {
    protocol: u8,
    port: u16,
    kind: u8,
    from: Ipv4Addr,
    to: Ipv4Addr,
}

fn matches(traffic: &Traffic, packet: &Packet) -> bool {
    let ports = traffic.ports.is_none_or(|(a, b)| (a..=b).contains(&packet.port));
    let icmp = traffic
        .icmp
        .is_none_or(|icmp| icmp.kind == packet.kind && icmp.code.is_none_or(|code| code == 0));
    traffic.protocol.is_none_or(|protocol| protocol == packet.protocol) && ports && icmp
}

struct Model {
    groups: BTreeMap<Id, Group>,
    wears: BTreeMap<Ipv4Addr, Vec<Id>>,
    ladders: BTreeMap<&'static str, Option<Ladder>>,
}

impl Model {
    fn group_passes(&self, at: Ipv4Addr, way: Way, packet: &Packet) -> bool {
        let other = if way == Way::In { packet.from } else { packet.to };
        let rules = self.wears[&at].iter().flat_map(|group| &self.groups[group].passes);
        rules.filter(|pass| pass.way == way && matches(&pass.traffic, packet)).any(|pass| {
            match &pass.peer {
                Peer::Net(net) => net.contains(&other),
                Peer::Group(group) => {
                    self.wears.get(&other).is_some_and(|worn| worn.contains(group))
                }
            }
        })
    }

    fn ladders_pass(&self, packet: &Packet) -> bool {
        let segment = |at: Ipv4Addr| MACHINES.iter().find(|m| Ipv4Addr::from(m.2) == at).unwrap().1;
        let (from, to) = (segment(packet.from), segment(packet.to));
        let rung = |segment: &str, way: Way, other: Ipv4Addr| {
            self.ladders[segment].as_ref().is_none_or(|ladder| {
                let mut rungs = ladder.rungs.iter().filter(|rung| rung.way == way);
                rungs
                    .find(|rung| matches(&rung.traffic, packet) && rung.peer.contains(&other))
                    .is_some_and(|rung| rung.pass)
            })
        };
        from == to || rung(from, Way::Out, packet.to) && rung(to, Way::In, packet.from)
    }

    /// Whether the packet arrives, as the first of its flow.
    fn arrives(&self, packet: &Packet) -> bool {
        self.ladders_pass(packet)
            && self.group_passes(packet.from, Way::Out, packet)
            && self.group_passes(packet.to, Way::In, packet)
    }

    /// Whether its answer arrives too, to this port.
    fn answered(&self, packet: &Packet, port: u16) -> bool {
        let (from, to) = (packet.to, packet.from);
        self.arrives(packet) && self.ladders_pass(&Packet { from, to, port, kind: 0, ..*packet })
    }
}

struct Listening {
    udp: BTreeMap<(usize, u16), UdpSocket>,
    _tcp: Vec<TcpListener>,
}

fn listen(lab: &Lab) -> Listening {
    let mut all = Listening { udp: BTreeMap::new(), _tcp: Vec::new() };
    for (number, (name, ..)) in MACHINES.iter().enumerate() {
        for port in PORTS {
            let socket = lab.udp(name, port);
            socket.set_nonblocking(true).unwrap();
            all.udp.insert((number, port), socket);
            all._tcp.push(lab.listen(name, port));
        }
    }
    all
}

/// Everybody probes everybody; returns what differs from the model.
fn probe(
    lab: &Lab,
    model: &Model,
    listening: &Listening,
    source: &mut u16,
    tally: &mut [u64; 2],
) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut tcp: Vec<(OwnedFd, Packet, bool)> = Vec::new();
    let mut expected: BTreeMap<u16, (Packet, usize)> = BTreeMap::new();
    let mut forbidden: BTreeMap<u16, Packet> = BTreeMap::new();
    let mut pings = Vec::new();
    for (a, (from_name, _, from)) in MACHINES.iter().enumerate() {
        for (b, (_, _, to)) in MACHINES.iter().enumerate().filter(|(b, _)| *b != a) {
            let (from, to) = (Ipv4Addr::from(*from), Ipv4Addr::from(*to));
            let ping = Packet { protocol: 1, port: 0, kind: 8, from, to };
            pings.push((from_name, ping, model.answered(&ping, 0)));
            for port in PORTS {
                *source += 1;
                let packet = Packet { protocol: 17, port, kind: 0, from, to };
                let socket = lab.udp(from_name, *source);
                socket.send_to(&source.to_be_bytes(), (to, port)).unwrap();
                if model.arrives(&packet) {
                    expected.insert(*source, (packet, b));
                } else {
                    forbidden.insert(*source, packet);
                }
                let packet = Packet { protocol: 6, ..packet };
                let socket = lab.start_connect(from_name, *source, &to.to_string(), port);
                tcp.push((socket, packet, model.answered(&packet, *source)));
            }
        }
    }
    let end = Instant::now() + Duration::from_secs(2);
    let mut quiet = Instant::now();
    while (!expected.is_empty() || quiet.elapsed() < Duration::from_millis(10))
        && Instant::now() < end
    {
        for socket in listening.udp.values() {
            let mut word = [0; 2];
            while socket.recv(&mut word).is_ok() {
                quiet = Instant::now();
                let number = u16::from_be_bytes(word);
                expected.remove(&number);
                wrong.extend(forbidden.get(&number).map(|p| format!("arrived: {p:?}")));
            }
        }
    }
    wrong.extend(expected.values().map(|(packet, _)| format!("lost: {packet:?}")));
    for (socket, packet, want) in tcp {
        let got =
            lab::connected(socket.as_raw_fd(), Duration::from_millis(if want { 900 } else { 0 }));
        tally[usize::from(want)] += 1;
        if got != want {
            wrong.push(format!("TCP {got}: {packet:?}"));
        }
    }
    std::thread::scope(|scope| {
        let probes: Vec<_> = pings
            .into_iter()
            .map(|(name, packet, want)| {
                let probe = scope.spawn(move || lab.pings(name, &packet.to.to_string()));
                (probe, packet, want)
            })
            .collect();
        for (probe, packet, want) in probes {
            let got = probe.join().unwrap();
            tally[usize::from(want)] += 1;
            if got != want {
                wrong.push(format!("ping {got}: {packet:?}"));
            }
        }
    });
    wrong
}

in_its_own_world! {
fn random_filters_mean_what_the_model_says(run: &Path) {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    let blocks = [("subnet-a", "10.0.1.0/24"), ("subnet-b", "10.0.2.0/24"),
        ("subnet-c", "10.0.3.0/24")];
    for (name, block) in blocks {
        lab.segment(name, "vpc-1", "a", block, &[]);
    }
    for group in GROUPS {
        lab.group(group, "vpc-1", &[]);
    }
    for (name, segment, address) in MACHINES {
        lab.machine(name, segment, &Ipv4Addr::from(address).to_string(), &[]);
    }
    let listening = listen(&lab);
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let rounds: u64 = number("LINUX_NET_TEST_ROUNDS").unwrap_or(ROUNDS);
    let mut dice = Dice(number("LINUX_NET_TEST_SEED").unwrap_or(SEED));
    let mut source = 20_000;
    let mut tally = [0u64; 2];
    for round in 0..rounds {
        let mut model = Model {
            groups: BTreeMap::new(),
            wears: BTreeMap::new(),
            ladders: BTreeMap::new(),
        };
        for name in GROUPS {
            let group = dice.group();
            lab.net.ensure_filter(&id(name), &Filter::Group(group.clone()));
            model.groups.insert(id(name), group);
        }
        for (segment, block) in blocks {
            let ladder = (dice.below(3) == 0).then(|| dice.ladder());
            let name = format!("acl-{segment}");
            let wanted = ladder.is_some().then_some(name.as_str());
            if let Some(ladder) = &ladder {
                lab.net.ensure_filter(&id(&name), &Filter::Ladder(ladder.clone()));
            }
            lab.segment_with(segment, "vpc-1", "a", block, &[], wanted);
            model.ladders.insert(segment, ladder);
        }
        for (name, segment, address) in MACHINES {
            let count = 1 + dice.below(3);
            let mut groups: Vec<&str> = (0..count).map(|_| *dice.pick(&GROUPS)).collect();
            groups.dedup();
            let address = Ipv4Addr::from(address);
            let health = lab.port(name, segment, &address.to_string(), &groups, true);
            assert_eq!(health, Health::Ready);
            model.wears.insert(address, groups.into_iter().map(id).collect());
        }
        let wrong = probe(&lab, &model, &listening, &mut source, &mut tally);
        let rules: Vec<_> = model.groups.iter().collect();
        assert!(wrong.is_empty(), "round {round}: {wrong:#?}\n{:#?}\n{rules:#?}", model.wears);
    }
    println!("{} probes dropped, {} passed, none wrong", tally[0], tally[1]);
    assert!(tally.iter().all(|count| *count > 15 * rounds), "one-sided: {tally:?}");
}}
