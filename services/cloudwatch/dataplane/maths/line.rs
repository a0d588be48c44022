//! One series of values over time.

use std::collections::BTreeMap;
use world::{Span, Time};

/// Values by the begins of their windows.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What answers call it.
    pub label: String,
    /// How long its windows are.
    pub period: Span,
    /// Only windows that have a value.
    pub points: BTreeMap<Time, f64>,
}

impl Line {
    /// Each value changed.
    pub fn map(&self, change: impl Fn(f64) -> f64) -> Line {
        let points = self.points.iter().map(|(at, value)| (*at, change(*value)));
        Line { points: points.collect(), ..self.clone() }
    }
}
