//! Who reaches whom: routers, segments, groups, the internet.

mod lab;
use lab::{Lab, alone};
use std::time::Instant;

const OPEN: [&str; 2] = ["in all all 0.0.0.0/0", "out all all 0.0.0.0/0"];

fn two_machines(run: &std::path::Path) {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    lab.segment("subnet-a", "vpc-1", "a", "10.0.1.0/24", &[]);
    lab.segment("subnet-b", "vpc-1", "b", "10.0.2.0/24", &[]);
    lab.group("sg-1", "vpc-1", &OPEN);
    lab.machine("one", "subnet-a", "10.0.1.10", &["sg-1"]);
    let start = Instant::now();
    lab.machine("two", "subnet-b", "10.0.2.10", &["sg-1"]);
    println!("a port with its namespace: {:?}", start.elapsed());
    if std::env::var("SHOW").is_ok() {
        let router = lab.run.join("netns/router.vpc-1");
        for words in ["nft list ruleset", "ip -d addr", "ip rule", "ip route show table all"] {
            let mut command = std::process::Command::new("nsenter");
            command.arg(format!("--net={}", router.display())).args(words.split(' '));
            println!("{words}: {:?}", command.status());
        }
    }
    assert!(lab.pings("one", "10.0.2.10"));
    let listener = lab.listen("two", 80);
    assert!(lab.reaches("one", &listener, "10.0.2.10"));
}

#[test]
fn two_machines_of_one_router_reach_each_other() {
    alone("two_machines_of_one_router_reach_each_other", false, two_machines);
}

#[test]
fn the_same_without_root() {
    alone("the_same_without_root", true, two_machines);
}
