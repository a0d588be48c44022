//! WhatIsTheTime.com as its owner builds it: through the API, call by call.

use crate::Plan;
use serde_json::{Value as Json, json};
use stories::Bench;

/// The name that clients ask for.
pub(crate) const NAME: &str = "www.whatisthetime.com";

/// The name of its group of servers.
pub(crate) const GROUP: &str = "time-servers";

const ZONES: [&str; 3] = ["a", "b", "c"];

/// Makes calls and says which one was refused.
struct Owner<'a> {
    bench: &'a mut Bench,
}

impl Owner<'_> {
    fn call(&mut self, api: &str, operation: &str, input: &Json) -> Result<Json, String> {
        self.bench
            .call(api, operation, input)
            .map_err(|refused| format!("{operation}: {}: {}", refused.code, refused.message))
    }

    fn id(&mut self, operation: &str, input: &Json, path: &str) -> Result<String, String> {
        let answer = self.call("ec2", operation, input)?;
        text(&answer, path)
    }
}

fn text(answer: &Json, path: &str) -> Result<String, String> {
    let found = answer.pointer(path).and_then(Json::as_str);
    found.map(str::to_owned).ok_or_else(|| format!("an answer without {path}: {answer}"))
}

/// Everything of stage 6: three zones, a balancer, a group that follows the load, a name.
pub(crate) fn build(bench: &mut Bench, plan: &Plan) -> Result<(), String> {
    let mut owner = Owner { bench };
    let network = network(&mut owner, &plan.region)?;
    let (balancer, pool) = balancer(&mut owner, &network)?;
    group(&mut owner, plan, &network, &pool)?;
    name(&mut owner, &balancer)
}

struct Network {
    vpc: String,
    public: Vec<String>,
    private: Vec<String>,
    front: String,
    servers: String,
}

fn network(owner: &mut Owner<'_>, region: &str) -> Result<Network, String> {
    let vpc = owner.id("CreateVpc", &json!({"CidrBlock": "10.0.0.0/16"}), "/Vpc/VpcId")?;
    let gateway =
        owner.id("CreateInternetGateway", &json!({}), "/InternetGateway/InternetGatewayId")?;
    let attach = json!({"VpcId": vpc, "InternetGatewayId": gateway});
    owner.call("ec2", "AttachInternetGateway", &attach)?;
    let table = owner.id("CreateRouteTable", &json!({"VpcId": vpc}), "/RouteTable/RouteTableId")?;
    let route = json!({
        "RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateway,
    });
    owner.call("ec2", "CreateRoute", &route)?;
    let (mut public, mut private) = (Vec::new(), Vec::new());
    for (number, letter) in ZONES.iter().enumerate() {
        let zone = format!("{region}{letter}");
        let mut subnet = |third: usize| {
            let input = json!({
                "VpcId": vpc, "AvailabilityZone": zone, "CidrBlock": format!("10.0.{third}.0/24"),
            });
            owner.id("CreateSubnet", &input, "/Subnet/SubnetId")
        };
        let (outer, inner) = (subnet(number)?, subnet(100 + number)?);
        let associate = json!({"RouteTableId": table, "SubnetId": outer});
        owner.call("ec2", "AssociateRouteTable", &associate)?;
        public.push(outer);
        private.push(inner);
    }
    let anyone = json!([{"CidrIp": "0.0.0.0/0"}]);
    let front = opened(owner, &vpc, "front", &json!({"IpRanges": anyone}))?;
    let from_front = json!({"UserIdGroupPairs": [{"GroupId": front}]});
    let servers = opened(owner, &vpc, "servers", &from_front)?;
    Ok(Network { vpc, public, private, front, servers })
}

