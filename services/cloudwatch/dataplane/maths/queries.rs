//! What a set of queries shows in a span of time.

use super::Line;
use crate::model::{Query, Source};
use region::meter::{Metrics, Statistic};
use world::{Span, Time};

/// In which span of time, over which metrics.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// The account's metrics.
    pub metrics: Option<&'a Metrics>,
    /// Windows begin here and at each period's end.
    pub from: Time,
    /// No window begins here or later.
    pub to: Time,
    /// How many times shorter than said the periods are.
    pub pace: u32,
}

/// What one query shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The query's.
    pub id: String,
    /// One series; of arrays any number.
    pub lines: Vec<Line>,
}

impl Frame<'_> {
    /// A period of so many seconds as long as it is here.
    pub fn period(&self, seconds: u32) -> Span {
        Span(u64::from(seconds) * 1_000_000 / u64::from(self.pace.max(1)))
    }

    /// The series of one statistic of one metric.
    pub(super) fn stat(&self, query: &Query) -> Option<Line> {
        let Source::Stat { metric, statistic, period, unit } = &query.source else { return None };
        let (period, statistic) = (self.period(*period), Statistic::parse(statistic)?);
        let windows = self
            .metrics
            .map(|metrics| metrics.windows(metric, unit.as_deref(), self.from, self.to, period));
        let windows = windows.unwrap_or_default().into_iter();
        let points = windows.filter_map(|(at, values)| Some((at, values.value(&statistic)?)));
        let label = query.label.clone().unwrap_or_else(|| metric.name.clone());
        Some(Line { label, period, points: points.collect() })
    }
}

/// What the returned queries show, in their order.
pub fn answers(frame: &Frame, queries: &[Query]) -> Result<Vec<Answer>, String> {
    let returned = queries.iter().filter(|query| query.is_returned());
    let answers = returned.map(|query| Answer {
        id: query.id.clone(),
        lines: frame.stat(query).into_iter().collect(),
    });
    Ok(answers.collect())
}

/// Whether the queries can be understood.
pub fn check(_queries: &[Query]) -> Result<(), String> {
    Ok(())
}
