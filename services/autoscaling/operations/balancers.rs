//! Target groups, classic balancers and traffic sources of a group: attached, detached, described.

use super::rules::{self, invalid};
use crate::model::{Attached, Group};
use api_autoscaling::{
    AttachLoadBalancerTargetGroupsResultType, AttachLoadBalancerTargetGroupsType,
    AttachLoadBalancersResultType, AttachLoadBalancersType, AttachTrafficSourcesResultType,
    AttachTrafficSourcesType, DescribeLoadBalancerTargetGroupsRequest,
    DescribeLoadBalancerTargetGroupsResponse, DescribeLoadBalancersRequest,
    DescribeLoadBalancersResponse, DescribeTrafficSourcesRequest, DescribeTrafficSourcesResponse,
    DetachLoadBalancerTargetGroupsResultType, DetachLoadBalancerTargetGroupsType,
    DetachLoadBalancersResultType, DetachLoadBalancersType, DetachTrafficSourcesResultType,
    DetachTrafficSourcesType, LoadBalancerState, LoadBalancerTargetGroupState,
    TrafficSourceIdentifier, TrafficSourceState,
};
use region::{Call, Key, Refusal, serve};

/// Of each kind, for one group (Auto Scaling quotas).
const MOST: usize = 50;

/// Attaches what is given to a group.
pub(super) fn add(
    call: &mut Call,
    group: &mut Group,
    classic: Option<Vec<String>>,
    groups: Option<Vec<String>>,
    sources: Vec<TrafficSourceIdentifier>,
) -> Result<(), Refusal> {
    let classic = classic.unwrap_or_default().into_iter().map(|name| (name, "elb"));
    let groups = groups.unwrap_or_default().into_iter().map(|arn| (arn, "elbv2"));
    let mut all: Vec<(String, &str)> = classic.chain(groups).collect();
    for one in sources {
        all.push(identified(call, one)?);
    }
    for (name, kind) in all {
        exists(call, &name, kind)?;
        let fresh = || Attached::new(kind);
        let present = group.attached.entry(name).or_insert_with(fresh);
        if present.state == "Removing" {
            *present = Attached::new(kind);
        }
        let same = group.attached.values().filter(|one| one.kind == kind).count();
        if same > MOST {
            return Err(Refusal::new("LimitExceeded", format!("{MOST} of them at most")));
        }
    }
    Ok(())
}

