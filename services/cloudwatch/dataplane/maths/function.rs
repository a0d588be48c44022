//! The functions of metric maths. docs: using-metric-math, "Functions supported"

use super::operator::finite;
use super::queries::Frame;
use super::value::Value;
use super::{Line, aggregate};
use std::collections::BTreeMap;
use world::{Span, Time};

/// Calls a function on values. What needs the queries around it is not here.
pub(super) fn call(frame: &Frame, name: &str, mut of: Vec<Value>) -> Result<Value, String> {
    if let Some(function) = aggregate::named(name) {
        let [value] = exactly(name, of)?;
        return aggregate::apply(function, value);
    }
    match name {
        "ABS" => single(name, of, f64::abs),
        "CEIL" => single(name, of, f64::ceil),
        "FLOOR" => single(name, of, f64::floor),
        "LOG" => single(name, of, f64::ln),
        "LOG10" => single(name, of, f64::log10),
        "DIFF" => lines(name, of, |line| differences(line, |_, _, change| change)),
        "DIFF_TIME" => lines(name, of, |line| differences(line, |_, span, _| span)),
        "RATE" => lines(name, of, |line| differences(line, |_, span, change| change / span)),
        "RUNNING_SUM" => lines(name, of, running),
        "PERIOD" | "DATAPOINT_COUNT" | "METRIC_COUNT" => {
            let [value] = exactly(name, of)?;
            let lines = value.lines().ok_or_else(|| format!("{name} needs a time series"))?;
            Ok(Value::Scalar(match name {
                "PERIOD" => lines.first().map_or(0.0, |line| seconds(line.period)),
                "METRIC_COUNT" => length(lines.len()),
                _ => length(lines.iter().map(|line| line.points.len()).sum()),
            }))
        }
        "FIRST" | "LAST" => {
            let [value] = exactly(name, of)?;
            let mut lines = value.lines().ok_or("it needs an array of time series")?;
            let line = if name == "FIRST" { lines.drain(..).next() } else { lines.pop() };
            line.map(Value::Series).ok_or_else(|| format!("{name} of nothing"))
        }
        "TIME_SERIES" => {
            let [value] = exactly(name, of)?;
            let Value::Scalar(number) = value else {
                return Err("TIME_SERIES needs a scalar".to_owned());
            };
            Ok(Value::Series(constant(frame, number)))
        }
        "REMOVE_EMPTY" => {
            let [value] = exactly(name, of)?;
            let mut lines = value.lines().ok_or("it needs an array of time series")?;
            lines.retain(|line| !line.points.is_empty());
            Ok(Value::Array(lines))
        }
        "SLICE" => slice(of),
        "SORT" => sort(of),
        "FILL" => {
            let [value, filling] = exactly(name, of)?;
            fill(frame, value, &filling)
        }
        "IF" => {
            let otherwise = if of.len() == 3 { of.pop() } else { None };
            let [condition, then] = exactly(name, of)?;
            choose(condition, then, otherwise)
        }
        "EPOCH" | "MINUTE" | "HOUR" | "DAY" | "DATE" | "MONTH" | "YEAR" => {
            let [value] = exactly(name, of)?;
            let parts = |line: &Line| {
                let points = line.points.keys().map(|at| (*at, part(name, *at)));
                Line { points: points.collect(), ..line.clone() }
            };
            value.each(parts, |_| f64::NAN)
        }
        "ANOMALY_DETECTION_BAND" | "INSIGHT_RULE_METRIC" | "DB_PERF_INSIGHTS" | "LAMBDA" => {
            Err(format!("The function {name} is not served by Maquette"))
        }
        other => Err(format!("Unknown function {other}")),
    }
}

fn exactly<const N: usize>(name: &str, of: Vec<Value>) -> Result<[Value; N], String> {
    let given = of.len();
    of.try_into().map_err(|_| format!("{name} takes {N} arguments, not {given}"))
}

fn single(name: &str, of: Vec<Value>, change: fn(f64) -> f64) -> Result<Value, String> {
    let [value] = exactly(name, of)?;
    value.each(|line| finite(line.map(change)), change)
}

fn lines(name: &str, of: Vec<Value>, change: impl Fn(&Line) -> Line) -> Result<Value, String> {
    let [value] = exactly(name, of)?;
    match value {
        Value::Scalar(_) | Value::Text(_) => Err(format!("{name} needs a time series")),
        other => other.each(change, |number| number),
    }
}

fn seconds(span: Span) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no span here has so many microseconds")]
    let micros = span.0 as f64;
    micros / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "nobody has so many values")]
fn length(count: usize) -> f64 {
    count as f64
}

/// From each value to the next: value, seconds, and change.
fn differences(line: &Line, of: fn(f64, f64, f64) -> f64) -> Line {
    let pairs = line.points.iter().zip(line.points.iter().skip(1));
    let points =
        pairs.map(|((before, a), (at, b))| (*at, of(*b, seconds(at.since(*before)), b - a)));
    Line { points: points.collect(), ..line.clone() }
}

fn running(line: &Line) -> Line {
    let mut sum = 0.0;
    let points = line.points.iter().map(|(at, value)| {
        sum += value;
        (*at, sum)
    });
    Line { points: points.collect(), ..line.clone() }
}

/// A number in each of the frame's windows.
fn constant(frame: &Frame, number: f64) -> Line {
    let period = frame.finest;
    let points = grid(frame, period).map(|at| (at, number)).collect();
    Line { label: String::new(), period, points }
}

fn grid(frame: &Frame, period: Span) -> impl Iterator<Item = Time> + use<> {
    let (from, to) = (frame.from, frame.to);
    let step = Span(period.0.max(1));
    std::iter::successors(Some(from), move |at| Some(*at + step)).take_while(move |at| *at < to)
}

