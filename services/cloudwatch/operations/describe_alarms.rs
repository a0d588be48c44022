//! DescribeAlarms and DescribeAlarmsForMetric.

use super::query::{dimensions, list, repeat, timestamp};
use crate::controller;
use crate::model::{Alarm, AlarmState, CompositeRule, MetricRule, Missing, Rule, Source, refuse};
use api_cloudwatch::{
    CompositeAlarm, DescribeAlarmsForMetricInput, DescribeAlarmsForMetricOutput,
    DescribeAlarmsInput, DescribeAlarmsOutput, MetricAlarm,
};
use region::meter::{Metric, Statistic};
use region::{Call, Refusal, Scope, listing, serve};
use std::sync::Arc;

/// A page without MaxRecords. docs: API_DescribeAlarms
const PAGE: usize = 50;

type Row = (Arc<Alarm>, Arc<AlarmState>);

fn rows(call: &Call) -> Vec<Row> {
    let alarms = call.list::<Alarm>().into_iter();
    alarms.filter_map(|(id, alarm)| Some((alarm, call.get(&call.key(id))?))).collect()
}

fn composite(alarm: &Alarm) -> Option<&CompositeRule> {
    match &alarm.rule {
        Rule::Composite(rule) => Some(rule),
        Rule::Metric(_) => None,
    }
}

/// docs: API_DescribeAlarms
pub fn describe_alarms(
    call: &mut Call,
    input: DescribeAlarmsInput,
) -> Result<DescribeAlarmsOutput, Refusal> {
    serve!(
        call,
        DescribeAlarmsInput {
            alarm_names,
            alarm_name_prefix,
            alarm_types,
            children_of_alarm_name,
            parents_of_alarm_name,
            state_value,
            action_prefix,
            max_records,
            next_token
        } = input
    );
    if alarm_names.is_some() && alarm_name_prefix.is_some() {
        return Err(refuse::exclusive("AlarmNames", "AlarmNamePrefix"));
    }
    // Without AlarmTypes only metric alarms; children and parents are of both.
    let related = children_of_alarm_name.is_some() || parents_of_alarm_name.is_some();
    let types = alarm_types.unwrap_or_default();
    let wanted_type = |alarm: &Alarm| match composite(alarm) {
        Some(_) => related || types.iter().any(|one| one == "CompositeAlarm"),
        None => related || types.is_empty() || types.iter().any(|one| one == "MetricAlarm"),
    };
    let mut rows = rows(call);
    rows.retain(|(alarm, _)| wanted_type(alarm));
    if let Some(names) = alarm_names.filter(|names| !names.is_empty()) {
        rows.retain(|(alarm, _)| names.contains(&alarm.name));
    }
    if let Some(prefix) = alarm_name_prefix {
        rows.retain(|(alarm, _)| alarm.name.starts_with(&prefix));
    }
    if let Some(value) = state_value {
        rows.retain(|(_, state)| state.value.as_str() == value);
    }
    if let Some(prefix) = action_prefix {
        let all = |alarm: &Alarm| {
            [&alarm.ok_actions, &alarm.alarm_actions, &alarm.insufficient_data_actions]
                .into_iter()
                .flatten()
                .any(|action| action.starts_with(&prefix))
        };
        rows.retain(|(alarm, _)| all(alarm));
    }
    if let Some(parent) = children_of_alarm_name {
        let parent = call.find::<Alarm>(&parent);
        let rule = parent.as_deref().and_then(composite);
        let names = rule.map(|rule| rule.rule.names()).unwrap_or_default();
        rows.retain(|(alarm, _)| names.contains(&alarm.name.as_str()));
    }
    if let Some(child) = parents_of_alarm_name {
        let speaks = |rule: &CompositeRule| rule.rule.names().contains(&child.as_str());
        rows.retain(|(alarm, _)| composite(alarm).is_some_and(speaks));
    }
    page(call, rows, max_records, next_token.as_deref())
}

/// A page of alarms, each in the list of its type.
fn page(
    call: &Call,
    rows: Vec<Row>,
    max_records: Option<i32>,
    token: Option<&str>,
) -> Result<DescribeAlarmsOutput, Refusal> {
    let limit = max_records.and_then(|most| usize::try_from(most).ok()).unwrap_or(PAGE);
    let page = listing::page(rows, |row: &Row| row.0.name.clone(), token, Some(limit));
    let (rows, next_token) = page.map_err(|_| refuse::token())?;
    let (mut metric, mut composite) = (Vec::new(), Vec::new());
    for (alarm, state) in &rows {
        match &alarm.rule {
            Rule::Metric(rule) => metric.push(metric_alarm(&call.scope, alarm, rule, state)),
            Rule::Composite(rule) => {
                composite.push(composite_alarm(&call.scope, alarm, rule, state));
            }
        }
    }
    let (metric_alarms, composite_alarms) = (Some(metric), Some(composite));
    Ok(DescribeAlarmsOutput { metric_alarms, composite_alarms, next_token })
}

