//! Balancers under examination: made through boto3, before instances whose ports answer as well or
//! as badly as they are told. No test of its own.
#![allow(dead_code, reason = "each test file uses another part of it")]

use crate::live::{Calls, eventually, launch, text, until};
use exam::{Script, Subject};
use serde_json::{Value as Json, json};
use std::time::Duration;

/// The default VPC's subnets in three zones, and a group that lets everything in.
pub struct Front {
    pub calls: Calls,
    pub vpc: String,
    pub subnets: Vec<String>,
    pub group: String,
    image: String,
}

/// A balancer.
pub struct Balancer {
    pub arn: String,
    pub dns: String,
}

impl Front {
    pub fn of(subject: &Subject) -> Front {
        let mut calls = Calls::of(subject);
        let default = json!({"Filters": [{"Name": "is-default", "Values": ["true"]}]});
        let vpc = text(&calls.ec2("DescribeVpcs", default)["Vpcs"][0]["VpcId"]);
        let of_vpc = json!({"Filters": [{"Name": "vpc-id", "Values": [vpc]}]});
        let found = calls.ec2("DescribeSubnets", of_vpc);
        let place = |one: &Json| (text(&one["AvailabilityZone"]), text(&one["SubnetId"]));
        let mut subnets: Vec<_> =
            found["Subnets"].as_array().expect("subnets").iter().map(place).collect();
        subnets.sort();
        let subnets = subnets.into_iter().take(3).map(|(_, id)| id).collect();
        let made = json!({"VpcId": vpc, "GroupName": "open", "Description": "open"});
        let group = text(&calls.ec2("CreateSecurityGroup", made)["GroupId"]);
        let all = json!([{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]);
        let open = json!({"GroupId": group, "IpPermissions": all});
        calls.ec2("AuthorizeSecurityGroupIngress", open);
        let image = calls.image();
        Front { calls, vpc, subnets, group, image }
    }

    pub fn elb(&mut self, operation: &str, input: Json) -> Json {
        self.calls.call("elbv2", operation, input)
    }

    /// An instance in the subnet of this number.
    pub fn instance(&mut self, zone: usize, group: &str) -> String {
        let members = json!({"SubnetId": self.subnets[zone], "SecurityGroupIds": [group]});
        launch(&mut self.calls, &self.image, &members)
    }

    /// A balancer over the first zones: `application` or `network`.
    pub fn balancer(&mut self, name: &str, kind: &str, zones: usize) -> Balancer {
        let mut input = json!({"Name": name, "Type": kind, "Subnets": self.subnets[..zones]});
        input["SecurityGroups"] = json!([self.group]);
        let made = self.elb("CreateLoadBalancer", input);
        let made = &made["LoadBalancers"][0];
        let balancer =
            Balancer { arn: text(&made["LoadBalancerArn"]), dns: text(&made["DNSName"]) };
        until("the balancer is active", 30, || {
            let input = json!({"LoadBalancerArns": [balancer.arn]});
            let found = self.elb("DescribeLoadBalancers", input);
            (found["LoadBalancers"][0]["State"]["Code"] == "active").then_some(())
        });
        balancer
    }

    /// A target group with quick checks; `members` add to it or replace.
    pub fn group(&mut self, name: &str, protocol: &str, port: u16, members: &Json) -> String {
        let mut input = json!({"Name": name, "Protocol": protocol, "Port": port,
            "VpcId": self.vpc, "HealthCheckIntervalSeconds": 5, "HealthCheckTimeoutSeconds": 2,
            "HealthyThresholdCount": 2, "UnhealthyThresholdCount": 2});
        for (member, value) in members.as_object().expect("members by name") {
            input[member] = value.clone();
        }
        text(&self.elb("CreateTargetGroup", input)["TargetGroups"][0]["TargetGroupArn"])
    }

    pub fn register(&mut self, group: &str, id: &str, port: u16) {
        let targets = json!([{"Id": id, "Port": port}]);
        self.elb("RegisterTargets", json!({"TargetGroupArn": group, "Targets": targets}));
    }

    pub fn attribute(&mut self, group: &str, key: &str, value: &str) {
        let attributes = json!([{"Key": key, "Value": value}]);
        let input = json!({"TargetGroupArn": group, "Attributes": attributes});
        self.elb("ModifyTargetGroupAttributes", input);
    }

    pub fn of_balancer(&mut self, balancer: &Balancer, key: &str, value: &str) {
        let attributes = json!([{"Key": key, "Value": value}]);
        let input = json!({"LoadBalancerArn": balancer.arn, "Attributes": attributes});
        self.elb("ModifyLoadBalancerAttributes", input);
    }

    /// A listener that sends to one group; its ARN.
    pub fn listener(
        &mut self,
        balancer: &Balancer,
        protocol: &str,
        port: u16,
        group: &str,
    ) -> String {
        let actions = json!([{"Type": "forward", "TargetGroupArn": group}]);
        let input = json!({"LoadBalancerArn": balancer.arn, "Protocol": protocol, "Port": port,
            "DefaultActions": actions});
        text(&self.elb("CreateListener", input)["Listeners"][0]["ListenerArn"])
    }

    /// A certificate of the region's own authority; its ARN.
    pub fn certificate(&mut self, name: &str) -> String {
        let request = json!({"DomainName": name, "ValidationMethod": "EMAIL"});
        let arn = text(&self.calls.call("acm", "RequestCertificate", request)["CertificateArn"]);
        until("the certificate is issued", 20, || {
            let input = json!({"CertificateArn": arn});
            let found = self.calls.call("acm", "DescribeCertificate", input);
            (found["Certificate"]["Status"] == "ISSUED").then_some(())
        });
        arn
    }

    /// A listener within TLS.
    pub fn secure(&mut self, at: (&Balancer, &str, u16), group: &str, certificate: &str) -> String {
        let (balancer, protocol, port) = at;
        let actions = json!([{"Type": "forward", "TargetGroupArn": group}]);
        let input = json!({"LoadBalancerArn": balancer.arn, "Protocol": protocol, "Port": port,
            "DefaultActions": actions, "Certificates": [{"CertificateArn": certificate}]});
        text(&self.elb("CreateListener", input)["Listeners"][0]["ListenerArn"])
    }

    /// A rule that sends paths below `/NAME/` to a group.
    pub fn rule(&mut self, listener: &str, priority: usize, name: &str, group: &str) {
        let below = json!([{"Field": "path-pattern", "Values": [format!("/{name}/*")]}]);
        let actions = json!([{"Type": "forward", "TargetGroupArn": group}]);
        let input = json!({"ListenerArn": listener, "Priority": priority, "Conditions": below,
            "Actions": actions});
        self.elb("CreateRule", input);
    }

    /// `state reason description` of one target.
    pub fn state(&mut self, group: &str, id: &str, port: u16) -> (String, String, String) {
        let targets = json!([{"Id": id, "Port": port}]);
        let input = json!({"TargetGroupArn": group, "Targets": targets});
        let found = self.elb("DescribeTargetHealth", input);
        let health = &found["TargetHealthDescriptions"][0]["TargetHealth"];
        let member = |name: &str| health[name].as_str().unwrap_or_default().to_owned();
        (member("State"), member("Reason"), member("Description"))
    }

    /// Waits until a target is in a state.
    pub fn in_state(&mut self, group: &str, id: &str, port: u16, state: &str, seconds: u64) {
        let mut last = None;
        until(&format!("{id}:{port} is {state}"), seconds, || {
            let now = self.state(group, id, port);
            if last.as_ref() != Some(&now) {
                eprintln!("  {id}:{port} {now:?}");
                last = Some(now.clone());
            }
            (now.0 == state).then_some(())
        });
    }
}

/// `maquette load` of the internet's, under way.
pub struct Load(std::process::Child);

impl Load {
    pub fn start(subject: &Subject, url: &str, rate: u64, seconds: u64) -> Load {
        let mut command = subject.command();
        command.args(["load", "--state"]).arg(&subject.root).arg(url).arg("--json");
        command.args(["--rate", &rate.to_string(), "--duration", &format!("{seconds}s")]);
        command.stdout(std::process::Stdio::piped());
        Load(command.spawn().expect("the binary can be started"))
    }

