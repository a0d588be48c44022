//! Faults, order of arrival, adoption, inventory and removal.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is test code")]

mod lab;
use lab::{Lab, OPEN, id, in_its_own_world, spec, talk, zone};
use linux_net::Network;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use world::{Fault, Filter, Group, Health, Id, Kind, Ladder, Router, Segment};

/// Two zones of two routers, everything open.
fn region(run: &std::path::Path) -> Lab {
    let mut lab = Lab::new(run);
    for n in ["1", "2"] {
        let vpc = format!("vpc-{n}");
        lab.router(&vpc, "10.0.0.0/16", true);
        lab.group(&format!("sg-{n}"), &vpc, &OPEN);
        for letter in ["a", "b"] {
            let block = if letter == "a" { "10.0.1.0/24" } else { "10.0.2.0/24" };
            let name = format!("subnet-{n}{letter}");
            lab.segment(&name, &vpc, letter, block, &["0.0.0.0/0 internet"]);
        }
    }
    lab.machine("1a", "subnet-1a", "10.0.1.10=203.0.113.11", &["sg-1"]);
    lab.machine("1c", "subnet-1a", "10.0.1.11", &["sg-1"]);
    lab.machine("1b", "subnet-1b", "10.0.2.10=203.0.113.12", &["sg-1"]);
    lab.machine("2b", "subnet-2b", "10.0.2.10=203.0.113.22", &["sg-2"]);
    lab
}

in_its_own_world! {
fn a_cut_stops_every_way_between_two_zones_and_heals(run: &Path) {
    let mut lab = region(run);
    let web = lab.listen("1b", 80);
    let mut one = lab.connect("1a", "10.0.2.10", 80).unwrap();
    let (mut other, _) = web.accept().unwrap();
    lab.net.cut(&zone("b"), &zone("a"), true).unwrap();
    assert!(!talk(&mut one, &mut other));
    assert!(!lab.pings("1b", "10.0.1.10"));
    assert!(!lab.pings("1a", "203.0.113.12"), "around through the internet");
    assert!(!lab.pings("1a", "203.0.113.22"), "nor to another router");
    assert!(lab.pings("1a", "10.0.1.11"), "inside of a zone");
    assert!(lab.pings("internet", "203.0.113.12"));
    // What comes during a fault is under it too.
    lab.segment("subnet-1x", "vpc-1", "b", "10.0.3.0/24", &[]);
    lab.machine("1x", "subnet-1x", "10.0.3.10", &["sg-1"]);
    assert!(!lab.pings("1a", "10.0.3.10"));
    assert!(lab.pings("1b", "10.0.3.10"));
    lab.net.cut(&zone("a"), &zone("b"), false).unwrap();
    assert!(lab.pings("1a", "10.0.3.10"));
    assert!(lab.pings("1a", "203.0.113.22"));
    one.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    std::io::Read::read_exact(&mut other, &mut [0; 1]).unwrap();
}}

in_its_own_world! {
fn a_dark_zone_has_no_links_at_all(run: &Path) {
    let mut lab = region(run);
    lab.net.news();
    lab.net.dark(&zone("a"), true).unwrap();
    assert!(lab.net.news().contains(&(id("eni-1a"), Health::Dark)));
    for (from, to) in [("1a", "10.0.1.11"), ("1a", "10.0.2.10"), ("1b", "10.0.1.10"),
        ("1a", "192.0.2.1"), ("internet", "203.0.113.11")] {
        assert!(!lab.pings(from, to), "{from} to {to}");
    }
    assert!(lab.pings("1b", "203.0.113.22"));
    lab.net.dark(&zone("a"), false).unwrap();
    assert!(lab.net.news().contains(&(id("eni-1a"), Health::Ready)));
    assert!(lab.pings("1a", "10.0.1.11") && lab.pings("internet", "203.0.113.11"));
}}

type Step = Box<dyn Fn(&mut Network)>;

/// Everything a port needs, each as a step that can come at any time.
fn steps() -> Vec<Step> {
    let router = Router { blocks: vec!["10.0.0.0/16".parse().unwrap()], internet: true };
    let segment = Segment {
        router: id("vpc-1"),
        zone: zone("a"),
        block: "10.0.1.0/24".parse().unwrap(),
        routes: Vec::new(),
        ladder: Some(id("acl-1")),
    };
    let passes = OPEN.iter().map(|text| lab::pass(text)).collect();
    let group = Filter::Group(Group { router: id("vpc-1"), passes });
    let rungs = Vec::new();
    let ladder = Filter::Ladder(Ladder { router: id("vpc-1"), rungs });
    vec![
        Box::new(move |net| drop(net.ensure_router(&id("vpc-1"), &router))),
        Box::new(move |net| drop(net.ensure_segment(&id("subnet-a"), &segment))),
        Box::new(move |net| drop(net.ensure_filter(&id("sg-1"), &group))),
        Box::new(move |net| drop(net.ensure_filter(&id("acl-1"), &ladder))),
        Box::new(|net| drop(net.machine_namespace(&id("i-one")).unwrap())),
        Box::new(|net| {
            let port = spec("one", "subnet-a", "10.0.1.10=203.0.113.1", &["sg-1"], true);
            net.ensure_port(&id("eni-one"), &port);
        }),
        Box::new(|net| {
            net.machine_namespace(&id("i-two")).unwrap();
            let port = spec("two", "subnet-a", "10.0.1.11", &["sg-1"], true);
            net.ensure_port(&id("eni-two"), &port);
        }),
    ]
}

