//! Somebody who runs a whole site: balancers, groups, names, alarms, topics, experiments. What was
//! acknowledged is listed, what was deleted is not, and nothing of it is another account's.

use super::moves;
use crate::board::Board;
use crate::customer::{Ask, Customer, Heard, Reply, Scope, Thought};
use crate::stage::Stage;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// How certain a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum There {
    Yes,
    Perhaps,
    No,
}

/// A kind of thing: how it is made, deleted and listed. Pointers are JSON pointers; `name` is where
/// the input, or (when it begins with `>`) the answer of a creation has its name.
struct Kind {
    kind: &'static str,
    api: &'static str,
    create: &'static str,
    name: &'static str,
    delete: &'static str,
    deleted: &'static str,
    list: (&'static str, &'static str, &'static str),
}

const fn kind(
    (kind, api): (&'static str, &'static str),
    (create, name): (&'static str, &'static str),
    (delete, deleted): (&'static str, &'static str),
    list: (&'static str, &'static str, &'static str),
) -> Kind {
    Kind { kind, api, create, name, delete, deleted, list }
}

const KINDS: &[Kind] = &[
    kind(
        ("lb", "elbv2"),
        ("CreateLoadBalancer", ">/LoadBalancers/0/LoadBalancerArn"),
        ("DeleteLoadBalancer", "/LoadBalancerArn"),
        ("DescribeLoadBalancers", "LoadBalancers", "LoadBalancerArn"),
    ),
    kind(
        ("tg", "elbv2"),
        ("CreateTargetGroup", ">/TargetGroups/0/TargetGroupArn"),
        ("DeleteTargetGroup", "/TargetGroupArn"),
        ("DescribeTargetGroups", "TargetGroups", "TargetGroupArn"),
    ),
    kind(
        ("zone", "route53"),
        ("CreateHostedZone", ">/HostedZone/Id"),
        ("DeleteHostedZone", "/Id"),
        ("ListHostedZones", "HostedZones", "Id"),
    ),
    kind(
        ("check", "route53"),
        ("CreateHealthCheck", ">/HealthCheck/Id"),
        ("DeleteHealthCheck", "/HealthCheckId"),
        ("ListHealthChecks", "HealthChecks", "Id"),
    ),
    kind(
        ("topic", "sns"),
        ("CreateTopic", ">/TopicArn"),
        ("DeleteTopic", "/TopicArn"),
        ("ListTopics", "Topics", "TopicArn"),
    ),
    kind(
        ("alarm", "cloudwatch"),
        ("PutMetricAlarm", "/AlarmName"),
        ("DeleteAlarms", "/AlarmNames/0"),
        ("DescribeAlarms", "MetricAlarms", "AlarmName"),
    ),
    kind(
        ("lc", "autoscaling"),
        ("CreateLaunchConfiguration", "/LaunchConfigurationName"),
        ("DeleteLaunchConfiguration", "/LaunchConfigurationName"),
        ("DescribeLaunchConfigurations", "LaunchConfigurations", "LaunchConfigurationName"),
    ),
    kind(
        ("asg", "autoscaling"),
        ("CreateAutoScalingGroup", "/AutoScalingGroupName"),
        ("DeleteAutoScalingGroup", "/AutoScalingGroupName"),
        ("DescribeAutoScalingGroups", "AutoScalingGroups", "AutoScalingGroupName"),
    ),
    kind(
        ("plan", "fis"),
        ("CreateExperimentTemplate", ">/experimentTemplate/id"),
        ("DeleteExperimentTemplate", "/id"),
        ("ListExperimentTemplates", "experimentTemplates", "id"),
    ),
    kind(
        ("cert", "acm"),
        ("RequestCertificate", ">/CertificateArn"),
        ("DeleteCertificate", "/CertificateArn"),
        ("ListCertificates", "CertificateSummaryList", "CertificateArn"),
    ),
];

/// What else is learned from answers: operation, pointer, kind.
const LEARNED: &[(&str, &str, &str)] = &[
    ("CreateLoadBalancer", "/LoadBalancers/0/DNSName", "dns"),
    ("CreateLoadBalancer", "/LoadBalancers/0/CanonicalHostedZoneId", "dnszone"),
    ("CreateListener", "/Listeners/0/ListenerArn", "listener"),
    ("CreateRule", "/Rules/0/RuleArn", "rule"),
    ("RunInstances", "/Instances/0/InstanceId", "i"),
    ("StartExperiment", "/experiment/id", "experiment"),
    ("Subscribe", "/SubscriptionArn", "subscription"),
    ("DescribeImages", "/Images/0/ImageId", "image"),
    ("DescribeAutoScalingInstances", "/AutoScalingInstances/0/InstanceId", "member"),
    ("PutScalingPolicy", "/PolicyARN", "policy"),
];

/// The customer.
pub struct Town {
    scope: Scope,
    nonce: String,
    /// Calls that must be granted before anything else.
    begun: usize,
    things: BTreeMap<(&'static str, String), There>,
    known: BTreeMap<&'static str, Vec<String>>,
    made: u64,
}

impl Town {
    pub fn new(scope: Scope, nonce: String) -> Town {
        let (things, known) = (BTreeMap::new(), BTreeMap::new());
        Town { scope, nonce, begun: 0, things, known, made: 0 }
    }

    fn begin(&self) -> Option<Ask> {
        let one = |kind: &str| self.known.get(kind).and_then(|all| all.first()).cloned();
        let input = match self.begun {
            0 => ("DescribeSubnets", json!({})),
            1 => {
                let filter = json!([{"Name": "vpc-id", "Values": [one("vpc")?]},
                    {"Name": "group-name", "Values": ["default"]}]);
                ("DescribeSecurityGroups", json!({"Filters": filter}))
            }
            2 => {
                let input = json!({"GroupId": one("sg")?, "IpProtocol": "tcp", "FromPort": 80,
                    "ToPort": 80, "CidrIp": "0.0.0.0/0"});
                ("AuthorizeSecurityGroupIngress", input)
            }
            3 => {
                let filter = json!([{"Name": "name", "Values": ["al2023-ami-2023*-x86_64"]}]);
                ("DescribeImages", json!({"Owners": ["amazon"], "Filters": filter}))
            }
            _ => return None,
        };
        Some(Ask::new("ec2", input.0, input.1))
    }

    fn learn(&mut self, kind: &'static str, id: &str) {
        let all = self.known.entry(kind).or_default();
        if !all.iter().any(|one| one == id) {
            all.push(id.to_owned());
        }
        if all.len() > 6 {
            all.remove(0);
        }
    }

    fn hear_of_begin(&mut self, reply: &Reply) {
        if reply.yes().is_some() || reply.code() == Some("InvalidPermission.Duplicate") {
            self.begun += 1;
        }
        let Some(answer) = reply.yes() else { return };
        for subnet in answer["Subnets"].as_array().into_iter().flatten() {
            let zone = subnet["AvailabilityZone"].as_str().unwrap_or_default();
            if subnet["DefaultForAz"] == json!(true) && zone.ends_with(['a', 'b', 'c']) {
                self.learn("subnet", subnet["SubnetId"].as_str().unwrap_or_default());
                self.learn("vpc", subnet["VpcId"].as_str().unwrap_or_default());
            }
        }
        if let Some(group) = answer["SecurityGroups"][0]["GroupId"].as_str() {
            self.learn("sg", group);
        }
    }

    fn hear_of_thing(&mut self, reply: &Reply, board: &mut Board) {
        let operation = reply.ask.operation;
        if let Some(kind) = KINDS.iter().find(|kind| kind.create == operation) {
            let id = match kind.name.strip_prefix('>') {
                Some(pointer) => reply.yes().and_then(|answer| answer.pointer(pointer)),
                None => reply.ask.input.pointer(kind.name),
            };
            let Some(id) = id.and_then(Json::as_str).map(str::to_owned) else {
                if reply.lost() {
                    self.doubt(kind.kind);
                }
                return;
            };
            let place = self.things.entry((kind.kind, id.clone()));
            match reply.heard {
                Heard::Yes(_) => {
                    *place.or_insert(There::Yes) = There::Yes;
                    board.learn(&self.scope, kind.kind, &id);
                    self.learn(kind.kind, &id);
                }
                Heard::Lost => {
                    let there = place.or_insert(There::Perhaps);
                    if *there == There::No {
                        *there = There::Perhaps;
                    }
                    self.learn(kind.kind, &id);
                }
                Heard::No(_) => {}
            }
        }
        if let Some(kind) = KINDS.iter().find(|kind| kind.delete == operation) {
            let id = reply.ask.input.pointer(kind.deleted).and_then(Json::as_str);
            let id = id.unwrap_or_default().to_owned();
            let Some(there) = self.things.get_mut(&(kind.kind, id)) else { return };
            match (&reply.heard, *there) {
                (Heard::Yes(_), _) => *there = There::No,
                (Heard::Lost, There::Yes) => *there = There::Perhaps,
                _ => {}
            }
        }
    }

    /// Nobody knows which one was made: names of what was deleted are used again.
    fn doubt(&mut self, kind: &str) {
        let gone =
            self.things.iter_mut().filter(|((of, _), there)| *of == kind && **there == There::No);
        gone.for_each(|(_, there)| *there = There::Perhaps);
    }

    fn judge_kind(&self, kind: &Kind, stage: &mut Stage, scope: &Scope) -> Result<(), String> {
        let (operation, list, member) = kind.list;
        let found = stage.must(scope, kind.api, operation, json!({}))?;
        let items = found[list].as_array().into_iter().flatten();
        let all: Vec<&str> = items.filter_map(|item| item[member].as_str()).collect();
        for ((of, id), there) in &self.things {
            let count = all.iter().filter(|one| *one == id).count();
            let right = match there {
                _ if *of != kind.kind => true,
                There::Yes => count == 1,
                There::No => count == 0,
                There::Perhaps => count <= 1,
            };
            if !right {
                return Err(format!("{operation}: {id} is there {count} times, should: {there:?}"));
            }
        }
        let stray = all.iter().find(|id| {
            let arn: Vec<&str> = id.split(':').collect();
            arn.first() == Some(&"arn") && arn.get(4).is_some_and(|whose| *whose != scope.0)
        });
        stray.map_or(Ok(()), |id| Err(format!("{operation} of {scope:?} shows {id}")))
    }
}

impl Customer for Town {
    fn next(&mut self, _: usize, thought: &mut Thought) -> Option<Ask> {
        if let Some(ask) = self.begin() {
            return Some(ask);
        }
        self.made += 1;
        let whose = (&self.scope, self.nonce.as_str());
        let mut ask = moves::draw(thought.dice, whose, self.made, &self.known)?;
        // At times somebody else's thing is meant.
        if thought.dice.one_in(20)
            && let Some(kind) = KINDS.iter().find(|kind| kind.delete == ask.operation)
            && let Some(other) = thought.board.draw_foreign_of(&self.scope, kind.kind)
            && other.contains(|c: char| c == ':' || c == '/' || c.is_ascii_uppercase())
            && let Some(place) = ask.input.pointer_mut(kind.deleted)
        {
            *place = json!(other);
        }
        Some(ask)
    }

    fn hear(&mut self, reply: Reply, board: &mut Board) -> Result<(), String> {
        if self.begun < 4 && reply.ask.api == "ec2" {
            self.hear_of_begin(&reply);
        }
        if let Heard::No(refused) = &reply.heard
            && matches!(refused.code.as_str(), "NotImplemented" | "MissingParameter")
        {
            return reply.broken("the swarm speaks badly");
        }
        for (operation, pointer, kind) in LEARNED {
            if reply.ask.operation == *operation
                && let Some(id) = reply.yes().and_then(|answer| answer.pointer(pointer))
                && let Some(id) = id.as_str()
            {
                self.learn(kind, id);
            }
        }
        self.hear_of_thing(&reply, board);
        Ok(())
    }

    fn calm(&mut self) -> Vec<Ask> {
        let mut asks = Vec::new();
        for id in self.known.get("experiment").into_iter().flatten() {
            asks.push(Ask::new("fis", "StopExperiment", json!({"id": id})));
        }
        for name in self.known.get("asg").into_iter().flatten() {
            let input = json!({"AutoScalingGroupName": name});
            asks.push(Ask::new("autoscaling", "ResumeProcesses", input));
            // A hook that abandons each launch lets no group become full.
            let input = json!({"AutoScalingGroupName": name, "LifecycleHookName": "hook"});
            asks.push(Ask::new("autoscaling", "DeleteLifecycleHook", input));
        }
        asks
    }

    fn judge(&mut self, stage: &mut Stage, scope: &Scope) -> Result<(), String> {
        KINDS.iter().try_for_each(|kind| self.judge_kind(kind, stage, scope))?;
        let filter = json!({"Filters": [{"Name": "tag:managedByFIS", "Values": ["true"]}]});
        let left = stage.must(scope, "ec2", "DescribeNetworkAcls", filter)?;
        match left["NetworkAcls"].as_array().is_some_and(|all| !all.is_empty()) {
            true => Err(format!("experiments are over and left {left}")),
            false => Ok(()),
        }
    }
}
