//! Scaling policies: put, delete, describe.

use super::rules::{self, invalid, number};
use crate::model::{Adjust, Group, Kind, Policy, Step, Tracking, text};
use api_autoscaling::{
    Alarm, DeletePolicyOutput, DeletePolicyType, DescribePoliciesType, PoliciesType, PolicyARNType,
    PutScalingPolicyType, ScalingPolicy, StepAdjustment, TargetTrackingConfiguration,
};
use region::{Call, Refusal, serve};
use shape::Shaped;
use std::collections::BTreeMap;

/// Policies and steps that a group may have (Auto Scaling quotas).
const POLICIES: usize = 50;
const STEPS: usize = 20;

/// docs: API_PutScalingPolicy
pub(super) fn put_scaling_policy(
    call: &mut Call,
    input: PutScalingPolicyType,
) -> Result<PolicyARNType, Refusal> {
    serve!(
        call,
        own @ PutScalingPolicyType {
            auto_scaling_group_name,
            policy_name,
            policy_type,
            adjustment_type,
            min_adjustment_step,
            min_adjustment_magnitude,
            scaling_adjustment,
            cooldown,
            metric_aggregation_type,
            step_adjustments,
            estimated_instance_warmup,
            target_tracking_configuration,
            enabled,
        } = input
    );
    let (group, name) = (own.auto_scaling_group_name.clone(), own.policy_name.clone());
    rules::own(call, &group)?;
    let id = Policy::id_of(&group, &name);
    let before = call.find::<Policy>(&id).filter(|one| !one.deleting);
    let all = call.list::<Policy>();
    let count = all.iter().filter(|(_, one)| one.group == group && !one.deleting).count();
    if before.is_none() && count >= POLICIES {
        return Err(Refusal::new("LimitExceeded", format!("{POLICIES} policies for one group")));
    }
    let enabled = own.enabled.unwrap_or(true);
    let kind = match own.policy_type.as_deref().unwrap_or("SimpleScaling") {
        "SimpleScaling" => simple(&own)?,
        "StepScaling" => steps(call, &own)?,
        "TargetTrackingScaling" => tracking(call, &own)?,
        "PredictiveScaling" => return Err(Refusal::not_implemented("Predictive scaling")),
        other => return Err(invalid(format!("Invalid policy type: {other}"))),
    };
    let path =
        format!("scalingPolicy:{}:autoScalingGroupName/{group}:policyName/{name}", call.request_id);
    // One that decides otherwise is another policy to the alarms of the one before.
    let same = |one: &&std::sync::Arc<Policy>| {
        std::mem::discriminant(&one.kind) == std::mem::discriminant(&kind)
    };
    let arn = before.as_ref().filter(same).map(|one| one.arn.clone());
    let arn = arn.unwrap_or_else(|| call.scope.arn("autoscaling", &path));
    let old = before.as_ref().map(|one| one.alarms.clone()).unwrap_or_default();
    let mut policy = Policy {
        group,
        name,
        arn: arn.clone(),
        enabled,
        alarms: old,
        made: !matches!(kind, Kind::Tracking(_)),
        kind,
        deleting: false,
        again: None,
        heeded: BTreeMap::new(),
    };
    name_alarms(call, &id, &mut policy);
    let alarms = shown_alarms(call, &policy).into_iter();
    let own: Vec<Alarm> = alarms.filter(|_| matches!(policy.kind, Kind::Tracking(_))).collect();
    call.put(id, policy);
    Ok(PolicyARNType { alarms: Some(own), policy_arn: Some(arn) })
}

/// The names of a target tracking policy's alarms: they stay when it is put again.
fn name_alarms(call: &Call, id: &str, policy: &mut Policy) {
    let Kind::Tracking(tracking) = &policy.kind else { return };
    let key = call.key(id);
    let one = |which: &str, number| {
        let uuid = text::uuid(&key, &policy.arn, number);
        format!("TargetTracking-{}-{which}-{uuid}", policy.group)
    };
    let mut names = vec![one("AlarmHigh", 1)];
    if !tracking.only_out {
        names.push(one("AlarmLow", 2));
    }
    policy.alarms = names;
}

