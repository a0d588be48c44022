//! What came of the requests so far: codes, latencies, who answered, and how long anything failed.

use crate::client::Outcome;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// Failures that are less far apart than this belong to one burst.
const GAP: Duration = Duration::from_secs(1);

/// Counts, as they come.
#[derive(Debug, Default)]
pub struct Tally {
    sent: u64,
    good: u64,
    codes: BTreeMap<String, u64>,
    /// Microseconds, as they came.
    latencies: Vec<u32>,
    /// By header, by value.
    who: Vec<BTreeMap<String, u64>>,
    /// Good and bad ones of each second, by when they were due.
    seconds: Vec<(u64, u64)>,
    burst: Option<(Duration, Duration)>,
    longest: Duration,
    /// When the last one that failed was due.
    last_failure: Option<Duration>,
    first_failure: Option<Duration>,
}

impl Tally {
    /// One that counts by so many headers.
    pub(crate) fn new(headers: usize) -> Tally {
        Tally { who: vec![BTreeMap::new(); headers], ..Tally::default() }
    }

    pub(crate) fn sent(&mut self) {
        self.sent += 1;
    }

    /// `due`: since the beginning; `took`: from then to the answer.
    pub(crate) fn note(&mut self, due: Duration, took: Duration, outcome: &Outcome) {
        let code = match outcome.status {
            Ok(status) => status.to_string(),
            Err(why) => why.to_owned(),
        };
        *self.codes.entry(code).or_default() += 1;
        let good = outcome.status.is_ok_and(|status| (200..400).contains(&status));
        let second = due.as_secs() as usize;
        if self.seconds.len() <= second {
            self.seconds.resize(second + 1, (0, 0));
        }
        if !good {
            self.seconds[second].1 += 1;
            return self.failed(due);
        }
        self.seconds[second].0 += 1;
        self.good += 1;
        self.latencies.push(took.as_micros().min(u128::from(u32::MAX)) as u32);
        for (counts, value) in self.who.iter_mut().zip(&outcome.who) {
            let value = value.clone().unwrap_or_else(|| "?".to_owned());
            *counts.entry(value).or_default() += 1;
        }
    }

    /// Answers do not come in the order of their requests, so a burst may grow at both ends.
    fn failed(&mut self, due: Duration) {
        self.first_failure = Some(self.first_failure.map_or(due, |first| first.min(due)));
        self.last_failure = Some(self.last_failure.map_or(due, |last| last.max(due)));
        let burst = match self.burst {
            Some((from, to)) if due + GAP >= from && due <= to + GAP => {
                (from.min(due), to.max(due))
            }
            _ => (due, due),
        };
        self.burst = Some(burst);
        self.longest = self.longest.max(burst.1 - burst.0);
    }

    /// Requests that were sent.
    pub fn requests(&self) -> u64 {
        self.sent
    }

    /// Good and bad ones of each second so far.
    pub fn seconds(&self) -> &[(u64, u64)] {
        &self.seconds
    }

    /// As it stands.
    pub fn report(&self) -> Report {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let at = |share: f64| {
            let index = (sorted.len() as f64 * share).ceil() as usize;
            f64::from(sorted.get(index.saturating_sub(1)).copied().unwrap_or(0)) / 1_000.0
        };
        let answered: u64 = self.codes.values().sum();
        Report {
            requests: answered,
            good: self.good,
            success_percent: match answered {
                0 => 0.0,
                all => self.good as f64 * 100.0 / all as f64,
            },
            codes: self.codes.clone(),
            p50_ms: at(0.5),
            p95_ms: at(0.95),
            p99_ms: at(0.99),
            most_ms: at(1.0),
            answered_by: self.who.clone(),
            longest_burst_s: self.longest.as_secs_f64(),
            first_failure_s: self.first_failure.map(|at| at.as_secs_f64()),
            last_failure_s: self.last_failure.map(|at| at.as_secs_f64()),
        }
    }
}

/// The result of a load, for people and for checks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Requests with a result.
    pub requests: u64,
    /// Those answered with 2xx or 3xx.
    pub good: u64,
    /// Of all with a result.
    pub success_percent: f64,
    /// Status, or why there is none, to how often.
    pub codes: BTreeMap<String, u64>,
    /// Half of the good answers came within so many milliseconds after they were due.
    pub p50_ms: f64,
    /// 95 of a hundred.
    pub p95_ms: f64,
    /// 99 of a hundred.
    pub p99_ms: f64,
    /// All.
    pub most_ms: f64,
    /// For each header that was asked for: value to good answers.
    pub answered_by: Vec<BTreeMap<String, u64>>,
    /// The longest time, in seconds, in which no second passed without a failure.
    pub longest_burst_s: f64,
    /// When the first one that failed was due, seconds after the beginning.
    pub first_failure_s: Option<f64>,
    /// When the last one that failed was due.
    pub last_failure_s: Option<f64>,
}
