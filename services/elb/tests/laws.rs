//! What other rooms rely on: names, nodes, and what evaluating a balancer finds.

use crate::rooms;
use elb::model::{State, find};
use serde_json::{Value as Json, json};
use stories::Bench;
use world::{Id, Span};

fn call(bench: &mut Bench, api: &str, operation: &str, input: Json) -> Json {
    let answer = bench.call(api, operation, &input);
    answer.unwrap_or_else(|refused| panic!("{operation}: {refused:?}"))
}

/// A balancer in two zones with an instance in each; its DNS name, its group's ARN, instances.
fn front(bench: &mut Bench) -> (String, String, Vec<String>) {
    let subnets = call(bench, "ec2", "DescribeSubnets", json!({}));
    let all = subnets["Subnets"].as_array().cloned().unwrap_or_default();
    let of = |zone: &str| {
        let found = all.iter().find(|one| one["AvailabilityZone"] == zone);
        found.expect("every zone has a default subnet")["SubnetId"].clone()
    };
    let places = [of("us-east-1a"), of("us-east-1b")];
    let vpc = &all[0]["VpcId"];
    let images = call(bench, "ec2", "DescribeImages", json!({"Owners": ["amazon"]}));
    let mut instances = Vec::new();
    for subnet in &places {
        let input = json!({"ImageId": images["Images"][0]["ImageId"], "InstanceType": "t3.micro",
            "MinCount": 1, "MaxCount": 1, "SubnetId": subnet});
        let made = call(bench, "ec2", "RunInstances", input);
        let id = made["Instances"][0]["InstanceId"].as_str().map(str::to_owned);
        instances.push(id.expect("an instance has an id"));
    }
    bench.settle();
    for id in &instances {
        bench.world().serve(&Id::from(id), 80, sim::Reply::Status(200));
    }
    let input = json!({"Name": "front", "Subnets": places});
    let made = call(bench, "elbv2", "CreateLoadBalancer", input);
    let balancer = &made["LoadBalancers"][0];
    let input = json!({"Name": "web", "Protocol": "HTTP", "Port": 80, "VpcId": vpc,
        "HealthCheckIntervalSeconds": 5, "HealthCheckTimeoutSeconds": 2});
    let group = call(bench, "elbv2", "CreateTargetGroup", input)["TargetGroups"][0].clone();
    let arn = group["TargetGroupArn"].as_str().expect("a group has an ARN").to_owned();
    let targets: Vec<Json> = instances.iter().map(|id| json!({"Id": id})).collect();
    let input = json!({"TargetGroupArn": arn, "Targets": targets});
    call(bench, "elbv2", "RegisterTargets", input);
    let input = json!({"LoadBalancerArn": balancer["LoadBalancerArn"], "Protocol": "HTTP",
        "Port": 80, "DefaultActions": [{"Type": "forward", "TargetGroupArn": arn}]});
    call(bench, "elbv2", "CreateListener", input);
    let dns = balancer["DNSName"].as_str().expect("a balancer has a name").to_owned();
    (dns, arn, instances)
}

#[test]
fn a_dark_zone_leaves_the_name_and_the_targets_within_a_second() {
    for seed in 0..5 {
        let mut bench = Bench::of(rooms(), seed, sim::Settings::default());
        let (dns, arn, _) = front(&mut bench);
        bench.wait(Span::seconds(20));
        let shouted = format!("dualstack.{}.", dns.to_uppercase());
        let named = find::by_dns(bench.region().store(), &shouted).unwrap();
        assert!(named.healthy && named.nodes.iter().all(|node| node.well), "seed {seed}");
        assert!(named.nodes.iter().all(|node| node.public.is_some()));
        bench.dark("us-east-1b", true);
        bench.wait(Span::seconds(1));
        let named = find::by_dns(bench.region().store(), &dns).unwrap();
        let well: Vec<&str> =
            named.nodes.iter().filter(|node| node.well).map(|node| node.zone.as_str()).collect();
        assert_eq!(well, ["us-east-1a"], "seed {seed}");
        assert!(named.healthy, "seed {seed}");
        let (key, _) = find::group(bench.region().store(), &arn).unwrap();
        let states: Vec<State> =
            find::targets(bench.region().store(), &key).iter().map(|one| one.state).collect();
        assert_eq!(states.iter().filter(|state| **state == State::Healthy).count(), 1);
        assert_eq!(states.iter().filter(|state| **state == State::Unhealthy).count(), 1);
    }
}

#[test]
fn an_empty_group_makes_the_balancer_unhealthy() {
    let mut bench = Bench::of(rooms(), 1, sim::Settings::default());
    let (dns, arn, instances) = front(&mut bench);
    bench.wait(Span::seconds(20));
    let targets: Vec<Json> = instances.iter().map(|id| json!({"Id": id})).collect();
    let input = json!({"TargetGroupArn": arn, "Targets": targets});
    call(&mut bench, "elbv2", "DeregisterTargets", input);
    bench.wait(Span::seconds(301));
    let named = find::by_dns(bench.region().store(), &dns).unwrap();
    assert!(!named.healthy);
}

#[test]
fn every_attribute_is_listed_and_can_be_set_to_what_it_is() {
    let mut bench = Bench::of(rooms(), 1, sim::Settings::default());
    let (_, arn, _) = front(&mut bench);
    let shown =
        call(&mut bench, "elbv2", "DescribeTargetGroupAttributes", json!({"TargetGroupArn": arn}));
    assert_eq!(shown["Attributes"].as_array().map(Vec::len), Some(14));
    let input = json!({"TargetGroupArn": arn, "Attributes": shown["Attributes"]});
    let again = call(&mut bench, "elbv2", "ModifyTargetGroupAttributes", input);
    assert_eq!(again, shown);
}