fn adjust(own: &PutScalingPolicyType) -> Result<Adjust, Refusal> {
    let kind = own.adjustment_type.clone();
    let kind = kind.ok_or_else(|| invalid("AdjustmentType is required"))?;
    if !matches!(&*kind, "ChangeInCapacity" | "ExactCapacity" | "PercentChangeInCapacity") {
        return Err(invalid(format!(
            "Invalid adjustment type: {kind}. Valid types are: ChangeInCapacity, ExactCapacity, \
             PercentChangeInCapacity"
        )));
    }
    let least = own.min_adjustment_magnitude.or(own.min_adjustment_step);
    if least.is_some() && kind != "PercentChangeInCapacity" {
        return Err(invalid(
            "MinAdjustmentMagnitude is only supported with PercentChangeInCapacity",
        ));
    }
    let least = least.map(|one| number(one, "MinAdjustmentMagnitude")).transpose()?;
    Ok(Adjust { kind, least })
}

fn only(given: bool, what: &str, kind: &str) -> Result<(), Refusal> {
    match given {
        true => Err(invalid(format!("{what} is not supported for policy type {kind}"))),
        false => Ok(()),
    }
}

fn simple(own: &PutScalingPolicyType) -> Result<Kind, Refusal> {
    let kind = "SimpleScaling";
    only(
        own.step_adjustments.as_ref().is_some_and(|all| !all.is_empty()),
        "StepAdjustments",
        kind,
    )?;
    only(own.target_tracking_configuration.is_some(), "TargetTrackingConfiguration", kind)?;
    only(own.estimated_instance_warmup.is_some(), "EstimatedInstanceWarmup", kind)?;
    let adjust = adjust(own)?;
    let by = own.scaling_adjustment.ok_or_else(|| invalid("ScalingAdjustment is required"))?;
    if adjust.kind == "ExactCapacity" && by < 0 {
        return Err(invalid("An ExactCapacity must not be negative"));
    }
    let cooldown = own.cooldown.map(|one| number(one, "Cooldown")).transpose()?;
    Ok(Kind::Simple { adjust, by, cooldown })
}

fn steps(call: &mut Call, own: &PutScalingPolicyType) -> Result<Kind, Refusal> {
    let kind = "StepScaling";
    only(own.scaling_adjustment.is_some(), "ScalingAdjustment", kind)?;
    only(own.cooldown.is_some(), "Cooldown", kind)?;
    only(own.target_tracking_configuration.is_some(), "TargetTrackingConfiguration", kind)?;
    let adjust = adjust(own)?;
    let mut steps = Vec::new();
    for one in own.step_adjustments.clone().unwrap_or_default() {
        serve!(
            call,
            StepAdjustment {
                metric_interval_lower_bound,
                metric_interval_upper_bound,
                scaling_adjustment,
            } = one
        );
        let (lower, upper) = (metric_interval_lower_bound, metric_interval_upper_bound);
        steps.push(Step { lower, upper, by: scaling_adjustment });
    }
    if steps.is_empty() || steps.len() > STEPS {
        return Err(invalid(format!("A step policy has 1 to {STEPS} step adjustments")));
    }
    let low = |step: &Step| step.lower.unwrap_or(f64::NEG_INFINITY);
    let high = |step: &Step| step.upper.unwrap_or(f64::INFINITY);
    steps.sort_by(|one, other| low(one).total_cmp(&low(other)));
    let empty = steps.iter().any(|step| low(step) >= high(step));
    let gap = steps.windows(2).any(|pair| high(&pair[0]) != low(&pair[1]));
    if empty || gap {
        return Err(invalid(
            "StepAdjustment intervals must not overlap and must not have a gap between them",
        ));
    }
    let warmup = own.estimated_instance_warmup;
    let warmup = warmup.map(|one| number(one, "EstimatedInstanceWarmup")).transpose()?;
    let aggregation = own.metric_aggregation_type.clone().unwrap_or_else(|| "Average".to_owned());
    if !matches!(&*aggregation, "Average" | "Minimum" | "Maximum") {
        return Err(invalid(format!("Invalid MetricAggregationType: {aggregation}")));
    }
    Ok(Kind::Steps { adjust, steps, warmup, aggregation })
}

