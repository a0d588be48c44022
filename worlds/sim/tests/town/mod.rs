//! A small town of two zones to look at things in.
// Each test program uses some of it.
#![allow(dead_code)]

use sim::{Settings, Sim};
use std::collections::BTreeMap;
use world::*;

pub const NODE: &str = "node";

pub fn net(text: &str) -> Ipv4Net {
    text.parse().expect("written above")
}

pub fn segment(zone: &str, block: &str) -> Thing {
    let routes = vec![Route { to: net("0.0.0.0/0"), via: Via::Internet }];
    Thing::Segment(Segment {
        router: "r".into(),
        zone: zone.into(),
        block: net(block),
        routes,
        ladder: None,
    })
}

pub fn port(segment: &str, address: &str, public: Option<&str>, machine: &str) -> Thing {
    let private = address.parse().expect("written above");
    let public = public.map(|text| text.parse().expect("written above"));
    Thing::Port(Port {
        segment: segment.into(),
        mac: [2; 6],
        addresses: vec![Address { private, public }],
        groups: vec!["open".into()],
        guarded: true,
        plug: Some(Plug { machine: machine.into(), index: 0 }),
        uncounted: false,
    })
}

pub fn machine(zone: &str, port: Option<&str>, root: Option<&str>, program: Program) -> Thing {
    Thing::Machine(Machine {
        zone: zone.into(),
        size: Size { millicpus: 1000, memory: 1 << 20, pids: 10 },
        root: root.map(Id::from),
        disks: Vec::new(),
        ports: port.map(Id::from).into_iter().collect(),
        program,
        boot: 1,
    })
}

pub fn guest() -> Program {
    Program::Guest(Guest {
        hostname: "h".into(),
        first_boot: None,
        keys: Vec::new(),
        card: Card::default(),
    })
}

pub fn balancer(targets: &[(&str, &str)]) -> Balancer {
    let target = |(name, address): &(&str, &str)| {
        let target = Target {
            address: address.parse().expect("written above"),
            port: 80,
            zone: None,
            leaving: None,
        };
        (name.to_string(), target)
    };
    let pool = Pool {
        speaks: Backend::Http1,
        targets: targets.iter().map(target).collect(),
        check: Check {
            by: Question::Http {
                path: "/".into(),
                good: vec![(200, 200)],
                tls: false,
                http2: false,
            },
            port: None,
            every: Span::seconds(10),
            patience: Span::seconds(5),
            rise: 3,
            fall: 2,
        },
        choice: Choice::RoundRobin,
        slow_start: Span(0),
        sticky: Sticky::No,
        cross_zone: true,
        drain: Span::seconds(300),
        preserve_client: false,
        proxy_header: false,
        cut_drained: false,
        cut_unwell: false,
        fewest_well: 1,
    };
    let forward = Action::Forward { pools: vec![("web".into(), 1)], sticky: None };
    let rule = Rule { name: "default".into(), conditions: Vec::new(), action: forward };
    let listener = Listener {
        port: 80,
        speaks: Speech::Http,
        certificates: Vec::new(),
        tls12: true,
        tls13: true,
        alpn: Vec::new(),
        rules: vec![rule],
        idle: Span::seconds(350),
    };
    Balancer {
        name: "app/front/1".into(),
        listeners: vec![listener],
        pools: BTreeMap::from([("web".into(), pool)]),
        ..Balancer::default()
    }
}

/// Two zones, a guest in each (10.0.1.10, 10.0.2.10), and what else is ordered.
pub fn town(more: &[(&str, Thing)]) -> Sim {
    let mut sim = Sim::new(1, Settings::instant());
    let mut order = |id: &str, thing: &Thing| sim.ensure(&id.into(), thing);
    order("r", &Thing::Router(Router { blocks: vec![net("10.0.0.0/16")], internet: true }));
    order("a", &segment("za", "10.0.1.0/24"));
    order("b", &segment("zb", "10.0.2.0/24"));
    let all = |way| Pass { way, traffic: Traffic::ALL, peer: Peer::Net(net("0.0.0.0/0")) };
    let passes = vec![all(Way::In), all(Way::Out)];
    order("open", &Thing::Filter(Filter::Group(Group { router: "r".into(), passes })));
    for (name, zone, segment, address) in
        [("one", "za", "a", "10.0.1.10"), ("two", "zb", "b", "10.0.2.10")]
    {
        let disk = Disk { zone: zone.into(), size: 1, form: Form::Tree, source: Source::Blank };
        order(&format!("d-{name}"), &Thing::Disk(disk));
        order(&format!("p-{name}"), &port(segment, address, None, name));
        let (port, disk) = (format!("p-{name}"), format!("d-{name}"));
        order(name, &machine(zone, Some(&port), Some(&disk), guest()));
    }
    for (id, thing) in more {
        order(id, thing);
    }
    sim
}

/// A town with a node in the first zone over both guests and an address where nobody is.
pub fn balanced() -> Sim {
    let targets = [("one", "10.0.1.10"), ("two", "10.0.2.10"), ("nobody", "10.0.2.99")];
    let program = Program::Balancer(Box::new(balancer(&targets)));
    town(&[
        ("p-node", port("a", "10.0.1.5", Some("203.0.113.5"), NODE)),
        (NODE, machine("za", Some("p-node"), None, program)),
    ])
}
