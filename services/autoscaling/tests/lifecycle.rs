//! An instance's life in its group: hooks, standby, detaching, protection, suspended processes.

use crate::bench::Bench;
use serde_json::{Value as Json, json};
use world::Span;

const G: &str = "g";

fn hook(bench: &mut Bench, name: &str, transition: &str, more: Json) {
    let mut input = json!({"AutoScalingGroupName": G, "LifecycleHookName": name,
        "LifecycleTransition": format!("autoscaling:EC2_INSTANCE_{transition}")});
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    bench.asg("PutLifecycleHook", input);
}

#[test]
fn a_launch_waits_for_its_hook_and_goes_on() {
    let mut bench = Bench::new(1);
    bench.group(0, 3, 0, json!({}));
    let queue = json!({"QueueName": "hooks"});
    bench.call("sqs", "CreateQueue", &queue).unwrap();
    let target = "arn:aws:sqs:us-east-1:000000000000:hooks";
    hook(
        &mut bench,
        "ready",
        "LAUNCHING",
        json!({"NotificationTargetARN": target,
        "RoleARN": "arn:aws:iam::000000000000:role/r", "NotificationMetadata": "m"}),
    );
    bench.asg("SetDesiredCapacity", json!({"AutoScalingGroupName": G, "DesiredCapacity": 1}));
    bench.wait(Span::seconds(5));
    let (id, _, state) = bench.members()[0].clone();
    assert_eq!(state, "Pending:Wait");
    assert_eq!(bench.activities()[0]["StatusCode"], "MidLifecycleAction");
    let url = json!({"QueueUrl": "http://h/000000000000/hooks", "MaxNumberOfMessages": 10});
    let mut bodies = Vec::new();
    for _ in 0..3 {
        let found = bench.call("sqs", "ReceiveMessage", &url).unwrap();
        for one in found["Messages"].as_array().cloned().unwrap_or_default() {
            bodies.push(serde_json::from_str::<Json>(one["Body"].as_str().unwrap()).unwrap());
        }
    }
    let events: Vec<&str> = bodies.iter().filter_map(|one| one["Event"].as_str()).collect();
    assert_eq!(events, ["autoscaling:TEST_NOTIFICATION"]);
    let told = bodies.iter().find(|one| one["LifecycleActionToken"].is_string()).unwrap();
    assert_eq!(told["LifecycleTransition"], "autoscaling:EC2_INSTANCE_LAUNCHING");
    assert_eq!(told["EC2InstanceId"], id);
    assert_eq!(told["NotificationMetadata"], "m");
    let done = json!({"AutoScalingGroupName": G, "LifecycleHookName": "ready",
        "LifecycleActionToken": told["LifecycleActionToken"], "LifecycleActionResult": "CONTINUE"});
    bench.asg("CompleteLifecycleAction", done.clone());
    bench.until(1, 5);
    assert_eq!(bench.activities()[0]["StatusCode"], "Successful");
    assert_eq!(bench.refused("CompleteLifecycleAction", done).code, "ValidationError");
}

#[test]
fn an_abandoned_launch_is_ended_and_tried_again_later() {
    let mut bench = Bench::new(2);
    bench.group(0, 3, 0, json!({}));
    hook(&mut bench, "ready", "LAUNCHING", json!({"HeartbeatTimeout": 30}));
    bench.asg("SetDesiredCapacity", json!({"AutoScalingGroupName": G, "DesiredCapacity": 1}));
    bench.wait(Span::seconds(5));
    let first = bench.members()[0].0.clone();
    // A heartbeat puts the end off.
    bench.wait(Span::seconds(20));
    bench.asg(
        "RecordLifecycleActionHeartbeat",
        json!({"AutoScalingGroupName": G,
        "LifecycleHookName": "ready", "InstanceId": first}),
    );
    bench.wait(Span::seconds(20));
    assert_eq!(bench.members()[0].2, "Pending:Wait");
    bench.wait(Span::seconds(14));
    assert!(bench.members().iter().all(|(id, _, state)| *id != first || state != "Pending:Wait"));
    let failed = bench.activities().into_iter().find(|one| one["StatusCode"] == "Failed").unwrap();
    let why = failed["StatusMessage"].as_str().unwrap();
    assert!(why.ends_with("was abandoned: Heartbeat Timeout"), "{why}");
    bench.wait(Span::seconds(20));
    let again = bench.members();
    assert!(
        again.iter().any(|(id, _, state)| *id != first && state == "Pending:Wait"),
        "{again:?}"
    );
    // Not without end: an hour of abandoned launches is a few dozen at most.
    bench.wait(Span::seconds(3600));
    assert!(bench.activities().len() < 60, "{}", bench.activities().len());
}