in_its_own_world! {
fn the_order_of_arrival_does_not_matter(run: &Path) {
    let mut lab = Lab::new(run);
    let steps = steps();
    let mut seed = 7u64;
    for round in 0..12 {
        let mut order: Vec<usize> = (0..steps.len()).collect();
        for i in (1..order.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            order.swap(i, (seed >> 33) as usize % (i + 1));
        }
        let mut health: BTreeMap<Id, Health> = BTreeMap::new();
        for (done, step) in order.iter().enumerate() {
            steps[*step](&mut lab.net);
            health.extend(lab.net.news());
            let both = [id("eni-one"), id("eni-two")].map(|id| health.get(&id).cloned());
            let ready = both.contains(&Some(Health::Ready));
            assert!(!ready || done >= 4, "{order:?} after {done}: {health:?}");
        }
        assert!(health.values().all(|h| *h == Health::Ready), "{order:?}: {health:?}");
        assert_eq!(health.len(), 6, "{order:?}: {health:?}");
        assert!(lab.pings("one", "10.0.1.11"), "round {round}: {order:?}");
        // Removed in yet another order; what lacks something says so.
        order.rotate_left(round % steps.len());
        for step in order {
            let name = ["vpc-1", "subnet-a", "sg-1", "acl-1", "", "eni-one", "eni-two"][step];
            match name {
                "" => lab.net.release_machine(&id("i-one")).unwrap(),
                name => lab.net.remove(&id(name)).unwrap(),
            }
        }
        lab.net.release_machine(&id("i-two")).unwrap();
        lab.net.news();
        assert_eq!(lab.net.inventory().unwrap(), Vec::new());
    }
}}

in_its_own_world! {
fn what_loses_something_it_needs_is_coming_again(run: &Path) {
    let mut lab = region(run);
    lab.net.news();
    lab.net.release_machine(&id("i-1a")).unwrap();
    assert_eq!(lab.net.news(), vec![(id("eni-1a"), Health::Coming)]);
    assert!(!lab.pings("1b", "10.0.1.10"));
    // The same machine comes back, before the kernel has swept the old one away.
    lab.net.machine_namespace(&id("i-1a")).unwrap();
    assert_eq!(lab.net.news(), vec![(id("eni-1a"), Health::Ready)]);
    assert!(lab.pings("1b", "10.0.1.10"));
    lab.net.remove(&id("sg-1")).unwrap();
    assert!(lab.net.news().contains(&(id("eni-1a"), Health::Coming)));
    assert!(!lab.pings("1b", "10.0.1.10"));
    lab.group("sg-1", "vpc-1", &OPEN);
    assert!(lab.net.news().contains(&(id("eni-1a"), Health::Ready)));
    assert!(lab.pings("1b", "10.0.1.10"));
}}