fn identified(
    call: &mut Call,
    one: TrafficSourceIdentifier,
) -> Result<(String, &'static str), Refusal> {
    serve!(call, TrafficSourceIdentifier { identifier, r#type } = one);
    let lattice = r#type.as_deref() == Some("vpc-lattice") || identifier.contains(":vpc-lattice:");
    if lattice {
        return Err(Refusal::not_implemented("A traffic source of VPC Lattice"));
    }
    let classic = r#type.as_deref() == Some("elb")
        || (r#type.is_none() && !identifier.contains(":targetgroup/"));
    Ok((identifier, if classic { "elb" } else { "elbv2" }))
}

/// What is attached must be there.
fn exists(call: &Call, name: &str, kind: &str) -> Result<(), Refusal> {
    let holds = |table, id: &str| call.store().holds(table, &Key::new(&call.scope, id));
    if kind == "elb" {
        let message = format!(
            "Provided Load Balancers may not be valid. Please ensure they exist and try again: \
             {name}"
        );
        return holds("elb/classic", name).then_some(()).ok_or_else(|| invalid(message));
    }
    let end = region::Arn::parse(name).map(|arn| arn.resource).unwrap_or_default();
    let unknown = || invalid(format!("Target groups '{name}' not found"));
    holds("elb/target-group", end).then_some(()).ok_or_else(unknown)
}

fn attach(
    call: &mut Call,
    name: String,
    classic: Option<Vec<String>>,
    groups: Option<Vec<String>>,
    sources: Vec<TrafficSourceIdentifier>,
) -> Result<(), Refusal> {
    let mut group = rules::own(call, &name)?;
    add(call, &mut group, classic, groups, sources)?;
    call.put(name, group);
    Ok(())
}

fn detach(call: &mut Call, name: String, which: Vec<String>, what: &str) -> Result<(), Refusal> {
    let mut group = rules::own(call, &name)?;
    for one in which {
        let found = group.attached.get_mut(&one);
        let found = found.ok_or_else(|| {
            invalid(format!(
                "Trying to remove {what} '{one}' that is not part of the group: {name}"
            ))
        })?;
        found.state = "Removing".to_owned();
    }
    call.put(name, group);
    Ok(())
}

/// docs: API_AttachLoadBalancerTargetGroups
pub(super) fn attach_load_balancer_target_groups(
    call: &mut Call,
    input: AttachLoadBalancerTargetGroupsType,
) -> Result<AttachLoadBalancerTargetGroupsResultType, Refusal> {
    serve!(
        call,
        AttachLoadBalancerTargetGroupsType { auto_scaling_group_name, target_group_arns } = input
    );
    attach(call, auto_scaling_group_name, None, Some(target_group_arns), Vec::new())?;
    Ok(AttachLoadBalancerTargetGroupsResultType {})
}

/// docs: API_AttachLoadBalancers
pub(super) fn attach_load_balancers(
    call: &mut Call,
    input: AttachLoadBalancersType,
) -> Result<AttachLoadBalancersResultType, Refusal> {
    serve!(call, AttachLoadBalancersType { auto_scaling_group_name, load_balancer_names } = input);
    attach(call, auto_scaling_group_name, Some(load_balancer_names), None, Vec::new())?;
    Ok(AttachLoadBalancersResultType {})
}

/// docs: API_AttachTrafficSources
pub(super) fn attach_traffic_sources(
    call: &mut Call,
    input: AttachTrafficSourcesType,
) -> Result<AttachTrafficSourcesResultType, Refusal> {
    serve!(call, AttachTrafficSourcesType { auto_scaling_group_name, traffic_sources }
        unheeded { skip_zonal_shift_validation } = input);
    attach(call, auto_scaling_group_name, None, None, traffic_sources)?;
    Ok(AttachTrafficSourcesResultType {})
}

/// docs: API_DetachLoadBalancerTargetGroups
pub(super) fn detach_load_balancer_target_groups(
    call: &mut Call,
    input: DetachLoadBalancerTargetGroupsType,
) -> Result<DetachLoadBalancerTargetGroupsResultType, Refusal> {
    serve!(
        call,
        DetachLoadBalancerTargetGroupsType { auto_scaling_group_name, target_group_arns } = input
    );
    detach(call, auto_scaling_group_name, target_group_arns, "Target Group")?;
    Ok(DetachLoadBalancerTargetGroupsResultType {})
}

/// docs: API_DetachLoadBalancers
pub(super) fn detach_load_balancers(
    call: &mut Call,
    input: DetachLoadBalancersType,
) -> Result<DetachLoadBalancersResultType, Refusal> {
    serve!(call, DetachLoadBalancersType { auto_scaling_group_name, load_balancer_names } = input);
    detach(call, auto_scaling_group_name, load_balancer_names, "Load Balancer")?;
    Ok(DetachLoadBalancersResultType {})
}

/// docs: API_DetachTrafficSources
pub(super) fn detach_traffic_sources(
    call: &mut Call,
    input: DetachTrafficSourcesType,
) -> Result<DetachTrafficSourcesResultType, Refusal> {
    serve!(call, DetachTrafficSourcesType { auto_scaling_group_name, traffic_sources } = input);
    let mut names = Vec::new();
    for one in traffic_sources {
        names.push(identified(call, one)?.0);
    }
    detach(call, auto_scaling_group_name, names, "Traffic Source")?;
    Ok(DetachTrafficSourcesResultType {})
}

/// Name, kind and state of what is attached, in the order of names.
fn all(call: &Call, name: &str, kinds: &[&str]) -> Result<Vec<(String, Attached)>, Refusal> {
    let group = rules::group(call, name)?;
    let own = group.attached.iter().filter(|(_, one)| kinds.contains(&one.kind.as_str()));
    Ok(own.map(|(name, one)| (name.clone(), one.clone())).collect())
}

/// docs: API_DescribeLoadBalancerTargetGroups
pub(super) fn describe_load_balancer_target_groups(
    call: &mut Call,
    input: DescribeLoadBalancerTargetGroupsRequest,
) -> Result<DescribeLoadBalancerTargetGroupsResponse, Refusal> {
    serve!(
        call,
        DescribeLoadBalancerTargetGroupsRequest {
            auto_scaling_group_name,
            next_token,
            max_records,
        } = input
    );
    let all = all(call, &auto_scaling_group_name, &["elbv2"])?;
    let (page, next_token) =
        rules::page(all, |(name, _)| name.clone(), next_token, max_records, 100)?;
    let shown = page.into_iter().map(|(name, one)| LoadBalancerTargetGroupState {
        load_balancer_target_group_arn: Some(name),
        state: Some(one.state),
    });
    Ok(DescribeLoadBalancerTargetGroupsResponse {
        load_balancer_target_groups: Some(shown.collect()),
        next_token,
    })
}

/// docs: API_DescribeLoadBalancers
pub(super) fn describe_load_balancers(
    call: &mut Call,
    input: DescribeLoadBalancersRequest,
) -> Result<DescribeLoadBalancersResponse, Refusal> {
    serve!(
        call,
        DescribeLoadBalancersRequest { auto_scaling_group_name, next_token, max_records } = input
    );
    let all = all(call, &auto_scaling_group_name, &["elb"])?;
    let (page, next_token) =
        rules::page(all, |(name, _)| name.clone(), next_token, max_records, 100)?;
    let shown = page.into_iter().map(|(name, one)| LoadBalancerState {
        load_balancer_name: Some(name),
        state: Some(one.state),
    });
    Ok(DescribeLoadBalancersResponse { load_balancers: Some(shown.collect()), next_token })
}

/// docs: API_DescribeTrafficSources
pub(super) fn describe_traffic_sources(
    call: &mut Call,
    input: DescribeTrafficSourcesRequest,
) -> Result<DescribeTrafficSourcesResponse, Refusal> {
    serve!(
        call,
        DescribeTrafficSourcesRequest {
            auto_scaling_group_name,
            traffic_source_type,
            next_token,
            max_records,
        } = input
    );
    let kinds = traffic_source_type.as_deref().map_or(vec!["elb", "elbv2"], |kind| vec![kind]);
    let all = all(call, &auto_scaling_group_name, &kinds)?;
    let (page, next_token) =
        rules::page(all, |(name, _)| name.clone(), next_token, max_records, 50)?;
    let shown = page.into_iter().map(|(name, one)| TrafficSourceState {
        identifier: Some(name.clone()),
        state: Some(one.state),
        traffic_source: Some(name),
        r#type: Some(one.kind),
    });
    Ok(DescribeTrafficSourcesResponse { traffic_sources: Some(shown.collect()), next_token })
}
