//! The control plane is killed in the midst of its changes, and the next opening completes them.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is test code")]

mod lab;
use lab::{Lab, OPEN, id, in_its_own_world};
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use world::{Health, Id};

/// Names the directory for the process that will be killed.
const VICTIM: &str = "LINUX_NET_TEST_VICTIM";
const KILLS: u64 = 25;
const MACHINES: usize = 4;

fn build(lab: &mut Lab, variant: usize) {
    lab.router("vpc-1", "10.0.0.0/16", true);
    let routes = [&["0.0.0.0/0 internet"][..], &["0.0.0.0/0 nowhere"]][variant % 2];
    lab.segment("subnet-a", "vpc-1", "a", "10.0.1.0/24", routes);
    let rules = [&OPEN[..], &["in icmp 8 sg-1", "in tcp 80 10.0.0.0/8", OPEN[1]]][variant % 2];
    lab.group("sg-1", "vpc-1", rules);
    for n in 0..MACHINES {
        let address = format!("10.0.1.{}=203.0.113.{}", n + 10, n + 10 + variant % 2 * 100);
        lab.machine(&n.to_string(), "subnet-a", &address, &["sg-1"]);
    }
}

/// Changes things for ever.
fn victim(run: &Path) {
    let mut lab = Lab::new(run);
    for variant in 0..1_000_000 {
        build(&mut lab, variant);
        let n = variant % MACHINES;
        match variant % 5 {
            0 => lab.net.remove(&id(&format!("eni-{n}"))).unwrap(),
            1 => lab.net.release_machine(&id(&format!("i-{n}"))).unwrap(),
            2 => lab.net.remove(&id("sg-1")).unwrap(),
            3 => lab.net.remove(&id("vpc-1")).unwrap(),
            _ => lab.net.remove(&id("subnet-a")).unwrap(),
        }
    }
}

in_its_own_world! {
fn a_killed_control_plane_leaves_nothing_half_done(run: &Path) {
    for kill in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["the_victim_of_the_test_beside", "--exact", "--nocapture"])
            .env(VICTIM, run)
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(20_000 + kill * 1_730));
        child.kill().unwrap();
        child.wait().unwrap();
        let mut lab = Lab::new(run);
        let found = lab.net.inventory().unwrap();
        for thing in &found {
            assert!(!matches!(thing.health, Health::Failed(_)), "{kill}: {thing:?}");
        }
        let kept: Vec<Id> = found.iter().map(|thing| thing.id.clone()).collect();
        build(&mut lab, 0);
        let ready = lab.net.inventory().unwrap();
        assert!(ready.iter().all(|thing| thing.health == Health::Ready), "{kill}: {ready:?}");
        assert!(kept.iter().all(|id| ready.iter().any(|thing| thing.id == *id)), "{kept:?}");
        for n in 0..MACHINES {
            let other = format!("10.0.1.{}", (n + 1) % MACHINES + 10);
            assert!(lab.pings(&n.to_string(), &other), "{kill}: {n} to {other}");
            assert!(lab.pings("internet", &format!("203.0.113.{}", n + 10)), "{kill}: {n}");
        }
        lab.net.sweep().unwrap();
        let router = lab.net.router_namespace(&id("vpc-1")).unwrap();
        let links = lab.words_in(&router, &["ip", "-o", "link"]);
        assert_eq!(links.lines().count(), 2 + MACHINES, "{kill}: {links}");
        let rules = lab.rules("vpc-1");
        let words = ["ip", "route", "show", "table", "all", "proto", "static"];
        let fresh = lab.words_in(&router, &words);
        assert_eq!(fresh.lines().count(), MACHINES + 2, "{kill}: {fresh}");
        assert!(!rules.contains("203.0.113.110"), "{kill}: {rules}");
    }
}}

#[test]
fn the_victim_of_the_test_beside() {
    if let Ok(run) = std::env::var(VICTIM) {
        victim(Path::new(&run));
    }
}