fn tracking(call: &mut Call, own: &PutScalingPolicyType) -> Result<Kind, Refusal> {
    let kind = "TargetTrackingScaling";
    only(own.adjustment_type.is_some(), "AdjustmentType", kind)?;
    only(own.scaling_adjustment.is_some(), "ScalingAdjustment", kind)?;
    only(own.cooldown.is_some(), "Cooldown", kind)?;
    let given = own.target_tracking_configuration.clone();
    let given = given.ok_or_else(|| invalid("TargetTrackingConfiguration is required"))?;
    serve!(
        call,
        given @ TargetTrackingConfiguration {
            predefined_metric_specification,
            customized_metric_specification,
            target_value,
            disable_scale_in,
        } = given
    );
    match (&given.predefined_metric_specification, &given.customized_metric_specification) {
        (Some(one), None) => {
            let label = one.resource_label.as_deref().unwrap_or_default();
            let balanced = one.predefined_metric_type == "ALBRequestCountPerTarget";
            if balanced && !(label.starts_with("app/") && label.contains("/targetgroup/")) {
                return Err(invalid(
                    "ResourceLabel must be app/NAME/ID/targetgroup/NAME/ID for \
                     ALBRequestCountPerTarget",
                ));
            }
        }
        (None, Some(one)) => {
            let single = one.metric_name.is_some() && one.namespace.is_some();
            let several = one.metrics.as_ref().is_some_and(|all| !all.is_empty());
            if single == several {
                return Err(invalid(
                    "A customized metric is either one metric (MetricName, Namespace, Statistic) \
                     or Metrics",
                ));
            }
        }
        _ => {
            return Err(invalid(
                "Either PredefinedMetricSpecification or CustomizedMetricSpecification must be \
                 given",
            ));
        }
    }
    if !(given.target_value > 0.0 && given.target_value.is_finite()) {
        return Err(invalid("TargetValue must be greater than 0"));
    }
    let warmup = own.estimated_instance_warmup;
    Ok(Kind::Tracking(Tracking {
        target: given.target_value,
        only_out: given.disable_scale_in.unwrap_or(false),
        warmup: warmup.map(|one| number(one, "EstimatedInstanceWarmup")).transpose()?,
        data: shape::to_json(&given.into_record()),
    }))
}

/// The policy of this name (with its group) or ARN.
pub(super) fn find(
    call: &Call,
    group: Option<&str>,
    name: &str,
) -> Result<(String, Policy), Refusal> {
    let all = call.list::<Policy>();
    let fits = |one: &Policy| {
        !one.deleting
            && group.is_none_or(|group| group == one.group)
            && (one.arn == name || (group.is_some() && one.name == name))
    };
    if group.is_none() && !name.starts_with("arn:") {
        return Err(invalid("A policy that is named without its ARN needs its group's name"));
    }
    let found = all.into_iter().find(|(_, one)| fits(one));
    let found = found.ok_or_else(|| {
        invalid(format!("Policy not found - No policy found with name or ARN: {name}"))
    })?;
    Ok((found.0.to_string(), (*found.1).clone()))
}

/// docs: API_DeletePolicy. Its alarms go after it.
pub(super) fn delete_policy(
    call: &mut Call,
    input: DeletePolicyType,
) -> Result<DeletePolicyOutput, Refusal> {
    serve!(call, DeletePolicyType { auto_scaling_group_name, policy_name } = input);
    let (id, policy) = find(call, auto_scaling_group_name.as_deref(), &policy_name)?;
    call.put(id, Policy { deleting: true, again: None, ..policy });
    Ok(DeletePolicyOutput {})
}

