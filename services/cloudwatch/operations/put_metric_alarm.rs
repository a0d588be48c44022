//! PutMetricAlarm: an alarm over a metric, or over metric maths.

use super::query::{dimensions, queries};
use super::tags;
use crate::controller;
use crate::dataplane::{Event, History, maths};
use crate::model::{
    Alarm, AlarmState, Comparison, MetricRule, Missing, Query, Rule, Source, refuse,
};
use api_cloudwatch::{PutMetricAlarmInput, PutMetricAlarmOutput};
use region::meter::{Exact, Metric, Statistic};
use region::{Call, Refusal, serve};
use world::Time;

/// An alarm looks back one day at most, or seven with periods of an hour and more. docs:
/// API_PutMetricAlarm, EvaluationPeriods
const DAY: u64 = 24 * 3600;

/// An account has this many alarms in a region at most (CloudWatch quotas).
const ALARMS: usize = 5000;

/// An alarm has this many actions for a state at most.
const ACTIONS: usize = 5;

/// docs: API_PutMetricAlarm
pub fn put_metric_alarm(
    call: &mut Call,
    input: PutMetricAlarmInput,
) -> Result<PutMetricAlarmOutput, Refusal> {
    serve!(call, input @ PutMetricAlarmInput {
        alarm_name, alarm_description, actions_enabled, ok_actions, alarm_actions,
        insufficient_data_actions, metric_name, namespace, statistic, extended_statistic,
        dimensions, period, unit, evaluation_periods, datapoints_to_alarm, threshold,
        comparison_operator, treat_missing_data, evaluate_low_sample_count_percentile, metrics,
        tags
    } = input);
    let rule = rule(call, &input)?;
    check_rule(&rule)?;
    let actions = Actions {
        enabled: input.actions_enabled,
        ok: input.ok_actions,
        alarm: input.alarm_actions,
        unknown: input.insufficient_data_actions,
    };
    let rule = Rule::Metric(rule);
    put(call, input.alarm_name, input.alarm_description, actions, input.tags, rule)?;
    Ok(PutMetricAlarmOutput::default())
}

/// What an alarm does, as requests say it.
pub(super) struct Actions {
    pub(super) enabled: Option<bool>,
    pub(super) ok: Option<Vec<String>>,
    pub(super) alarm: Option<Vec<String>>,
    pub(super) unknown: Option<Vec<String>>,
}

/// Makes an alarm, or changes one: all of it but its state and its tags.
pub(super) fn put(
    call: &mut Call,
    name: String,
    description: Option<String>,
    actions: Actions,
    tags: Option<Vec<api_cloudwatch::Tag>>,
    rule: Rule,
) -> Result<(), Refusal> {
    let present = call.find::<Alarm>(&name);
    let composite = |rule: &Rule| matches!(rule, Rule::Composite(_));
    if present.as_ref().is_some_and(|alarm| composite(&alarm.rule) != composite(&rule)) {
        let message = format!("An alarm of another type with the name '{name}' already exists.");
        return Err(refuse::invalid(message));
    }
    if present.is_none() && call.list::<Alarm>().len() >= ALARMS {
        let message = "The maximum limit of 5000 alarms per account exceeded.";
        return Err(Refusal::new("LimitExceeded", message));
    }
    let given = tags::given(tags)?;
    let alarm = Alarm {
        name: name.clone(),
        description,
        actions_enabled: actions.enabled.unwrap_or(true),
        ok_actions: checked(actions.ok, &rule)?,
        alarm_actions: checked(actions.alarm, &rule)?,
        insufficient_data_actions: checked(actions.unknown, &rule)?,
        configured: call.now,
        // The tags of an alarm that is there stay as they are.
        tags: present.as_ref().map_or(given, |alarm| alarm.tags.clone()),
        rule,
    };
    let key = call.key(&*name);
    let state = match call.get::<AlarmState>(&key) {
        // The state stays; the next look is at once.
        Some(state) => AlarmState { evaluated: Time::PAST, below: 0, ..(*state).clone() },
        None => AlarmState::new(call.now),
    };
    let item = controller::created_now(&key, &alarm, present.is_none());
    call.put_at(key.clone(), alarm);
    call.put_at(key, state);
    call.record::<History>(&History::key(&call.scope), &Event::Added(vec![item]));
    Ok(())
}

