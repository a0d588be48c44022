//! Random changes, and then an opening that compares everything with the kernel: it must find
//! nothing to do, for each change has done all that it concerned.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is test code")]

mod lab;
use lab::{Lab, id, in_its_own_world, pass, spec, traffic, zone};
use linux_net::Network;
use world::{Filter, Group, Health, Ladder, Route, Router, Rung, Segment, Via, Way};

/// Openings, and changes before each; `LINUX_NET_TEST_SEED` changes the sequence.
const OPENINGS: usize = 8;
const CHANGES: usize = 40;

struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) as usize % limit
    }
}

/// Numbers name things: even ones belong to one router, odd ones to the other.
fn change(lab: &mut Lab, dice: &mut Dice) {
    let n = dice.below(8);
    let router = id(&format!("vpc-{}", n % 2));
    match dice.below(12) {
        0 => {
            let blocks = vec!["10.0.0.0/16".parse().unwrap()];
            lab.net.ensure_router(&router, &Router { blocks, internet: dice.below(4) > 0 });
        }
        1 | 2 => {
            let routes = (0..dice.below(3)).map(|_| Route {
                to: ["0.0.0.0/0", "198.51.100.0/24"][dice.below(2)].parse().unwrap(),
                via: match dice.below(3) {
                    0 => Via::Internet,
                    1 => Via::Nowhere,
                    _ => Via::Port(id(&format!("eni-{}", dice.below(4) * 2 + n % 2))),
                },
            });
            let routes = routes.collect();
            let ladder =
                (dice.below(2) == 0).then(|| id(&format!("acl-{}", dice.below(2) * 2 + n % 2)));
            let block = format!("10.0.{n}.0/24").parse().unwrap();
            let zone = zone(["a", "b"][n / 2 % 2]);
            let segment = Segment { router, zone, block, routes, ladder };
            lab.net.ensure_segment(&id(&format!("subnet-{n}")), &segment);
        }
        3 | 4 => {
            let rules = [
                "in tcp 80 0.0.0.0/0",
                "in tcp 22-90 10.0.0.0/8",
                "out all all 0.0.0.0/0",
                "in icmp 8 sg-0",
                "in udp all sg-1",
                "in all all sg-2",
                "in 47 all 10.0.0.0/8",
            ];
            let passes = (0..dice.below(5)).map(|_| pass(rules[dice.below(rules.len())]));
            let group = Filter::Group(Group { router, passes: passes.collect() });
            lab.net.ensure_filter(&id(&format!("sg-{}", n % 6)), &group);
        }
        5 => {
            let rungs = (0..dice.below(3)).map(|_| Rung {
                way: [Way::In, Way::Out][dice.below(2)],
                traffic: traffic(["tcp", "udp"][dice.below(2)], "80"),
                peer: "10.0.0.0/8".parse().unwrap(),
                pass: dice.below(2) == 0,
            });
            let ladder = Filter::Ladder(Ladder { router, rungs: rungs.collect() });
            lab.net.ensure_filter(&id(&format!("acl-{}", n % 4)), &ladder);
        }
        6 | 7 => {
            let segment = dice.below(4) * 2 + n % 2;
            let public = if dice.below(2) == 0 { format!("=203.0.113.{n}") } else { String::new() };
            let address = format!("10.0.{segment}.{}{public}", 10 + n);
            let groups: Vec<String> =
                (0..dice.below(3)).map(|_| format!("sg-{}", dice.below(3) * 2 + n % 2)).collect();
            let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
            let segment = format!("subnet-{segment}");
            let mut port = spec(&n.to_string(), &segment, &address, &groups, dice.below(3) > 0);
            port.plug = port.plug.filter(|_| dice.below(5) > 0);
            lab.net.ensure_port(&id(&format!("eni-{n}")), &port);
        }
        what => come_and_go(lab, dice, what, n),
    }
}

fn come_and_go(lab: &mut Lab, dice: &mut Dice, what: usize, n: usize) {
    let kinds = ["vpc", "subnet", "sg", "acl", "eni"];
    match what {
        8 => drop(lab.net.machine_namespace(&id(&format!("i-{n}"))).unwrap()),
        9 if dice.below(3) == 0 => lab.net.release_machine(&id(&format!("i-{n}"))).unwrap(),
        10 if dice.below(3) == 0 => {
            let kind = kinds[dice.below(kinds.len())];
            let n = if kind == "vpc" { n % 2 } else { n };
            lab.net.remove(&id(&format!("{kind}-{n}"))).unwrap();
        }
        11 => {
            let (on, other) = (dice.below(2) == 0, ["a", "b"][dice.below(2)]);
            if dice.below(2) == 0 {
                lab.net.cut(&zone("a"), &zone(other), on).unwrap();
            } else {
                lab.net.dark(&zone(other), on).unwrap();
            }
        }
        _ => {}
    }
}

/// Everything that is in force, in words. Identical rules may lie in another order.
fn in_force(lab: &Lab) -> Vec<String> {
    let places = (0..2).filter_map(|n| lab.net.router_namespace(&id(&format!("vpc-{n}"))));
    let mut all = Vec::new();
    for place in places.chain([lab.net.internet()]) {
        for words in [
            "ip -N rule",
            "ip -N route show table all",
            "ip neigh show nud permanent",
            "ip -o link show",
            "nft -s list table ip maquette",
        ] {
            let text = lab.words_in(&place, &words.split(' ').collect::<Vec<_>>());
            let mut lines: Vec<&str> = text.lines().collect();
            if !words.starts_with("nft") {
                lines.sort();
            }
            all.push(format!("{}: {words}\n{}", place.display(), lines.join("\n")));
        }
    }
    all
}

in_its_own_world! {
fn every_change_does_all_that_it_concerns(run: &Path) {
    let mut lab = Lab::new(run);
    let seed = std::env::var("LINUX_NET_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let mut dice = Dice(seed.unwrap_or(5));
    let mut ready = 0;
    for opening in 0..OPENINGS {
        for _ in 0..CHANGES {
            change(&mut lab, &mut dice);
        }
        lab.net.sweep().unwrap();
        let (before, health) = (in_force(&lab), lab.net.inventory().unwrap());
        ready += health.iter().filter(|thing| thing.health == Health::Ready).count();
        for thing in &health {
            assert!(!matches!(thing.health, Health::Failed(_)), "{thing:?}");
        }
        let Lab { net, run } = lab;
        drop(net);
        lab = Lab { net: Network::open(&run).unwrap(), run };
        lab.net.sweep().unwrap();
        assert_eq!(lab.net.inventory().unwrap(), health, "opening {opening}");
        for (before, after) in before.iter().zip(in_force(&lab)) {
            assert!(*before == after, "opening {opening}\nbefore:\n{before}\nafter:\n{after}");
        }
    }
    println!("{ready} things were ready at {OPENINGS} openings");
    assert!(ready > 5 * OPENINGS);
}}
