//! PutMetricData: customers' own values.

use crate::model::refuse;
use api_cloudwatch::{MetricDatum, PutMetricDataInput, PutMetricDataOutput, StatisticSet};
use region::meter::{self, Measure, Metrics};
use region::{Call, Refusal, serve};
use shape::Timestamp;
use std::collections::BTreeMap;
use world::{Amount, Span, Time};

/// A call has this many values at most. docs: API_PutMetricData
const DATA: usize = 1000;

/// A call is this large at most, bytes; counted is what all protocols have in common.
const LARGEST: usize = 1 << 20;

/// A datum has this many different values at most.
const VALUES: usize = 150;

/// Values are below this (two to the power of 360).
const GREATEST: f64 = 2.348_542_582_773_833e108;

/// Values are no older, and no more in the future.
const OLDEST: Span = Span::seconds(14 * 24 * 3600);
const AHEAD: Span = Span::seconds(2 * 3600);

/// docs: API_PutMetricData
pub fn put_metric_data(
    call: &mut Call,
    input: PutMetricDataInput,
) -> Result<PutMetricDataOutput, Refusal> {
    serve!(call, PutMetricDataInput { namespace, metric_data }
        unheeded { strict_entity_validation } = input);
    if namespace.starts_with("AWS/") {
        return Err(refuse::value("AWS/", "Namespace"));
    }
    if namespace.starts_with(':') {
        return Err(refuse::value(&namespace, "Namespace"));
    }
    let data = metric_data.filter(|data| !data.is_empty());
    let data = data.ok_or_else(|| refuse::missing("MetricData"))?;
    if data.iter().map(weight).sum::<usize>() > LARGEST {
        let message = format!("Request size exceeded the limit of {LARGEST} bytes.");
        return Err(Refusal::new("RequestEntityTooLarge", message).status(413));
    }
    if data.len() > DATA {
        let message = "The collection MetricData must not have a size greater than 1000.";
        return Err(refuse::wrong(message));
    }
    let minute = call.view().paced(Span::seconds(60));
    let mut measures = Vec::with_capacity(data.len());
    for (at, datum) in data.into_iter().enumerate() {
        let place = Place(at + 1);
        measures.push(measure(call, &namespace, minute, &place, datum)?);
    }
    let key = meter::key(&call.scope);
    let entry = Metrics::put(call.plane::<Metrics>(&key), call.now, measures);
    call.record::<Metrics>(&key, &entry);
    Ok(PutMetricDataOutput::default())
}

/// What a datum takes at least in any protocol, bytes.
fn weight(datum: &MetricDatum) -> usize {
    let dimensions = datum.dimensions.iter().flatten();
    let named: usize = dimensions.map(|one| one.name.len() + one.value.len()).sum();
    let values = datum.values.as_ref().map_or(0, Vec::len) * 2;
    datum.metric_name.len() + named + values
}

/// Which of the data, for messages.
struct Place(usize);

impl Place {
    fn member(&self, name: &str) -> String {
        format!("MetricData.member.{}.{name}", self.0)
    }
}