#[test]
fn an_end_waits_for_its_hook() {
    let mut bench = Bench::new(3);
    bench.group(0, 3, 2, json!({}));
    bench.until(2, 15);
    hook(&mut bench, "bye", "TERMINATING", json!({"DefaultResult": "CONTINUE"}));
    bench.asg("SetDesiredCapacity", json!({"AutoScalingGroupName": G, "DesiredCapacity": 1}));
    bench.wait(Span::seconds(5));
    let waits = bench.members().into_iter().find(|(_, _, state)| state == "Terminating:Wait");
    let id = waits.unwrap().0;
    bench.wait(Span::seconds(600));
    assert_eq!(bench.members().len(), 2);
    bench.asg(
        "CompleteLifecycleAction",
        json!({"AutoScalingGroupName": G,
        "LifecycleHookName": "bye", "InstanceId": id, "LifecycleActionResult": "ABANDON"}),
    );
    bench.until(1, 10);
}

#[test]
fn standby_and_back_and_away() {
    let mut bench = Bench::new(4);
    bench.group(1, 3, 2, json!({}));
    bench.until(2, 15);
    let id = bench.serving()[0].0.clone();
    let one = |more: bool| {
        json!({"AutoScalingGroupName": G, "InstanceIds": [id],
        "ShouldDecrementDesiredCapacity": more})
    };
    let told = bench.asg("EnterStandby", one(true));
    assert_eq!(
        told["Activities"][0]["Description"],
        format!("Moving EC2 instance to Standby: {id}")
    );
    bench.wait(Span::seconds(5));
    assert!(bench.members().iter().any(|(one, _, state)| *one == id && state == "Standby"));
    assert_eq!(bench.show()["DesiredCapacity"], 1);
    assert_eq!(bench.members().len(), 2);
    bench.asg("ExitStandby", json!({"AutoScalingGroupName": G, "InstanceIds": [id]}));
    bench.until(2, 10);
    assert_eq!(bench.show()["DesiredCapacity"], 2);
    // Without the flag another one comes.
    bench.asg("DetachInstances", one(false));
    bench.until(2, 15);
    assert!(bench.serving().iter().all(|(one, _)| *one != id));
    let found = bench.call("ec2", "DescribeInstances", &json!({"InstanceIds": [id]})).unwrap();
    assert_eq!(found["Reservations"][0]["Instances"][0]["State"]["Name"], "running");
    bench.asg("AttachInstances", json!({"AutoScalingGroupName": G, "InstanceIds": [id]}));
    bench.until(3, 10);
    assert_eq!(bench.show()["DesiredCapacity"], 3);
    let again = json!({"AutoScalingGroupName": G, "InstanceIds": [id]});
    assert_eq!(bench.refused("AttachInstances", again).code, "ValidationError");
}

#[test]
fn what_is_protected_or_suspended_stays() {
    let mut bench = Bench::new(5);
    bench.group(0, 6, 3, json!({"NewInstancesProtectedFromScaleIn": true}));
    bench.until(3, 15);
    bench.asg("SetDesiredCapacity", json!({"AutoScalingGroupName": G, "DesiredCapacity": 1}));
    bench.wait(Span::seconds(30));
    assert_eq!(bench.serving().len(), 3);
    let id = bench.serving()[1].0.clone();
    bench.asg(
        "SetInstanceProtection",
        json!({"AutoScalingGroupName": G, "InstanceIds": [id],
        "ProtectedFromScaleIn": false}),
    );
    bench.until(2, 10);
    assert!(bench.serving().iter().all(|(one, _)| *one != id));
    let suspend = |names: Json| json!({"AutoScalingGroupName": G, "ScalingProcesses": names});
    bench.asg("SetDesiredCapacity", json!({"AutoScalingGroupName": G, "DesiredCapacity": 2}));
    bench.asg("SuspendProcesses", suspend(json!(["ReplaceUnhealthy"])));
    let id = bench.serving()[0].0.clone();
    let sick = json!({"InstanceId": id, "HealthStatus": "Unhealthy"});
    bench.asg("SetInstanceHealth", sick);
    bench.wait(Span::seconds(30));
    assert!(bench.serving().iter().any(|(one, _)| *one == id));
    bench.asg("SuspendProcesses", suspend(json!(["Launch"])));
    bench.asg("ResumeProcesses", suspend(json!(["ReplaceUnhealthy"])));
    bench.until(1, 10);
    bench.wait(Span::seconds(30));
    assert_eq!(bench.members().len(), 1);
    let shown = bench.show()["SuspendedProcesses"].clone();
    assert_eq!(shown[0]["ProcessName"], "Launch");
    bench.asg("ResumeProcesses", suspend(json!([])));
    bench.until(2, 10);
    let refused = bench.refused("SuspendProcesses", suspend(json!(["Lunch"])));
    assert_eq!(refused.code, "ValidationError");
}

