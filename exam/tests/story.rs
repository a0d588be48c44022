//! The story as a person plays it: `maquette tour whatisthetime`, every stage, nothing left.

mod live;

use exam::Subject;
use live::{Calls, run_for};
use serde_json::json;
use std::time::Duration;

#[test]
fn the_tour_of_whatisthetime_keeps_every_promise() {
    let mut subject = Subject::new("story");
    subject.pace = 20;
    subject.start();
    let said = run_for(&subject, &["tour", "whatisthetime"], Duration::from_secs(900));
    assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
    for line in [
        "Stage 1. One small public server with an Elastic IP.",
        "rebooted; the same address says: {\"time\":",
        "Stage 2. Scale up: stop, make it an m5.large, start.",
        "downtime: ",
        "Stage 3. Scale out: more servers, an Elastic IP each, until the quota says no.",
        "server 5 at ",
        "the sixth Elastic IP: ",
        "AddressLimitExceeded",
        "clients failed from second ",
        "Stage 5. A balancer in three zones; the servers are private and only it can reach them.",
        "is killed under load",
        "Stage 6. An Auto Scaling group follows the load: 20 requests a second, 100, and 20 again.",
        "pace 20: a minute of AWS's alarms lasts 3.0 s here",
        "Stage 7. One of three zones goes dark under load, and comes back.",
        "six instances in service in the other two zones after ",
        "balanced again: ",
        "Stage 8. The bill: what ran, on demand; and what its steady part would cost reserved.",
        "All promises of stages 1 2 3 4 5 6 7 8 hold.",
    ] {
        assert!(said.out.contains(line), "no line with {line:?} in\n{}", said.out);
    }
    assert!(!said.err.contains("BROKEN PROMISE"), "{}", said.err);
    let told = ["downtime", "clients failed", "requests, ", "instances in service"];
    for line in said.out.lines().filter(|line| told.iter().any(|word| line.contains(word))) {
        eprintln!("story: {}", line.trim());
    }
    // The tour takes away what it made.
    let mut calls = Calls::of(&subject);
    let running = json!({"Filters": [{"Name": "instance-state-name",
        "Values": ["pending", "running", "stopping", "stopped"]}]});
    let left = calls.ec2("DescribeInstances", running);
    assert_eq!(left["Reservations"], json!([]), "{left}");
    let left = calls.ec2("DescribeAddresses", json!({}));
    assert_eq!(left["Addresses"], json!([]), "{left}");
    subject.finish();
}

#[test]
fn an_unknown_tour_is_refused_by_name() {
    let subject = Subject::up("story-unknown");
    let said = subject.maquette(&["tour", "whatisthespace"]);
    assert!(said.code != 0 && said.err.contains("whatisthetime"), "{said:?}");
    subject.finish();
}
