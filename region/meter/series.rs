//! The values of one metric over time: fine where they are young, coarse where they are old.

use super::Summary;
use std::collections::VecDeque;
use world::{Span, Time};

/// How long the windows of a level are from which length on, and how long they are kept. docs:
/// cloudwatch_concepts, Metrics retention.
const LEVELS: [(Span, Span); 4] = [
    (Span(0), hours(3)),
    (Span::seconds(60), hours(15 * 24)),
    (Span::seconds(300), hours(63 * 24)),
    (Span::seconds(3_600), hours(455 * 24)),
];

const fn hours(count: u64) -> Span {
    Span::seconds(count * 3_600)
}

/// The values of one metric, in windows that do not overlap within a level.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Series {
    levels: [VecDeque<(Time, Summary)>; 4],
}

impl Series {
    /// Takes values in that belong to the window at `at`, which is `span` long. Returns by how
    /// much heavier the series became.
    pub(super) fn put(&mut self, at: Time, span: Span, values: &Summary) -> isize {
        let level = LEVELS.iter().rposition(|(length, _)| *length <= span).unwrap_or(0);
        let at = super::aligned(at, span);
        self.put_level(level, at, values)
    }

    pub(super) fn put_level(&mut self, level: usize, at: Time, values: &Summary) -> isize {
        let windows = &mut self.levels[level];
        let place = match windows.back() {
            Some((last, _)) if *last < at => windows.len(),
            _ => windows.partition_point(|(begin, _)| *begin < at),
        };
        match windows.get_mut(place).filter(|(begin, _)| *begin == at) {
            Some((_, present)) => {
                let before = present.weight();
                present.merge(values);
                present.weight().cast_signed() - before.cast_signed()
            }
            None => {
                windows.insert(place, (at, values.clone()));
                values.weight().cast_signed()
            }
        }
    }

    /// Lets time pass: what is too old for a level goes into the next coarser one, and what is too
    /// old for the last is gone. Each `shorter` halves how long things are kept.
    pub(super) fn turn(&mut self, now: Time, shorter: u32) {
        for (level, (_, kept)) in LEVELS.iter().enumerate() {
            let limit = now - Span(kept.0 >> shorter);
            while self.levels[level].front().is_some_and(|(begin, _)| *begin < limit) {
                let Some((begin, values)) = self.levels[level].pop_front() else { break };
                if let Some((length, _)) = LEVELS.get(level + 1) {
                    self.put_level(level + 1, super::aligned(begin, *length), &values);
                }
            }
        }
    }

    pub(super) fn weight(&self) -> usize {
        self.levels.iter().flatten().map(|(_, values)| values.weight()).sum()
    }

    /// The begin of the window with the newest values.
    pub(super) fn newest(&self) -> Option<Time> {
        self.levels.iter().filter_map(|level| level.back()).map(|(begin, _)| *begin).max()
    }

    /// All windows that begin in a span of time, level by level.
    pub(super) fn between(
        &self,
        from: Time,
        to: Time,
    ) -> impl Iterator<Item = (Time, &Summary)> + '_ {
        self.levels.iter().flat_map(move |level| {
            let first = level.partition_point(|(begin, _)| *begin < from);
            let windows = level.range(first..).take_while(move |(begin, _)| *begin < to);
            windows.map(|(begin, values)| (*begin, values))
        })
    }

    /// Every level with its windows.
    pub(super) fn levels(&self) -> impl Iterator<Item = (usize, Time, &Summary)> {
        let levels = self.levels.iter().enumerate();
        levels.flat_map(|(level, all)| all.iter().map(move |(begin, one)| (level, *begin, one)))
    }
}
