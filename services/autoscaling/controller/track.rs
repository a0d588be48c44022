//! Target tracking: the two alarms of a policy, and the capacity that it wants (Auto Scaling user
//! guide, "Target tracking scaling policies"; figures seen in the field: high 3 of 60 s, low 15 of
//! 60 s at seven tenths of the target).

use super::scale;
use super::turn::Turn;
use crate::model::{Kind, Policy, Stage, Tracking};
use api_cloudwatch::operation::{DeleteAlarms, PutMetricAlarm};
use api_cloudwatch::{DeleteAlarmsInput, PutMetricAlarmInput};
use cloudwatch::model::{AlarmState, State};
use region::{Key, Plan};
use serde_json::json;
use shape::{Json, Operation, Shaped};
use world::Span;

/// Windows that must be above the target, and below seven tenths of it.
const HIGH: u32 = 3;
const LOW: u32 = 15;
/// Where the low alarm is, of the target.
const LOW_AT: f64 = 0.7;

/// Whether this alarm is a policy's low one.
fn is_low(name: &str) -> bool {
    name.contains("-AlarmLow-")
}

/// Asks for the alarms of a policy, as it wants them.
pub(super) fn make(key: &Key, policy: &Policy, plan: &mut Plan) {
    let Kind::Tracking(tracking) = &policy.kind else { return };
    let last = policy.alarms.len().saturating_sub(1);
    for (at, name) in policy.alarms.iter().enumerate() {
        let Some(input) = alarm(policy, tracking, name) else { continue };
        let tag = if at == last { "alarm-last" } else { "alarm" };
        plan.ask::<PutMetricAlarm>(key, tag, input);
    }
}

/// Asks that the alarms go.
pub(super) fn unmake(key: &Key, policy: &Policy, plan: &mut Plan) {
    let input = DeleteAlarmsInput { alarm_names: policy.alarms.clone() };
    plan.ask::<DeleteAlarms>(key, "alarms-gone", input);
}

fn alarm(policy: &Policy, tracking: &Tracking, name: &str) -> Option<PutMetricAlarmInput> {
    let low = is_low(name);
    let mut input = json!({
        "AlarmName": name,
        "AlarmDescription": format!(
            "DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {}.", policy.arn
        ),
        "AlarmActions": [policy.arn],
        "ComparisonOperator": if low { "LessThanThreshold" } else { "GreaterThanThreshold" },
        "EvaluationPeriods": if low { LOW } else { HIGH },
        "Threshold": if low { tracking.target * LOW_AT } else { tracking.target },
    });
    metric(policy, tracking, &mut input);
    let record = shape::from_json(PutMetricAlarm::schema().input, &input).ok()?;
    PutMetricAlarmInput::from_record(record).ok()
}

/// What the alarm looks at.
fn metric(policy: &Policy, tracking: &Tracking, input: &mut Json) {
    let own = &tracking.data["CustomizedMetricSpecification"];
    if own["Metrics"].is_array() {
        let mut queries = own["Metrics"].clone();
        for query in queries.as_array_mut().into_iter().flatten() {
            if query["MetricStat"].is_object() && query["MetricStat"]["Period"].is_null() {
                query["MetricStat"]["Period"] = json!(60);
            }
        }
        input["Metrics"] = queries;
        return;
    }
    input["Period"] = json!(60);
    if own.is_object() {
        for name in ["MetricName", "Namespace", "Dimensions", "Statistic", "Unit", "Period"] {
            if !own[name].is_null() {
                input[name] = own[name].clone();
            }
        }
        return;
    }
    let predefined = &tracking.data["PredefinedMetricSpecification"];
    let kind = predefined["PredefinedMetricType"].as_str().unwrap_or_default();
    let (namespace, name, statistic) = match kind {
        "ASGAverageNetworkIn" => ("AWS/EC2", "NetworkIn", "Average"),
        "ASGAverageNetworkOut" => ("AWS/EC2", "NetworkOut", "Average"),
        "ALBRequestCountPerTarget" => ("AWS/ApplicationELB", "RequestCountPerTarget", "Sum"),
        _ => ("AWS/EC2", "CPUUtilization", "Average"),
    };
    input["Namespace"] = json!(namespace);
    input["MetricName"] = json!(name);
    input["Statistic"] = json!(statistic);
    let label = predefined["ResourceLabel"].as_str().unwrap_or_default();
    input["Dimensions"] = match label.find("/targetgroup/") {
        // `app/NAME/HEX/targetgroup/NAME/HEX`
        Some(at) => json!([
            {"Name": "TargetGroup", "Value": &label[at + 1..]},
            {"Name": "LoadBalancer", "Value": &label[..at]},
        ]),
        None => json!([{"Name": "AutoScalingGroupName", "Value": policy.group}]),
    };
}