fn checked(actions: Option<Vec<String>>, rule: &Rule) -> Result<Vec<String>, Refusal> {
    let actions = actions.unwrap_or_default();
    if actions.len() > ACTIONS {
        return Err(refuse::invalid("An alarm can have at most 5 actions for a state."));
    }
    for action in &actions {
        let known = controller::action(action);
        let single = matches!(rule, Rule::Metric(rule) if rule.single().is_some());
        match known {
            None if region::Arn::parse(action).is_none() => {
                return Err(refuse::invalid(format!("Invalid alarm action '{action}'.")));
            }
            None => return Err(Refusal::not_implemented(format!("The alarm action {action}"))),
            Some(controller::Action::Instance(_)) if !single => {
                let message = "EC2 actions are possible for alarms on a single metric only.";
                return Err(refuse::invalid(message));
            }
            Some(controller::Action::Instance(_)) if !has_instance(rule) => {
                let message = "EC2 actions need a metric with the dimension InstanceId.";
                return Err(refuse::invalid(message));
            }
            Some(controller::Action::Scale) if matches!(rule, Rule::Composite(_)) => {
                let message = "Composite alarms cannot perform Auto Scaling actions.";
                return Err(refuse::invalid(message));
            }
            Some(_) => {}
        }
    }
    Ok(actions)
}

fn has_instance(rule: &Rule) -> bool {
    let Rule::Metric(rule) = rule else { return false };
    match rule.single().map(|query| &query.source) {
        Some(Source::Stat { metric, .. }) => metric.dimensions.contains_key("InstanceId"),
        _ => false,
    }
}

fn rule(call: &mut Call, input: &PutMetricAlarmInput) -> Result<MetricRule, Refusal> {
    let periods = input.evaluation_periods.ok_or_else(|| refuse::missing("EvaluationPeriods"))?;
    let threshold = input.threshold.ok_or_else(|| refuse::missing("Threshold"))?;
    let operator = input.comparison_operator.as_deref();
    let operator = operator.ok_or_else(|| refuse::missing("ComparisonOperator"))?;
    let comparison = Comparison::parse(operator).ok_or_else(|| {
        Refusal::not_implemented(format!("The comparison {operator} of anomaly detection"))
    })?;
    let missing = input.treat_missing_data.as_deref().map(|text| {
        Missing::parse(text).ok_or_else(|| {
            refuse::invalid(format!(
                "Option {text} is not supported for TreatMissingData. Supported: [breaching, \
                 notBreaching, ignore, missing]."
            ))
        })
    });
    let datapoints = input.datapoints_to_alarm.map(i32::unsigned_abs);
    let periods = periods.unsigned_abs();
    if datapoints.is_some_and(|datapoints| datapoints > periods) {
        let message = "DatapointsToAlarm must be less than or equal to EvaluationPeriods.";
        return Err(refuse::invalid(message));
    }
    let queries = match &input.metrics {
        Some(metrics) => several(call, input, metrics.clone())?,
        None => vec![single(input)?],
    };
    Ok(MetricRule {
        queries,
        comparison,
        threshold: Exact(threshold),
        periods,
        datapoints,
        missing: missing.transpose()?,
        low_samples: input.evaluate_low_sample_count_percentile.clone(),
    })
}

