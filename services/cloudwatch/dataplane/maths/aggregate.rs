//! Functions that make one number of many: AVG, SUM, MIN, MAX, STDDEV, and their kin.

use super::Line;
use super::value::Value;
use std::collections::BTreeMap;
use world::Time;

/// One number of many; nothing of nothing.
pub(super) type Aggregate = fn(&[f64]) -> Option<f64>;

/// The function of this name.
pub(super) fn named(name: &str) -> Option<Aggregate> {
    Some(match name {
        "AVG" => average,
        "SUM" => |all| Some(all.iter().sum()),
        "MIN" => |all| all.iter().copied().reduce(f64::min),
        "MAX" => |all| all.iter().copied().reduce(f64::max),
        "STDDEV" => deviation,
        _ => return None,
    })
}

#[expect(clippy::cast_precision_loss, reason = "nobody has so many values")]
fn average(all: &[f64]) -> Option<f64> {
    (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64)
}

fn deviation(all: &[f64]) -> Option<f64> {
    let mean = average(all)?;
    let squares: Vec<f64> = all.iter().map(|value| (value - mean).powi(2)).collect();
    average(&squares).map(f64::sqrt)
}

/// Of one series: a number. Of several: a series of the numbers of each moment.
pub(super) fn apply(of: Aggregate, value: Value) -> Result<Value, String> {
    match value {
        Value::Series(line) => {
            let all: Vec<f64> = line.points.into_values().collect();
            Ok(Value::Scalar(of(&all).unwrap_or(f64::NAN)))
        }
        Value::Array(lines) => {
            let points = across(&lines, of);
            let period = lines.iter().map(|line| line.period).max().unwrap_or_default();
            Ok(Value::Series(Line { label: String::new(), period, points }))
        }
        other => Err(format!("{} has nothing to aggregate", other.kind())),
    }
}

fn across(lines: &[Line], of: Aggregate) -> BTreeMap<Time, f64> {
    let mut moments: BTreeMap<Time, Vec<f64>> = BTreeMap::new();
    for (at, value) in lines.iter().flat_map(|line| &line.points) {
        moments.entry(*at).or_default().push(*value);
    }
    moments.into_iter().filter_map(|(at, all)| Some((at, of(&all)?))).collect()
}
