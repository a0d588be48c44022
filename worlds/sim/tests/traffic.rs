//! Traffic at the level of flows, over a hand-made balancer.

mod town;

use sim::{Curve, Demand, Goal, Moment, Reply, Settings, Sim};
use std::net::Ipv4Addr;
use town::{NODE, balancer, machine, port, town};
use world::*;

const DOOR: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 5);
const OTHER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 6);

fn demand(rate: f64) -> Demand {
    Demand {
        goal: Goal::Addresses(vec![DOOR, OTHER]),
        port: 80,
        host: "www".into(),
        path: "/".into(),
        curve: Curve::level(rate),
        work: Span::millis(10),
        beside: Span::millis(5),
        patience: Span::seconds(5),
        bytes: (500, 1500),
    }
}

/// A node in each zone over both guests, each of which can do 100 requests a second.
fn two_nodes() -> Sim {
    let targets = [("one", "10.0.1.10"), ("two", "10.0.2.10")];
    let program = || Program::Balancer(Box::new(balancer(&targets)));
    let mut sim = town(&[
        ("p-node", port("a", "10.0.1.5", Some("203.0.113.5"), NODE)),
        (NODE, machine("za", Some("p-node"), None, program())),
        ("p-other", port("b", "10.0.2.5", Some("203.0.113.6"), "other")),
        ("other", machine("zb", Some("p-other"), None, program())),
    ]);
    drain(&mut sim, 30);
    sim
}

/// Lets this much time pass; all usage of it.
fn drain(sim: &mut Sim, seconds: u64) -> Vec<(Id, Usage)> {
    let (end, mut all) = (sim.now() + Span::seconds(seconds), Vec::new());
    loop {
        match sim.next(end) {
            Event::Usage(id, usage) => all.push((id, usage)),
            Event::Time if sim.now() >= end => return all,
            _ => {}
        }
    }
}

fn failed(moments: &[Moment]) -> f64 {
    moments.iter().map(|one| one.asked - one.good).sum()
}

#[test]
fn quiet_traffic_is_served_and_told() {
    let mut sim = two_nodes();
    sim.report_usage(true);
    let number = sim.demand(demand(100.0));
    let usage = drain(&mut sim, 150);
    let moments = sim.moments(number);
    assert!(failed(moments).abs() < 1e-6, "{moments:?}");
    let last = moments.last().unwrap();
    assert_eq!((last.targets, last.doors, last.capacity), (2, 2, 200.0));
    assert!(last.p50 >= 0.015 && last.p99 > last.p50 && last.p99 < 0.2, "{last:?}");
    let of = |id: &str, name: &str| {
        let mut all = usage.iter().filter(|(who, _)| who.as_str() == id);
        all.next_back().unwrap().1.amounts.get(name).cloned().unwrap_or_default()
    };
    assert_eq!(of(NODE, traffic::REQUESTS).sum, 3000.0, "half of a minute's");
    assert_eq!(of(NODE, "requests@web").sum, 3000.0);
    assert_eq!(of("other", "target-2xx@web").sum, 3000.0);
    let times = of(NODE, traffic::TARGET_TIME);
    assert!((times.count - 3000.0).abs() < 1e-6 && times.spread.len() > 2, "{times:?}");
    let cpu = of("one", gauge::CPU).sum / 60e6;
    assert!((0.5..0.52).contains(&cpu), "half a processor: {cpu}");
    assert_eq!(of("one", gauge::BYTES_OUT).sum, 4_500_000.0);
    // Half of all requests go to the guest in the other zone.
    let carried = [gauge::INTERNET_IN, gauge::INTERNET_OUT, gauge::BETWEEN_ZONES];
    assert_eq!(carried.map(|name| of("r", name).sum), [3e6, 9e6, 6e6]);
}

#[test]
fn what_uncounted_ports_carry_between_zones_is_not_told() {
    let mut sim = two_nodes();
    for (id, segment, address, public, node) in [
        ("p-node", "a", "10.0.1.5", "203.0.113.5", NODE),
        ("p-other", "b", "10.0.2.5", "203.0.113.6", "other"),
    ] {
        let Thing::Port(port) = port(segment, address, Some(public), node) else { continue };
        sim.ensure(&id.into(), &Thing::Port(Port { uncounted: true, ..port }));
    }
    sim.report_usage(true);
    sim.demand(demand(100.0));
    let usage = drain(&mut sim, 150);
    let (_, of_router) = usage.iter().rfind(|(who, _)| who.as_str() == "r").unwrap();
    assert!(of_router.amounts[gauge::INTERNET_OUT].sum > 1e6);
    assert!(!of_router.amounts.contains_key(gauge::BETWEEN_ZONES), "{of_router:?}");
}