#[test]
fn a_launch_that_cannot_be_backs_off() {
    let mut bench = Bench::new(6);
    bench.group(0, 3, 0, json!({}));
    let gone = json!({"LaunchTemplateName": "web"});
    bench.call("ec2", "DeleteLaunchTemplate", &gone).unwrap();
    bench.asg("SetDesiredCapacity", json!({"AutoScalingGroupName": G, "DesiredCapacity": 2}));
    bench.wait(Span::seconds(3600));
    let all = bench.activities();
    assert!(all.iter().all(|one| one["StatusCode"] == "Failed"));
    assert!((4..60).contains(&all.len()), "{} tries in an hour", all.len());
    let why = all[0]["StatusMessage"].as_str().unwrap();
    assert!(why.ends_with("Launching EC2 instance failed."), "{why}");
}

#[test]
fn a_crash_of_the_control_plane_changes_nothing() {
    let mut bench = Bench::new(7);
    bench.group(3, 6, 4, json!({}));
    bench.until(4, 15);
    let before = bench.serving();
    bench.crash();
    bench.wait(Span::seconds(10));
    assert_eq!(bench.serving(), before);
    bench.asg("SetDesiredCapacity", json!({"AutoScalingGroupName": G, "DesiredCapacity": 6}));
    bench.crash();
    bench.until(6, 15);
    bench.asg("DeleteAutoScalingGroup", json!({"AutoScalingGroupName": G, "ForceDelete": true}));
    assert_eq!(bench.show()["Status"], "Delete in progress");
    bench.wait(Span::seconds(20));
    assert!(bench.show().is_null());
    assert_eq!(bench.inventory_agrees(), Ok(()));
}

#[test]
fn the_unhealthy_are_replaced_a_tenth_at_a_time() {
    let mut bench = Bench::new(8);
    bench.group(20, 30, 20, json!({"HealthCheckGracePeriod": 60}));
    bench.until(20, 15);
    let sick: Vec<String> = bench.serving().into_iter().take(7).map(|(id, _)| id).collect();
    for id in &sick {
        // Within the grace period nobody heeds it, unless told not to mind.
        bench.asg("SetInstanceHealth", json!({"InstanceId": id, "HealthStatus": "Unhealthy"}));
    }
    bench.wait(Span::seconds(10));
    assert_eq!(bench.serving().len(), 20);
    for id in &sick {
        bench.asg(
            "SetInstanceHealth",
            json!({"InstanceId": id, "HealthStatus": "Unhealthy",
            "ShouldRespectGracePeriod": false}),
        );
    }
    let mut fewest = 20;
    for _ in 0..400 {
        fewest = fewest.min(bench.serving().len());
        bench.wait(Span::millis(50));
    }
    assert_eq!(fewest, 18);
    let now = bench.serving();
    assert_eq!(now.len(), 20);
    assert!(now.iter().all(|(id, _)| !sick.contains(id)));
}

