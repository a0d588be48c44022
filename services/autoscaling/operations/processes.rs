//! SuspendProcesses, ResumeProcesses; the group's own metrics; notifications.

use super::rules::{self, invalid};
use crate::controller::topic_test;
use crate::model::PROCESSES;
use api_autoscaling::{
    DeleteNotificationConfigurationOutput, DeleteNotificationConfigurationType,
    DescribeNotificationConfigurationsAnswer, DescribeNotificationConfigurationsType,
    DisableMetricsCollectionOutput, DisableMetricsCollectionQuery, EnableMetricsCollectionOutput,
    EnableMetricsCollectionQuery, NotificationConfiguration, PutNotificationConfigurationOutput,
    PutNotificationConfigurationType, ResumeProcessesOutput, ScalingProcessQuery,
    SuspendProcessesOutput,
};
use region::{Arn, Call, Refusal, serve};

/// The named processes; all where none is named.
fn named(wanted: Option<Vec<String>>) -> Result<Vec<&'static str>, Refusal> {
    let wanted = wanted.unwrap_or_default();
    let all = PROCESSES.iter().map(|(_, name)| *name);
    if wanted.is_empty() {
        return Ok(all.collect());
    }
    let one = |name: &String| {
        let known = PROCESSES.iter().find(|(_, known)| known == name);
        known.map(|(_, known)| *known).ok_or_else(|| {
            invalid(format!(
                "Unable to parse the following process names: [{name}]. Valid processes are: {:?}",
                PROCESSES.iter().map(|(_, name)| *name).collect::<Vec<_>>()
            ))
        })
    };
    wanted.iter().map(one).collect()
}

/// docs: API_SuspendProcesses
pub(super) fn suspend_processes(
    call: &mut Call,
    input: ScalingProcessQuery,
) -> Result<SuspendProcessesOutput, Refusal> {
    serve!(call, ScalingProcessQuery { auto_scaling_group_name, scaling_processes } = input);
    let mut group = rules::own(call, &auto_scaling_group_name)?;
    let reason = format!("User suspended at {}", crate::model::text::at(call.now));
    for name in named(scaling_processes)? {
        group.suspended.entry(name.to_owned()).or_insert_with(|| reason.clone());
    }
    call.put(auto_scaling_group_name, group);
    Ok(SuspendProcessesOutput {})
}

/// docs: API_ResumeProcesses
pub(super) fn resume_processes(
    call: &mut Call,
    input: ScalingProcessQuery,
) -> Result<ResumeProcessesOutput, Refusal> {
    serve!(call, ScalingProcessQuery { auto_scaling_group_name, scaling_processes } = input);
    let mut group = rules::own(call, &auto_scaling_group_name)?;
    for name in named(scaling_processes)? {
        group.suspended.remove(name);
    }
    call.put(auto_scaling_group_name, group);
    Ok(ResumeProcessesOutput {})
}

/// The group's own metrics that are published here (DescribeMetricCollectionTypes).
pub(super) const METRICS: &[&str] = &[
    "GroupMinSize",
    "GroupMaxSize",
    "GroupDesiredCapacity",
    "GroupInServiceInstances",
    "GroupPendingInstances",
    "GroupStandbyInstances",
    "GroupTerminatingInstances",
    "GroupTotalInstances",
    "GroupInServiceCapacity",
    "GroupPendingCapacity",
    "GroupStandbyCapacity",
    "GroupTerminatingCapacity",
    "GroupTotalCapacity",
];

fn metrics(wanted: Option<Vec<String>>) -> Result<Vec<String>, Refusal> {
    let wanted = wanted.unwrap_or_default();
    if wanted.is_empty() {
        return Ok(METRICS.iter().map(|name| (*name).to_owned()).collect());
    }
    match wanted.iter().find(|name| !METRICS.contains(&name.as_str())) {
        Some(name) => Err(invalid(format!("Metric type '{name}' is not valid"))),
        None => Ok(wanted),
    }
}

/// docs: API_EnableMetricsCollection
pub(super) fn enable_metrics_collection(
    call: &mut Call,
    input: EnableMetricsCollectionQuery,
) -> Result<EnableMetricsCollectionOutput, Refusal> {
    serve!(
        call,
        EnableMetricsCollectionQuery { auto_scaling_group_name, metrics, granularity } = input
    );
    if granularity != "1Minute" {
        return Err(invalid("Valid metric granularities are: 1Minute"));
    }
    let mut group = rules::own(call, &auto_scaling_group_name)?;
    group.metrics.extend(self::metrics(metrics)?);
    call.put(auto_scaling_group_name, group);
    Ok(EnableMetricsCollectionOutput {})
}

