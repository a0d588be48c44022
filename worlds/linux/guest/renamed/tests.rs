//! What is told of a change makes the next order of the one before.
#![allow(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use super::*;
use std::net::Ipv4Addr;
use world::{LookAt, NameAnswer, NameChoice, Names, Resolver, Size};

fn record(name: &str, value: &str) -> NameRecord {
    let (name, kind) = (format!("{name}.big.test."), "A".to_owned());
    let answer = NameAnswer::Values { ttl: 60, values: vec![value.to_owned()] };
    NameRecord { name, kind, choice: NameChoice::Simple, check: None, answer }
}

fn order(zones: Zones, checks: Checks) -> NodeOrder {
    NodeOrder {
        id: "names".into(),
        boot: 0,
        zone: "internet".into(),
        size: Size { millicpus: 1000, memory: 256 << 20, pids: 64 },
        program: Program::Names(Box::new(Names { zones, checks })),
        space: "/run/space".into(),
        internet: "/run/internet".into(),
        addresses: vec![Ipv4Addr::new(192, 0, 2, 2)],
        port: 53,
        logs: "/logs".into(),
    }
}

fn zone(records: Vec<NameRecord>) -> Zones {
    BTreeMap::from([("Z".into(), Arc::new(NameZone::new("big.test.", records)))])
}

fn many() -> Vec<NameRecord> {
    (0..10_000).map(|n| record(&format!("n{n}"), "192.0.2.1")).collect()
}

/// The records of an order in one order.
fn sorted(order: &NodeOrder) -> Vec<Arc<NameRecord>> {
    let all = names(order).unwrap().0.values();
    let mut all: Vec<_> = all.flat_map(|zone| zone.records.iter().cloned()).collect();
    all.sort_by_key(|record| format!("{record:?}"));
    all
}

/// Bytes on the way.
fn told(was: &NodeOrder, is: &NodeOrder) -> usize {
    let bytes = serde_json::to_vec(&Renamed::between(was, is).unwrap()).unwrap();
    let change: Renamed = serde_json::from_slice(&bytes).unwrap();
    let mut next = was.clone();
    assert!(change.apply(&mut next));
    assert_eq!(sorted(&next), sorted(is));
    assert_eq!(names(&next).unwrap().1, names(is).unwrap().1);
    bytes.len()
}

#[test]
fn one_record_of_ten_thousand_is_told_alone() {
    let was = order(zone(many()), Checks::new());
    let with = |change: &dyn Fn(&mut Vec<NameRecord>)| {
        let mut all = many();
        change(&mut all);
        order(zone(all), Checks::new())
    };
    assert!(told(&was, &was.clone()) < 64);
    assert!(told(&was, &with(&|all| all[5000] = record("n5000", "192.0.2.2"))) < 400);
    assert!(told(&was, &with(&|all| drop(all.remove(7)))) < 100);
    assert!(told(&was, &with(&|all| all.insert(3, record("new", "192.0.2.3")))) < 400);
    let two = with(&|all| {
        all[1] = record("n1", "192.0.2.9");
        all.push(record("n1", "192.0.2.8"));
        all.swap_remove(9998);
    });
    assert!(told(&was, &two) < 800);
}

#[test]
fn zones_and_checks_come_and_go() {
    let at = LookAt::Told(Some(true));
    let look = Look { at, inverted: false, disabled: false, last: None };
    let checks = Checks::from([("a".into(), look.clone()), ("b".into(), look.clone())]);
    let was = order(zone(vec![record("one", "192.0.2.1")]), checks);
    let mut zones = Zones::new();
    zones.insert("Y".into(), Arc::new(NameZone::new("other.test.", [record("x", "192.0.2.1")])));
    let other = Look { inverted: true, ..look.clone() };
    let checks = Checks::from([("b".into(), other), ("c".into(), look)]);
    told(&was, &order(zones, checks));
    let renamed = BTreeMap::from([("Z".into(), Arc::new(NameZone::new("else.test.", many())))]);
    told(&was, &order(renamed, Checks::new()));
}

#[test]
fn what_is_no_name_is_told_whole() {
    let was = order(zone(many()), Checks::new());
    assert_eq!(Renamed::between(&was, &NodeOrder { boot: 1, ..was.clone() }), None);
    let resolver = |router: &str| {
        let zones = zone(vec![record("one", "192.0.2.1")]);
        let (router, place, checks) = (router.into(), "eu-west-3".to_owned(), Checks::new());
        let program = Program::Resolver(Box::new(Resolver { router, place, zones, checks }));
        NodeOrder { program, ..was.clone() }
    };
    assert_eq!(Renamed::between(&was, &resolver("a")), None);
    assert_eq!(Renamed::between(&resolver("a"), &resolver("b")), None);
    assert_eq!(Renamed::between(&resolver("a"), &resolver("a")), Some(Renamed::default()));
}
