//! Attributes of balancers, listeners and target groups: all are shown, defaults too.

use super::refuse;
use crate::model::attribute::{self, Attribute};
use api_elbv2::{
    DescribeListenerAttributesInput, DescribeListenerAttributesOutput,
    DescribeLoadBalancerAttributesInput, DescribeLoadBalancerAttributesOutput,
    DescribeTargetGroupAttributesInput, DescribeTargetGroupAttributesOutput, ListenerAttribute,
    LoadBalancerAttribute, ModifyListenerAttributesInput, ModifyListenerAttributesOutput,
    ModifyLoadBalancerAttributesInput, ModifyLoadBalancerAttributesOutput,
    ModifyTargetGroupAttributesInput, ModifyTargetGroupAttributesOutput, TargetGroupAttribute,
};
use region::{Call, Refusal, serve};
use std::collections::BTreeMap;

fn set(
    table: &[Attribute],
    noun: &str,
    attributes: &mut BTreeMap<String, String>,
    given: impl Iterator<Item = (Option<String>, Option<String>)>,
) -> Result<(), Refusal> {
    for (key, value) in given {
        let key = key.ok_or_else(|| refuse::invalid("An attribute key must be specified"))?;
        let value = value.unwrap_or_default();
        attribute::check(table, noun, &key, &value)?;
        attributes.insert(key, value);
    }
    Ok(())
}

/// docs: API_DescribeLoadBalancerAttributes
pub fn describe_load_balancer_attributes(
    call: &mut Call,
    input: DescribeLoadBalancerAttributesInput,
) -> Result<DescribeLoadBalancerAttributesOutput, Refusal> {
    serve!(call, DescribeLoadBalancerAttributesInput { load_balancer_arn } = input);
    let (_, balancer) = refuse::balancer(call, &load_balancer_arn)?;
    Ok(DescribeLoadBalancerAttributesOutput { attributes: Some(of_balancer(&balancer)) })
}

fn of_balancer(balancer: &crate::model::LoadBalancer) -> Vec<LoadBalancerAttribute> {
    let one = |(name, ..): &Attribute| LoadBalancerAttribute {
        key: Some((*name).to_owned()),
        value: Some(balancer.attribute(name).to_owned()),
    };
    attribute::of(balancer.kind).iter().map(one).collect()
}

/// docs: API_ModifyLoadBalancerAttributes
pub fn modify_load_balancer_attributes(
    call: &mut Call,
    input: ModifyLoadBalancerAttributesInput,
) -> Result<ModifyLoadBalancerAttributesOutput, Refusal> {
    serve!(call, ModifyLoadBalancerAttributesInput { load_balancer_arn, attributes } = input);
    let (key, balancer) = refuse::balancer(call, &load_balancer_arn)?;
    let mut balancer = (*balancer).clone();
    let given = attributes.into_iter().map(|one| (one.key, one.value));
    let table = attribute::of(balancer.kind);
    set(table, "Load balancer", &mut balancer.attributes, given)?;
    if balancer.attribute("access_logs.s3.enabled") == "true"
        && balancer.attribute("access_logs.s3.bucket").is_empty()
    {
        let message = "The value of 'access_logs.s3.bucket' cannot be empty";
        return Err(refuse::configuration(message));
    }
    let shown = of_balancer(&balancer);
    call.put_at(key, balancer);
    Ok(ModifyLoadBalancerAttributesOutput { attributes: Some(shown) })
}

/// docs: API_DescribeTargetGroupAttributes
pub fn describe_target_group_attributes(
    call: &mut Call,
    input: DescribeTargetGroupAttributesInput,
) -> Result<DescribeTargetGroupAttributesOutput, Refusal> {
    serve!(call, DescribeTargetGroupAttributesInput { target_group_arn } = input);
    let (_, group) = refuse::group(call, &target_group_arn)?;
    Ok(DescribeTargetGroupAttributesOutput { attributes: Some(of_group(&group)) })
}

