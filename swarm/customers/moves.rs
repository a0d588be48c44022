//! What somebody who runs a site does next: a call drawn by chance over what is known.

use crate::customer::{Ask, Scope};
use crate::dice::Dice;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Ids and names by kind.
pub type Known = BTreeMap<&'static str, Vec<String>>;

struct Draw<'a> {
    dice: &'a mut Dice,
    scope: &'a Scope,
    nonce: &'a str,
    made: u64,
    known: &'a Known,
}

/// A call; none when something that it needs is not known yet.
pub fn draw(
    dice: &mut Dice,
    (scope, nonce): (&Scope, &str),
    made: u64,
    known: &Known,
) -> Option<Ask> {
    let mut draw = Draw { dice, scope, nonce, made, known };
    let room = match made {
        // First what everything else stands on.
        1 => return draw.configuration(),
        2 => return draw.pool(),
        3 => return draw.server(),
        _ => draw.dice.below(20),
    };
    match room {
        0..=5 => draw.balancing(),
        6..=11 => draw.scaling(),
        12..=13 => draw.names(),
        14..=16 => draw.watching(),
        17..=18 => draw.experiments(),
        _ => draw.other(),
    }
}

impl Draw<'_> {
    fn one(&mut self, kind: &str) -> Option<String> {
        self.dice.pick(self.known.get(kind)?).cloned()
    }

    fn name(&mut self, kind: &str, of: u64) -> String {
        format!("{}{kind}{}", self.nonce, self.dice.below(of))
    }

    fn subnets(&mut self) -> Option<Vec<String>> {
        let mut all = self.known.get("subnet")?.clone();
        if self.dice.one_in(2) && all.len() > 2 {
            all.remove(self.dice.below(all.len() as u64) as usize);
        }
        Some(all)
    }

    fn pool(&mut self) -> Option<Ask> {
        let input = json!({"Name": self.name("tg", 2), "Protocol": "HTTP", "Port": 80,
            "VpcId": self.one("vpc")?, "HealthCheckIntervalSeconds": 5,
            "HealthCheckTimeoutSeconds": 2, "HealthyThresholdCount": 2,
            "UnhealthyThresholdCount": 2});
        Some(Ask::new("elbv2", "CreateTargetGroup", input))
    }

    fn balancing(&mut self) -> Option<Ask> {
        let (operation, input) = match self.dice.below(20) {
            0..=3 => {
                let input = json!({"Name": self.name("lb", 2), "Subnets": self.subnets()?});
                ("CreateLoadBalancer", input)
            }
            4 => return self.pool(),
            5 => ("DeleteLoadBalancer", json!({"LoadBalancerArn": self.one("lb")?})),
            6 => ("DeleteTargetGroup", json!({"TargetGroupArn": self.one("tg")?})),
            7..=9 => {
                let port = 80 + self.dice.below(2);
                let (balancer, actions) = (self.one("lb")?, self.forward()?);
                let input = json!({"LoadBalancerArn": balancer, "Protocol": "HTTP", "Port": port,
                    "DefaultActions": actions});
                ("CreateListener", input)
            }
            10 => {
                let (listener, actions) = (self.one("listener")?, self.forward()?);
                let number = 1 + self.dice.below(3);
                let field = json!([{"Field": "path-pattern", "Values": [format!("/{number}*")]}]);
                let input = json!({"ListenerArn": listener, "Priority": number,
                    "Conditions": field, "Actions": actions});
                ("CreateRule", input)
            }
            11 => match self.dice.one_in(2) {
                true => ("DeleteRule", json!({"RuleArn": self.one("rule")?})),
                false => ("DeleteListener", json!({"ListenerArn": self.one("listener")?})),
            },
            12 => {
                let value = self.dice.below(60).to_string();
                let key = "deregistration_delay.timeout_seconds";
                let input = json!({"TargetGroupArn": self.one("tg")?,
                    "Attributes": [{"Key": key, "Value": value}]});
                ("ModifyTargetGroupAttributes", input)
            }
            13 => {
                let input = json!({"LoadBalancerArn": self.one("lb")?, "Subnets": self.subnets()?});
                ("SetSubnets", input)
            }
            place => {
                let input = json!({"TargetGroupArn": self.one("tg")?,
                    "Targets": [{"Id": self.one("i")?}]});
                (if place == 14 { "DeregisterTargets" } else { "RegisterTargets" }, input)
            }
        };
        Some(Ask::new("elbv2", operation, input))
    }

    fn forward(&mut self) -> Option<Json> {
        Some(json!([{"Type": "forward", "TargetGroupArn": self.one("tg")?}]))
    }

    fn configuration(&mut self) -> Option<Ask> {
        let input = json!({"LaunchConfigurationName": self.name("lc", 2),
            "ImageId": self.one("image")?, "InstanceType": "t3.micro",
            "SecurityGroups": [self.one("sg")?]});
        Some(Ask::new("autoscaling", "CreateLaunchConfiguration", input))
    }

    fn scaling(&mut self) -> Option<Ask> {
        let place = self.dice.below(25);
        if place < 4 || self.known.get("asg").is_none() {
            return self.group();
        }
        let group = self.one("asg")?;
        let mut input = json!({"AutoScalingGroupName": group});
        let mut add = |name: &str, value: Json| input[name] = value;
        let operation = match place {
            4..=6 => {
                add("DesiredCapacity", json!(self.dice.below(5)));
                "SetDesiredCapacity"
            }
            7 => {
                add("VPCZoneIdentifier", json!(self.subnets()?.join(",")));
                add("MaxSize", json!(2 + self.dice.below(3)));
                "UpdateAutoScalingGroup"
            }
            8 => {
                add("LifecycleHookName", json!("hook"));
                add("LifecycleTransition", json!(self.transition()));
                add("HeartbeatTimeout", json!(30));
                add("DefaultResult", json!(self.dice.word(&["CONTINUE", "ABANDON"])));
                "PutLifecycleHook"
            }
            9 => {
                add("LifecycleHookName", json!("hook"));
                "DeleteLifecycleHook"
            }
            10..=11 => "StartInstanceRefresh",
            12..=13 => {
                let some = ["Launch", "Terminate", "HealthCheck", "AZRebalance"];
                add("ScalingProcesses", json!([self.dice.word(&some)]));
                "SuspendProcesses"
            }
            14 => "ResumeProcesses",
            15..=16 => {
                let way = if place == 15 { "Attach" } else { "Detach" };
                add("TargetGroupARNs", json!([self.one("tg")?]));
                match way {
                    "Attach" => "AttachLoadBalancerTargetGroups",
                    _ => "DetachLoadBalancerTargetGroups",
                }
            }
            17 => {
                add("PolicyName", json!("simple"));
                add("AdjustmentType", json!("ChangeInCapacity"));
                add("ScalingAdjustment", json!(1));
                "PutScalingPolicy"
            }
            18 | 22..=23 => return self.member(),
            19 => {
                add("PolicyName", json!("follow"));
                add("PolicyType", json!("TargetTrackingScaling"));
                let metric = json!({"PredefinedMetricType": "ASGAverageCPUUtilization"});
                let tracking = json!({"PredefinedMetricSpecification": metric, "TargetValue": 50});
                add("TargetTrackingConfiguration", tracking);
                "PutScalingPolicy"
            }
            20 => {
                add("ForceDelete", json!(true));
                "DeleteAutoScalingGroup"
            }
            21 => return self.look(),
            _ => return self.policy(group),
        };
        Some(Ask::new("autoscaling", operation, input))
    }

    fn policy(&mut self, group: String) -> Option<Ask> {
        let input = json!({"AutoScalingGroupName": group, "PolicyName": "simple"});
        Some(Ask::new("autoscaling", "ExecutePolicy", input))
    }

    fn look(&mut self) -> Option<Ask> {
        Some(Ask::new("autoscaling", "DescribeAutoScalingInstances", json!({})))
    }

    fn transition(&mut self) -> &'static str {
        self.dice
            .word(&["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"])
    }

    fn group(&mut self) -> Option<Ask> {
        let mut input = json!({"AutoScalingGroupName": self.name("asg", 2),
            "LaunchConfigurationName": self.one("lc")?, "MinSize": self.dice.below(2),
            "MaxSize": 4, "DesiredCapacity": 1 + self.dice.below(3),
            "VPCZoneIdentifier": self.subnets()?.join(","), "HealthCheckGracePeriod": 30});
        if let Some(pool) = self.one("tg").filter(|_| self.dice.one_in(2)) {
            input["TargetGroupARNs"] = json!([pool]);
            input["HealthCheckType"] = json!(self.dice.word(&["EC2", "ELB"]));
        }
        Some(Ask::new("autoscaling", "CreateAutoScalingGroup", input))
    }

    fn member(&mut self) -> Option<Ask> {
        let (id, group) = (self.one("member")?, self.one("asg")?);
        let decrement = self.dice.one_in(2);
        let both = json!({"InstanceIds": [id], "AutoScalingGroupName": group,
            "ShouldDecrementDesiredCapacity": decrement});
        let (operation, input) = match self.dice.below(4) {
            0 => {
                let input = json!({"InstanceId": id, "ShouldDecrementDesiredCapacity": decrement});
                ("TerminateInstanceInAutoScalingGroup", input)
            }
            1 => ("DetachInstances", both),
            2 => ("EnterStandby", both),
            _ => ("ExitStandby", json!({"InstanceIds": [id], "AutoScalingGroupName": group})),
        };
        Some(Ask::new("autoscaling", operation, input))
    }

    fn names(&mut self) -> Option<Ask> {
        let domain = format!("{}.example.com", self.nonce);
        let (operation, input) = match self.dice.below(10) {
            0..=1 => {
                let reference = self.name("ref", 3);
                ("CreateHostedZone", json!({"Name": domain, "CallerReference": reference}))
            }
            2 => ("DeleteHostedZone", json!({"Id": self.one("zone")?})),
            3 => {
                let config = json!({"Type": "HTTP", "IPAddress": "192.0.2.1",
                    "ResourcePath": "/up", "RequestInterval": 30, "FailureThreshold": 3});
                let reference = self.name("check", 3);
                let input = json!({"CallerReference": reference, "HealthCheckConfig": config});
                ("CreateHealthCheck", input)
            }
            4 => ("DeleteHealthCheck", json!({"HealthCheckId": self.one("check")?})),
            place => {
                let mut set = json!({"Name": format!("w{}.{domain}", self.dice.below(3)),
                    "Type": "A"});
                match self.one("dns").filter(|_| place == 5) {
                    Some(dns) => {
                        set["AliasTarget"] = json!({"HostedZoneId": self.one("dnszone")?,
                            "DNSName": dns, "EvaluateTargetHealth": true});
                    }
                    None => {
                        let value = format!("203.0.113.{}", self.dice.below(4));
                        set["ResourceRecords"] = json!([{"Value": value}]);
                        set["TTL"] = json!(60);
                    }
                }
                if self.dice.one_in(3) {
                    set["SetIdentifier"] = json!(self.dice.word(&["one", "two"]));
                    set["Weight"] = json!(self.dice.below(256));
                    if let Some(check) = self.one("check") {
                        set["HealthCheckId"] = json!(check);
                    }
                }
                let action = self.dice.word(&["CREATE", "UPSERT", "UPSERT", "DELETE"]);
                let input = json!({"HostedZoneId": self.one("zone")?, "ChangeBatch":
                    {"Changes": [{"Action": action, "ResourceRecordSet": set}]}});
                ("ChangeResourceRecordSets", input)
            }
        };
        Some(Ask::new("route53", operation, input))
    }

    fn watching(&mut self) -> Option<Ask> {
        let alarm = self.name("alarm", 2);
        let (api, operation, input) = match self.dice.below(8) {
            0..=1 => {
                let mut input = json!({"AlarmName": alarm, "Namespace": "Town",
                    "MetricName": "Load", "Statistic": "Average", "Period": 60,
                    "EvaluationPeriods": 1 + self.dice.below(2), "Threshold": 50,
                    "ComparisonOperator": "GreaterThanThreshold"});
                if let Some(to) = self.one("topic").or_else(|| self.one("policy")) {
                    input["AlarmActions"] = json!([to]);
                }
                ("cloudwatch", "PutMetricAlarm", input)
            }
            2..=3 => {
                let data = json!([{"MetricName": "Load", "Value": self.dice.below(100)}]);
                ("cloudwatch", "PutMetricData", json!({"Namespace": "Town", "MetricData": data}))
            }
            4 => {
                let value = self.dice.word(&["OK", "ALARM", "INSUFFICIENT_DATA"]);
                let input = json!({"AlarmName": self.one("alarm")?, "StateValue": value,
                    "StateReason": "a test"});
                ("cloudwatch", "SetAlarmState", input)
            }
            5 => ("cloudwatch", "DeleteAlarms", json!({"AlarmNames": [self.one("alarm")?]})),
            6 => ("sns", "CreateTopic", json!({"Name": self.name("topic", 2)})),
            _ => ("sns", "DeleteTopic", json!({"TopicArn": self.one("topic")?})),
        };
        Some(Ask::new(api, operation, input))
    }

    fn experiments(&mut self) -> Option<Ask> {
        let (operation, input) = match self.dice.below(10) {
            0..=3 => ("CreateExperimentTemplate", self.design()?),
            4..=7 => {
                let token = format!("{}-{}", self.nonce, self.made);
                let plan = self.one("plan")?;
                let input = json!({"clientToken": token, "experimentTemplateId": plan});
                ("StartExperiment", input)
            }
            8 => ("StopExperiment", json!({"id": self.one("experiment")?})),
            _ => ("DeleteExperimentTemplate", json!({"id": self.one("plan")?})),
        };
        Some(Ask::new("fis", operation, input))
    }

    fn design(&mut self) -> Option<Json> {
        let account = &self.scope.0;
        let role = format!("arn:aws:iam::{account}:role/fis");
        let zone = format!("{}{}", self.scope.1, self.dice.word(&["a", "b", "c"]));
        let (target, action) = match self.dice.below(3) {
            0 => {
                let vpc = self.one("vpc")?;
                let parameters = json!({"availabilityZoneIdentifier": zone, "vpc": vpc});
                let scope = self.dice.word(&["all", "availability-zone"]);
                let cut = json!({"duration": "PT1M", "scope": scope});
                (
                    json!({"resourceType": "aws:ec2:subnet", "parameters": parameters,
                        "selectionMode": "ALL"}),
                    json!({"actionId": "aws:network:disrupt-connectivity", "parameters": cut,
                        "targets": {"Subnets": "aim"}}),
                )
            }
            1 => (
                json!({"resourceType": "aws:ec2:instance", "resourceTags": {"chaos": "yes"},
                    "selectionMode": "ALL"}),
                json!({"actionId": "aws:ec2:stop-instances",
                    "parameters": {"startInstancesAfterDuration": "PT1M"},
                    "targets": {"Instances": "aim"}}),
            ),
            _ => (
                json!({"resourceType": "aws:iam:role", "selectionMode": "ALL",
                    "resourceArns": [format!("arn:aws:iam::{account}:role/deploy")]}),
                json!({"actionId": "aws:ec2:api-insufficient-instance-capacity-error",
                    "parameters": {"duration": "PT1M", "availabilityZoneIdentifiers": zone,
                        "percentage": "100"}, "targets": {"Roles": "aim"}}),
            ),
        };
        let token = format!("{}-{}", self.nonce, self.made);
        Some(json!({"clientToken": token, "description": "d", "roleArn": role,
            "stopConditions": [{"source": "none"}], "targets": {"aim": target},
            "actions": {"act": action}}))
    }

    fn server(&mut self) -> Option<Ask> {
        let tags = json!([{"ResourceType": "instance",
            "Tags": [{"Key": "chaos", "Value": "yes"}]}]);
        let input = json!({"ImageId": self.one("image")?, "InstanceType": "t3.micro",
            "MinCount": 1, "MaxCount": 1, "SubnetId": self.one("subnet")?,
            "TagSpecifications": tags});
        Some(Ask::new("ec2", "RunInstances", input))
    }

    fn other(&mut self) -> Option<Ask> {
        Some(match self.dice.below(4) {
            0 => {
                let input = json!({"DomainName": format!("{}.example.com", self.nonce),
                    "ValidationMethod": "DNS", "IdempotencyToken": self.name("cert", 2)});
                Ask::new("acm", "RequestCertificate", input)
            }
            1 => {
                let input = json!({"CertificateArn": self.one("cert")?});
                Ask::new("acm", "DeleteCertificate", input)
            }
            2 => return self.server(),
            _ => {
                // At times what a group runs.
                let whose = if self.dice.one_in(3) { "member" } else { "i" };
                let id = self.one(whose)?;
                Ask::new("ec2", "TerminateInstances", json!({"InstanceIds": [id]}))
            }
        })
    }
}
