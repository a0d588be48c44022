//! What exists to choose from: adjustment types, processes, policies, metrics; limits; warm pools.

use super::configurations::CONFIGURATIONS;
use super::groups::GROUPS;
use super::processes::{METRICS, NOTICES};
use super::{form, rules};
use crate::model::{Group, LaunchConfiguration, PROCESSES};
use api_autoscaling::{
    AdjustmentType, DeleteWarmPoolAnswer, DeleteWarmPoolType, DescribeAccountLimitsAnswer,
    DescribeAccountLimitsInput, DescribeAdjustmentTypesAnswer, DescribeAdjustmentTypesInput,
    DescribeAutoScalingNotificationTypesAnswer, DescribeAutoScalingNotificationTypesInput,
    DescribeLifecycleHookTypesAnswer, DescribeLifecycleHookTypesInput,
    DescribeMetricCollectionTypesAnswer, DescribeMetricCollectionTypesInput,
    DescribeScalingProcessTypesInput, DescribeTerminationPolicyTypesAnswer,
    DescribeTerminationPolicyTypesInput, DescribeWarmPoolAnswer, DescribeWarmPoolType,
    MetricCollectionType, MetricGranularityType, ProcessType, ProcessesType, PutWarmPoolAnswer,
    PutWarmPoolType,
};
use region::{Call, Refusal, serve};

fn texts(all: &[&str]) -> Option<Vec<String>> {
    Some(all.iter().map(|one| (*one).to_owned()).collect())
}

/// docs: API_DescribeAccountLimits
pub(super) fn describe_account_limits(
    call: &mut Call,
    input: DescribeAccountLimitsInput,
) -> Result<DescribeAccountLimitsAnswer, Refusal> {
    serve!(call, DescribeAccountLimitsInput {} = input);
    Ok(DescribeAccountLimitsAnswer {
        max_number_of_auto_scaling_groups: Some(GROUPS as i32),
        max_number_of_launch_configurations: Some(CONFIGURATIONS as i32),
        number_of_auto_scaling_groups: Some(call.list::<Group>().len() as i32),
        number_of_launch_configurations: Some(call.list::<LaunchConfiguration>().len() as i32),
    })
}

/// docs: API_DescribeAdjustmentTypes
pub(super) fn describe_adjustment_types(
    call: &mut Call,
    input: DescribeAdjustmentTypesInput,
) -> Result<DescribeAdjustmentTypesAnswer, Refusal> {
    serve!(call, DescribeAdjustmentTypesInput {} = input);
    let all = ["ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"];
    let one = |name: &str| AdjustmentType { adjustment_type: Some(name.to_owned()) };
    Ok(DescribeAdjustmentTypesAnswer {
        adjustment_types: Some(all.iter().map(|name| one(name)).collect()),
    })
}

/// docs: API_DescribeAutoScalingNotificationTypes
pub(super) fn describe_auto_scaling_notification_types(
    call: &mut Call,
    input: DescribeAutoScalingNotificationTypesInput,
) -> Result<DescribeAutoScalingNotificationTypesAnswer, Refusal> {
    serve!(call, DescribeAutoScalingNotificationTypesInput {} = input);
    Ok(DescribeAutoScalingNotificationTypesAnswer {
        auto_scaling_notification_types: texts(NOTICES),
    })
}

/// docs: API_DescribeLifecycleHookTypes
pub(super) fn describe_lifecycle_hook_types(
    call: &mut Call,
    input: DescribeLifecycleHookTypesInput,
) -> Result<DescribeLifecycleHookTypesAnswer, Refusal> {
    serve!(call, DescribeLifecycleHookTypesInput {} = input);
    let all = ["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"];
    Ok(DescribeLifecycleHookTypesAnswer { lifecycle_hook_types: texts(&all) })
}

/// docs: API_DescribeMetricCollectionTypes
pub(super) fn describe_metric_collection_types(
    call: &mut Call,
    input: DescribeMetricCollectionTypesInput,
) -> Result<DescribeMetricCollectionTypesAnswer, Refusal> {
    serve!(call, DescribeMetricCollectionTypesInput {} = input);
    let metric = |name: &&str| MetricCollectionType { metric: Some((*name).to_owned()) };
    let minute = MetricGranularityType { granularity: Some("1Minute".to_owned()) };
    Ok(DescribeMetricCollectionTypesAnswer {
        granularities: Some(vec![minute]),
        metrics: Some(METRICS.iter().map(metric).collect()),
    })
}

/// docs: API_DescribeScalingProcessTypes
pub(super) fn describe_scaling_process_types(
    call: &mut Call,
    input: DescribeScalingProcessTypesInput,
) -> Result<ProcessesType, Refusal> {
    serve!(call, DescribeScalingProcessTypesInput {} = input);
    let all =
        PROCESSES.iter().map(|(_, name)| ProcessType { process_name: Some((*name).to_owned()) });
    Ok(ProcessesType { processes: Some(all.collect()) })
}

/// docs: API_DescribeTerminationPolicyTypes
pub(super) fn describe_termination_policy_types(
    call: &mut Call,
    input: DescribeTerminationPolicyTypesInput,
) -> Result<DescribeTerminationPolicyTypesAnswer, Refusal> {
    serve!(call, DescribeTerminationPolicyTypesInput {} = input);
    Ok(DescribeTerminationPolicyTypesAnswer { termination_policy_types: texts(form::POLICIES) })
}

/// docs: API_DescribeWarmPool. There never is one; tools ask before they delete a group.
pub(super) fn describe_warm_pool(
    call: &mut Call,
    input: DescribeWarmPoolType,
) -> Result<DescribeWarmPoolAnswer, Refusal> {
    serve!(call, DescribeWarmPoolType { auto_scaling_group_name }
        unheeded { max_records, next_token } = input);
    rules::group(call, &auto_scaling_group_name)?;
    let instances = Some(Vec::new());
    Ok(DescribeWarmPoolAnswer { instances, next_token: None, warm_pool_configuration: None })
}

/// docs: API_PutWarmPool. Not real here, so it is refused.
pub(super) fn put_warm_pool(
    call: &mut Call,
    input: PutWarmPoolType,
) -> Result<PutWarmPoolAnswer, Refusal> {
    serve!(call, PutWarmPoolType { auto_scaling_group_name } = input);
    rules::group(call, &auto_scaling_group_name)?;
    Err(Refusal::not_implemented("A warm pool"))
}

/// docs: API_DeleteWarmPool
pub(super) fn delete_warm_pool(
    call: &mut Call,
    input: DeleteWarmPoolType,
) -> Result<DeleteWarmPoolAnswer, Refusal> {
    serve!(call, DeleteWarmPoolType { auto_scaling_group_name } unheeded { force_delete } = input);
    rules::group(call, &auto_scaling_group_name)?;
    Err(rules::invalid(format!("No warm pool found for group {auto_scaling_group_name}")))
}
