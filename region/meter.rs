//! The metrics of an account: values that were measured, or put by customers. Rooms hand them in;
//! `cloudwatch` shows them and decides by them.

mod entry;
mod exact;
mod series;
mod statistic;
mod summary;
#[cfg(test)]
mod tests;

pub use entry::{Entry, Point, Stream};
pub use exact::Exact;
pub use statistic::{Bounds, Statistic};
pub use summary::Summary;

use crate::{Key, Plane, Scope};
use serde::{Deserialize, Serialize};
use series::Series;
use std::collections::BTreeMap;
use world::{Amount, Span, Time};

/// Old values are made coarser this often.
const SWEEP: Span = Span::seconds(600);

/// An account keeps this much, in units of some fifty bytes (200 MB); then it keeps it shorter.
const HEAVIEST: usize = 4_000_000;

/// How often what is kept can be shortened by half.
const SHORTEST: u32 = 6;

/// Which metric.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Metric {
    /// `AWS/EC2`.
    pub namespace: String,
    /// `CPUUtilization`.
    pub name: String,
    /// `InstanceId` to `i-0…`.
    pub dimensions: BTreeMap<String, String>,
}

/// Values of one metric in one span of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// `AWS/EC2`.
    pub namespace: String,
    /// `CPUUtilization`.
    pub name: String,
    /// `InstanceId` to `i-0…`.
    pub dimensions: BTreeMap<String, String>,
    /// `Percent`; one of CloudWatch's units.
    pub unit: String,
    /// Begin of the span.
    pub at: Time,
    /// Its length: a minute at pace 1; one second for high resolution.
    pub span: Span,
    /// The values.
    pub amount: Amount,
}

/// Everything that was measured in one account and region.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Metrics {
    numbers: BTreeMap<Stream, u32>,
    series: BTreeMap<u32, Series>,
    next: u32,
    at: Time,
    swept: Time,
    shorter: u32,
    weight: usize,
}

/// Where the metrics of a scope are.
pub fn key(scope: &Scope) -> Key {
    Key::new(scope, "metrics")
}

/// A moment rounded down to a multiple of a span since 1970.
pub fn aligned(at: Time, span: Span) -> Time {
    Time(at.0 - at.0 % span.0.max(1))
}

// === impl Metric, Measure ===

fn dimensions<'a>(all: impl IntoIterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, String> {
    all.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

impl Metric {
    /// A metric from its names.
    pub fn of<'a>(
        namespace: &str,
        name: &str,
        of: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Metric {
        let (namespace, name) = (namespace.to_owned(), name.to_owned());
        Metric { namespace, name, dimensions: dimensions(of) }
    }
}

impl Measure {
    /// Values of a metric in the span that begins at `at`.
    pub fn of<'a>(
        namespace: &str,
        name: &str,
        of: impl IntoIterator<Item = (&'a str, &'a str)>,
        unit: &str,
        at: Time,
        span: Span,
        amount: Amount,
    ) -> Measure {
        let Metric { namespace, name, dimensions } = Metric::of(namespace, name, of);
        Measure { namespace, name, dimensions, unit: unit.to_owned(), at, span, amount }
    }

    /// Whose values, and the values; none where there are none.
    fn apart(self) -> (Stream, Option<Point>) {
        let point = Point::of_measure(&self);
        let Measure { namespace, name, dimensions, unit, .. } = self;
        (Stream { metric: Metric { namespace, name, dimensions }, unit }, point)
    }
}

// === impl Metrics ===

impl Metrics {
    /// The entry that puts values, each under its number. Values that are none are left out.
    pub fn put(
        present: Option<&Metrics>,
        at: Time,
        measures: impl IntoIterator<Item = Measure>,
    ) -> Entry {
        let mut next = present.map_or(0, |metrics| metrics.next);
        let mut fresh: BTreeMap<Stream, u32> = BTreeMap::new();
        let mut points = Vec::new();
        for measure in measures {
            let (stream, values) = measure.apart();
            let Some(values) = values else { continue };
            let known = present.and_then(|metrics| metrics.numbers.get(&stream)).copied();
            let number = known.or_else(|| fresh.get(&stream).copied()).unwrap_or(next);
            if number == next {
                fresh.insert(stream, number);
                next += 1;
            }
            points.push(values.of(number));
        }
        let mut new: Vec<(u32, Stream)> =
            fresh.into_iter().map(|(s, number)| (number, s)).collect();
        new.sort_unstable_by_key(|(number, _)| *number);
        Entry::Put { at, new, points }
    }

    fn streams(&self, metric: &Metric) -> impl Iterator<Item = (&Stream, &Series)> {
        let first = Stream { metric: metric.clone(), unit: String::new() };
        let metric = first.metric.clone();
        let all = self.numbers.range(first..).take_while(move |(one, _)| one.metric == metric);
        all.filter_map(|(stream, number)| Some((stream, self.series.get(number)?)))
    }

    /// The units in which a metric has values between two moments.
    pub fn units(&self, metric: &Metric, from: Time, to: Time) -> Vec<&str> {
        let has = |series: &Series| series.between(from, to).next().is_some();
        let all = self.streams(metric).filter(|(_, series)| has(series));
        all.map(|(stream, _)| stream.unit.as_str()).collect()
    }

