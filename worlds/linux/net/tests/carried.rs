//! What routers carried: counted where it passed, and still known to who opens the network again.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is test code")]

mod lab;
use lab::{Lab, OPEN, id, in_its_own_world};
use linux_net::{Carried, Network};
use std::net::UdpSocket;

/// Headers of IP and UDP.
const HEADERS: u64 = 28;
const MANY: u64 = 50;

fn carried(net: &Network) -> Carried {
    net.carried().into_iter().find(|(router, _)| *router == id("vpc-1")).unwrap().1
}

/// Datagrams of 1,000 bytes that nobody need receive.
fn send(lab: &Lab, from: &str, to: &str) {
    lab.inside(from, || {
        let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
        for _ in 0..MANY {
            let _ = socket.send_to(&[7; 1000], (to, 53));
        }
    });
}

in_its_own_world! {
fn only_what_passes_from_zone_to_zone_or_to_the_internet_counts(run: &Path) {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    lab.segment("subnet-a", "vpc-1", "a", "10.0.1.0/24", &["0.0.0.0/0 internet"]);
    lab.segment("subnet-a2", "vpc-1", "a", "10.0.3.0/24", &["0.0.0.0/0 internet"]);
    lab.segment("subnet-b", "vpc-1", "b", "10.0.2.0/24", &["0.0.0.0/0 internet"]);
    lab.group("sg-1", "vpc-1", &OPEN);
    lab.group("sg-shut", "vpc-1", &["out all all 0.0.0.0/0"]);
    lab.machine("one", "subnet-a", "10.0.1.10=203.0.113.10", &["sg-1"]);
    lab.machine("near", "subnet-a2", "10.0.3.10", &["sg-1"]);
    lab.machine("far", "subnet-b", "10.0.2.10", &["sg-1"]);
    lab.machine("shut", "subnet-b", "10.0.2.11", &["sg-shut"]);
    assert_eq!(carried(&lab.net), Carried::default());
    send(&lab, "one", "10.0.3.10");
    send(&lab, "one", "10.0.2.11");
    assert_eq!(carried(&lab.net), Carried::default(), "within a zone; dropped");
    // Somebody listens, so that no answers of ICMP count too.
    let _far = lab.udp("far", 53);
    send(&lab, "one", "10.0.2.10");
    let bytes = MANY * (1000 + HEADERS);
    assert_eq!(carried(&lab.net), Carried { between_zones: bytes, ..Carried::default() });
    let _one = lab.udp("one", 53);
    send(&lab, "internet", "203.0.113.10");
    let counts = carried(&lab.net);
    // Those of Ethernet too.
    assert_eq!((counts.internet_in, counts.internet_out), (bytes + MANY * 14, 0));
    assert_eq!(counts.between_zones, bytes);
    drop(lab);
    // A change of the rules elsewhere, and a new owner, begin nothing anew.
    let mut lab = Lab::new(run);
    assert_eq!(carried(&lab.net), counts);
    lab.segment("subnet-c", "vpc-1", "c", "10.0.4.0/24", &["0.0.0.0/0 internet"]);
    lab.machine("third", "subnet-c", "10.0.4.10", &["sg-1"]);
    let _third = lab.udp("third", 53);
    send(&lab, "one", "10.0.4.10");
    assert_eq!(carried(&lab.net).between_zones, 2 * bytes);
    // What a port that is not counted sends or gets.
    lab.machine("balancer", "subnet-b", "10.0.2.12", &["sg-1"]);
    let uncounted = |uncounted: bool| world::Port {
        uncounted,
        ..lab::spec("balancer", "subnet-b", "10.0.2.12", &["sg-1"], true)
    };
    lab.net.ensure_port(&id("eni-balancer"), &uncounted(true));
    let _balancer = lab.udp("balancer", 53);
    send(&lab, "one", "10.0.2.12");
    send(&lab, "balancer", "10.0.1.10");
    assert_eq!(carried(&lab.net).between_zones, 2 * bytes);
    lab.net.ensure_port(&id("eni-balancer"), &uncounted(false));
    send(&lab, "one", "10.0.2.12");
    assert_eq!(carried(&lab.net).between_zones, 3 * bytes);
}}
