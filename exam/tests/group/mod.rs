//! What the tests of row 26 share: calls about groups and what is seen of them. No test of its own.
#![allow(dead_code, reason = "each test file uses another part of it")]

pub mod reference;

use crate::live::{Calls, text, until};
use exam::{Process, Subject, processes};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

pub const ZONES: [&str; 3] = ["ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c"];

/// Answers 200, or 500 once `/run/sick` exists.
const SERVER: &str = r#"#!/bin/bash
cat > /root/server.py <<'PYTHON'
import http.server, os
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(500 if os.path.exists("/root/sick") else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *words):
        pass
http.server.ThreadingHTTPServer(("0.0.0.0", 80), Page).serve_forever()
PYTHON
setsid python3 /root/server.py < /dev/null > /dev/null 2>&1 &
"#;

/// SIGKILL.
pub const KILL: i32 = 9;

/// A member of a group.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: String,
    pub zone: String,
    pub state: String,
    pub protected: bool,
    pub version: u64,
}

/// Calls about groups.
pub struct Desk {
    pub calls: Calls,
    pub template: String,
    pub subnets: Vec<String>,
}

impl Desk {
    pub fn of(subject: &Subject) -> Desk {
        let mut calls = Calls::of(subject);
        let image = calls.image();
        let found = calls.ec2("DescribeSubnets", json!({}));
        let found = found["Subnets"].as_array().expect("subnets").clone();
        let in_zone = |zone: &str| {
            let one = found.iter().find(|one| one["AvailabilityZone"] == zone);
            text(&one.expect("a default subnet")["SubnetId"])
        };
        let subnets = ZONES.iter().map(|zone| in_zone(zone)).collect();
        let open = json!({"GroupName": "default", "IpPermissions": [{"IpProtocol": "tcp",
            "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]});
        calls.ec2("AuthorizeSecurityGroupIngress", open);
        let data = json!({"ImageId": image, "InstanceType": "t3.micro",
            "UserData": base64(SERVER.as_bytes()), "Monitoring": {"Enabled": true}});
        let made = json!({"LaunchTemplateName": "row26", "LaunchTemplateData": data});
        let made = calls.ec2("CreateLaunchTemplate", made);
        let template = text(&made["LaunchTemplate"]["LaunchTemplateId"]);
        Desk { calls, template, subnets }
    }

    pub fn asg(&mut self, operation: &str, input: Json) -> Json {
        self.calls.call("autoscaling", operation, input)
    }

    /// Says something about one group.
    pub fn say(&mut self, operation: &str, group: &str, members: &Json) -> Json {
        let mut input = json!({"AutoScalingGroupName": group});
        for (name, value) in members.as_object().expect("members by name") {
            input[name] = value.clone();
        }
        self.asg(operation, input)
    }

    /// A group over the three zones.
    pub fn group(&mut self, name: &str, size: [usize; 3], more: &Json) {
        let mut input = json!({"MinSize": size[0], "MaxSize": size[1],
            "DesiredCapacity": size[2], "VPCZoneIdentifier": self.subnets.join(","),
            "LaunchTemplate": {"LaunchTemplateId": self.template}});
        for (name, value) in more.as_object().expect("members by name") {
            input[name] = value.clone();
        }
        self.say("CreateAutoScalingGroup", name, &input);
    }

    pub fn desire(&mut self, name: &str, count: usize) {
        self.say("SetDesiredCapacity", name, &json!({"DesiredCapacity": count}));
    }

    pub fn shown(&mut self, name: &str) -> Json {
        let asked = json!({"AutoScalingGroupNames": [name]});
        self.asg("DescribeAutoScalingGroups", asked)["AutoScalingGroups"][0].clone()
    }

    pub fn members(&mut self, name: &str) -> Vec<Member> {
        let shown = self.shown(name);
        let all = shown["Instances"].as_array().expect("instances").clone();
        let one = |one: &Json| Member {
            id: text(&one["InstanceId"]),
            zone: text(&one["AvailabilityZone"]),
            state: text(&one["LifecycleState"]),
            protected: one["ProtectedFromScaleIn"] == true,
            version: one["LaunchTemplate"]["Version"]
                .as_str()
                .and_then(|number| number.parse().ok())
                .unwrap_or(0),
        };
        all.iter().map(one).collect()
    }

    pub fn serving(&mut self, name: &str) -> Vec<Member> {
        let mut all = self.members(name);
        all.retain(|one| one.state == "InService");
        all
    }

    pub fn ids(&mut self, name: &str) -> Vec<String> {
        self.members(name).into_iter().map(|one| one.id).collect()
    }

    /// Waits until exactly so many are there, all in service.
    pub fn rests(&mut self, name: &str, count: usize, seconds: u64) -> Vec<Member> {
        until(&format!("{name} rests with {count}"), seconds, || {
            let all = self.members(name);
            let serve = all.iter().all(|one| one.state == "InService");
            (serve && all.len() == count).then_some(all)
        })
    }

    /// How long until so many others than these are in service.
    pub fn replaced(&mut self, name: &str, dead: &[String], count: usize) -> Duration {
        let begun = Instant::now();
        until(&format!("{name} is whole again"), 60, || {
            let mut all = self.serving(name);
            all.retain(|one| !dead.contains(&one.id));
            (all.len() >= count).then_some(())
        });
        begun.elapsed()
    }

    pub fn activities(&mut self, name: &str) -> Vec<Json> {
        let asked = json!({"AutoScalingGroupName": name});
        let found = self.asg("DescribeScalingActivities", asked);
        found["Activities"].as_array().expect("activities").clone()
    }

    /// Everything that was said as a cause.
    pub fn causes(&mut self, name: &str) -> String {
        let all = self.activities(name);
        all.iter().map(|one| text(&one["Cause"])).collect::<Vec<_>>().join("\n")
    }

    /// A queue: its address and its ARN.
    pub fn queue(&mut self, name: &str) -> (String, String) {
        let made = self.calls.call("sqs", "CreateQueue", json!({"QueueName": name}));
        let arn = format!("arn:aws:sqs:ap-northeast-2:000000000000:{name}");
        (text(&made["QueueUrl"]), arn)
    }

    /// What came to a queue meanwhile, parsed.
    pub fn letters(&mut self, url: &str) -> Vec<Json> {
        let asked = json!({"QueueUrl": url, "MaxNumberOfMessages": 10});
        let found = self.calls.call("sqs", "ReceiveMessage", asked);
        let all = found["Messages"].as_array().cloned().unwrap_or_default();
        for one in &all {
            let gone = json!({"QueueUrl": url, "ReceiptHandle": one["ReceiptHandle"]});
            self.calls.call("sqs", "DeleteMessage", gone);
        }
        all.iter().map(|one| serde_json::from_str(&text(&one["Body"])).expect("JSON")).collect()
    }

    /// Ids of the group's instances that EC2 still has.
    pub fn instances(&mut self, name: &str) -> Vec<String> {
        let filters = json!([{"Name": "tag:aws:autoscaling:groupName", "Values": [name]},
            {"Name": "instance-state-name", "Values": ["pending", "running", "stopping"]}]);
        let found = self.calls.ec2("DescribeInstances", json!({"Filters": filters}));
        let all = found["Reservations"].as_array().expect("reservations");
        let all = all.iter().flat_map(|one| one["Instances"].as_array().expect("instances"));
        let mut all: Vec<String> = all.map(|one| text(&one["InstanceId"])).collect();
        all.sort();
        all
    }

    pub fn by_zone(&mut self, name: &str) -> BTreeMap<String, usize> {
        let mut counts: BTreeMap<String, usize> =
            ZONES.iter().map(|zone| ((*zone).to_owned(), 0)).collect();
        for one in self.serving(name) {
            *counts.entry(one.zone).or_default() += 1;
        }
        counts
    }

    pub fn delete(&mut self, names: &[&str]) {
        for name in names {
            self.say("DeleteAutoScalingGroup", name, &json!({"ForceDelete": true}));
        }
        until("the groups are gone", 60, || {
            let found = self.asg("DescribeAutoScalingGroups", json!({}));
            let left = found["AutoScalingGroups"].as_array().expect("groups").iter();
            let left =
                left.filter(|one| names.iter().any(|name| one["AutoScalingGroupName"] == *name));
            (left.count() == 0).then_some(())
        });
    }
}

/// Kills every process of an instance.
pub fn kill(subject: &Subject, id: &str) {
    inside(subject, id).iter().for_each(|one| one.signal(KILL));
}

/// Every process of an instance.
pub fn inside(subject: &Subject, id: &str) -> Vec<Process> {
    let said = subject.maquette(&["as", id, "--", "readlink", "/proc/self/ns/mnt"]);
    assert_eq!(said.code, 0, "{said:?}");
    let room = said.out.trim().to_owned();
    let inside: Vec<Process> = processes()
        .into_iter()
        .filter(|one| one.namespace("mnt").as_ref() == Some(&room))
        .collect();
    assert!(!inside.is_empty(), "nothing runs in {id} ({room})");
    inside
}

/// Base64, as user data wants it.
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let word = three.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte));
        let word = word << (8 * (3 - three.len()));
        for at in 0..4 {
            let sign = SIGNS[(word >> (18 - 6 * at) & 63) as usize] as char;
            out.push(if at <= three.len() { sign } else { '=' });
        }
    }
    out
}
