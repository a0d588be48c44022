//! How long a port, a rule and an adoption take, and that it does not grow beyond bounds with many
//! ports and rules. The bounds are loose: this runs unoptimised, beside other tests.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is test code")]

mod lab;
use lab::{Lab, OPEN, id, in_its_own_world};
use linux_net::Network;
use std::time::{Duration, Instant};

const MACHINES: usize = 300;

fn middle(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

in_its_own_world! {
fn ports_and_rules_are_quick(run: &Path) {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    lab.segment("subnet-a", "vpc-1", "a", "10.0.0.0/22", &["0.0.0.0/0 internet"]);
    lab.group("sg-1", "vpc-1", &OPEN);
    lab.group("sg-2", "vpc-1", &[]);
    let mut times = Vec::new();
    for n in 0..MACHINES {
        let address = format!("10.0.{}.{}", n / 200 + 1, n % 200 + 10);
        let start = Instant::now();
        lab.machine(&format!("{n}"), "subnet-a", &address, &["sg-1", "sg-2"]);
        times.push(start.elapsed());
    }
    let (first, last) = times.split_at_mut(MACHINES / 2);
    let (first, last) = (middle(first), middle(last));
    println!("a port and its namespace: {first:?}, with {MACHINES} already there {last:?}");
    assert!(last < Duration::from_millis(50));

    let mut times: Vec<Duration> = (0..100)
        .map(|n| {
            let rule = format!("in tcp {} 10.0.0.0/8", n + 1);
            let start = Instant::now();
            lab.group("sg-2", "vpc-1", &[&rule, "in udp 53 sg-1"]);
            start.elapsed()
        })
        .collect();
    println!("a change of a group that {MACHINES} ports wear: {:?}", middle(&mut times));
    assert!(middle(&mut times) < Duration::from_millis(20));

    let mut rules: Vec<String> =
        (0..1000).map(|n| format!("in tcp {} 10.{}.0.0/16", n + 1, n % 250)).collect();
    let start = Instant::now();
    lab.group("sg-2", "vpc-1", &rules.iter().map(String::as_str).collect::<Vec<_>>());
    println!("a thousand rules at once: {:?}", start.elapsed());
    rules.pop();
    let start = Instant::now();
    lab.group("sg-2", "vpc-1", &rules.iter().map(String::as_str).collect::<Vec<_>>());
    println!("one of a thousand rules: {:?}", start.elapsed());

    let start = Instant::now();
    let found = lab.net.inventory().unwrap();
    println!("inventory of {}: {:?}", found.len(), start.elapsed());
    let Lab { net, run } = lab;
    drop(net);
    let start = Instant::now();
    let mut lab = Lab { net: Network::open(&run).unwrap(), run };
    println!("adoption: {:?}", start.elapsed());
    assert_eq!(lab.net.inventory().unwrap(), found);
    assert!(lab.pings("1", "10.0.1.12"));

    let start = Instant::now();
    for n in 0..MACHINES {
        lab.net.remove(&id(&format!("eni-{n}"))).unwrap();
    }
    lab.net.sweep().unwrap();
    println!("removal of {MACHINES} ports: {:?}", start.elapsed());
    assert_eq!(lab.net.inventory().unwrap().len(), found.len() - MACHINES);
    let start = Instant::now();
    lab.net.teardown().unwrap();
    println!("teardown: {:?}", start.elapsed());
}}

/// Round trips of a datagram on one tracked flow, the middle of many.
fn round_trip(one: &std::net::UdpSocket, other: &std::net::UdpSocket, to: &str) -> Duration {
    let mut times: Vec<Duration> = (0..2000)
        .map(|_| {
            let start = Instant::now();
            one.send_to(b"there", (to, 53)).unwrap();
            let (_, from) = other.recv_from(&mut [0; 8]).unwrap();
            other.send_to(b"back", from).unwrap();
            one.recv(&mut [0; 8]).unwrap();
            start.elapsed()
        })
        .collect();
    middle(&mut times)
}

in_its_own_world! {
fn ten_thousand_rules_cost_established_packets_nothing(run: &Path) {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    lab.segment("subnet-a", "vpc-1", "a", "10.0.1.0/24", &[]);
    let name = |n: usize| format!("sg-{n}");
    let fill = |lab: &mut Lab, rules: usize| {
        for group in 0..40 {
            let mut rules: Vec<String> = (0..rules)
                .map(|n| format!("in tcp {} 10.{}.0.0/16", n + 1, group + n % 50))
                .collect();
            rules.extend(["in udp 53 10.0.0.0/8", "out udp 53 10.0.0.0/8"].map(String::from));
            lab.group(&name(group), "vpc-1", &rules.iter().map(String::as_str).collect::<Vec<_>>());
        }
    };
    fill(&mut lab, 0);
    let worn: Vec<String> = (0..5).map(name).collect();
    let worn: Vec<&str> = worn.iter().map(String::as_str).collect();
    lab.machine("one", "subnet-a", "10.0.1.10", &worn);
    lab.machine("two", "subnet-a", "10.0.1.11", &worn);
    let (one, other) = (lab.udp("one", 0), lab.udp("two", 53));
    let few = round_trip(&one, &other, "10.0.1.11");
    fill(&mut lab, 250);
    let many = round_trip(&one, &other, "10.0.1.11");
    println!("round trip with 80 rules {few:?}, with 10,080 rules {many:?}");
    assert!(many < few * 2);
}}
