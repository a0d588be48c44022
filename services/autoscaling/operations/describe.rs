//! DescribeAutoScalingGroups, DescribeAutoScalingInstances.

use super::{answer, rules};
use crate::model::Group;
use api_autoscaling::{
    AutoScalingGroupNamesType, AutoScalingGroupsType, AutoScalingInstancesType,
    DescribeAutoScalingInstancesType, Filter,
};
use region::{Call, Refusal, serve};

/// docs: API_DescribeAutoScalingGroups
pub(super) fn describe_auto_scaling_groups(
    call: &mut Call,
    input: AutoScalingGroupNamesType,
) -> Result<AutoScalingGroupsType, Refusal> {
    serve!(
        call,
        AutoScalingGroupNamesType {
            auto_scaling_group_names,
            filters,
            include_instances,
            max_records,
            next_token,
        } = input
    );
    let names = auto_scaling_group_names.unwrap_or_default();
    let filters = filters.unwrap_or_default();
    let mut all = call.list::<Group>();
    all.retain(|(name, _)| names.is_empty() || names.iter().any(|one| one == name.as_str()));
    for filter in &filters {
        let mut kept = Vec::new();
        for (name, group) in all {
            if fits(filter, &group)? {
                kept.push((name, group));
            }
        }
        all = kept;
    }
    let (page, next_token) =
        rules::page(all, |(name, _)| name.to_string(), next_token, max_records, 50)?;
    let with = include_instances != Some(false);
    let shown = page.iter().map(|(name, one)| answer::group(call, name.as_str(), one, with));
    Ok(AutoScalingGroupsType { auto_scaling_groups: Some(shown.collect()), next_token })
}

/// `tag:KEY`, `tag-key`, `tag-value`.
fn fits(filter: &Filter, group: &Group) -> Result<bool, Refusal> {
    let values = filter.values.clone().unwrap_or_default();
    let name = filter.name.clone().unwrap_or_default();
    let mut tags = group.tags.iter();
    Ok(match name.as_str() {
        "tag-key" => tags.any(|(key, _)| values.contains(key)),
        "tag-value" => tags.any(|(_, tag)| values.contains(&tag.value)),
        other => match other.strip_prefix("tag:") {
            Some(wanted) => tags.any(|(key, tag)| key == wanted && values.contains(&tag.value)),
            None => return Err(rules::invalid(format!("Filter type {other} is not correct"))),
        },
    })
}

/// docs: API_DescribeAutoScalingInstances
pub(super) fn describe_auto_scaling_instances(
    call: &mut Call,
    input: DescribeAutoScalingInstancesType,
) -> Result<AutoScalingInstancesType, Refusal> {
    serve!(
        call,
        DescribeAutoScalingInstancesType { instance_ids, max_records, next_token } = input
    );
    let ids = instance_ids.unwrap_or_default();
    let groups = call.list::<Group>();
    let mut all = Vec::new();
    for (name, group) in &groups {
        for (id, member) in &group.members {
            if ids.is_empty() || ids.iter().any(|one| one == id.as_str()) {
                all.push(answer::details(call, name.as_str(), group, id, member));
            }
        }
    }
    all.sort_by(|one, other| one.instance_id.cmp(&other.instance_id));
    let name = |one: &api_autoscaling::AutoScalingInstanceDetails| {
        one.instance_id.clone().unwrap_or_default()
    };
    let (page, next_token) = rules::page(all, name, next_token, max_records, 50)?;
    Ok(AutoScalingInstancesType { auto_scaling_instances: Some(page), next_token })
}