#[test]
fn topics_are_told_and_metrics_are_published() {
    let mut bench = Bench::new(9);
    bench.group(0, 3, 0, json!({}));
    bench.call("sqs", "CreateQueue", &json!({"QueueName": "told"})).unwrap();
    let topic = bench.call("sns", "CreateTopic", &json!({"Name": "news"})).unwrap();
    let topic = topic["TopicArn"].as_str().unwrap().to_owned();
    let queue = "arn:aws:sqs:us-east-1:000000000000:told";
    let follow = json!({"TopicArn": topic, "Protocol": "sqs", "Endpoint": queue});
    bench.call("sns", "Subscribe", &follow).unwrap();
    bench.asg(
        "PutNotificationConfiguration",
        json!({"AutoScalingGroupName": G, "TopicARN": topic,
        "NotificationTypes": ["autoscaling:EC2_INSTANCE_LAUNCH"]}),
    );
    bench.asg(
        "EnableMetricsCollection",
        json!({"AutoScalingGroupName": G,
        "Granularity": "1Minute", "Metrics": ["GroupInServiceInstances"]}),
    );
    bench.asg("SetDesiredCapacity", json!({"AutoScalingGroupName": G, "DesiredCapacity": 1}));
    bench.until(1, 15);
    bench.wait(Span::seconds(130));
    let url = json!({"QueueUrl": "http://h/000000000000/told", "MaxNumberOfMessages": 10});
    let mut events = Vec::new();
    for _ in 0..3 {
        let found = bench.call("sqs", "ReceiveMessage", &url).unwrap();
        for one in found["Messages"].as_array().cloned().unwrap_or_default() {
            let outer: Json = serde_json::from_str(one["Body"].as_str().unwrap()).unwrap();
            let inner = outer["Message"].as_str().unwrap();
            let inner: Json = serde_json::from_str(inner).unwrap();
            events.push(inner["Event"].as_str().unwrap().to_owned());
        }
    }
    events.sort();
    let expected = ["autoscaling:EC2_INSTANCE_LAUNCH", "autoscaling:TEST_NOTIFICATION"];
    assert_eq!(events, expected);
    let input = json!({"Namespace": "AWS/AutoScaling", "MetricName": "GroupInServiceInstances",
        "Dimensions": [{"Name": "AutoScalingGroupName", "Value": G}], "Period": 60,
        "StartTime": "2026-01-01T00:00:00Z", "EndTime": "2026-01-01T01:00:00Z",
        "Statistics": ["Maximum", "SampleCount"]});
    let found = bench.call("cloudwatch", "GetMetricStatistics", &input).unwrap();
    let points = found["Datapoints"].as_array().unwrap().clone();
    assert!(points.len() >= 2, "{found}");
    assert!(points.iter().all(|one| one["SampleCount"] == 1.0 && one["Maximum"] == 1.0), "{found}");
}

#[test]
fn what_the_bounds_forbid_is_said_in_the_words_of_aws() {
    let mut bench = Bench::new(21);
    bench.group(2, 2, 2, json!({}));
    bench.until(2, 15);
    let id = bench.serving()[0].0.clone();
    let away = json!({"AutoScalingGroupName": G, "InstanceIds": [id],
        "ShouldDecrementDesiredCapacity": true});
    let sizes = "AutoScalingGroup g has min-size=2, max-size=2, and desired-size=2.";
    let end = "please update the AutoScalingGroup sizes appropriately.";
    for (operation, what) in [
        ("EnterStandby", "To place into standby 1 instance,"),
        ("DetachInstances", "To detach 1 instance,"),
    ] {
        let refused = bench.refused(operation, away.clone());
        assert_eq!(refused.message, format!("{sizes} {what} {end}"));
    }
    let kept = json!({"AutoScalingGroupName": G, "InstanceIds": [id],
        "ShouldDecrementDesiredCapacity": false});
    bench.asg("DetachInstances", kept);
    bench.until(2, 15);
    let back = json!({"AutoScalingGroupName": G, "InstanceIds": [id]});
    let refused = bench.refused("AttachInstances", back);
    assert_eq!(refused.message, format!("{sizes} To attach 1 more instance, {end}"));
    // Nothing changed by that.
    assert!(bench.serving().iter().all(|(one, _)| *one != id));
    assert_eq!(bench.show()["DesiredCapacity"], 2);
}

#[test]
fn a_suspended_refresh_waits_until_it_is_resumed() {
    let mut bench = Bench::new(22);
    bench.group(0, 4, 2, json!({}));
    bench.until(2, 15);
    let before: Vec<String> = bench.serving().into_iter().map(|(id, _)| id).collect();
    let process = json!({"AutoScalingGroupName": G, "ScalingProcesses": ["InstanceRefresh"]});
    bench.asg("SuspendProcesses", process.clone());
    let asked = json!({"AutoScalingGroupName": G, "Preferences":
        {"MinHealthyPercentage": 50, "InstanceWarmup": 0}});
    bench.asg("StartInstanceRefresh", asked);
    bench.wait(Span::seconds(120));
    assert!(bench.serving().iter().all(|(id, _)| before.contains(id)));
    bench.asg("ResumeProcesses", process);
    bench.wait(Span::seconds(60));
    bench.until(2, 30);
    assert!(bench.serving().iter().all(|(id, _)| !before.contains(id)));
}
