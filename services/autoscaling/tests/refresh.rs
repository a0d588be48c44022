//! Instance refreshes: rolling, with checkpoints, cancelled, rolled back.

use crate::bench::Bench;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use world::Span;

const G: &str = "g";

fn start(bench: &mut Bench, preferences: Json, desired: Json) -> String {
    let mut input = json!({"AutoScalingGroupName": G, "Preferences": preferences});
    if desired.is_object() {
        input["DesiredConfiguration"] = desired;
    }
    bench.asg("StartInstanceRefresh", input)["InstanceRefreshId"].as_str().unwrap().to_owned()
}

fn show(bench: &mut Bench) -> Json {
    let found = bench.asg("DescribeInstanceRefreshes", json!({"AutoScalingGroupName": G}));
    found["InstanceRefreshes"][0].clone()
}

fn ids(bench: &mut Bench) -> BTreeSet<String> {
    bench.serving().into_iter().map(|(id, _)| id).collect()
}

/// Lets it run; the fewest and the most that served on the way.
fn run(bench: &mut Bench, until: &str, seconds: u64) -> (usize, usize) {
    let (mut fewest, mut most) = (usize::MAX, 0);
    for _ in 0..seconds * 4 {
        let serving = bench.serving().len();
        (fewest, most) = (fewest.min(serving), most.max(serving));
        if show(bench)["Status"] == until {
            return (fewest, most);
        }
        bench.wait(Span::millis(250));
    }
    panic!("not {until}: {} {:?}", show(bench), bench.members());
}

#[test]
fn ten_percent_at_a_time_all_are_replaced() {
    let mut bench = Bench::new(1);
    bench.group(10, 12, 10, json!({}));
    bench.until(10, 15);
    let before = ids(&mut bench);
    start(&mut bench, json!({"InstanceWarmup": 2}), json!(null));
    let again = bench.refused("StartInstanceRefresh", json!({"AutoScalingGroupName": G}));
    assert_eq!(again.code, "InstanceRefreshInProgress");
    let (fewest, _) = run(&mut bench, "Successful", 120);
    assert!(fewest >= 9, "{fewest} of 10");
    assert!(ids(&mut bench).is_disjoint(&before));
    assert_eq!(show(&mut bench)["PercentageComplete"], 100);
    let told = "in response to an instance refresh.";
    let all = bench.activities();
    assert!(all.iter().filter(|one| one["Cause"].as_str().unwrap().ends_with(told)).count() >= 20);
}

#[test]
fn above_a_hundred_the_new_come_first() {
    let mut bench = Bench::new(2);
    bench.group(4, 5, 4, json!({}));
    bench.until(4, 15);
    let before = ids(&mut bench);
    let preferences = json!({"MinHealthyPercentage": 100, "MaxHealthyPercentage": 150,
        "InstanceWarmup": 1});
    start(&mut bench, preferences, json!(null));
    let (fewest, most) = run(&mut bench, "Successful", 120);
    assert!(fewest >= 4 && most <= 6, "{fewest} to {most}");
    bench.until(4, 10);
    assert!(ids(&mut bench).is_disjoint(&before));
}

#[test]
fn a_checkpoint_waits_and_a_cancelled_one_stops() {
    let mut bench = Bench::new(3);
    bench.group(4, 4, 4, json!({}));
    bench.until(4, 15);
    let before = ids(&mut bench);
    let preferences = json!({"MinHealthyPercentage": 50, "CheckpointPercentages": [50, 100],
        "CheckpointDelay": 60});
    start(&mut bench, preferences, json!(null));
    bench.wait(Span::seconds(40));
    assert_eq!(show(&mut bench)["PercentageComplete"], 50);
    assert_eq!(ids(&mut bench).intersection(&before).count(), 2);
    bench.asg("CancelInstanceRefresh", json!({"AutoScalingGroupName": G}));
    run(&mut bench, "Cancelled", 10);
    bench.wait(Span::seconds(120));
    assert_eq!(ids(&mut bench).intersection(&before).count(), 2);
    let none = bench.refused("CancelInstanceRefresh", json!({"AutoScalingGroupName": G}));
    assert_eq!(none.code, "ActiveInstanceRefreshNotFound");
}

#[test]
fn a_rollback_brings_the_old_version_back() {
    let mut bench = Bench::new(4);
    bench.group(3, 4, 3, json!({"LaunchTemplate": {"LaunchTemplateName": "web", "Version": "1"}}));
    bench.until(3, 15);
    let data = json!({"InstanceType": "t3.small"});
    let version = json!({"LaunchTemplateName": "web", "SourceVersion": "1",
        "LaunchTemplateData": data});
    bench.call("ec2", "CreateLaunchTemplateVersion", &version).unwrap();
    let desired = json!({"LaunchTemplate": {"LaunchTemplateName": "web", "Version": "2"}});
    // Only those that differ are replaced.
    let skip = json!({"SkipMatching": true, "CheckpointPercentages": [30, 100],
        "InstanceWarmup": 0});
    start(&mut bench, skip, desired);
    bench.wait(Span::seconds(20));
    let kinds = |bench: &mut Bench| {
        let shown = bench.show()["Instances"].clone();
        let all = shown.as_array().unwrap().iter();
        all.filter(|one| one["InstanceType"] == "t3.small").count()
    };
    assert_eq!(kinds(&mut bench), 1);
    bench.asg("RollbackInstanceRefresh", json!({"AutoScalingGroupName": G}));
    run(&mut bench, "RollbackSuccessful", 60);
    bench.until(3, 10);
    assert_eq!(kinds(&mut bench), 0);
    assert_eq!(bench.show()["LaunchTemplate"]["Version"], "1");
}