    /// What a metric's values were in each window from `from` on, `period` long, up to `to`: only
    /// windows with values, ascending, each by its begin. No unit: of any unit.
    pub fn windows(
        &self,
        metric: &Metric,
        unit: Option<&str>,
        from: Time,
        to: Time,
        period: Span,
    ) -> Vec<(Time, Summary)> {
        let mut windows: BTreeMap<Time, Summary> = BTreeMap::new();
        let wanted = |stream: &Stream| unit.is_none_or(|unit| stream.unit == unit);
        for (_, series) in self.streams(metric).filter(|(stream, _)| wanted(stream)) {
            for (at, values) in series.between(from, to) {
                let begin = from + Span((at.0 - from.0) / period.0.max(1) * period.0.max(1));
                match windows.get_mut(&begin) {
                    Some(present) => present.merge(values),
                    None => drop(windows.insert(begin, values.clone())),
                }
            }
        }
        windows.into_iter().collect()
    }

    /// What a metric's values were between two moments.
    pub fn over(
        &self,
        metric: &Metric,
        unit: Option<&str>,
        from: Time,
        to: Time,
    ) -> Option<Summary> {
        let windows = self.windows(metric, unit, from, to, to.since(from));
        windows.into_iter().next().map(|(_, values)| values)
    }

    /// Metrics by namespace and name, in order, with the begin of their newest window.
    pub fn list<'a>(
        &'a self,
        namespace: Option<&'a str>,
        name: Option<&'a str>,
    ) -> impl Iterator<Item = (&'a Metric, Time)> {
        let metric = Metric::of(namespace.unwrap_or(""), "", []);
        let first = Stream { metric, unit: String::new() };
        let within =
            move |stream: &Stream| namespace.is_none_or(|one| one == stream.metric.namespace);
        let all = self.numbers.range(first..).take_while(move |(stream, _)| within(stream));
        let named = all.filter(move |(one, _)| name.is_none_or(|name| name == one.metric.name));
        named.filter_map(|(stream, number)| {
            Some((&stream.metric, self.series.get(number)?.newest()?))
        })
    }

    fn take(&mut self, point: &Point) {
        let Some(values) = point.values() else { return };
        let series = self.series.entry(point.0).or_default();
        let heavier = series.put(Time(point.1), Span(point.2), &values);
        self.weight = self.weight.saturating_add_signed(heavier);
    }

    /// Lets time pass; makes old values coarser when it is time for that or there are too many.
    fn turn(&mut self, at: Time) {
        self.at = self.at.max(at);
        if self.at < self.swept + SWEEP && self.weight <= HEAVIEST {
            return;
        }
        self.swept = self.at;
        self.sweep();
        while self.weight > HEAVIEST && self.shorter < SHORTEST {
            self.shorter += 1;
            self.sweep();
        }
        while self.weight > HEAVIEST {
            // More metrics than fit even so: those go that have been silent for longest.
            let silent = self.series.iter().min_by_key(|(_, one)| one.newest()).map(|(n, _)| *n);
            let Some(series) = silent.and_then(|number| self.series.remove(&number)) else { break };
            self.weight = self.weight.saturating_sub(series.weight());
        }
        let Metrics { numbers, series, .. } = self;
        numbers.retain(|_, number| series.contains_key(number));
    }

    fn sweep(&mut self) {
        let (at, shorter) = (self.at, self.shorter);
        self.series.retain(|_, series| {
            series.turn(at, shorter);
            series.newest().is_some()
        });
        self.weight = self.series.values().map(Series::weight).sum();
    }
}

impl Plane for Metrics {
    const KIND: &'static str = "region/metrics";
    type Entry = Entry;

    fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Put { at, new, points } => {
                for (number, stream) in new {
                    self.next = self.next.max(number + 1);
                    self.numbers.insert(stream.clone(), *number);
                }
                points.iter().for_each(|point| self.take(point));
                self.turn(*at);
            }
            Entry::Held { number, stream, windows } => {
                self.numbers.insert(stream.clone(), *number);
                let series = self.series.entry(*number).or_default();
                for (level, begin, numbers) in windows {
                    if let Some(values) = Summary::from_numbers(numbers) {
                        let heavier = series.put_level((*level).into(), Time(*begin), &values);
                        self.weight = self.weight.saturating_add_signed(heavier);
                    }
                }
            }
            Entry::Turned { next, at, swept, shorter } => {
                (self.next, self.at, self.swept, self.shorter) = (*next, *at, *swept, *shorter);
            }
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let held = self.numbers.iter().map(|(stream, number)| {
            let series = self.series.get(number).into_iter().flat_map(Series::levels);
            let windows = series.map(|(level, begin, values)| {
                (u8::try_from(level).expect("there are four"), begin.0, values.numbers())
            });
            Entry::Held { number: *number, stream: stream.clone(), windows: windows.collect() }
        });
        let Metrics { next, at, swept, shorter, .. } = *self;
        held.chain([Entry::Turned { next, at, swept, shorter }]).collect()
    }
}
