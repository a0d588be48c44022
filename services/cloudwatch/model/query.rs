//! A series that somebody wants to see: a statistic of a metric, or an expression over others.

use region::meter::Metric;
use serde::{Deserialize, Serialize};

/// One MetricDataQuery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Query {
    /// By which expressions name it; begins with a small letter.
    pub id: String,
    /// What the answer shall call it.
    pub label: Option<String>,
    /// What it shows.
    pub source: Source,
    /// ReturnData, where it was said.
    pub returned: Option<bool>,
    /// Seconds; of expressions that have no series below them.
    pub period: Option<u32>,
    /// The account; only the caller's own is served.
    pub account: Option<String>,
}

/// What a query shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Source {
    /// MetricStat.
    Stat {
        /// Which metric.
        metric: Metric,
        /// `Average`, `p99`.
        statistic: String,
        /// Seconds.
        period: u32,
        /// Only values in this unit.
        unit: Option<String>,
    },
    /// Metric maths.
    Expression(String),
}

impl Query {
    /// Whether answers show it. Default: yes.
    pub fn is_returned(&self) -> bool {
        self.returned.unwrap_or(true)
    }

    /// The period, seconds, where the query itself says one.
    pub fn period(&self) -> Option<u32> {
        match &self.source {
            Source::Stat { period, .. } => Some(*period),
            Source::Expression(_) => self.period,
        }
    }
}