/// docs: API_DisableMetricsCollection
pub(super) fn disable_metrics_collection(
    call: &mut Call,
    input: DisableMetricsCollectionQuery,
) -> Result<DisableMetricsCollectionOutput, Refusal> {
    serve!(call, DisableMetricsCollectionQuery { auto_scaling_group_name, metrics } = input);
    let mut group = rules::own(call, &auto_scaling_group_name)?;
    for name in self::metrics(metrics)? {
        group.metrics.remove(&name);
    }
    call.put(auto_scaling_group_name, group);
    Ok(DisableMetricsCollectionOutput {})
}

/// What a topic can be told of (DescribeAutoScalingNotificationTypes).
pub(super) const NOTICES: &[&str] = &[
    "autoscaling:EC2_INSTANCE_LAUNCH",
    "autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
    "autoscaling:EC2_INSTANCE_TERMINATE",
    "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
    "autoscaling:TEST_NOTIFICATION",
];

/// docs: API_PutNotificationConfiguration
pub(super) fn put_notification_configuration(
    call: &mut Call,
    input: PutNotificationConfigurationType,
) -> Result<PutNotificationConfigurationOutput, Refusal> {
    serve!(
        call,
        PutNotificationConfigurationType {
            auto_scaling_group_name,
            topic_arn,
            notification_types
        } = input
    );
    let mut group = rules::own(call, &auto_scaling_group_name)?;
    if Arn::parse(&topic_arn).is_none_or(|arn| arn.service != "sns") {
        return Err(invalid(format!("Invalid Topic Arn: {topic_arn}")));
    }
    if let Some(name) = notification_types.iter().find(|name| !NOTICES.contains(&name.as_str())) {
        return Err(invalid(format!("\"{name}\" is not a valid Notification Type.")));
    }
    if !group.notices.contains_key(&topic_arn) {
        topic_test(&mut group, &call.key(&*auto_scaling_group_name), call.now, &topic_arn);
    }
    group.notices.insert(topic_arn, notification_types.into_iter().collect());
    call.put(auto_scaling_group_name, group);
    Ok(PutNotificationConfigurationOutput {})
}

/// docs: API_DeleteNotificationConfiguration
pub(super) fn delete_notification_configuration(
    call: &mut Call,
    input: DeleteNotificationConfigurationType,
) -> Result<DeleteNotificationConfigurationOutput, Refusal> {
    serve!(
        call,
        DeleteNotificationConfigurationType { auto_scaling_group_name, topic_arn } = input
    );
    let mut group = rules::own(call, &auto_scaling_group_name)?;
    if group.notices.remove(&topic_arn).is_none() {
        return Err(invalid(format!(
            "Notification Configuration for topic '{topic_arn}' not found"
        )));
    }
    call.put(auto_scaling_group_name, group);
    Ok(DeleteNotificationConfigurationOutput {})
}

/// docs: API_DescribeNotificationConfigurations
pub(super) fn describe_notification_configurations(
    call: &mut Call,
    input: DescribeNotificationConfigurationsType,
) -> Result<DescribeNotificationConfigurationsAnswer, Refusal> {
    serve!(
        call,
        DescribeNotificationConfigurationsType {
            auto_scaling_group_names,
            next_token,
            max_records
        } = input
    );
    let names = auto_scaling_group_names.unwrap_or_default();
    let mut all = Vec::new();
    for (name, group) in call.list::<crate::model::Group>() {
        if !names.is_empty() && !names.iter().any(|one| one == name.as_str()) {
            continue;
        }
        for (topic, kinds) in &group.notices {
            all.extend(kinds.iter().map(|kind| NotificationConfiguration {
                auto_scaling_group_name: Some(name.to_string()),
                notification_type: Some(kind.clone()),
                topic_arn: Some(topic.clone()),
            }));
        }
    }
    let place = |one: &NotificationConfiguration| {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        let (group, topic) = (part(&one.auto_scaling_group_name), part(&one.topic_arn));
        format!("{group}\n{topic}\n{}", part(&one.notification_type))
    };
    let (page, next_token) = rules::page(all, place, next_token, max_records, 50)?;
    Ok(DescribeNotificationConfigurationsAnswer {
        notification_configurations: Some(page),
        next_token,
    })
}
