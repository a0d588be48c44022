//! Row 26: the console's scenario of a zone without power, its template typed with the AWS CLI,
//! over a group in three zones behind a balancer, and an instance with a volume of its own.

mod group;
mod live;

use exam::{Said, Subject};
use group::{Desk, ZONES};
use live::{eventually, text, until};
use serde_json::{Value as Json, json};
use std::process::Child;
use std::time::{Duration, Instant};

const TEMPLATE: &str = include_str!("../../examples/az-power/power-interruption.json");
/// As long as AWS lets the outage be at least, and a pause of ten seconds.
const OUTAGE: &str = "PT1M";
const PAUSE: &str = "PT10S";

/// The AWS CLI as a person types it.
fn aws(subject: &Subject, words: &[&str]) -> Json {
    let mut command = subject.client("aws");
    command.args(words);
    let said: Said = command.output().expect("the AWS CLI is here").into();
    assert_eq!(said.code, 0, "{words:?}: {said:?}");
    serde_json::from_str(&said.out).expect("JSON")
}

fn tag(value: &str) -> Json {
    json!([{"Key": "AzImpairmentPower", "Value": value}])
}

/// A balancer in three zones; its target group.
fn front(desk: &mut Desk) -> String {
    let made = json!({"Name": "front", "Subnets": desk.subnets});
    let made = desk.calls.call("elbv2", "CreateLoadBalancer", made);
    let balancer = made["LoadBalancers"][0].clone();
    let made = json!({"Name": "web", "Protocol": "HTTP", "Port": 80, "VpcId": balancer["VpcId"],
        "HealthCheckIntervalSeconds": 5, "HealthCheckTimeoutSeconds": 2,
        "HealthyThresholdCount": 2, "UnhealthyThresholdCount": 2});
    let made = desk.calls.call("elbv2", "CreateTargetGroup", made);
    let targets = text(&made["TargetGroups"][0]["TargetGroupArn"]);
    let hurry = json!([{"Key": "deregistration_delay.timeout_seconds", "Value": "5"}]);
    let hurry = json!({"TargetGroupArn": targets, "Attributes": hurry});
    desk.calls.call("elbv2", "ModifyTargetGroupAttributes", hurry);
    let action = json!([{"Type": "forward", "TargetGroupArn": targets}]);
    let made = json!({"LoadBalancerArn": balancer["LoadBalancerArn"], "Protocol": "HTTP",
        "Port": 80, "DefaultActions": action});
    desk.calls.call("elbv2", "CreateListener", made);
    targets
}

/// An instance in zone b, and its volume.
fn own(desk: &mut Desk) -> (String, String) {
    let image = desk.calls.image();
    let made = json!({"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1,
        "SubnetId": desk.subnets[1],
        "TagSpecifications": [{"ResourceType": "instance", "Tags": tag("StopInstances")}]});
    let id = text(&desk.calls.ec2("RunInstances", made)["Instances"][0]["InstanceId"]);
    let made = json!({"AvailabilityZone": ZONES[1], "Size": 1,
        "TagSpecifications": [{"ResourceType": "volume", "Tags": tag("ApiPauseVolume")}]});
    let volume = text(&desk.calls.ec2("CreateVolume", made)["VolumeId"]);
    desk.calls.in_state(&id, "running");
    until("the volume is available", 30, || {
        let found = desk.calls.ec2("DescribeVolumes", json!({"VolumeIds": [volume]}));
        (found["Volumes"][0]["State"] == "available").then_some(())
    });
    let asked = json!({"VolumeId": volume, "InstanceId": id, "Device": "/dev/sdf"});
    desk.calls.ec2("AttachVolume", asked);
    (id, volume)
}

fn actions(subject: &Subject, id: &str) -> Json {
    aws(subject, &["fis", "get-experiment", "--id", id])["experiment"].clone()
}

fn status(experiment: &Json, action: &str) -> String {
    text(&experiment["actions"][action]["state"]["status"])
}

/// A command in an instance that is not waited for.
fn begin(subject: &Subject, id: &str, script: &str) -> Child {
    let mut command = subject.command();
    command.arg("as").arg("--state").arg(&subject.root).args([id, "--", "sh", "-c", script]);
    command.spawn().expect("the binary can be started")
}

