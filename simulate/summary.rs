//! A day in a few figures.

use crate::Plan;
use crate::day::Fleet;
use sim::Moment;
use std::fmt;
use world::{Span, Time};

/// Of all requests in a second that is no burst of errors, this part fails at most.
const BURST: f64 = 0.01;

/// What is said of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Requests.
    pub asked: f64,
    /// Of these, answered well and in time.
    pub good: f64,
    /// Of all requests while the zone was dark and for five minutes more, percent.
    pub success_in_failure: Option<f64>,
    /// The longest time in which more than one in a hundred failed.
    pub longest_burst: Span,
    /// Most instances at a time.
    pub most_instances: u32,
    /// Fewest instances at a time.
    pub fewest_instances: u32,
    /// Instances times hours.
    pub instance_hours: f64,
    /// The worst p99 of the calmest 99 of 100 steps, seconds.
    pub p99: f64,
    /// Median of the steps' medians, seconds.
    pub p50: f64,
}

impl Summary {
    pub(crate) fn of(plan: &Plan, midnight: Time, moments: &[Moment], fleet: &[Fleet]) -> Summary {
        let sum = |part: &mut dyn Iterator<Item = &Moment>| {
            part.fold((0.0, 0.0), |(asked, good), one| (asked + one.asked, good + one.good))
        };
        let (asked, good) = sum(&mut moments.iter());
        let success_in_failure = plan.failure.as_ref().map(|failure| {
            let begin = midnight + failure.at;
            let end = begin + failure.hold + Span::seconds(300);
            let within = |one: &&Moment| one.at + one.span > begin && one.at < end;
            let (asked, good) = sum(&mut moments.iter().filter(within));
            percent(good, asked)
        });
        let hours = |pair: &[Fleet]| {
            f64::from(pair[0].running) * pair[1].at.since(pair[0].at).0 as f64 / 3.6e9
        };
        let counts = || fleet.iter().map(|one| one.running);
        Summary {
            asked,
            good,
            success_in_failure,
            longest_burst: longest_burst(moments),
            most_instances: counts().max().unwrap_or(0),
            fewest_instances: counts().min().unwrap_or(0),
            instance_hours: fleet.windows(2).map(hours).sum(),
            p99: quantile(moments.iter().map(|one| (one.p99, one.span)), 0.99),
            p50: quantile(moments.iter().map(|one| (one.p50, one.span)), 0.5),
        }
    }

    /// Answered well and in time, percent.
    pub fn success(&self) -> f64 {
        percent(self.good, self.asked)
    }
}

pub(crate) fn percent(good: f64, asked: f64) -> f64 {
    if asked > 0.0 { (good / asked * 100.0).min(100.0) } else { 100.0 }
}

/// Value that was not exceeded for this part of the time.
fn quantile(values: impl Iterator<Item = (f64, Span)>, part: f64) -> f64 {
    let mut values: Vec<(f64, Span)> = values.collect();
    values.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let all: u64 = values.iter().map(|(_, span)| span.0).sum();
    let mut seen = 0;
    for (value, span) in &values {
        seen += span.0;
        if seen as f64 >= all as f64 * part {
            return *value;
        }
    }
    values.last().map_or(0.0, |(value, _)| *value)
}

fn longest_burst(moments: &[Moment]) -> Span {
    let (mut longest, mut present) = (0, 0);
    for one in moments {
        let bad = one.asked > 0.0 && (one.asked - one.good) / one.asked > BURST;
        present = if bad { present + one.span.0 } else { 0 };
        longest = longest.max(present);
    }
    Span(longest)
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = (self.asked - self.good).max(0.0);
        writeln!(f, "requests         {:>14.0}   failed {failed:.0}", self.asked)?;
        writeln!(f, "success          {:>13.4} %", self.success())?;
        if let Some(success) = self.success_in_failure {
            writeln!(f, "  in the failure {success:>13.4} %")?;
        }
        let burst = self.longest_burst.0 as f64 / 1e6;
        writeln!(f, "longest burst    {burst:>12.2} s    of more than 1 % errors")?;
        let millis = |seconds: f64| seconds * 1e3;
        let (p50, p99) = (millis(self.p50), millis(self.p99));
        writeln!(
            f,
            "latency          {p50:>11.1} ms    p50; p99 below {p99:.0} ms for 99 % of the time"
        )?;
        let (least, most) = (self.fewest_instances, self.most_instances);
        writeln!(f, "instances        {most:>14}   at most, {least} at least")?;
        writeln!(f, "instance hours   {:>14.1}", self.instance_hours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(second: u64, good: f64) -> Moment {
        Moment {
            at: Time(second * 1_000_000),
            span: Span::seconds(1),
            asked: 100.0,
            good,
            p50: 0.01,
            p99: second as f64,
            capacity: 200.0,
            targets: 2,
            doors: 1,
        }
    }

    #[test]
    fn bursts_and_shares_are_counted() {
        let good = [100.0, 90.0, 98.0, 99.5, 50.0, 100.0];
        let moments: Vec<Moment> =
            good.iter().enumerate().map(|(at, good)| moment(at as u64, *good)).collect();
        let fleet = |minute: u64, running| Fleet { at: Time(minute * 60_000_000), running };
        let fleet = [fleet(0, 3), fleet(60, 5), fleet(120, 4)];
        let plan = Plan { failure: None, ..Plan::default() };
        let summary = Summary::of(&plan, Time(0), &moments, &fleet);
        assert_eq!(summary.longest_burst, Span::seconds(2));
        assert!((summary.success() - 537.5 / 6.0).abs() < 1e-9);
        assert_eq!((summary.most_instances, summary.fewest_instances), (5, 3));
        assert!((summary.instance_hours - 8.0).abs() < 1e-9);
        assert_eq!(summary.p99, 5.0);
    }
}
