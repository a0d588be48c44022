//! What can happen to metrics, in the form in which the journal keeps it.

use super::exact::Exact;
use super::{Measure, Metric, Summary};
use serde::{Deserialize, Serialize};
use world::Time;

/// A metric in one unit: CloudWatch keeps values of different units apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stream {
    /// Which metric.
    #[serde(flatten)]
    pub metric: Metric,
    /// `Percent`.
    pub unit: String,
}

/// What can happen to metrics. Persisted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Entry {
    /// Values came.
    Put {
        /// When they came.
        at: Time,
        /// Streams that have had no values before, and the numbers by which points name them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        new: Vec<(u32, Stream)>,
        /// The values.
        points: Vec<Point>,
    },
    /// What a snapshot holds of one stream.
    Held {
        /// Its number.
        number: u32,
        /// Which.
        stream: Stream,
        /// Level, begin (microseconds) and numbers of each window.
        windows: Vec<(u8, u64, Vec<Exact>)>,
    },
    /// What a snapshot holds beside its streams.
    Turned {
        /// The number of the next new stream.
        next: u32,
        /// The latest moment of which the metrics know.
        at: Time,
        /// When old values were last made coarser.
        swept: Time,
        /// How often what is kept was shortened, since there was too much of it.
        shorter: u32,
    },
}

/// Values of one stream in one window: its number, begin and length (microseconds), and the
/// numbers of their summary; a single value alone is its only number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point(pub(super) u32, pub(super) u64, pub(super) u64, pub(super) Vec<Exact>);

impl Point {
    /// The values of a measure, of no stream yet.
    pub(super) fn of_measure(measure: &Measure) -> Option<Point> {
        let values = Summary::of(&measure.amount)?;
        let single = values.count == 1.0 && values.least == values.most;
        let numbers = if single { vec![Exact(values.least)] } else { values.numbers() };
        Some(Point(0, measure.at.0, measure.span.0, numbers))
    }

    /// The same, of this stream.
    pub(super) fn of(self, number: u32) -> Point {
        Point(number, self.1, self.2, self.3)
    }

    pub(super) fn values(&self) -> Option<Summary> {
        match self.3.as_slice() {
            [Exact(value)] => Summary::of(&world::Amount::once(*value)),
            numbers => Summary::from_numbers(numbers),
        }
    }
}