fn fill(frame: &Frame, value: Value, filling: &Value) -> Result<Value, String> {
    let filled = |line: &Line| {
        let mut points = line.points.clone();
        let mut last = None;
        for at in grid(frame, line.period) {
            match (line.points.get(&at), filling) {
                (Some(value), _) => last = Some((at, *value)),
                (None, Value::Scalar(number)) => drop(points.insert(at, *number)),
                (None, Value::Series(other)) => {
                    points.extend(other.points.get(&at).map(|value| (at, *value)));
                }
                (None, Value::Text(how)) => {
                    let Some((before, a)) = last else { continue };
                    let value = match how.as_str() {
                        "REPEAT" => Some(a),
                        _ => line.points.range(at..).next().map(|(next, b)| {
                            a + (b - a) * seconds(at.since(before)) / seconds(next.since(before))
                        }),
                    };
                    points.extend(value.map(|value| (at, value)));
                }
                (None, Value::Array(_)) => {}
            }
        }
        Line { points, ..line.clone() }
    };
    match filling {
        Value::Text(how) if how != "REPEAT" && how != "LINEAR" => {
            Err("FILL takes a value, REPEAT or LINEAR".to_owned())
        }
        Value::Array(_) => Err("FILL takes a value, REPEAT or LINEAR".to_owned()),
        _ => value.each(filled, |number| number),
    }
}

/// IF: where the condition is not zero the one, elsewhere the other or nothing.
fn choose(condition: Value, then: Value, otherwise: Option<Value>) -> Result<Value, String> {
    let line = match condition {
        Value::Scalar(truth) => {
            return match (truth != 0.0, otherwise) {
                (true, _) => Ok(then),
                (false, Some(otherwise)) => Ok(otherwise),
                (false, None) => {
                    then.each(|line| Line { points: BTreeMap::new(), ..line.clone() }, |_| f64::NAN)
                }
            };
        }
        Value::Series(line) => line,
        other => return Err(format!("IF needs a time series or a scalar, not {}", other.kind())),
    };
    let at = |value: &Value, at: &Time| match value {
        Value::Scalar(number) => Ok(Some(*number)),
        Value::Series(line) => Ok(line.points.get(at).copied()),
        other => Err(format!("IF cannot choose {}", other.kind())),
    };
    let mut points = BTreeMap::new();
    for (moment, truth) in &line.points {
        let value = match (*truth != 0.0, &otherwise) {
            (true, _) => at(&then, moment)?,
            (false, Some(otherwise)) => at(otherwise, moment)?,
            (false, None) => None,
        };
        points.extend(value.map(|value| (*moment, value)));
    }
    Ok(Value::Series(Line { points, ..line }))
}

fn whole(value: &Value) -> Result<usize, String> {
    match value {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range")]
        Value::Scalar(number) if (0.0..1e6).contains(number) => Ok(*number as usize),
        other => Err(format!("a whole number is needed, not {}", other.kind())),
    }
}

fn slice(of: Vec<Value>) -> Result<Value, String> {
    let mut of = of.into_iter();
    let lines = of.next().and_then(Value::lines).ok_or("SLICE needs an array of time series")?;
    let from = of.next().as_ref().map_or(Ok(0), whole)?;
    let Some(to) = of.next() else {
        let line = lines.into_iter().nth(from);
        return line.map(Value::Series).ok_or_else(|| "SLICE goes beyond the end".to_owned());
    };
    let to = whole(&to)?.min(lines.len());
    Ok(Value::Array(lines.into_iter().take(to).skip(from).collect()))
}

/// SORT(array, AVG | SUM | MIN | MAX, ASC | DESC, how many).
fn sort(of: Vec<Value>) -> Result<Value, String> {
    let mut of = of.into_iter();
    let lines = of.next().and_then(Value::lines).ok_or("SORT needs an array of time series")?;
    let Some(Value::Text(by)) = of.next() else { return Err("SORT by what?".to_owned()) };
    let by = aggregate::named(&by).ok_or_else(|| format!("SORT cannot sort by {by}"))?;
    let down = matches!(of.next(), Some(Value::Text(order)) if order == "DESC");
    let most = of.next().as_ref().map_or(Ok(usize::MAX), whole)?;
    let mut keyed: Vec<(f64, Line)> = lines
        .into_iter()
        .map(|line| {
            let all: Vec<f64> = line.points.values().copied().collect();
            (by(&all).unwrap_or(f64::NEG_INFINITY), line)
        })
        .collect();
    keyed.sort_by(|a, b| if down { b.0.total_cmp(&a.0) } else { a.0.total_cmp(&b.0) });
    Ok(Value::Array(keyed.into_iter().take(most).map(|(_, line)| line).collect()))
}

/// A part of a moment, UTC.
fn part(name: &str, at: Time) -> f64 {
    let text = shape::Timestamp(i64::try_from(at.millis()).unwrap_or(i64::MAX)).iso8601();
    let digits = |range: std::ops::Range<usize>| {
        text.get(range).and_then(|text| text.parse::<f64>().ok()).unwrap_or(f64::NAN)
    };
    #[expect(clippy::cast_precision_loss, reason = "days since 1970 are few")]
    let weekday = ((at.seconds() / 86_400 + 3) % 7 + 1) as f64;
    match name {
        "EPOCH" => seconds(Span(at.0)),
        "MINUTE" => digits(14..16),
        "HOUR" => digits(11..13),
        "DAY" => weekday,
        "DATE" => digits(8..10),
        "MONTH" => digits(5..7),
        _ => digits(0..4),
    }
}