fn measure(
    call: &mut Call,
    namespace: &str,
    minute: Span,
    place: &Place,
    datum: MetricDatum,
) -> Result<Measure, Refusal> {
    serve!(
        call,
        MetricDatum {
            metric_name,
            dimensions,
            timestamp,
            value,
            values,
            counts,
            statistic_values,
            unit,
            storage_resolution
        } = datum
    );
    let amount = match (value, values, statistic_values) {
        (Some(value), None, None) => Amount::once(number(value, || place.member("Value"))?),
        (None, Some(values), None) => several(&values, counts.as_deref(), place)?,
        (None, None, Some(set)) => statistics(&set, place)?,
        (None, None, None) => return Err(refuse::missing(&place.member("Value"))),
        (Some(_), Some(_), _) => {
            return Err(refuse::exclusive(&place.member("Value"), &place.member("Values")));
        }
        (Some(_), _, Some(_)) => {
            let other = place.member("StatisticValues");
            return Err(refuse::exclusive(&place.member("Value"), &other));
        }
        (None, Some(_), Some(_)) => {
            let other = place.member("StatisticValues");
            return Err(refuse::exclusive(&place.member("Values"), &other));
        }
    };
    let span = match storage_resolution {
        Some(1) => Span::seconds(1).min(minute),
        None | Some(60) => minute,
        Some(other) => return Err(refuse::value(other, &place.member("StorageResolution"))),
    };
    let mut named = BTreeMap::new();
    for dimension in dimensions.unwrap_or_default() {
        if named.insert(dimension.name, dimension.value).is_some() {
            let parameter = place.member("Dimensions");
            let message = format!("No duplicate dimensions are allowed in {parameter}.");
            return Err(refuse::wrong(message));
        }
    }
    Ok(Measure {
        namespace: namespace.to_owned(),
        name: metric_name,
        dimensions: named,
        unit: unit.unwrap_or_else(|| "None".to_owned()),
        at: moment(call.now, timestamp, place)?,
        span,
        amount,
    })
}

fn moment(now: Time, timestamp: Option<Timestamp>, place: &Place) -> Result<Time, Refusal> {
    let Some(timestamp) = timestamp else { return Ok(now) };
    let at = u64::try_from(timestamp.0).map(Time::from_millis).unwrap_or_default();
    let parameter = || place.member("Timestamp");
    if at + OLDEST < now {
        let message =
            format!("The parameter {} must specify a time within the past two weeks.", parameter());
        return Err(refuse::wrong(message));
    }
    if at > now + AHEAD {
        let message = format!(
            "The parameter {} must specify a time no more than two hours in the future.",
            parameter()
        );
        return Err(refuse::wrong(message));
    }
    Ok(at)
}

fn number(value: f64, parameter: impl Fn() -> String) -> Result<f64, Refusal> {
    match value.abs() <= GREATEST {
        true => Ok(value),
        false => Err(refuse::value(value, &parameter())),
    }
}

/// Values and how often each.
fn several(values: &[f64], counts: Option<&[f64]>, place: &Place) -> Result<Amount, Refusal> {
    let parameter = || place.member("Values");
    if values.is_empty() {
        return Err(refuse::missing(&parameter()));
    }
    if values.len() > VALUES {
        let message =
            format!("The collection {} must not have a size greater than {VALUES}.", parameter());
        return Err(refuse::wrong(message));
    }
    if counts.is_some_and(|counts| counts.len() != values.len()) {
        let message = format!(
            "The parameters {} and {} must be of the same size.",
            parameter(),
            place.member("Counts")
        );
        return Err(refuse::combination(message));
    }
    let mut spread = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        let count = counts.map_or(1.0, |counts| counts[at]);
        if !(0.0..=GREATEST).contains(&count) {
            return Err(refuse::value(count, &place.member("Counts")));
        }
        spread.push((number(*value, parameter)?, count));
    }
    Ok(Amount {
        count: spread.iter().map(|(_, count)| count).sum(),
        sum: spread.iter().map(|(value, count)| value * count).sum(),
        least: values.iter().copied().fold(f64::INFINITY, f64::min),
        most: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        spread,
    })
}

fn statistics(set: &StatisticSet, place: &Place) -> Result<Amount, Refusal> {
    let member = |name: &str| place.member(&format!("StatisticValues.{name}"));
    let count = number(set.sample_count, || member("SampleCount"))?;
    let sum = number(set.sum, || member("Sum"))?;
    let least = number(set.minimum, || member("Minimum"))?;
    let most = number(set.maximum, || member("Maximum"))?;
    if count <= 0.0 {
        return Err(refuse::value(count, &member("SampleCount")));
    }
    if least > most {
        let message = format!(
            "The parameter {} must be less than or equal to {}.",
            member("Minimum"),
            member("Maximum")
        );
        return Err(refuse::combination(message));
    }
    Ok(Amount { count, sum, least, most, spread: Vec::new() })
}