fn single(input: &PutMetricAlarmInput) -> Result<Query, Refusal> {
    let name = input.metric_name.clone().ok_or_else(|| refuse::missing("MetricName"))?;
    let namespace = input.namespace.clone().ok_or_else(|| refuse::missing("Namespace"))?;
    let seconds = input.period.ok_or_else(|| refuse::missing("Period"))?;
    let statistic = match (&input.statistic, &input.extended_statistic) {
        (Some(_), Some(_)) => return Err(refuse::exclusive("Statistic", "ExtendedStatistic")),
        (Some(name), None) => name.clone(),
        (None, Some(name)) => match Statistic::parse(name) {
            Some(statistic) if statistic.is_extended() => name.clone(),
            _ => return Err(refuse::value(name, "ExtendedStatistic")),
        },
        (None, None) => {
            let message = "At least one of the parameters Statistic, ExtendedStatistic must be \
                           specified.";
            return Err(refuse::combination(message));
        }
    };
    let metric = Metric { namespace, name, dimensions: dimensions(input.dimensions.clone())? };
    let period = alarm_period(seconds)?;
    let source = Source::Stat { metric, statistic, period, unit: input.unit.clone() };
    let (id, label) = (String::new(), None);
    Ok(Query { id, label, source, returned: None, period: None, account: None })
}

fn alarm_period(seconds: i32) -> Result<u32, Refusal> {
    match seconds {
        10 | 20 | 30 => Ok(seconds.unsigned_abs()),
        _ if seconds > 0 && seconds % 60 == 0 => Ok(seconds.unsigned_abs()),
        _ => Err(refuse::invalid("Period must be 10, 20, 30 or a multiple of 60.")),
    }
}

fn several(
    call: &mut Call,
    input: &PutMetricAlarmInput,
    metrics: Vec<api_cloudwatch::MetricDataQuery>,
) -> Result<Vec<Query>, Refusal> {
    let single = [
        ("MetricName", input.metric_name.is_some()),
        ("Namespace", input.namespace.is_some()),
        ("Statistic", input.statistic.is_some()),
        ("ExtendedStatistic", input.extended_statistic.is_some()),
        ("Period", input.period.is_some()),
        ("Dimensions", input.dimensions.is_some()),
        ("Unit", input.unit.is_some()),
    ];
    if let Some((name, _)) = single.iter().find(|(_, given)| *given) {
        return Err(refuse::exclusive("Metrics", name));
    }
    let queries = queries(call, metrics, "Metrics")?;
    if queries.iter().filter(|query| query.is_returned()).count() != 1 {
        let message = "Exactly one element of the metrics list should return data.";
        return Err(refuse::invalid(message));
    }
    let mut periods = queries.iter().filter_map(Query::period);
    let first = periods.next().ok_or_else(|| refuse::missing("Period"))?;
    if periods.any(|period| period != first) {
        return Err(refuse::invalid("Metrics list contains all metrics of same period."));
    }
    alarm_period(i32::try_from(first).unwrap_or(i32::MAX))?;
    let searches = |query: &Query| match &query.source {
        Source::Expression(text) => text.contains("SEARCH("),
        Source::Stat { .. } => false,
    };
    if queries.iter().any(searches) {
        return Err(refuse::invalid("SEARCH is not supported on Metric Alarms."));
    }
    maths::check(&queries).map_err(refuse::invalid)?;
    Ok(queries)
}

fn check_rule(rule: &MetricRule) -> Result<(), Refusal> {
    let seconds = u64::from(rule.period());
    let longest = if seconds >= 3600 { 7 * DAY } else { DAY };
    if u64::from(rule.periods) * seconds > longest {
        let message = "Metrics cannot be checked across more than a day (EvaluationPeriods * \
                       Period must be <= 86400), or a week with periods of an hour and more.";
        return Err(refuse::invalid(message));
    }
    match rule.low_samples.as_deref() {
        None => Ok(()),
        Some("evaluate" | "ignore") if rule.percentile().is_some() => Ok(()),
        Some("evaluate" | "ignore") => Err(refuse::combination(
            "EvaluateLowSampleCountPercentile is only supported for percentile statistics.",
        )),
        Some(other) => Err(refuse::value(other, "EvaluateLowSampleCountPercentile")),
    }
}
