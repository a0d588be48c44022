//! Labels with what they say of their own series: `${AVG}`, `${PROP('MetricName')}`. docs:
//! graph-dynamic-labels

use super::queries::Frame;
use super::{Line, aggregate};
use crate::model::{Query, Source};
use std::fmt::Write;
use world::{Span, Time};

/// The label that a query gives its series.
pub(super) fn label(frame: &Frame, query: &Query, line: &Line) -> String {
    let Some(pattern) = &query.label else { return plain(query) };
    let mut text = String::new();
    let mut rest = pattern.as_str();
    while let Some((before, after)) = rest.split_once("${") {
        text.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            text.push_str("${");
            rest = after;
            break;
        };
        match value(frame, query, line, name) {
            Some(value) => text.push_str(&value),
            None => {
                let _ = write!(text, "${{{name}}}");
            }
        }
        rest = after;
    }
    text + rest
}

/// What a series is called for which nothing was said.
fn plain(query: &Query) -> String {
    match &query.source {
        Source::Stat { metric, .. } => metric.name.clone(),
        Source::Expression(_) => query.id.clone(),
    }
}

fn value(frame: &Frame, query: &Query, line: &Line, name: &str) -> Option<String> {
    if let Some(property) = name.strip_prefix("PROP('").and_then(|rest| rest.strip_suffix("')")) {
        return self::property(frame, query, property);
    }
    let all: Vec<f64> = line.points.values().copied().collect();
    let number = |number: f64| number.to_string();
    if let Some(aggregate) = aggregate::named(name) {
        return aggregate(&all).map(number);
    }
    let (first, last) = (line.points.first_key_value(), line.points.last_key_value());
    let extreme = |better: fn(f64, f64) -> bool| {
        line.points.iter().reduce(|a, b| if better(*b.1, *a.1) { b } else { a })
    };
    let (least, most) = (extreme(|a, b| a < b), extreme(|a, b| a > b));
    let at = |point: Option<(&Time, &f64)>| Some(moment(frame, *point?.0));
    let of = |point: Option<(&Time, &f64)>| Some(number(*point?.1));
    let range = |from: Option<String>, to: Option<String>| Some(format!("{} - {}", from?, to?));
    match name {
        "LABEL" => Some(plain(query)),
        "DATAPOINT_COUNT" => Some(all.len().to_string()),
        "FIRST" => of(first),
        "LAST" => of(last),
        "FIRST_LAST_RANGE" => range(of(first), of(last)),
        "MIN_MAX_RANGE" => range(of(least), of(most)),
        "FIRST_TIME" => at(first),
        "LAST_TIME" => at(last),
        "MIN_TIME" => at(least),
        "MAX_TIME" => at(most),
        "FIRST_LAST_TIME_RANGE" => range(at(first), at(last)),
        "MIN_MAX_TIME_RANGE" => range(at(least), at(most)),
        _ => None,
    }
}

fn property(frame: &Frame, query: &Query, name: &str) -> Option<String> {
    match (name, &query.source) {
        ("AccountId" | "AccountLabel", _) => Some(frame.scope?.account.to_string()),
        ("Region", _) => Some(frame.scope?.region.to_string()),
        (name, Source::Stat { metric, statistic, period, .. }) => Some(match name {
            "MetricName" => metric.name.clone(),
            "Namespace" => metric.namespace.clone(),
            "Stat" => statistic.clone(),
            "Period" => period.to_string(),
            other => metric.dimensions.get(other.strip_prefix("Dim.")?)?.clone(),
        }),
        _ => None,
    }
}

/// `2020-07-01 19:45:14 UTC`, or on another clock `2020-07-02 04:45:14 +0900`.
fn moment(frame: &Frame, at: Time) -> String {
    let minutes = frame.ahead;
    let shift = Span::seconds(u64::from(minutes.unsigned_abs()) * 60);
    let there = if minutes < 0 { at - shift } else { at + shift };
    let text = shape::Timestamp(i64::try_from(there.millis()).unwrap_or(i64::MAX)).iso8601();
    let clock = match minutes {
        0 => "UTC".to_owned(),
        _ => {
            let sign = if minutes < 0 { '-' } else { '+' };
            let apart = minutes.unsigned_abs();
            format!("{sign}{:02}{:02}", apart / 60, apart % 60)
        }
    };
    format!("{} {clock}", text.trim_end_matches('Z').replace('T', " "))
}