/// The capacity that a policy wants when one of its alarms is in ALARM; none: as it is.
pub(super) fn wanted(turn: &Turn, policy: &Policy, name: &str, alarm: &AlarmState) -> Option<u32> {
    if alarm.value != State::Alarm {
        return None;
    }
    let own = needed(turn, policy, alarm)?;
    if !is_low(name) {
        return (own > turn.group.desired).then_some(own);
    }
    if matches!(&policy.kind, Kind::Tracking(tracking) if tracking.only_out) {
        return None;
    }
    // Whoever is warming counts, and nothing shrinks meanwhile.
    if super::policy::warming(&turn.view, &turn.group, policy) > 0 || !steady(turn, alarm) {
        return None;
    }
    let mut wanted = own;
    for (_, other) in turn.view.store.list::<Policy>(&turn.key.scope) {
        let Kind::Tracking(tracking) = &other.kind else { continue };
        let same = other.group == policy.group && other.name != policy.name;
        if !same || !other.enabled || other.deleting || tracking.only_out {
            continue;
        }
        // All must agree.
        let low = other.alarms.iter().find(|name| is_low(name))?;
        let state = turn.view.store.get::<AlarmState>(&turn.beside(low))?;
        if state.value != State::Alarm {
            return None;
        }
        wanted = wanted.max(needed(turn, other, state)?);
    }
    (wanted < turn.group.desired).then_some(wanted)
}

/// The length of an alarm's windows here.
fn window(turn: &Turn, alarm: &AlarmState) -> Span {
    let newest = alarm.datapoints.first().map(|(begin, _)| *begin);
    match newest.filter(|begin| *begin < alarm.evaluated) {
        Some(begin) => alarm.evaluated.since(begin),
        None => turn.view.paced(Span::seconds(60)),
    }
}

/// The capacity at which the newest value would be the target. A value is of those who served in
/// its window, each for its part of it.
fn needed(turn: &Turn, policy: &Policy, alarm: &AlarmState) -> Option<u32> {
    let Kind::Tracking(tracking) = &policy.kind else { return None };
    let (metric, span) = (alarm.value_of_metric()?, window(turn, alarm));
    let (from, to) = (alarm.evaluated - span, alarm.evaluated);
    let members = turn.group.members.values().filter(|one| one.stage == Stage::InService);
    let serving: f64 = members
        .map(|member| {
            let since = member.served.unwrap_or(to).max(from);
            let part = to.since(since).0 as f64 / (span.0.max(1)) as f64;
            f64::from(member.weight) * part
        })
        .sum();
    let serving = if serving > 0.0 { serving } else { f64::from(turn.group.desired) };
    Some(scale::tracked(serving, metric, tracking.target).clamp(turn.group.min, turn.group.max))
}

/// Whether nobody came or went in the newest window.
fn steady(turn: &Turn, alarm: &AlarmState) -> bool {
    let from = alarm.evaluated - window(turn, alarm);
    let mut members = turn.group.members.values();
    let quiet = members.all(|one| {
        one.stage == Stage::Standby
            || (one.stage == Stage::InService && one.served.is_some_and(|served| served <= from))
    });
    quiet && turn.group.shrunk.is_none_or(|at| at <= from)
}