/// docs: API_DescribeAlarmsForMetric
pub fn describe_alarms_for_metric(
    call: &mut Call,
    input: DescribeAlarmsForMetricInput,
) -> Result<DescribeAlarmsForMetricOutput, Refusal> {
    serve!(
        call,
        DescribeAlarmsForMetricInput {
            namespace,
            metric_name,
            dimensions,
            statistic,
            extended_statistic,
            period,
            unit
        } = input
    );
    let dimensions = self::dimensions(dimensions)?;
    let metric = Metric { namespace, name: metric_name, dimensions };
    let wanted = statistic.or(extended_statistic);
    let period = period.map(i32::unsigned_abs);
    let fits = |rule: &MetricRule| {
        let of = rule.queries.iter().any(|query| match &query.source {
            Source::Stat { metric: of, statistic, period: seconds, unit: of_unit } => {
                *of == metric
                    && wanted.as_ref().is_none_or(|wanted| wanted == statistic)
                    && period.is_none_or(|period| period == *seconds)
                    && (unit.is_none() || unit == *of_unit)
            }
            Source::Expression(_) => false,
        });
        of && rule.single().is_some()
    };
    let rows = rows(call).into_iter();
    let alarms = rows.filter_map(|(alarm, state)| {
        let rule = alarm.metric().filter(|rule| fits(rule))?;
        Some(metric_alarm(&call.scope, &alarm, rule, &state))
    });
    Ok(DescribeAlarmsForMetricOutput { metric_alarms: Some(alarms.collect()) })
}

fn metric_alarm(
    scope: &Scope,
    alarm: &Alarm,
    rule: &MetricRule,
    state: &AlarmState,
) -> MetricAlarm {
    let int = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let mut answer = MetricAlarm {
        alarm_name: Some(alarm.name.clone()),
        alarm_arn: Some(controller::arn(scope, &alarm.name)),
        alarm_description: alarm.description.clone(),
        alarm_configuration_updated_timestamp: Some(timestamp(alarm.configured)),
        actions_enabled: Some(alarm.actions_enabled),
        ok_actions: Some(alarm.ok_actions.clone()),
        alarm_actions: Some(alarm.alarm_actions.clone()),
        insufficient_data_actions: Some(alarm.insufficient_data_actions.clone()),
        state_value: Some(state.value.as_str().to_owned()),
        state_reason: Some(state.reason.clone()),
        state_reason_data: state.reason_data.clone(),
        state_updated_timestamp: Some(timestamp(state.updated)),
        state_transitioned_timestamp: Some(timestamp(state.transitioned)),
        evaluation_periods: Some(int(rule.periods)),
        datapoints_to_alarm: rule.datapoints.map(int),
        threshold: Some(rule.threshold.0),
        comparison_operator: Some(rule.comparison.as_str().to_owned()),
        treat_missing_data: rule.missing.map(Missing::as_str).map(str::to_owned),
        evaluate_low_sample_count_percentile: rule.low_samples.clone(),
        ..MetricAlarm::default()
    };
    match rule.single().map(|query| &query.source) {
        Some(Source::Stat { metric, statistic, period, unit }) => {
            answer.namespace = Some(metric.namespace.clone());
            answer.metric_name = Some(metric.name.clone());
            answer.dimensions = Some(list(metric));
            answer.period = Some(int(*period));
            answer.unit.clone_from(unit);
            let extended = Statistic::parse(statistic).is_some_and(|one| one.is_extended());
            let place =
                if extended { &mut answer.extended_statistic } else { &mut answer.statistic };
            *place = Some(statistic.clone());
        }
        _ => answer.metrics = Some(rule.queries.iter().map(repeat).collect()),
    }
    answer
}

fn seconds(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn composite_alarm(
    scope: &Scope,
    alarm: &Alarm,
    rule: &CompositeRule,
    state: &AlarmState,
) -> CompositeAlarm {
    CompositeAlarm {
        alarm_name: Some(alarm.name.clone()),
        alarm_arn: Some(controller::arn(scope, &alarm.name)),
        alarm_description: alarm.description.clone(),
        alarm_configuration_updated_timestamp: Some(timestamp(alarm.configured)),
        actions_enabled: Some(alarm.actions_enabled),
        ok_actions: Some(alarm.ok_actions.clone()),
        alarm_actions: Some(alarm.alarm_actions.clone()),
        insufficient_data_actions: Some(alarm.insufficient_data_actions.clone()),
        alarm_rule: Some(rule.text.clone()),
        state_value: Some(state.value.as_str().to_owned()),
        state_reason: Some(state.reason.clone()),
        state_reason_data: state.reason_data.clone(),
        state_updated_timestamp: Some(timestamp(state.updated)),
        state_transitioned_timestamp: Some(timestamp(state.transitioned)),
        actions_suppressor: rule.suppressor.as_ref().map(|one| one.said.clone()),
        actions_suppressor_wait_period: rule.suppressor.as_ref().map(|one| seconds(one.wait)),
        actions_suppressor_extension_period: rule
            .suppressor
            .as_ref()
            .map(|one| seconds(one.extension)),
        actions_suppressed_by: state.held.as_ref().map(|held| held.by.as_str().to_owned()),
        actions_suppressed_reason: state
            .held
            .as_ref()
            .zip(rule.suppressor.as_ref())
            .map(|(held, one)| controller::suppressed(held, &controller::arn(scope, &one.alarm))),
    }
}