    /// What came of it.
    pub fn report(mut self) -> Json {
        let out = self.0.stdout.take().expect("it is a pipe");
        let report = serde_json::from_reader(out).expect("`load --json` prints JSON");
        self.0.wait().expect("a child can be waited for");
        report
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        // It has ended, unless a test failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The processes of balancers' nodes.
pub fn nodes(subject: &mut Subject) -> Vec<exam::Process> {
    subject.audit.look();
    let mut all = subject.audit.still_running();
    all.retain(|one| one.command.contains(" node elb-"));
    all
}

/// The responder of `exam/clients/responder.py` inside an instance.
pub struct Responder(Script);

impl Responder {
    pub fn start(subject: &Subject, id: &str, ports: &[u16]) -> Responder {
        eventually(subject, &["as", id, "--", "true"]);
        let mut script = Script::start_text(
            subject,
            id,
            include_str!("../../clients/responder.py"),
            &[id, &json!(ports).to_string()],
        );
        assert_eq!(script.hear(Duration::from_secs(30))["ready"], id);
        Responder(script)
    }

    pub fn mode(&mut self, port: u16, mode: &str) {
        self.0.tell(&json!({"port": port, "mode": mode}).to_string());
        assert_eq!(self.0.hear(Duration::from_secs(10))["done"]["mode"], mode);
    }
}

/// The raw client on the internet.
pub struct Raw(Script);

impl Raw {
    pub fn start(subject: &Subject) -> Raw {
        Raw(Script::start_at(subject, "internet", "raw", &[]))
    }

    /// Asks all at once; the answers in their order.
    pub fn ask(&mut self, asks: &[Json]) -> Vec<Json> {
        self.0.tell(&json!(asks).to_string());
        let answers = self.0.hear(Duration::from_secs(60));
        answers.as_array().expect("answers").clone()
    }

    /// One request for a path; status and text.
    pub fn get(&mut self, host: &str, path: &str) -> (u64, String) {
        let send = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let answer = self.ask(&[json!({"host": host, "send": send})]).remove(0);
        (answer["status"].as_u64().expect("a status"), text(&answer["text"]))
    }
}