in_its_own_world! {
fn a_second_opening_adopts_and_disturbs_nothing(run: &Path) {
    let mut lab = region(run);
    lab.group("sg-1", "vpc-1", &["in tcp 80 sg-1", "in icmp 8 0.0.0.0/0", OPEN[1]]);
    let web = lab.listen("1b", 80);
    let mut one = lab.connect("1a", "10.0.2.10", 80).unwrap();
    let (mut other, _) = web.accept().unwrap();
    let outside = lab.listen("internet", 80);
    let mut far = lab.connect("1a", "192.0.2.1", 80).unwrap();
    let (mut away, _) = outside.accept().unwrap();
    lab.net.cut(&zone("b"), &zone("x"), true).unwrap();
    let before = lab.net.inventory().unwrap();
    let rules = lab.rules("vpc-1");
    // The control plane dies without a word; its sockets close.
    let Lab { net, run } = lab;
    drop(net);
    let start = Instant::now();
    let mut lab = Lab { net: Network::open(&run).unwrap(), run };
    println!("adopted in {:?}", start.elapsed());
    assert_eq!(lab.rules("vpc-1"), rules, "adoption changed the rules");
    let machines: Vec<_> = lab.net.machines().map(|id| id.as_str()).collect();
    assert_eq!(machines, ["i-1a", "i-1b", "i-1c", "i-2b"]);
    assert_eq!(lab.net.faults(), vec![Fault::Cut(zone("b"), zone("x"))]);
    assert!(talk(&mut one, &mut other) && talk(&mut far, &mut away));
    assert_eq!(lab.net.inventory().unwrap(), before);
    assert!(lab.net.news().contains(&(id("eni-1a"), Health::Ready)));
    // Ensuring the same again is nothing; changing something works at once.
    let port = spec("1a", "subnet-1a", "10.0.1.10=203.0.113.11", &["sg-1"], true);
    assert_eq!(lab.net.ensure_port(&id("eni-1a"), &port), Health::Ready);
    assert_eq!(lab.net.news(), Vec::new());
    assert_eq!(lab.rules("vpc-1"), rules);
    lab.group("sg-1", "vpc-1", &[OPEN[1]]);
    assert!(lab.connect("1a", "10.0.2.10", 80).is_err());
    assert!(talk(&mut one, &mut other), "tracked");
    lab.machine("new", "subnet-1a", "10.0.1.77", &["sg-1"]);
    lab.net.remove(&id("eni-1c")).unwrap();
    lab.net.cut(&zone("b"), &zone("x"), false).unwrap();
    let Lab { net, run } = lab;
    drop(net);
    let mut lab = Lab { net: Network::open(&run).unwrap(), run };
    assert!(talk(&mut one, &mut other), "still");
    assert_eq!(lab.net.inventory().unwrap().len(), before.len());
}}

in_its_own_world! {
fn the_inventory_is_what_was_ensured_and_the_kernel_has(run: &Path) {
    let mut lab = region(run);
    lab.net.ensure_segment(&id("subnet-lost"), &Segment {
        router: id("vpc-none"),
        zone: zone("a"),
        block: "10.0.1.0/24".parse().unwrap(),
        routes: Vec::new(),
        ladder: None,
    });
    let found = lab.net.inventory().unwrap();
    let count = |kind| found.iter().filter(|found| found.kind == kind).count();
    let counts = [Kind::Router, Kind::Segment, Kind::Port, Kind::Filter].map(count);
    assert_eq!(counts, [2, 5, 4, 2]);
    for thing in &found {
        let lost = thing.id == id("subnet-lost");
        let want = if lost { Health::Coming } else { Health::Ready };
        assert_eq!(thing.health, want, "{}", thing.id);
    }
    // Somebody takes a link away: the inventory sees it, and the next order repairs it.
    lab.ip("1a", &["link", "del", "eth0"]);
    let found = lab.net.inventory().unwrap();
    let health = |name: &str| found.iter().find(|f| f.id == id(name)).unwrap().health.clone();
    assert_eq!(health("eni-1a"), Health::Coming);
    assert_eq!(health("eni-1c"), Health::Ready);
    lab.machine("1a", "subnet-1a", "10.0.1.10=203.0.113.11", &["sg-1"]);
    assert!(lab.pings("1b", "10.0.1.10") && lab.pings("internet", "203.0.113.11"));
}}

in_its_own_world! {
fn nothing_is_left_after_removal_and_teardown(run: &Path) {
    let mut lab = region(run);
    let router = lab.net.router_namespace(&id("vpc-1")).unwrap();
    lab.net.remove(&id("eni-1a")).unwrap();
    lab.net.remove(&id("eni-1c")).unwrap();
    lab.net.sweep().unwrap();
    let links = lab.words_in(&router, &["ip", "-o", "link"]);
    assert_eq!(links.lines().count(), 3, "lo, internet, one port: {links}");
    let rules = lab.rules("vpc-1");
    assert!(!rules.contains("10.0.1.10") && !rules.contains("10.0.1.11"), "{rules}");
    lab.net.remove(&id("vpc-1")).unwrap();
    assert_eq!(lab.net.router_namespace(&id("vpc-1")), None);
    assert!(!router.exists());
    let links = lab.words_in(&lab.net.internet(), &["ip", "-o", "link"]);
    assert_eq!(links.lines().count(), 2, "lo and vpc-2: {links}");
    let names = |lab: &Lab| std::fs::read_dir(lab.run.join("netns")).unwrap().count();
    assert_eq!(names(&lab), 1 + 1 + 4);
    for machine in ["1a", "1b", "1c", "2b"] {
        lab.net.release_machine(&id(&format!("i-{machine}"))).unwrap();
    }
    assert_eq!(names(&lab), 2);
    let run = lab.run.clone();
    lab.net.teardown().unwrap();
    assert_eq!(std::fs::read_dir(&run).unwrap().count(), 0);
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
    // The host may have namespaces of its own pinned elsewhere.
    let pins = run.join("netns").to_string_lossy().into_owned();
    assert!(!mounts.contains(&pins), "{mounts}");
}}