#[test]
fn too_much_traffic_fails_and_recovers() {
    let mut sim = two_nodes();
    let number = sim.demand(demand(300.0));
    drain(&mut sim, 60);
    let last = *sim.moments(number).last().unwrap();
    assert!((last.good / last.asked - 2.0 / 3.0).abs() < 0.01, "{last:?}");
    assert!(last.p50 > 4.0, "who is served has waited: {last:?}");
    sim.change_demand(number, Curve::level(50.0));
    drain(&mut sim, 60);
    let last = *sim.moments(number).last().unwrap();
    assert!(last.asked - last.good < 1e-6 && last.p99 < 0.2, "{last:?}");
}

#[test]
fn a_killed_guest_costs_what_was_under_way() {
    let mut sim = two_nodes();
    let number = sim.demand(demand(60.0));
    drain(&mut sim, 30);
    sim.inject(Fault::Kill("one".into()));
    drain(&mut sim, 60);
    let lost = failed(sim.moments(number));
    assert!(lost > 0.1 && lost < 5.0, "nodes that are refused ask another: {lost}");
}

#[test]
fn a_dark_zone_costs_what_was_under_way() {
    let mut sim = two_nodes();
    let number = sim.demand(demand(60.0));
    drain(&mut sim, 30);
    sim.inject(Fault::Dark("zb".into()));
    drain(&mut sim, 60);
    let moments = sim.moments(number);
    let lost = failed(moments);
    assert!(lost > 0.1 && lost < 30.0, "what was under way, no more: {lost}");
    let last = moments.last().unwrap();
    assert!((last.asked - last.good).abs() < 1e-6 && last.doors == 1, "{last:?}");
    assert!(last.p99 >= 1.0, "who knows both addresses tries both: {last:?}");
    sim.heal(&Fault::Dark("zb".into()));
    drain(&mut sim, 60);
    let last = sim.moments(number).last().unwrap();
    assert!(last.targets == 2 && last.doors == 2 && last.p99 < 0.5, "{last:?}");
}

/// A target whose programs fail is left alone once that is noticed.
#[test]
fn answers_of_targets_count() {
    let mut sim = two_nodes();
    let number = sim.demand(demand(60.0));
    drain(&mut sim, 30);
    sim.serve(&"one".into(), 80, Reply::Status(500));
    drain(&mut sim, 60);
    let lost = failed(sim.moments(number));
    assert!(lost > 100.0 && lost < 700.0, "{lost}");
    let last = sim.moments(number).last().unwrap();
    assert!((last.asked - last.good).abs() < 1e-6 && last.targets == 1, "{last:?}");
}

fn names(addresses: &[&str]) -> Thing {
    let values = addresses.iter().map(|one| (*one).to_owned()).collect();
    let record = NameRecord {
        name: "www.example.com.".into(),
        kind: "A".into(),
        choice: NameChoice::Simple,
        check: None,
        answer: NameAnswer::Values { ttl: 60, values },
    };
    let zone = NameZone::new("example.com.", [record]);
    let zones = std::collections::BTreeMap::from([("z".into(), zone.into())]);
    let names = Names { zones, ..Names::default() };
    machine(EDGE, None, None, Program::Names(Box::new(names)))
}

/// Clients keep what they were told for its time to live.
#[test]
fn clients_learn_of_other_addresses_in_time() {
    let mut sim = two_nodes();
    sim.ensure(&"ns".into(), &names(&["203.0.113.5"]));
    drain(&mut sim, 1);
    let ttl = Span::seconds(60);
    let goal = Goal::Name { name: "www.example.com".into(), ttl };
    let number = sim.demand(Demand { goal, ..demand(60.0) });
    drain(&mut sim, 90);
    sim.inject(Fault::Freeze(NODE.into()));
    drain(&mut sim, 5);
    sim.ensure(&"ns".into(), &names(&["203.0.113.6"]));
    drain(&mut sim, 90);
    let good: Vec<f64> = sim.moments(number).iter().map(|one| one.good / one.asked).collect();
    let at = |from: u64| {
        let from = Settings::default().start + Span::seconds(121 + from);
        let moment = sim.moments(number).iter().rfind(|one| one.at <= from).unwrap();
        (moment.good / moment.asked * 10.0).round() / 10.0
    };
    assert_eq!([at(2), at(11), at(35), at(80)], [0.0, 0.1, 0.5, 1.0], "{good:?}");
}

#[test]
fn the_same_seed_gives_the_same_traffic() {
    let run = || {
        let mut sim = two_nodes();
        sim.report_usage(true);
        let curve = Curve::day(sim.now(), 24.0, 20.0, 150.0);
        let number = sim.demand(Demand { curve, ..demand(0.0) });
        drain(&mut sim, 24 * 3600);
        (sim.trace().digest(), sim.moments(number).to_vec())
    };
    let (one, other) = (run(), run());
    assert_eq!(one, other);
    assert_eq!(one.1.iter().map(|moment| moment.span.0).sum::<u64>(), 24 * 3_600_000_000);
}
