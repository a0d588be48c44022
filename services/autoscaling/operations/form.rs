//! The members that making and updating a group have in common, read and checked.

use super::rules::{invalid, number};
use crate::model::Group;
use api_autoscaling::{
    AvailabilityZoneDistribution, InstanceMaintenancePolicy, LifecycleHookSpecification,
};
use region::{Call, Refusal, serve};
use std::collections::BTreeSet;
use vpc::model::Subnet;

/// Termination policies (DescribeTerminationPolicyTypes).
pub(super) const POLICIES: &[&str] = &[
    "AllocationStrategy",
    "ClosestToNextInstanceHour",
    "Default",
    "NewestInstance",
    "OldestInstance",
    "OldestLaunchConfiguration",
    "OldestLaunchTemplate",
];

/// Zones, and subnets where they were named.
type Places = (Vec<String>, Vec<String>);

/// Where a group lives: zones and subnets.
pub(super) fn places(
    call: &Call,
    zones: Option<Vec<String>>,
    ids: Option<Vec<String>>,
    subnets: Option<String>,
) -> Result<Option<Places>, Refusal> {
    let info = region::zone::RegionInfo::named(&call.scope.region);
    let all: Vec<String> = info.map(|info| info.zones().collect()).unwrap_or_default();
    let mut named: BTreeSet<String> = zones.unwrap_or_default().into_iter().collect();
    for id in ids.unwrap_or_default() {
        let of_id = |zone: &&String| info.and_then(|info| info.zone_id(zone)).as_ref() == Some(&id);
        let zone = all.iter().find(of_id);
        named.insert(zone.ok_or_else(|| unknown_zone(&id))?.clone());
    }
    if let Some(zone) = named.iter().find(|zone| !all.contains(zone)) {
        return Err(unknown_zone(zone));
    }
    let subnets = subnets.unwrap_or_default();
    let subnets = subnets.split(',').map(str::trim).filter(|id| !id.is_empty());
    let subnets: Vec<String> = subnets.map(str::to_owned).collect();
    let mut own = BTreeSet::new();
    let mut vpcs = BTreeSet::new();
    for id in &subnets {
        let found = call.find::<Subnet>(id);
        let found = found.ok_or_else(|| invalid(format!("The subnet ID '{id}' does not exist")))?;
        own.insert(found.zone.to_string());
        vpcs.insert(found.vpc.clone());
    }
    if vpcs.len() > 1 {
        return Err(invalid("The subnets of an Auto Scaling group must be in one VPC"));
    }
    if let Some(zone) = named.iter().find(|zone| !own.is_empty() && !own.contains(*zone)) {
        return Err(invalid(format!(
            "The availability zones of the specified subnets and the Auto Scaling group do not \
             match: {zone}"
        )));
    }
    match (own.is_empty(), named.is_empty()) {
        (true, true) => Ok(None),
        (false, _) => Ok(Some((own.into_iter().collect(), subnets))),
        (true, false) => Ok(Some((named.into_iter().collect(), Vec::new()))),
    }
}

fn unknown_zone(zone: &str) -> Refusal {
    invalid(format!("Invalid availability zones: [{zone}]"))
}

/// Whose health counts: `EC2`, `ELB`, or both with a comma. Others are not served here.
pub(super) fn checks(text: &str) -> Result<Vec<String>, Refusal> {
    let mut checks = Vec::new();
    for one in text.split(',').map(str::trim) {
        match one {
            "EC2" | "ELB" => checks.push(one.to_owned()),
            "VPC_LATTICE" | "EBS" => {
                return Err(Refusal::not_implemented(format!("The health check type {one}")));
            }
            other => return Err(invalid(format!("Invalid HealthCheckType: {other}"))),
        }
    }
    Ok(checks)
}

/// Termination policies by name; functions of Lambda do not exist here.
pub(super) fn policies(wanted: Vec<String>) -> Result<Vec<String>, Refusal> {
    for policy in &wanted {
        if policy.starts_with("arn:") {
            return Err(Refusal::not_implemented("A Lambda function as a termination policy"));
        }
        if !POLICIES.contains(&policy.as_str()) {
            return Err(invalid(format!("Invalid termination policy '{policy}'")));
        }
    }
    let default = wanted.iter().position(|policy| policy == "Default");
    if default.is_some_and(|at| at + 1 < wanted.len()) {
        return Err(invalid("Default must be the last termination policy"));
    }
    Ok(wanted)
}

/// Least and greatest healthy percentage; -1 for both takes the policy away.
pub(super) fn maintenance(
    call: &mut Call,
    wanted: InstanceMaintenancePolicy,
) -> Result<Option<(u32, u32)>, Refusal> {
    serve!(
        call,
        InstanceMaintenancePolicy { min_healthy_percentage, max_healthy_percentage } = wanted
    );
    match (min_healthy_percentage, max_healthy_percentage) {
        (None, None) | (Some(-1), Some(-1)) => Ok(None),
        (Some(least @ 0..=100), Some(most @ 100..=200)) if most - least <= 100 => {
            Ok(Some((least as u32, most as u32)))
        }
        _ => Err(invalid(
            "MinHealthyPercentage must be between 0 and 100, MaxHealthyPercentage between 100 and \
             200, both must be given, and they must not differ by more than 100",
        )),
    }
}

/// How zones share the group.
pub(super) fn distribution(
    call: &mut Call,
    wanted: AvailabilityZoneDistribution,
) -> Result<String, Refusal> {
    serve!(call, AvailabilityZoneDistribution { capacity_distribution_strategy } = wanted);
    Ok(capacity_distribution_strategy.unwrap_or_else(|| "balanced-best-effort".to_owned()))
}

/// Seconds with a bound.
pub(super) fn seconds(
    value: i32,
    what: &str,
    range: std::ops::RangeInclusive<i32>,
) -> Result<u32, Refusal> {
    if !range.contains(&value) {
        return Err(invalid(format!(
            "{what} must be between {} and {}, and is {value}",
            range.start(),
            range.end()
        )));
    }
    number(value, what)
}

/// How long an instance may live: 0 (for ever) or a day to a year (API_CreateAutoScalingGroup).
pub(super) fn lifetime(value: i32) -> Result<Option<u32>, Refusal> {
    if value == 0 {
        return Ok(None);
    }
    seconds(value, "MaxInstanceLifetime", 86_400..=31_536_000).map(Some)
}

/// The seconds of a warm-up; -1 takes it away.
pub(super) fn warmup(value: i32) -> Result<Option<u32>, Refusal> {
    match value {
        -1 => Ok(None),
        other => number(other, "DefaultInstanceWarmup").map(Some),
    }
}

/// What is accepted only where it asks for nothing.
pub(super) fn absent(given: bool, what: &str) -> Result<(), Refusal> {
    if given { Err(Refusal::not_implemented(format!("The parameter {what}"))) } else { Ok(()) }
}

/// Adds hooks that come with a new group.
pub(super) fn hooks(
    call: &mut Call,
    group: &mut Group,
    wanted: Vec<LifecycleHookSpecification>,
) -> Result<(), Refusal> {
    for one in wanted {
        serve!(
            call,
            LifecycleHookSpecification {
                lifecycle_hook_name,
                lifecycle_transition,
                notification_metadata,
                heartbeat_timeout,
                default_result,
                notification_target_arn,
                role_arn,
            } = one
        );
        let hook = super::hooks::read(
            None,
            Some(lifecycle_transition),
            heartbeat_timeout,
            default_result,
            notification_target_arn,
            role_arn,
            notification_metadata,
        )?;
        group.hooks.insert(lifecycle_hook_name, hook);
    }
    Ok(())
}
