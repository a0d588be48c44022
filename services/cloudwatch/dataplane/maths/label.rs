//! Labels with what they say of their own series: `${AVG}`, `${PROP('MetricName')}`. docs:
//! graph-dynamic-labels

use super::Line;
use crate::model::{Query, Source};
use std::fmt::Write;

/// The label that a query gives its series.
pub(super) fn label(query: &Query, line: &Line) -> String {
    let Some(pattern) = &query.label else {
        return match &query.source {
            Source::Stat { metric, .. } => metric.name.clone(),
            Source::Expression(_) if line.label.is_empty() => query.id.clone(),
            Source::Expression(_) => line.label.clone(),
        };
    };
    let mut text = String::new();
    let mut rest = pattern.as_str();
    while let Some((before, after)) = rest.split_once("${") {
        text.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            rest = after;
            break;
        };
        match value(query, line, name) {
            Some(value) => text.push_str(&value),
            None => {
                let _ = write!(text, "${{{name}}}");
            }
        }
        rest = after;
    }
    text + rest
}

fn value(query: &Query, line: &Line, name: &str) -> Option<String> {
    let mut values = line.points.values().copied();
    let number = |number: Option<f64>| number.map(|number| number.to_string());
    #[expect(clippy::cast_precision_loss, reason = "nobody has so many values")]
    let count = line.points.len() as f64;
    match name {
        "MIN" => return number(values.reduce(f64::min)),
        "MAX" => return number(values.reduce(f64::max)),
        "SUM" => return number(Some(values.sum())),
        "AVG" => return number(Some(values.sum::<f64>() / count.max(1.0))),
        "FIRST" => return number(values.next()),
        "LAST" => return number(values.last()),
        "DATAPOINT_COUNT" => return number(Some(count)),
        _ => {}
    }
    let Source::Stat { metric, statistic, period, .. } = &query.source else { return None };
    let property = name.strip_prefix("PROP('")?.strip_suffix("')")?;
    Some(match property {
        "MetricName" => metric.name.clone(),
        "Namespace" => metric.namespace.clone(),
        "Stat" => statistic.clone(),
        "Period" => period.to_string(),
        other => metric.dimensions.get(other.strip_prefix("Dim.")?)?.clone(),
    })
}
