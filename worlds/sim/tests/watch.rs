//! What the world's own programs find out in the simulated world.

use sim::{Heard, Reply, Settings, Sim, Wish};
use std::collections::BTreeMap;
use world::*;

const NODE: &str = "node";

fn net(text: &str) -> Ipv4Net {
    text.parse().expect("written above")
}

fn segment(zone: &str, block: &str) -> Thing {
    let routes = vec![Route { to: net("0.0.0.0/0"), via: Via::Internet }];
    Thing::Segment(Segment {
        router: "r".into(),
        zone: zone.into(),
        block: net(block),
        routes,
        ladder: None,
    })
}

fn port(segment: &str, address: &str, public: Option<&str>, machine: &str) -> Thing {
    let private = address.parse().expect("written above");
    let public = public.map(|text| text.parse().expect("written above"));
    Thing::Port(Port {
        segment: segment.into(),
        mac: [2; 6],
        addresses: vec![Address { private, public }],
        groups: vec!["open".into()],
        guarded: true,
        plug: Some(Plug { machine: machine.into(), index: 0 }),
    })
}

fn machine(zone: &str, port: Option<&str>, root: Option<&str>, program: Program) -> Thing {
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

fn guest() -> Program {
    Program::Guest(Guest {
        hostname: "h".into(),
        first_boot: None,
        keys: Vec::new(),
        card: Card::default(),
    })
}

fn balancer(targets: &[(&str, &str)]) -> Balancer {
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
fn town(more: &[(&str, Thing)]) -> Sim {
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
fn balanced() -> Sim {
    let targets = [("one", "10.0.1.10"), ("two", "10.0.2.10"), ("nobody", "10.0.2.99")];
    let program = Program::Balancer(Box::new(balancer(&targets)));
    town(&[
        ("p-node", port("a", "10.0.1.5", Some("203.0.113.5"), NODE)),
        (NODE, machine("za", Some("p-node"), None, program)),
    ])
}

/// Lets this much time pass; the node's last findings, and when they came, in microseconds.
fn pass(sim: &mut Sim, seconds: u64) -> Option<(u64, BTreeMap<String, Probe>)> {
    pass_for(sim, NODE, seconds)
}

fn pass_for(sim: &mut Sim, who: &str, seconds: u64) -> Option<(u64, BTreeMap<String, Probe>)> {
    let (begin, mut last) = (sim.now(), None);
    loop {
        match sim.next(begin + Span::seconds(seconds)) {
            Event::Findings(id, found) if id.as_str() == who => {
                last = Some((sim.now().since(begin).0, found.probes))
            }
            Event::Time if sim.now() >= begin + Span::seconds(seconds) => return last,
            _ => {}
        }
    }
}

fn state(found: &BTreeMap<String, Probe>, name: &str) -> (Option<bool>, Outcome) {
    let probe = &found[&format!("web/{name}")];
    (probe.well, probe.outcome.clone())
}

#[test]
fn a_node_finds_who_answers_and_who_does_not() {
    let mut sim = balanced();
    let (_, found) = pass(&mut sim, 1).unwrap();
    assert_eq!(state(&found, "one"), (Some(true), Outcome::Good));
    assert_eq!(state(&found, "two"), (Some(true), Outcome::Good));
    assert_eq!(state(&found, "nobody"), (None, Outcome::Nothing), "it is still being waited for");
    let (at, found) = pass(&mut sim, 30).unwrap();
    assert_eq!(state(&found, "nobody"), (Some(false), Outcome::TimedOut));
    assert_eq!(at / 1_000_000, 14, "the second look at 10 s and 5 s of patience, less one");
    assert_eq!(sim.due(), None, "nothing changes, so nothing is looked at");
}

#[test]
fn what_happens_to_targets_is_found_out_by_thresholds() {
    let mut sim = balanced();
    pass(&mut sim, 30);
    sim.inject(Fault::Kill("two".into()));
    let (at, found) = pass(&mut sim, 60).unwrap();
    assert_eq!(state(&found, "two"), (Some(false), Outcome::Refused));
    assert!((10_000_000..20_000_000).contains(&at), "two looks, ten seconds apart: {at}");
    sim.serve(&"one".into(), 80, Reply::Status(500));
    let (_, found) = pass(&mut sim, 60).unwrap();
    assert_eq!(state(&found, "one"), (Some(false), Outcome::Status(500)));
    sim.serve(&"one".into(), 80, Reply::Status(200));
    let (at, found) = pass(&mut sim, 60).unwrap();
    assert_eq!(state(&found, "one"), (Some(true), Outcome::Good));
    assert!((20_000_000..30_000_000).contains(&at), "three looks: {at}");
    sim.serve(&"one".into(), 80, Reply::Hang);
    let (_, found) = pass(&mut sim, 60).unwrap();
    assert_eq!(state(&found, "one"), (Some(false), Outcome::TimedOut));
}

#[test]
fn faults_are_seen_as_time_outs_and_healed_ones_forgotten() {
    let faults = [
        Fault::Dark("zb".into()),
        Fault::Cut("za".into(), "zb".into()),
        Fault::Freeze("two".into()),
    ];
    for fault in faults {
        let mut sim = balanced();
        pass(&mut sim, 30);
        sim.inject(fault.clone());
        let (_, found) = pass(&mut sim, 60).unwrap();
        assert_eq!(state(&found, "two"), (Some(false), Outcome::TimedOut), "{fault:?}");
        assert_eq!(state(&found, "one"), (Some(true), Outcome::Good), "{fault:?}");
        sim.heal(&fault);
        let (_, found) = pass(&mut sim, 60).unwrap();
        assert_eq!(state(&found, "two"), (Some(true), Outcome::Good), "{fault:?}");
    }
}

/// A fault that is over before the next look is never seen.
#[test]
fn a_short_fault_passes_unseen() {
    let mut sim = balanced();
    pass(&mut sim, 31);
    sim.inject(Fault::Freeze("two".into()));
    pass(&mut sim, 5);
    sim.heal(&Fault::Freeze("two".into()));
    assert_eq!(pass(&mut sim, 60), None);
}

#[test]
fn a_node_that_was_dark_begins_anew() {
    let mut sim = balanced();
    pass(&mut sim, 30);
    sim.inject(Fault::Dark("za".into()));
    assert_eq!(pass(&mut sim, 60), None, "it runs no more");
    sim.inject(Fault::Kill("two".into()));
    sim.heal(&Fault::Dark("za".into()));
    let (_, found) = pass(&mut sim, 60).unwrap();
    assert_eq!(state(&found, "one"), (Some(true), Outcome::Good));
    assert_eq!(state(&found, "two"), (Some(false), Outcome::Refused));
}

#[test]
fn another_configuration_takes_effect_at_once() {
    let mut sim = balanced();
    pass(&mut sim, 30);
    let program = Program::Balancer(Box::new(balancer(&[("two", "10.0.2.10")])));
    sim.ensure(&NODE.into(), &machine("za", Some("p-node"), None, program));
    let (at, found) = pass(&mut sim, 60).unwrap();
    assert_eq!((at, found.len()), (0, 1));
    assert_eq!(state(&found, "two"), (Some(true), Outcome::Good));
    assert_eq!(sim.run_number(&NODE.into()), Some(1), "it was no reboot");
}

#[test]
fn a_new_control_plane_hears_what_was_found() {
    let mut sim = balanced();
    pass(&mut sim, 30);
    sim.crash();
    let scene = sim.scene();
    for (id, thing) in &scene.things {
        sim.ensure(id, thing);
    }
    let (_, found) = pass(&mut sim, 1).unwrap();
    assert_eq!(state(&found, "nobody"), (Some(false), Outcome::TimedOut));
    sim.inject(Fault::Kill("two".into()));
    let (_, found) = pass(&mut sim, 60).unwrap();
    assert_eq!(state(&found, "two").0, Some(false), "it goes on looking");
}

#[test]
fn a_balancer_answers_for_its_targets() {
    let mut sim = balanced();
    pass(&mut sim, 30);
    let ask = |sim: &mut Sim| {
        let from = sim::reach::From::Internet("192.0.2.1".parse().unwrap());
        sim.ask(from, "203.0.113.5".parse().unwrap(), 80, Wish { host: "x", path: "/" })
    };
    assert_eq!(ask(&mut sim), Heard::Reply(Reply::Status(200)));
    sim.inject(Fault::Kill("one".into()));
    assert_eq!(ask(&mut sim), Heard::Reply(Reply::Status(502)), "not yet noticed");
    pass(&mut sim, 30);
    assert_eq!(ask(&mut sim), Heard::Reply(Reply::Status(200)), "the other one");
    sim.inject(Fault::Kill("two".into()));
    pass(&mut sim, 30);
    assert_eq!(ask(&mut sim), Heard::Reply(Reply::Status(504)), "open to all: to nobody");
}

fn endpoint(port: u16) -> Look {
    let at = LookAt::Endpoint {
        address: None,
        name: Some("www.example.com".into()),
        port,
        path: Some("/".into()),
        tls: false,
        sni: false,
        text: Some("time".into()),
        every: Span::seconds(10),
        threshold: 3,
        from: vec!["eu-west-1".into()],
    };
    Look { at, inverted: false, disabled: false }
}

#[test]
fn name_servers_look_at_endpoints_and_answer_by_them() {
    let mut sim = balanced();
    let record = |value: &str, choice, check: Option<&str>| NameRecord {
        name: "www.example.com.".into(),
        kind: "A".into(),
        choice,
        check: check.map(Id::from),
        answer: NameAnswer::Values { ttl: 60, values: vec![value.to_owned()] },
    };
    let zone = NameZone {
        name: "example.com.".into(),
        records: vec![
            record("203.0.113.5", NameChoice::Failover(true), Some("check")),
            record("192.0.2.1", NameChoice::Failover(false), None),
        ],
    };
    let inverted = Look { inverted: true, ..endpoint(80) };
    let calculated = Look {
        at: LookAt::Calculated { least: 1, of: vec!["check".into()] },
        inverted: false,
        disabled: false,
    };
    let checks = BTreeMap::from([
        ("check".into(), endpoint(80)),
        ("not".into(), inverted),
        ("sum".into(), calculated),
    ]);
    let names = Names { zones: BTreeMap::from([("z".into(), zone)]), checks };
    for guest in ["one", "two"] {
        sim.serve(&guest.into(), 80, Reply::Text(200, "the time is 12:00".into()));
    }
    sim.ensure(&"ns".into(), &machine(EDGE, None, None, Program::Names(Box::new(names))));
    let well = |found: &BTreeMap<String, Probe>| {
        ["check", "not", "sum", "check/eu-west-1-0"].map(|name| found[name].well)
    };
    let (_, found) = pass_for(&mut sim, "ns", 60).unwrap();
    assert_eq!(well(&found), [Some(true), Some(false), Some(true), Some(true)]);
    assert_eq!(
        sim.resolve("www.example.com"),
        ["203.0.113.5".parse::<std::net::Ipv4Addr>().unwrap()]
    );
    for guest in ["one", "two"] {
        sim.serve(&guest.into(), 80, Reply::Text(200, "no idea".into()));
    }
    let (_, found) = pass_for(&mut sim, "ns", 60).unwrap();
    assert_eq!(well(&found), [Some(false), Some(true), Some(false), Some(false)]);
    assert_eq!(
        sim.resolve("www.example.com"),
        ["192.0.2.1".parse::<std::net::Ipv4Addr>().unwrap()]
    );
}

#[test]
fn a_courier_delivers_once() {
    let letter = |url: &str| Letter { url: url.into(), headers: Vec::new(), body: b"b".to_vec() };
    let letters = BTreeMap::from([
        ("1".into(), letter("http://127.0.0.1:8080/hook")),
        ("2".into(), letter("http://203.0.113.5/hook")),
        ("3".into(), letter("http://203.0.113.77/hook")),
    ]);
    let mut sim = balanced();
    pass(&mut sim, 30);
    let courier =
        |letters| machine(EDGE, None, None, Program::Courier(Box::new(Courier { letters })));
    sim.ensure(&"post".into(), &courier(letters.clone()));
    let (_, found) = pass_for(&mut sim, "post", 60).unwrap();
    let well = |name: &str| found[name].well;
    assert_eq!((well("1"), well("2"), well("3")), (Some(true), Some(true), Some(false)));
    let taken: Vec<&str> = sim.delivered().iter().map(|one| one.name.as_str()).collect();
    assert_eq!(taken, ["1", "2"]);
    sim.inject(Fault::Kill("one".into()));
    pass(&mut sim, 60);
    assert_eq!(sim.delivered().len(), 2, "each once");
}

/// The windows that a machine reports in this time: begin and end in seconds since the first
/// moment, and one amount.
fn windows(sim: &mut Sim, who: &str, name: &str, seconds: u64) -> Vec<(u64, u64, f64)> {
    let (begin, mut all) = (sim.now(), Vec::new());
    loop {
        match sim.next(begin + Span::seconds(seconds)) {
            Event::Usage(id, usage) if id.as_str() == who => {
                let at = |time: Time| time.since(Settings::default().start).0 / 1_000_000;
                let amount = usage.amounts.get(name).map_or(0.0, |amount| amount.sum);
                all.push((at(usage.from), at(usage.to), amount));
            }
            Event::Time if sim.now() >= begin + Span::seconds(seconds) => return all,
            _ => {}
        }
    }
}

#[test]
fn machines_report_each_minute_when_asked_to() {
    let mut sim = balanced();
    assert_eq!(windows(&mut sim, "one", gauge::CPU, 130), []);
    assert_eq!(sim.due(), None);
    sim.report_usage(true);
    let idle = 300_000.0;
    assert_eq!(windows(&mut sim, "one", gauge::CPU, 60), [(120, 180, idle)], "since it booted");
    sim.load(&"one".into(), 0.8);
    assert_eq!(windows(&mut sim, "one", gauge::CPU, 60), [(180, 240, 48_000_000.0)]);
    assert_eq!(sim.due(), None, "what only counts is no happening");
    sim.inject(Fault::Freeze("one".into()));
    assert_eq!(windows(&mut sim, "one", gauge::CPU, 60), [(240, 300, 0.0)]);
    sim.inject(Fault::Kill("one".into()));
    assert_eq!(windows(&mut sim, "one", gauge::CPU, 60), []);
    assert_eq!(windows(&mut sim, NODE, gauge::CPU, 60).len(), 1, "nodes report too");
}

#[test]
fn windows_shrink_with_the_pace() {
    let settings = Settings { pace: 6, usage: true, ..Settings::instant() };
    let mut sim = Sim::new(1, settings);
    assert_eq!(sim.pace(), 6);
    sim.ensure(&"ns".into(), &machine(EDGE, None, None, Program::Names(Box::default())));
    let found = windows(&mut sim, "ns", gauge::CPU, 30);
    assert_eq!(
        found.iter().map(|one| (one.0, one.1)).collect::<Vec<_>>(),
        [(0, 10), (10, 20), (20, 30)]
    );
}