fn of_group(group: &crate::model::TargetGroup) -> Vec<TargetGroupAttribute> {
    let one = |(name, ..): &Attribute| TargetGroupAttribute {
        key: Some((*name).to_owned()),
        value: Some(group.attribute(name)),
    };
    attribute::of_group(group.is_network()).iter().map(one).collect()
}

/// docs: API_ModifyTargetGroupAttributes
pub fn modify_target_group_attributes(
    call: &mut Call,
    input: ModifyTargetGroupAttributesInput,
) -> Result<ModifyTargetGroupAttributesOutput, Refusal> {
    serve!(call, ModifyTargetGroupAttributesInput { target_group_arn, attributes } = input);
    let (key, group) = refuse::group(call, &target_group_arn)?;
    let mut group = (*group).clone();
    let given = attributes.into_iter().map(|one| (one.key, one.value));
    let table = attribute::of_group(group.is_network());
    set(table, "Target group", &mut group.attributes, given)?;
    check_group(&group)?;
    let shown = of_group(&group);
    call.put_at(key, group);
    Ok(ModifyTargetGroupAttributesOutput { attributes: Some(shown) })
}

fn check_group(group: &crate::model::TargetGroup) -> Result<(), Refusal> {
    let slow = group.number("slow_start.duration_seconds");
    let wrong = |message: &str| Err(refuse::configuration(message));
    if !group.is_network() && slow != 0 {
        // ALB guide, "Slow start mode".
        if slow < 30 {
            return wrong("Slow start duration must be 0 or between 30 and 900 seconds");
        }
        if group.attribute("load_balancing.algorithm.type") != "round_robin" {
            return wrong("Slow start can only be enabled with the algorithm 'round_robin'");
        }
    }
    // NLB guide, "Client IP preservation": always on for datagrams.
    if group.protocol.contains("UDP") && !group.flag("preserve_client_ip.enabled") {
        return wrong(
            "Client IP preservation cannot be disabled for UDP and TCP_UDP target groups",
        );
    }
    let cookie = group.attribute("stickiness.app_cookie.cookie_name");
    if group.flag("stickiness.enabled") && group.attribute("stickiness.type") == "app_cookie" {
        if cookie.is_empty() {
            return wrong("The cookie name must be specified for stickiness of type 'app_cookie'");
        }
        let taken = ["AWSALB", "AWSALBAPP", "AWSALBTG"];
        if taken.iter().any(|prefix| cookie.starts_with(prefix)) {
            return wrong("The cookie name cannot begin with AWSALB, AWSALBAPP or AWSALBTG");
        }
    }
    Ok(())
}

/// docs: API_DescribeListenerAttributes
pub fn describe_listener_attributes(
    call: &mut Call,
    input: DescribeListenerAttributesInput,
) -> Result<DescribeListenerAttributesOutput, Refusal> {
    serve!(call, DescribeListenerAttributesInput { listener_arn } = input);
    let (_, listener) = refuse::listener(call, &listener_arn)?;
    Ok(DescribeListenerAttributesOutput { attributes: Some(of_listener(&listener)) })
}

fn of_listener(listener: &crate::model::Listener) -> Vec<ListenerAttribute> {
    let one = |(name, default, _): &Attribute| {
        let value = listener.attributes.get(*name).map_or(*default, String::as_str);
        ListenerAttribute { key: Some((*name).to_owned()), value: Some(value.to_owned()) }
    };
    attribute::of_listener(&listener.protocol).iter().map(one).collect()
}

/// docs: API_ModifyListenerAttributes
pub fn modify_listener_attributes(
    call: &mut Call,
    input: ModifyListenerAttributesInput,
) -> Result<ModifyListenerAttributesOutput, Refusal> {
    serve!(call, ModifyListenerAttributesInput { listener_arn, attributes } = input);
    let (key, listener) = refuse::listener(call, &listener_arn)?;
    let mut listener = (*listener).clone();
    let given = attributes.into_iter().map(|one| (one.key, one.value));
    let table = attribute::of_listener(&listener.protocol);
    set(&table, "Listener", &mut listener.attributes, given)?;
    let shown = of_listener(&listener);
    call.put_at(key, listener);
    Ok(ModifyListenerAttributesOutput { attributes: Some(shown) })
}