/// docs: API_DescribePolicies
pub(super) fn describe_policies(
    call: &mut Call,
    input: DescribePoliciesType,
) -> Result<PoliciesType, Refusal> {
    serve!(
        call,
        DescribePoliciesType {
            auto_scaling_group_name,
            policy_names,
            policy_types,
            next_token,
            max_records,
        } = input
    );
    if let Some(name) = &auto_scaling_group_name {
        rules::group(call, name)?;
    }
    let names = policy_names.unwrap_or_default();
    let types = policy_types.unwrap_or_default();
    let mut all = call.list::<Policy>();
    all.retain(|(_, one)| {
        !one.deleting
            && auto_scaling_group_name.as_ref().is_none_or(|name| *name == one.group)
            && (names.is_empty() || names.contains(&one.name) || names.contains(&one.arn))
            && (types.is_empty() || types.iter().any(|kind| kind == one.kind_name()))
    });
    let (page, next_token) =
        rules::page(all, |(id, _)| id.to_string(), next_token, max_records, 50)?;
    let mut shown = Vec::new();
    for (_, one) in &page {
        shown.push(show(call, one)?);
    }
    Ok(PoliciesType { scaling_policies: Some(shown), next_token })
}

/// The alarms that invoke a policy.
fn shown_alarms(call: &Call, policy: &Policy) -> Vec<Alarm> {
    let scope = call.scope.clone();
    let alarm = |name: &str| Alarm {
        alarm_arn: Some(scope.arn("cloudwatch", &format!("alarm:{name}"))),
        alarm_name: Some(name.to_owned()),
    };
    if matches!(policy.kind, Kind::Tracking(_)) {
        return policy.alarms.iter().map(|name| alarm(name)).collect();
    }
    let all = call.list::<cloudwatch::model::Alarm>();
    let invokes = |one: &cloudwatch::model::Alarm| {
        let actions = one.alarm_actions.iter().chain(&one.ok_actions);
        actions.chain(&one.insufficient_data_actions).any(|arn| *arn == policy.arn)
    };
    all.iter().filter(|(_, one)| invokes(one)).map(|(_, one)| alarm(&one.name)).collect()
}

fn show(call: &Call, one: &Policy) -> Result<ScalingPolicy, Refusal> {
    let mut shown = ScalingPolicy {
        alarms: Some(shown_alarms(call, one)),
        auto_scaling_group_name: Some(one.group.clone()),
        enabled: Some(one.enabled),
        policy_arn: Some(one.arn.clone()),
        policy_name: Some(one.name.clone()),
        policy_type: Some(one.kind_name().to_owned()),
        step_adjustments: Some(Vec::new()),
        ..Default::default()
    };
    let least = |adjust: &Adjust| adjust.least.map(|one| one as i32);
    match &one.kind {
        Kind::Simple { adjust, by, cooldown } => {
            shown.adjustment_type = Some(adjust.kind.clone());
            shown.min_adjustment_magnitude = least(adjust);
            shown.min_adjustment_step = least(adjust);
            shown.scaling_adjustment = Some(*by);
            shown.cooldown = cooldown.map(|one| one as i32);
        }
        Kind::Steps { adjust, steps, warmup, aggregation } => {
            shown.adjustment_type = Some(adjust.kind.clone());
            shown.min_adjustment_magnitude = least(adjust);
            shown.estimated_instance_warmup = warmup.map(|one| one as i32);
            shown.metric_aggregation_type = Some(aggregation.clone());
            let step = |one: &Step| StepAdjustment {
                metric_interval_lower_bound: one.lower,
                metric_interval_upper_bound: one.upper,
                scaling_adjustment: one.by,
            };
            shown.step_adjustments = Some(steps.iter().map(step).collect());
        }
        Kind::Tracking(tracking) => {
            shown.estimated_instance_warmup = tracking.warmup.map(|one| one as i32);
            let schema = TargetTrackingConfiguration::schema();
            let record = shape::from_json(schema, &tracking.data).map_err(Refusal::bug)?;
            let mut data =
                TargetTrackingConfiguration::from_record(record).map_err(Refusal::bug)?;
            data.disable_scale_in = Some(tracking.only_out);
            shown.target_tracking_configuration = Some(data);
        }
    }
    Ok(shown)
}

/// The group of a policy, to change it.
pub(super) fn group_of(call: &Call, policy: &Policy) -> Result<Group, Refusal> {
    rules::own(call, &policy.group)
}
