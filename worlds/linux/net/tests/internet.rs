//! The internet: public addresses, who has none, ways between routers and back to the own one.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is test code")]

mod lab;
use lab::{Lab, OPEN, id, in_its_own_world, ip};
use linux_net::CLIENT;
use std::io::{Read, Write};
use world::Health;

fn region(run: &std::path::Path) -> Lab {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    lab.segment("public", "vpc-1", "a", "10.0.1.0/24", &["0.0.0.0/0 internet"]);
    lab.segment("private", "vpc-1", "a", "10.0.2.0/24", &[]);
    lab.group("sg-1", "vpc-1", &OPEN);
    lab.machine("one", "public", "10.0.1.10=203.0.113.10", &["sg-1"]);
    lab.machine("two", "public", "10.0.1.11=198.51.100.11", &["sg-1"]);
    lab.machine("bare", "public", "10.0.1.12", &["sg-1"]);
    lab.machine("inner", "private", "10.0.2.10=192.0.2.20", &["sg-1"]);
    lab
}

in_its_own_world! {
fn a_public_address_works_in_and_out(run: &Path) {
    let lab = region(run);
    let (web, client) = (lab.listen("one", 80), lab.udp("internet", 53));
    assert!(lab.reaches("internet", &web, "203.0.113.10"));
    assert!(lab.pings("internet", "203.0.113.10"));
    assert!(lab.pings("one", &CLIENT.to_string()));
    assert_eq!(lab.seen_as("one", "192.0.2.1", &client), Some(ip("203.0.113.10")));
    assert_eq!(lab.seen_as("two", "192.0.2.1", &client), Some(ip("198.51.100.11")));
    let seen = lab.udp("one", 53);
    assert_eq!(lab.seen_as("internet", "203.0.113.10", &seen), Some(CLIENT));
}}

in_its_own_world! {
fn without_a_public_address_or_a_route_there_is_no_internet(run: &Path) {
    let lab = region(run);
    let client = lab.udp("internet", 53);
    assert_eq!(lab.seen_as("bare", "192.0.2.1", &client), None, "no public address");
    assert_eq!(lab.seen_as("inner", "192.0.2.1", &client), None, "no route out");
    assert!(!lab.pings("internet", "192.0.2.20"), "no route back");
    assert!(!lab.pings("internet", "203.0.113.99"), "nobody's address");
    // Private addresses mean nothing outside.
    assert!(!lab.pings("internet", "10.0.1.10"));
}}

in_its_own_world! {
fn ports_of_one_router_meet_by_public_addresses_too(run: &Path) {
    let lab = region(run);
    let seen = lab.udp("two", 53);
    let outside = lab.seen_as("one", "198.51.100.11", &seen);
    assert_eq!(outside, Some(ip("203.0.113.10")));
    let web = lab.listen("two", 80);
    assert!(lab.reaches("one", &web, "198.51.100.11"));
    let own = lab.listen("one", 81);
    assert!(lab.reaches("one", &own, "203.0.113.10"), "its own");
    assert!(!lab.reaches("bare", &web, "198.51.100.11"));
}}

in_its_own_world! {
fn a_public_address_moves_at_once(run: &Path) {
    let mut lab = region(run);
    let (old, new) = (lab.listen("one", 80), lab.listen("bare", 80));
    assert!(lab.reaches("internet", &old, "203.0.113.10"));
    let mut client = lab.connect("internet", "203.0.113.10", 80).unwrap();
    let (mut server, _) = old.accept().unwrap();
    let health = lab.port("one", "public", "10.0.1.10", &["sg-1"], true);
    assert_eq!(health, Health::Ready);
    assert!(!lab.pings("internet", "203.0.113.10"));
    assert!(!lab::talk(&mut client, &mut server), "the old flow has lost its address");
    let health = lab.port("bare", "public", "10.0.1.12=203.0.113.10", &["sg-1"], true);
    assert_eq!(health, Health::Ready);
    assert!(lab.reaches("internet", &new, "203.0.113.10"));
    // What is left of the old flow does not reach the old machine under the old address.
    client.write_all(b"late").unwrap();
    assert!(server.read(&mut [0; 8]).is_err());
    // Ordered for its next port before it is taken from this one: that waits, and goes on.
    let health = lab.port("one", "public", "10.0.1.10=203.0.113.10", &["sg-1"], true);
    assert_eq!(health, Health::Coming);
    assert!(lab.pings("two", "10.0.1.10"));
    assert!(lab.reaches("internet", &new, "203.0.113.10"));
    lab.net.news();
    lab.port("bare", "public", "10.0.1.12", &["sg-1"], true);
    assert_eq!(lab.net.news(), vec![(id("eni-one"), Health::Ready)]);
    assert!(lab.reaches("internet", &old, "203.0.113.10"));
    // A private address too, and when its port goes.
    lab.net.machine_namespace(&id("i-heir")).unwrap();
    let health = lab.port("heir", "public", "10.0.1.10=203.0.113.10", &["sg-1"], true);
    assert_eq!(health, Health::Coming);
    lab.net.remove(&id("eni-one")).unwrap();
    assert_eq!(lab.net.news().last(), Some(&(id("eni-heir"), Health::Ready)));
    let heir = lab.listen("heir", 80);
    assert!(lab.reaches("internet", &heir, "203.0.113.10"));
}}

in_its_own_world! {
fn a_gateway_can_be_taken_away_and_given(run: &Path) {
    let mut lab = region(run);
    let web = lab.listen("one", 80);
    lab.router("vpc-1", "10.0.0.0/16", false);
    assert!(!lab.reaches("internet", &web, "203.0.113.10"));
    let client = lab.udp("internet", 53);
    assert_eq!(lab.seen_as("one", "192.0.2.1", &client), None);
    lab.router("vpc-1", "10.0.0.0/16", true);
    assert!(lab.reaches("internet", &web, "203.0.113.10"));
    lab.net.remove(&id("eni-one")).unwrap();
    assert!(!lab.pings("internet", "203.0.113.10"));
}}

in_its_own_world! {
fn a_translating_machine_gives_others_its_address(run: &Path) {
    let mut lab = region(run);
    lab.net.machine_namespace(&id("i-nat")).unwrap();
    let health = lab.port("nat", "public", "10.0.1.20=203.0.113.20", &["sg-1"], false);
    assert_eq!(health, Health::Ready);
    lab.inside("nat", || {
        std::fs::write("/proc/sys/net/ipv4/ip_forward", "1").unwrap();
        let rule = "add table ip nat; \
            add chain ip nat out { type nat hook postrouting priority 100; }; \
            add rule ip nat out oifname eth0 ip saddr 10.0.2.0/24 masquerade";
        assert!(std::process::Command::new("nft").arg(rule).status().unwrap().success());
    });
    lab.segment("private", "vpc-1", "a", "10.0.2.0/24", &["0.0.0.0/0 eni-nat"]);
    let client = lab.udp("internet", 53);
    assert_eq!(lab.seen_as("inner", "192.0.2.1", &client), Some(ip("203.0.113.20")));
    let web = lab.listen("internet", 80);
    assert!(lab.reaches("inner", &web, "192.0.2.1"));
}}
