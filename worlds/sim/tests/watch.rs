//! What the world's own programs find out in the simulated world.

mod town;

use sim::{Heard, Reply, Settings, Sim, Wish};
use std::collections::BTreeMap;
use town::{NODE, balanced, balancer, machine};
use world::*;

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
    Look { at, inverted: false, disabled: false, last: None }
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
    let records = [
        record("203.0.113.5", NameChoice::Failover(true), Some("check")),
        record("192.0.2.1", NameChoice::Failover(false), None),
    ];
    let zone = NameZone::new("example.com.", records);
    let inverted = Look { inverted: true, ..endpoint(80) };
    let calculated = Look {
        at: LookAt::Calculated { least: 1, of: vec!["check".into()] },
        inverted: false,
        disabled: false,
        last: None,
    };
    let checks = BTreeMap::from([
        ("check".into(), endpoint(80)),
        ("not".into(), inverted),
        ("sum".into(), calculated),
    ]);
    let names = Names { zones: BTreeMap::from([("z".into(), zone.into())]), checks };
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

/// As on Linux: whoever ordered it need not ask for another boot.
#[test]
fn a_program_of_the_worlds_own_begins_again() {
    let mut sim = balanced();
    pass(&mut sim, 30);
    for by_itself in [false, true] {
        match by_itself {
            true => sim.switch_off(&NODE.into()),
            false => sim.inject(Fault::Kill(NODE.into())),
        }
        let mut heard = Vec::new();
        while let Event::News(_, health) = sim.next(sim.now()) {
            heard.push(health);
        }
        assert_eq!(heard, [Health::Coming, Health::Ready]);
        let (_, found) = pass(&mut sim, 60).unwrap();
        assert_eq!(state(&found, "two").0, Some(true), "it looks again");
    }
    assert_eq!(sim.run_number(&NODE.into()), Some(3));
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
