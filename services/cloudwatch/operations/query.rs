//! MetricDataQuery and its parts, read and checked, and back.

use crate::model::refuse;
use crate::model::{Query, Source};
use api_cloudwatch::{Dimension, MetricDataQuery, MetricStat};
use region::meter::{Metric, Statistic};
use region::{Call, Refusal, serve};
use std::collections::{BTreeMap, BTreeSet};
use world::Time;

/// A moment as answers say it.
pub(super) fn timestamp(at: Time) -> shape::Timestamp {
    shape::Timestamp(i64::try_from(at.millis()).unwrap_or(i64::MAX))
}

/// A moment as requests say it.
pub(super) fn time(at: shape::Timestamp) -> Time {
    u64::try_from(at.0).map(Time::from_millis).unwrap_or_default()
}

/// Dimensions by their names.
pub(super) fn dimensions(
    list: Option<Vec<Dimension>>,
) -> Result<BTreeMap<String, String>, Refusal> {
    let mut named = BTreeMap::new();
    for dimension in list.unwrap_or_default() {
        if named.insert(dimension.name, dimension.value).is_some() {
            return Err(refuse::wrong("No duplicate dimensions are allowed."));
        }
    }
    Ok(named)
}

/// Dimensions as answers list them.
pub(super) fn list(metric: &Metric) -> Vec<Dimension> {
    let all = metric.dimensions.iter();
    all.map(|(name, value)| Dimension { name: name.clone(), value: value.clone() }).collect()
}

/// A metric as answers name it.
pub(super) fn metric(metric: &Metric) -> api_cloudwatch::Metric {
    api_cloudwatch::Metric {
        namespace: Some(metric.namespace.clone()),
        metric_name: Some(metric.name.clone()),
        dimensions: Some(list(metric)),
    }
}

/// A period that metrics can be asked for: 1, 5, 10, 30 seconds or whole minutes (and 20 since
/// 2025). docs: API_GetMetricStatistics
pub(super) fn period(seconds: i32, parameter: &str) -> Result<u32, Refusal> {
    match seconds {
        1 | 5 | 10 | 20 | 30 => Ok(seconds.unsigned_abs()),
        _ if seconds > 0 && seconds % 60 == 0 => Ok(seconds.unsigned_abs()),
        _ => Err(refuse::wrong(format!(
            "The parameter {parameter} must be 1, 5, 10, 20, 30, or any multiple of 60."
        ))),
    }
}

/// All queries of a call.
pub(super) fn queries(
    call: &mut Call,
    all: Vec<MetricDataQuery>,
    parameter: &str,
) -> Result<Vec<Query>, Refusal> {
    let mut ids = BTreeSet::new();
    let mut queries = Vec::new();
    for (at, one) in all.into_iter().enumerate() {
        let query = query(call, one, &format!("{parameter}.member.{}", at + 1))?;
        if !ids.insert(query.id.clone()) {
            let message = format!("The values for parameter id in {parameter} are not unique.");
            return Err(refuse::invalid(message));
        }
        queries.push(query);
    }
    Ok(queries)
}

fn query(call: &mut Call, query: MetricDataQuery, place: &str) -> Result<Query, Refusal> {
    serve!(
        call,
        MetricDataQuery { id, metric_stat, expression, label, return_data, period, account_id } =
            query
    );
    let small = id.chars().next().is_some_and(|first| first.is_ascii_lowercase());
    if !small || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        let message = format!(
            "The value {id} for parameter {place}.Id is not matching the expected pattern \
             ^[a-z][a-zA-Z0-9_]*$."
        );
        return Err(refuse::invalid(message));
    }
    if account_id.as_deref().is_some_and(|account| *account != *call.scope.account) {
        return Err(Refusal::not_implemented("The parameter AccountId of another account"));
    }
    let said = period.map(|seconds| self::period(seconds, &format!("{place}.Period")));
    let source = match (metric_stat, expression) {
        (Some(_), Some(_)) => {
            let message = format!(
                "The parameters {place}.MetricStat and {place}.Expression are mutually exclusive \
                 and you have specified both."
            );
            return Err(refuse::invalid(message));
        }
        (None, None) => {
            let message = format!("Either {place}.MetricStat or {place}.Expression is required.");
            return Err(refuse::invalid(message));
        }
        (Some(stat), None) => self::stat(call, stat, place)?,
        (None, Some(text)) => Source::Expression(text),
    };
    let period = said.transpose()?;
    Ok(Query { id, label, source, returned: return_data, period, account: account_id })
}

fn stat(call: &mut Call, stat: MetricStat, place: &str) -> Result<Source, Refusal> {
    serve!(call, MetricStat { metric, period, stat, unit } = stat);
    let missing =
        |name: &str| refuse::invalid(format!("{place}.MetricStat.Metric.{name} is required."));
    let metric = Metric {
        namespace: metric.namespace.ok_or_else(|| missing("Namespace"))?,
        name: metric.metric_name.ok_or_else(|| missing("MetricName"))?,
        dimensions: dimensions(metric.dimensions)?,
    };
    if Statistic::parse(&stat).is_none() {
        let message =
            format!("The value {stat} for parameter {place}.MetricStat.Stat is not supported.");
        return Err(refuse::invalid(message));
    }
    let period = self::period(period, &format!("{place}.MetricStat.Period"))?;
    Ok(Source::Stat { metric, statistic: stat, period, unit })
}

/// A query as answers repeat it.
pub(super) fn repeat(query: &Query) -> MetricDataQuery {
    let (metric_stat, expression) = match &query.source {
        Source::Expression(text) => (None, Some(text.clone())),
        Source::Stat { metric, statistic, period, unit } => {
            let stat = MetricStat {
                metric: self::metric(metric),
                period: i32::try_from(*period).unwrap_or(i32::MAX),
                stat: statistic.clone(),
                unit: unit.clone(),
            };
            (Some(stat), None)
        }
    };
    MetricDataQuery {
        id: query.id.clone(),
        metric_stat,
        expression,
        label: query.label.clone(),
        return_data: query.returned,
        period: query.period.and_then(|seconds| i32::try_from(seconds).ok()),
        account_id: query.account.clone(),
    }
}