#[test]
fn a_zone_loses_power_as_the_console_has_it() {
    let subject = Subject::up("row26-power");
    let mut desk = Desk::of(&subject);
    let targets = front(&mut desk);
    let (own, volume) = own(&mut desk);
    let mut tags = tag("IceAsg");
    tags[0]["PropagateAtLaunch"] = json!(true);
    desk.group("web", [3, 6, 6], &json!({"Tags": tags, "TargetGroupARNs": [targets]}));
    let subnet = desk.subnets[1].clone();
    desk.calls.ec2("CreateTags", json!({"Resources": [subnet], "Tags": tag("DisruptSubnet")}));
    desk.rests("web", 6, 60);
    let file = subject.root.join("power.json");
    let mut template: Json = serde_json::from_str(TEMPLATE).expect("the example is JSON");
    for (name, action) in template["actions"].as_object_mut().expect("actions") {
        let parameters = action["parameters"].as_object_mut().expect("parameters");
        let long = if name == "Pause-EBS-IO" { PAUSE } else { OUTAGE };
        let spans = ["duration", "startInstancesAfterDuration"];
        for (_, value) in parameters.iter_mut().filter(|(key, _)| spans.contains(&key.as_str())) {
            *value = json!(long);
        }
    }
    std::fs::write(&file, template.to_string()).expect("a file");
    let file = format!("file://{}", file.display());
    let made = aws(&subject, &["fis", "create-experiment-template", "--cli-input-json", &file]);
    let template = text(&made["experimentTemplate"]["id"]);
    let begun = Instant::now();
    let started =
        aws(&subject, &["fis", "start-experiment", "--experiment-template-id", &template]);
    let id = text(&started["experiment"]["id"]);
    let dark = ZONES[1];
    until("the other zones serve for all", 30, || {
        let lit = desk.serving("web").iter().filter(|one| one.zone != dark).count();
        (lit >= 6).then_some(())
    });
    eprintln!("row 26: power interruption, whole again after {:?}", begun.elapsed());
    assert_eq!(text(&desk.calls.in_state(&own, "stopped")["InstanceId"]), own);
    let causes = json!(desk.activities("web")).to_string();
    assert!(causes.contains(&format!("the Availability Zone you requested ({dark}).")), "{causes}");
    // Power is back, and the volume's writes wait.
    until("the pause of the volume begins", 80, || {
        (status(&actions(&subject, &id), "Pause-EBS-IO") == "running").then_some(())
    });
    the_volume_waits(&subject, &mut desk, &own, &volume);
    let ended = until("the experiment ends", 30, || {
        let found = actions(&subject, &id);
        (found["state"]["status"] == "completed").then_some(found)
    });
    assert_eq!(status(&ended, "Stop-ASG-Instances"), "completed");
    let took = begun.elapsed();
    eprintln!("row 26: power interruption, over after {took:?}");
    assert!(took < Duration::from_secs(90), "{took:?}");
    until("the zones are equal again", 60, || {
        desk.by_zone("web").values().all(|count| *count == 2).then_some(())
    });
    desk.delete(&["web"]);
    subject.finish();
}

/// Whoever writes to it goes on when the pause ends.
fn the_volume_waits(subject: &Subject, desk: &mut Desk, own: &str, volume: &str) {
    let mount = "mkfs.ext4 -q /dev/sdf && mkdir -p /data && mount /dev/sdf /data";
    eventually(subject, &["as", own, "--", "sh", "-c", mount]);
    // What is mounted only now stalls within a moment.
    std::thread::sleep(Duration::from_millis(600));
    let begun = Instant::now();
    let mut writer = begin(subject, own, "echo late > /data/late");
    let asked = json!({"VolumeIds": [volume]});
    let shown = desk.calls.ec2("DescribeVolumeStatus", asked);
    assert_eq!(shown["VolumeStatuses"][0]["VolumeStatus"]["Status"], "impaired");
    let ended = writer.wait().expect("it ends");
    assert!(ended.success(), "{ended}");
    let waited = begun.elapsed();
    eprintln!("row 26: a writer waited {waited:?} for a paused volume");
    assert!(waited > Duration::from_secs(2) && waited < Duration::from_secs(15), "{waited:?}");
    let said = subject.maquette(&["as", own, "--", "cat", "/data/late"]);
    assert_eq!(said.out, "late\n");
}
