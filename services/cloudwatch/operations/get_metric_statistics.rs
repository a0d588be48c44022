//! GetMetricStatistics: one metric's statistics, period by period.

use super::query::{dimensions, period, time, timestamp};
use crate::model::refuse;
use api_cloudwatch::{Datapoint, GetMetricStatisticsInput, GetMetricStatisticsOutput};
use region::meter::{self, Metric, Metrics, Statistic, Summary, aligned};
use region::{Call, Refusal, serve};
use std::collections::BTreeMap;
use world::{Span, Time};

/// An answer has this many datapoints at most. docs: API_GetMetricStatistics
const DATAPOINTS: u64 = 1440;

/// docs: API_GetMetricStatistics
pub fn get_metric_statistics(
    call: &mut Call,
    input: GetMetricStatisticsInput,
) -> Result<GetMetricStatisticsOutput, Refusal> {
    serve!(
        call,
        GetMetricStatisticsInput {
            namespace,
            metric_name,
            dimensions,
            start_time,
            end_time,
            period,
            statistics,
            extended_statistics,
            unit
        } = input
    );
    let plain = statistics.unwrap_or_default();
    let extended = extended_statistics.unwrap_or_default();
    if plain.is_empty() && extended.is_empty() {
        return Err(refuse::combination(
            "At least one of the parameters Statistics and ExtendedStatistics must be specified.",
        ));
    }
    let named = extended.iter().map(|name| match Statistic::parse(name) {
        Some(statistic) if statistic.is_extended() => Ok((name.clone(), statistic)),
        _ => Err(refuse::value(name, "ExtendedStatistics.member.1")),
    });
    let extended: Vec<(String, Statistic)> = named.collect::<Result<_, _>>()?;
    let (from, to) = (time(start_time), time(end_time));
    if from >= to {
        let message = "The parameter StartTime must be less than the parameter EndTime.";
        return Err(refuse::combination(message));
    }
    let seconds = self::period(period, "Period")?;
    let period = Span::seconds(seconds.into());
    let count = to.since(from).0.div_ceil(period.0);
    let from = begin(call.now, from, period);
    if count > DATAPOINTS {
        return Err(refuse::combination(format!(
            "You have requested up to {} datapoints, which exceeds the limit of 1,440. You may \
             reduce the datapoints requested by increasing Period, or decreasing the time range.",
            grouped(count)
        )));
    }
    let dimensions = self::dimensions(dimensions)?;
    let metric = Metric { namespace, name: metric_name, dimensions };
    let mut datapoints = Vec::new();
    if let Some(metrics) = call.plane::<Metrics>(&meter::key(&call.scope)) {
        let units = metrics.units(&metric, from, to);
        for one in units.iter().filter(|one| unit.as_deref().is_none_or(|unit| unit == **one)) {
            for (at, values) in metrics.windows(&metric, Some(one), from, to, period) {
                datapoints.push(datapoint(at, &values, &plain, &extended, one));
            }
        }
    }
    Ok(GetMetricStatisticsOutput { label: Some(metric.name), datapoints: Some(datapoints) })
}

/// Where windows begin: StartTime, rounded down as far as its age makes metrics coarse. docs:
/// API_GetMetricStatistics, StartTime
pub(super) fn begin(now: Time, from: Time, period: Span) -> Time {
    let day = 24 * 3600;
    let age = now.since(from);
    let step = match () {
        () if age > Span::seconds(63 * day) => Span::seconds(3600),
        () if age > Span::seconds(15 * day) => Span::seconds(300),
        () => period.min(Span::seconds(60)),
    };
    aligned(from, step)
}

/// `2,880`
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn datapoint(
    at: Time,
    values: &Summary,
    plain: &[String],
    extended: &[(String, Statistic)],
    unit: &str,
) -> Datapoint {
    let value = |name: &str| {
        let statistic = Statistic::parse(name)?;
        plain.iter().any(|one| one == name).then(|| values.value(&statistic)).flatten()
    };
    let extended: BTreeMap<String, f64> = extended
        .iter()
        .filter_map(|(name, statistic)| Some((name.clone(), values.value(statistic)?)))
        .collect();
    Datapoint {
        timestamp: Some(timestamp(at)),
        sample_count: value("SampleCount"),
        average: value("Average"),
        sum: value("Sum"),
        minimum: value("Minimum"),
        maximum: value("Maximum"),
        extended_statistics: Some(extended).filter(|all| !all.is_empty()),
        unit: Some(unit.to_owned()),
    }
}