/// A security group that lets HTTP in.
fn opened(owner: &mut Owner<'_>, vpc: &str, name: &str, from: &Json) -> Result<String, String> {
    let input = json!({"VpcId": vpc, "GroupName": name, "Description": name});
    let group = owner.id("CreateSecurityGroup", &input, "/GroupId")?;
    let mut rule = json!({"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80});
    if let (Some(rule), Some(from)) = (rule.as_object_mut(), from.as_object()) {
        rule.extend(from.clone());
    }
    let input = json!({"GroupId": group, "IpPermissions": [rule]});
    owner.call("ec2", "AuthorizeSecurityGroupIngress", &input)?;
    Ok(group)
}

struct Front {
    dns_name: String,
    zone: String,
}

fn balancer(owner: &mut Owner<'_>, network: &Network) -> Result<(Front, String), String> {
    let input = json!({
        "Name": "front", "Subnets": network.public, "SecurityGroups": [network.front],
    });
    let answer = owner.call("elbv2", "CreateLoadBalancer", &input)?;
    let front = Front {
        dns_name: text(&answer, "/LoadBalancers/0/DNSName")?,
        zone: text(&answer, "/LoadBalancers/0/CanonicalHostedZoneId")?,
    };
    let arn = text(&answer, "/LoadBalancers/0/LoadBalancerArn")?;
    let input = json!({
        "Name": "servers", "Protocol": "HTTP", "Port": 80, "VpcId": network.vpc,
        "HealthCheckIntervalSeconds": 5, "HealthCheckTimeoutSeconds": 2,
        "HealthyThresholdCount": 2, "UnhealthyThresholdCount": 2,
    });
    let answer = owner.call("elbv2", "CreateTargetGroup", &input)?;
    let pool = text(&answer, "/TargetGroups/0/TargetGroupArn")?;
    let attributes = json!({
        "TargetGroupArn": pool,
        "Attributes": [{"Key": "deregistration_delay.timeout_seconds", "Value": "30"}],
    });
    owner.call("elbv2", "ModifyTargetGroupAttributes", &attributes)?;
    let input = json!({
        "LoadBalancerArn": arn, "Protocol": "HTTP", "Port": 80,
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": pool}],
    });
    owner.call("elbv2", "CreateListener", &input)?;
    Ok((front, pool))
}

fn group(owner: &mut Owner<'_>, plan: &Plan, network: &Network, pool: &str) -> Result<(), String> {
    let wanted = json!({
        "Owners": ["amazon"],
        "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*-x86_64"]}],
    });
    let image = owner.id("DescribeImages", &wanted, "/Images/0/ImageId")?;
    let input = json!({
        "LaunchTemplateName": "server",
        "LaunchTemplateData": {
            "ImageId": image, "InstanceType": plan.instance_type,
            "SecurityGroupIds": [network.servers], "Monitoring": {"Enabled": true},
        },
    });
    owner.call("ec2", "CreateLaunchTemplate", &input)?;
    let (least, most) = plan.fleet;
    let first = plan.first_fleet();
    let input = json!({
        "AutoScalingGroupName": GROUP,
        "LaunchTemplate": {"LaunchTemplateName": "server", "Version": "$Latest"},
        "MinSize": least, "MaxSize": most, "DesiredCapacity": first,
        "VPCZoneIdentifier": network.private.join(","),
        "TargetGroupARNs": [pool],
        "HealthCheckType": "ELB", "HealthCheckGracePeriod": 120, "DefaultInstanceWarmup": 60,
    });
    owner.call("autoscaling", "CreateAutoScalingGroup", &input)?;
    let input = json!({
        "AutoScalingGroupName": GROUP, "PolicyName": "follow",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingConfiguration": {
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
            "TargetValue": plan.target,
        },
    });
    owner.call("autoscaling", "PutScalingPolicy", &input).map(drop)
}

fn name(owner: &mut Owner<'_>, front: &Front) -> Result<(), String> {
    let input = json!({"Name": "whatisthetime.com", "CallerReference": "simulate"});
    let answer = owner.call("route53", "CreateHostedZone", &input)?;
    let zone = text(&answer, "/HostedZone/Id")?;
    let alias = json!({
        "HostedZoneId": front.zone, "DNSName": front.dns_name, "EvaluateTargetHealth": true,
    });
    let record = json!({"Name": NAME, "Type": "A", "AliasTarget": alias});
    let change = json!({"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]});
    let input = json!({"HostedZoneId": zone, "ChangeBatch": change});
    owner.call("route53", "ChangeResourceRecordSets", &input).map(drop)
}
