//! Alarms in words and in JSON: reasons, history, notifications, as CloudWatch writes them.

use crate::dataplane::{Item, Kind};
use crate::model::{Alarm, AlarmState, Due, MetricRule, Missing, Query, Rule, Source, State};
use region::meter::{Exact, Statistic};
use region::zone::RegionInfo;
use region::{Key, Scope};
use serde_json::{Value as Json, json};
use shape::Timestamp;
use world::Time;

fn timestamp(at: Time) -> Timestamp {
    Timestamp(i64::try_from(at.millis()).unwrap_or(i64::MAX))
}

/// `2020-07-15T07:04:22.617+0000`
pub(crate) fn long(at: Time) -> String {
    timestamp(at).iso8601_millis().replace('Z', "+0000")
}

/// `15/07/20 07:03:00`
fn short(at: Time) -> String {
    let text = timestamp(at).iso8601();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    format!("{}/{}/{} {}", part(8, 10), part(5, 7), part(2, 4), part(11, 19))
}

/// `99.0`, `0.07`
fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        format!("{value:.1}")
    } else {
        value.to_string()
    }
}

fn plural(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// StateReason after an evaluation. `looked` are the windows that counted, newest first.
pub(super) fn reason(
    rule: &MetricRule,
    state: State,
    looked: &[(Time, Exact)],
    filled: u32,
) -> String {
    if state == State::InsufficientData {
        let were = if filled == 1 { "was" } else { "were" };
        let datapoints = plural(filled, "datapoint", "datapoints");
        return format!("Insufficient Data: {datapoints} {were} unknown.");
    }
    if looked.is_empty() {
        let treated = match rule.missing {
            Some(Missing::Breaching) => "Breaching",
            _ => "NonBreaching",
        };
        let (datapoints, were) = match filled {
            1 => ("datapoint", "was"),
            _ => ("datapoints", "were"),
        };
        return format!(
            "Threshold Crossed: no datapoints were received for {} and {filled} missing \
             {datapoints} {were} treated as [{treated}].",
            plural(filled, "period", "periods")
        );
    }
    let alarm = state == State::Alarm;
    let told = |value: &f64| rule.comparison.breaches(*value, rule.threshold.0) == alarm;
    let telling: Vec<String> = looked
        .iter()
        .filter(|(_, value)| told(&value.0))
        .map(|(at, value)| format!("{} ({})", number(value.0), short(*at)))
        .collect();
    let (n, m) = (rule.periods, rule.datapoints_to_alarm());
    let (least, change) = match alarm {
        true => (m, "OK -> ALARM"),
        false => (n.saturating_sub(m) + 1, "ALARM -> OK"),
    };
    let count = u32::try_from(telling.len()).unwrap_or(u32::MAX);
    format!(
        "Threshold Crossed: {count} out of the last {} [{}] {} {}{} the threshold ({}) (minimum {} \
         for {change} transition).",
        plural(n, "datapoints", "datapoints"),
        telling.join(", "),
        if count == 1 { "was" } else { "were" },
        if alarm { "" } else { "not " },
        rule.comparison.words(),
        number(rule.threshold.0),
        plural(least, "datapoint", "datapoints"),
    )
}

/// StateReasonData after an evaluation.
pub(super) fn reason_data(
    rule: &MetricRule,
    now: Time,
    looked: &[(Time, Exact)],
    counts: &[(Time, f64)],
) -> String {
    let mut data = json!({
        "version": "1.0",
        "queryDate": long(now),
        "period": rule.period(),
        "recentDatapoints": looked.iter().rev().map(|(_, value)| value.0).collect::<Vec<_>>(),
        "threshold": rule.threshold.0,
    });
    if let Some((at, _)) = looked.last() {
        data["startDate"] = long(*at).into();
    }
    if let Some(Query { source: Source::Stat { statistic, unit, .. }, .. }) = rule.single() {
        data["statistic"] = statistic.as_str().into();
        if let Some(unit) = unit {
            data["unit"] = unit.as_str().into();
        }
    }
    let evaluated = looked.iter().map(|(at, value)| {
        let mut one = json!({ "timestamp": long(*at), "value": value.0 });
        if let Some((_, count)) = counts.iter().find(|(begin, _)| begin == at) {
            one["sampleCount"] = (*count).into();
        }
        one
    });
    data["evaluatedDatapoints"] = evaluated.collect();
    data.to_string()
}

fn state_json(state: &AlarmState) -> Json {
    let mut json = json!({ "stateValue": state.value.as_str(), "stateReason": state.reason });
    let data = state.reason_data.as_deref().and_then(|data| serde_json::from_str(data).ok());
    if let Some(data) = data {
        json["stateReasonData"] = data;
    }
    json
}

fn item(alarm: &Alarm, at: Time, kind: Kind, summary: String, data: &Json) -> Item {
    let composite = matches!(alarm.rule, Rule::Composite(_));
    Item { at, alarm: alarm.name.clone(), composite, kind, summary, data: data.to_string() }
}

/// The history item of a change of state.
pub(super) fn changed(alarm: &Alarm, now: Time, before: &AlarmState, after: &AlarmState) -> Item {
    let data = json!({
        "version": "1.0",
        "oldState": state_json(before),
        "newState": state_json(after),
    });
    let summary = format!("Alarm updated from {} to {}", before.value, after.value);
    item(alarm, now, Kind::StateUpdate, summary, &data)
}

/// The history item of an action; `failure` is the refusal.
pub(super) fn acted(alarm: &Alarm, now: Time, due: &Due, failure: Option<&str>) -> Item {
    let mut data = json!({
        "actionState": if failure.is_some() { "Failed" } else { "Succeeded" },
        "notificationResource": due.action,
        "publishedMessage": due.message,
    });
    let mut summary = format!("Successfully executed action {}", due.action);
    if let Some(error) = failure {
        data["error"] = error.into();
        summary = format!("Failed to execute action {}. Received error: \"{error}\"", due.action);
    }
    item(alarm, now, Kind::Action, summary, &data)
}

/// The history item of a change by a customer: `created`, `updated`, `deleted`.
pub(crate) fn configured(scope: &Scope, alarm: &Alarm, now: Time, what: &str) -> Item {
    let kind = match what {
        "created" => "Create",
        "updated" => "Update",
        _ => "Delete",
    };
    let data = json!({
        "version": "1.0",
        "type": kind,
        format!("{what}Alarm"): trigger(alarm).unwrap_or_default(),
        "alarmArn": arn(scope, &alarm.name),
        "alarmName": alarm.name,
        "alarmDescription": alarm.description,
        "actionsEnabled": alarm.actions_enabled,
        "okActions": alarm.ok_actions,
        "alarmActions": alarm.alarm_actions,
        "insufficientDataActions": alarm.insufficient_data_actions,
    });
    let summary = format!("Alarm \"{}\" {what}", alarm.name);
    item(alarm, now, Kind::ConfigurationUpdate, summary, &data)
}

/// AlarmArn.
pub(crate) fn arn(scope: &Scope, name: &str) -> String {
    scope.arn("cloudwatch", &format!("alarm:{name}"))
}

/// What a notification says triggered the alarm.
fn trigger(alarm: &Alarm) -> Option<Json> {
    let rule = alarm.metric()?;
    let mut json = json!({
        "Period": rule.period(),
        "EvaluationPeriods": rule.periods,
        "DatapointsToAlarm": rule.datapoints_to_alarm(),
        "ComparisonOperator": rule.comparison.as_str(),
        "Threshold": rule.threshold.0,
        "TreatMissingData": rule.missing.unwrap_or(Missing::Missing).as_str(),
        "EvaluateLowSampleCountPercentile": rule.low_samples.as_deref().unwrap_or_default(),
    });
    match rule.single().map(|query| &query.source) {
        Some(Source::Stat { metric, statistic, unit, .. }) => {
            let dimensions = metric.dimensions.iter();
            let dimensions = dimensions.map(|(name, value)| json!({"value": value, "name": name}));
            json["MetricName"] = metric.name.as_str().into();
            json["Namespace"] = metric.namespace.as_str().into();
            json["Dimensions"] = dimensions.collect();
            json["Unit"] = unit.as_deref().map_or(Json::Null, Json::from);
            let extended = Statistic::parse(statistic).is_some_and(|one| one.is_extended());
            if extended {
                json["StatisticType"] = "ExtendedStatistic".into();
                json["ExtendedStatistic"] = statistic.as_str().into();
            } else {
                json["StatisticType"] = "Statistic".into();
                json["Statistic"] = statistic.to_ascii_uppercase().into();
            }
        }
        _ => json["Metrics"] = rule.queries.iter().map(query).collect(),
    }
    Some(json)
}

fn query(query: &Query) -> Json {
    let mut json = json!({ "Id": query.id, "ReturnData": query.is_returned() });
    if let Some(label) = &query.label {
        json["Label"] = label.as_str().into();
    }
    match &query.source {
        Source::Expression(text) => json["Expression"] = text.as_str().into(),
        Source::Stat { metric, statistic, period, unit } => {
            let dimensions = metric.dimensions.iter();
            let dimensions = dimensions.map(|(name, value)| json!({"value": value, "name": name}));
            json["MetricStat"] = json!({
                "Metric": {
                    "Namespace": metric.namespace,
                    "MetricName": metric.name,
                    "Dimensions": dimensions.collect::<Json>(),
                },
                "Period": period,
                "Stat": statistic,
                "Unit": unit,
            });
        }
    }
    json
}

/// AWS's name of a region, as notifications say it.
fn place(region: &str) -> String {
    let title = RegionInfo::named(region).map_or(region, |region| region.title);
    title.replace("Europe", "EU")
}

/// SNS takes subjects of this many characters.
const SUBJECT: usize = 100;

/// Subject and text of a notification of a change of state.
pub(super) fn notification(
    key: &Key,
    alarm: &Alarm,
    before: &AlarmState,
    after: &AlarmState,
) -> (String, String) {
    let place = place(&key.scope.region);
    let subject = format!("{}: \"{}\" in {place}", after.value, alarm.name);
    let mut message = json!({
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": &*key.scope.account,
        "AlarmConfigurationUpdatedTimestamp": long(alarm.configured),
        "NewStateValue": after.value.as_str(),
        "NewStateReason": after.reason,
        "StateChangeTime": long(after.updated),
        "Region": place,
        "AlarmArn": arn(&key.scope, &alarm.name),
        "OldStateValue": before.value.as_str(),
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
    });
    match &alarm.rule {
        Rule::Metric(_) => message["Trigger"] = trigger(alarm).unwrap_or_default(),
        Rule::Composite(rule) => message["AlarmRule"] = rule.text.as_str().into(),
    }
    (subject.chars().take(SUBJECT).collect(), message.to_string())
}

/// `Friday 14 August, 2020 17:54:07 UTC`
pub(super) fn spoken(at: Time) -> String {
    let http = timestamp(at).http_date();
    // `Fri, 14 Aug 2020 17:54:07 GMT`
    let mut parts = http.split([' ', ',']).filter(|part| !part.is_empty());
    let mut part = || parts.next().unwrap_or_default();
    let (day, date, month, year, time) = (part(), part(), part(), part(), part());
    let whole = |short: &str, all: &[&'static str]| {
        all.iter().find(|one| one.starts_with(short)).copied().unwrap_or_default()
    };
    let day = whole(day, &DAYS);
    let month = whole(month, &MONTHS);
    format!("{day} {date} {month}, {year} {time} UTC")
}

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
