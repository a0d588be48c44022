//! DescribeScalingActivities; and an activity as the API shows it.

use super::rules;
use crate::model::{Activity, text};
use api_autoscaling::{ActivitiesType, DescribeScalingActivitiesType};
use region::{Call, Refusal, serve};

/// An activity as it is shown.
pub(super) fn show(one: &Activity) -> api_autoscaling::Activity {
    api_autoscaling::Activity {
        activity_id: Some(one.id.clone()),
        auto_scaling_group_arn: Some(one.arn.clone()),
        auto_scaling_group_name: Some(one.group.clone()),
        auto_scaling_group_state: one.orphan.then(|| "Deleted".to_owned()),
        // The member's own limit.
        cause: Some(one.cause.chars().take(1023).collect()),
        description: Some(one.description.clone()),
        details: Some(one.details.clone()),
        end_time: one.ended.map(text::stamp),
        progress: Some(one.progress),
        start_time: Some(text::stamp(one.began)),
        status_code: Some(one.status.name().to_owned()),
        status_message: one.message.as_ref().map(|text| text.chars().take(255).collect()),
    }
}

/// docs: API_DescribeScalingActivities. The newest first.
pub(super) fn describe_scaling_activities(
    call: &mut Call,
    input: DescribeScalingActivitiesType,
) -> Result<ActivitiesType, Refusal> {
    serve!(
        call,
        DescribeScalingActivitiesType {
            activity_ids,
            auto_scaling_group_name,
            include_deleted_groups,
            filters,
            max_records,
            next_token,
        } = input
    );
    let ids = activity_ids.unwrap_or_default();
    let orphans = include_deleted_groups == Some(true);
    if let Some(name) = auto_scaling_group_name.as_deref().filter(|_| !orphans) {
        rules::group(call, name)?;
    }
    let mut all = call.list::<Activity>();
    all.retain(|(_, one)| {
        (orphans || !one.orphan)
            && auto_scaling_group_name.as_ref().is_none_or(|name| *name == one.group)
            && (ids.is_empty() || ids.contains(&one.id))
    });
    for filter in filters.unwrap_or_default() {
        let name = filter.name.unwrap_or_default();
        let values = filter.values.unwrap_or_default();
        let times: Vec<_> = values.iter().filter_map(|one| shape::Timestamp::parse(one)).collect();
        let bound = |at: &dyn Fn(shape::Timestamp) -> bool| times.iter().all(|time| at(*time));
        match name.as_str() {
            "Status" => all.retain(|(_, one)| values.iter().any(|v| v == one.status.name())),
            "StartTimeLowerBound" => {
                all.retain(|(_, one)| bound(&|time| text::stamp(one.began) >= time));
            }
            "StartTimeUpperBound" => {
                all.retain(|(_, one)| bound(&|time| text::stamp(one.began) <= time));
            }
            other => return Err(rules::invalid(format!("Filter type {other} is not correct"))),
        }
    }
    // The newest first, and a name that a page can go on from.
    let place = |one: &Activity| {
        format!("{:020}/{:010}", u64::MAX - one.began.0, u32::MAX as u64 - one.number)
    };
    all.sort_by_key(|(_, one)| place(one));
    let (page, next_token) = rules::page(all, |(_, one)| place(one), next_token, max_records, 100)?;
    let shown = page.iter().map(|(_, one)| show(one)).collect();
    Ok(ActivitiesType { activities: Some(shown), next_token })
}
