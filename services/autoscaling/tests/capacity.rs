//! A group keeps its capacity: at its making, after a death, in a dark zone, and as it is told.

use crate::bench::Bench;
use serde_json::json;
use world::Span;

#[test]
fn instances_come_in_three_zones() {
    let mut bench = Bench::new(1);
    bench.group(1, 9, 6, json!({}));
    bench.until(6, 15);
    assert_eq!(bench.zones(), [2, 2, 2]);
    let activity = bench.activities().pop().unwrap();
    let cause = activity["Cause"].as_str().unwrap();
    let told =
        "a user request created an AutoScalingGroup changing the desired capacity from 0 to 6.";
    assert!(cause.contains(told), "{cause}");
    let rest = "an instance was started in response to a difference between desired and actual \
                capacity, increasing the capacity from 0 to 6.";
    assert!(cause.contains(rest), "{cause}");
    assert_eq!(activity["StatusCode"], "Successful");
    let (id, _) = bench.serving()[0].clone();
    let found = bench.call(
        "ec2",
        "DescribeTags",
        &json!({"Filters":
        [{"Name": "resource-id", "Values": [id]}]}),
    );
    let tags = found.unwrap()["Tags"].to_string();
    assert!(
        tags.contains("aws:autoscaling:groupName") && tags.contains("aws:ec2launchtemplate:id")
    );
}

#[test]
fn a_dead_instance_is_replaced_in_seconds() {
    let mut bench = Bench::new(2);
    bench.group(3, 6, 3, json!({"HealthCheckGracePeriod": 60}));
    bench.until(3, 15);
    let (id, zone) = bench.serving()[1].clone();
    bench.kill(&id);
    bench.wait(Span::seconds(10));
    bench.until(3, 5);
    let now = bench.serving();
    assert!(now.iter().all(|(one, _)| *one != id));
    assert!(now.iter().any(|(_, one)| *one == zone));
    // One that somebody terminates is missed too.
    let id = now[0].0.clone();
    bench.call("ec2", "TerminateInstances", &json!({"InstanceIds": [id]})).unwrap();
    bench.wait(Span::seconds(10));
    bench.until(3, 5);
    let all = bench.activities();
    let ended = "in response to an EC2 health check indicating it has been terminated or stopped.";
    assert!(all.iter().any(|one| one["Cause"].as_str().unwrap().ends_with(ended)));
    let new =
        "an instance was launched in response to an unhealthy instance needing to be replaced.";
    assert!(all[0]["Cause"].as_str().unwrap().ends_with(new), "{}", all[0]);
}

#[test]
fn a_dark_zone_is_left_and_filled_again() {
    let mut bench = Bench::new(3);
    bench.group(9, 9, 9, json!({}));
    bench.until(9, 15);
    bench.dark("us-east-1b", true);
    bench.wait(Span::seconds(15));
    let zones = bench.zones();
    assert_eq!((zones[0] + zones[2], zones[1]), (9, 0), "{:?}", bench.members());
    assert!(bench.activities().iter().any(|one| one["StatusCode"] == "Failed"));
    bench.dark("us-east-1b", false);
    let mut most = 0;
    for _ in 0..60 {
        most = most.max(bench.zones().iter().sum());
        bench.wait(Span::millis(500));
    }
    assert_eq!(bench.zones(), [3, 3, 3]);
    assert!(most <= 10, "{most} in service at once");
    bench.until(9, 15);
    let balance =
        "instances were launched to balance instances in zones us-east-1b with other zones";
    let all = bench.activities();
    assert!(all.iter().any(|one| one["Cause"].as_str().unwrap().contains(balance)));
}

#[test]
fn capacity_follows_what_is_desired() {
    let mut bench = Bench::new(4);
    bench.group(0, 6, 2, json!({}));
    bench.until(2, 15);
    let more = json!({"AutoScalingGroupName": "g", "DesiredCapacity": 5});
    bench.asg("SetDesiredCapacity", more);
    bench.until(5, 15);
    bench.asg("UpdateAutoScalingGroup", json!({"AutoScalingGroupName": "g", "MaxSize": 1}));
    bench.until(1, 30);
    let cause = bench.activities()[0]["Cause"].as_str().unwrap().to_owned();
    let told = "a user request update of AutoScalingGroup constraints to min: 0, max: 1, desired: \
                1 changing the desired capacity from 5 to 1.";
    assert!(cause.contains(told), "{cause}");
    assert!(cause.contains("was selected for termination."), "{cause}");
    let id = bench.serving()[0].0.clone();
    let end = json!({"InstanceId": id, "ShouldDecrementDesiredCapacity": true});
    let told = bench.asg("TerminateInstanceInAutoScalingGroup", end);
    let cause = told["Activity"]["Cause"].as_str().unwrap();
    assert!(cause.ends_with("in response to a user request, shrinking the capacity from 1 to 0."));
    bench.until(0, 15);
    bench.asg("DeleteAutoScalingGroup", json!({"AutoScalingGroupName": "g"}));
    assert!(bench.show().is_null());
    bench.wait(Span::seconds(5));
    assert_eq!(bench.inventory_agrees(), Ok(()));
}
