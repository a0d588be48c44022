//! Groups of several types: in order, by price, and counted in weights.

use crate::bench::Bench;
use serde_json::{Value as Json, json};

/// A policy over the template `web`, of types and their weights (0: none).
fn policy(strategy: &str, types: &[(&str, u32)]) -> Json {
    let one = |(kind, weight): &(&str, u32)| match weight {
        0 => json!({"InstanceType": kind}),
        weight => json!({"InstanceType": kind, "WeightedCapacity": weight.to_string()}),
    };
    json!({
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateName": "web"},
            "Overrides": types.iter().map(one).collect::<Vec<_>>(),
        },
        "InstancesDistribution": {"OnDemandAllocationStrategy": strategy},
    })
}

fn group(bench: &mut Bench, sizes: [u32; 3], policy: Json) {
    let [min, max, desired] = sizes;
    bench.asg(
        "CreateAutoScalingGroup",
        json!({
            "AutoScalingGroupName": "g", "MinSize": min, "MaxSize": max,
            "DesiredCapacity": desired, "MixedInstancesPolicy": policy,
            "AvailabilityZones": ["us-east-1a", "us-east-1b", "us-east-1c"],
        }),
    );
}

#[test]
fn the_first_type_comes_first_and_the_cheapest_where_price_decides() {
    let types = [("t3.large", 0), ("t3.micro", 0), ("t3.small", 0)];
    for (strategy, expected) in [("prioritized", "t3.large"), ("lowest-price", "t3.micro")] {
        let mut bench = Bench::new(1);
        group(&mut bench, [0, 6, 3], policy(strategy, &types));
        bench.until(3, 15);
        assert_eq!(bench.zones(), [1, 1, 1]);
        assert_eq!(bench.kinds(), vec![(expected.to_owned(), Json::Null); 3], "{strategy}");
        let shown = bench.show();
        let shown = &shown["MixedInstancesPolicy"];
        assert_eq!(shown["InstancesDistribution"]["OnDemandAllocationStrategy"], strategy);
        let first = &shown["LaunchTemplate"]["Overrides"][0];
        assert_eq!(first["InstanceType"], "t3.large");
        assert_eq!(bench.inventory_agrees(), Ok(()));
    }
    // By the price of a unit: a large one costs eight micros and counts nine.
    let mut bench = Bench::new(2);
    let types = [("t3.micro", 1), ("t3.large", 9)];
    group(&mut bench, [0, 9, 9], policy("lowest-price", &types));
    bench.until(1, 15);
    assert_eq!(bench.kinds(), vec![("t3.large".to_owned(), json!("9"))]);
}

#[test]
fn capacity_is_counted_in_weights() {
    let mut bench = Bench::new(3);
    let types = [("t3.large", 4), ("t3.small", 1)];
    group(&mut bench, [0, 12, 10], policy("prioritized", &types));
    // Three of four are twelve: AWS brings more than desired rather than less.
    bench.until(3, 15);
    assert_eq!(bench.kinds(), vec![("t3.large".to_owned(), json!("4")); 3]);
    assert_eq!(bench.show()["DesiredCapacity"], 10);
    let cause = bench.activities().pop().unwrap()["Cause"].as_str().unwrap().to_owned();
    assert!(cause.contains("increasing the capacity from 0 to 10."), "{cause}");
    // Two units too many are less than any instance counts; four are one.
    bench.wait(world::Span::seconds(60));
    bench.until(3, 1);
    let less = json!({"AutoScalingGroupName": "g", "DesiredCapacity": 8});
    bench.asg("SetDesiredCapacity", less);
    bench.until(2, 15);
    // Three in one zone, none in another: made equal, though there is more than is desired.
    let dark = ["us-east-1b", "us-east-1c"];
    dark.iter().for_each(|zone| bench.dark(zone, true));
    bench.asg("SetDesiredCapacity", json!({"AutoScalingGroupName": "g", "DesiredCapacity": 10}));
    bench.wait(world::Span::seconds(30));
    bench.until(3, 30);
    assert_eq!(bench.zones(), [3, 0, 0]);
    dark.iter().for_each(|zone| bench.dark(zone, false));
    bench.wait(world::Span::seconds(60));
    bench.until(3, 30);
    assert_eq!(bench.zones(), [1, 1, 1]);
    // Who goes for good takes its weight along.
    let id = bench.serving()[0].0.clone();
    let end = json!({"InstanceId": id, "ShouldDecrementDesiredCapacity": true});
    bench.asg("TerminateInstanceInAutoScalingGroup", end);
    assert_eq!(bench.show()["DesiredCapacity"], 6);
    bench.until(2, 30);
    assert_eq!(bench.inventory_agrees(), Ok(()));
}

#[test]
fn a_type_may_have_its_own_template() {
    let mut bench = Bench::new(4);
    let image = ec2::public_images("us-east-1")[0].id.clone();
    let data = json!({"ImageId": image, "InstanceType": "t3.nano"});
    let other = json!({"LaunchTemplateName": "other", "LaunchTemplateData": data});
    bench.call("ec2", "CreateLaunchTemplate", &other).unwrap();
    let mut policy = policy("prioritized", &[("t3.medium", 0)]);
    policy["LaunchTemplate"]["Overrides"][0]["LaunchTemplateSpecification"] =
        json!({"LaunchTemplateName": "other"});
    group(&mut bench, [0, 3, 1], policy);
    bench.until(1, 15);
    let one = bench.show()["Instances"][0].clone();
    assert_eq!(one["LaunchTemplate"]["LaunchTemplateName"], "other");
    assert_eq!(one["InstanceType"], "t3.medium");
}

#[test]
fn spot_and_nonsense_are_refused_and_change_nothing() {
    let mut bench = Bench::new(5);
    let with = |name: &str, value: Json| {
        let mut policy = policy("prioritized", &[("t3.micro", 0), ("t3.small", 0)]);
        policy["InstancesDistribution"][name] = value;
        policy
    };
    let mut half = policy("prioritized", &[("t3.micro", 2), ("t3.small", 0)]);
    half["InstancesDistribution"] = json!({});
    for (policy, code) in [
        (with("OnDemandPercentageAboveBaseCapacity", json!(50)), "NotImplemented"),
        (with("OnDemandAllocationStrategy", json!("cheapest")), "ValidationError"),
        (half, "ValidationError"),
        (policy("prioritized", &[("t3.micro", 1000)]), "ValidationError"),
        (policy("prioritized", &[("z9.huge", 0)]), "ValidationError"),
    ] {
        let input = json!({
            "AutoScalingGroupName": "g", "MinSize": 0, "MaxSize": 1,
            "MixedInstancesPolicy": policy, "AvailabilityZones": ["us-east-1a"],
        });
        let refused = bench.refused("CreateAutoScalingGroup", input.clone());
        assert_eq!(refused.code, code, "{input}");
    }
    assert!(bench.show().is_null());
}
