//! How demand goes up and down: a line through points in time.

use world::{Span, Time};

/// Requests a second over time: straight lines between points, level before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    begin: Time,
    /// Ascending, from `begin` on.
    points: Vec<(Span, f64)>,
}

impl Curve {
    /// Always the same.
    pub fn level(rate: f64) -> Curve {
        Curve { begin: Time::PAST, points: vec![(Span(0), rate)] }
    }

    /// Through these points, which are ascending in time.
    pub fn through(begin: Time, points: Vec<(Span, f64)>) -> Curve {
        Curve { begin, points }
    }

    /// So many hours of days that begin at midnight: least at four in the morning, most at four
    /// in the afternoon.
    pub fn day(begin: Time, hours: f64, least: f64, most: f64) -> Curve {
        const STEP: u64 = 300;
        let steps = (hours * 3600.0) as u64 / STEP + 1;
        let at = |step: u64| {
            let hour = (step * STEP) as f64 / 3600.0;
            let height = 0.5 - 0.5 * ((hour - 4.0) / 24.0 * std::f64::consts::TAU).cos();
            (Span::seconds(step * STEP), least + (most - least) * height)
        };
        Curve { begin, points: (0..=steps).map(at).collect() }
    }

    /// The same with a rush: from `at` on (from the curve's begin) it rises within `rise` to
    /// `factor` times of what it was, stays for `hold`, and falls within `fall`.
    #[must_use]
    pub fn rush(self, at: Span, rise: Span, hold: Span, fall: Span, factor: f64) -> Curve {
        let begin = self.begin;
        let edges = [0, rise.0, rise.0 + hold.0, rise.0 + hold.0 + fall.0].map(|x| at.0 + x);
        let times = self.points.iter().map(|(at, _)| at.0).chain(edges);
        // Between edges the product of two lines is no line; a point a minute is close enough.
        let minutes = (edges[0]..edges[3]).step_by(60_000_000);
        let mut times: Vec<u64> = times.chain(minutes).collect();
        times.sort_unstable();
        times.dedup();
        let part = |from: u64, to: u64, t: u64| (t - from) as f64 / (to - from).max(1) as f64;
        let times_of = |t: u64| match t {
            _ if t < edges[0] || t >= edges[3] => 1.0,
            _ if t < edges[1] => 1.0 + (factor - 1.0) * part(edges[0], edges[1], t),
            _ if t < edges[2] => factor,
            _ => factor + (1.0 - factor) * part(edges[2], edges[3], t),
        };
        let point = |t: u64| (Span(t), self.at(begin + Span(t)) * times_of(t));
        Curve { begin, points: times.into_iter().map(point).collect() }
    }

    /// Requests a second at a moment.
    pub fn at(&self, now: Time) -> f64 {
        let since = now.since(self.begin).0;
        let after = self.points.partition_point(|(at, _)| at.0 <= since);
        match (after.checked_sub(1).map(|i| self.points[i]), self.points.get(after)) {
            (Some((from, low)), Some((to, high))) => {
                let part = (since - from.0) as f64 / (to.0 - from.0) as f64;
                low + (high - low) * part
            }
            (Some((_, rate)), None) | (None, Some(&(_, rate))) => rate,
            (None, None) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_its_low_and_its_high() {
        let day = Curve::day(Time(5), 24.0, 10.0, 100.0);
        let hour = |hour: u64| day.at(Time(5) + Span::seconds(hour * 3600)).round();
        assert_eq!([hour(4), hour(10), hour(16), hour(22)], [10.0, 55.0, 100.0, 55.0]);
    }

    #[test]
    fn a_rush_multiplies_and_passes() {
        let seconds = Span::seconds;
        let curve = Curve::through(Time(0), vec![(Span(0), 10.0), (seconds(1000), 10.0)]);
        let curve = curve.rush(seconds(100), seconds(60), seconds(60), seconds(60), 5.0);
        let at = |s: u64| curve.at(Time(s * 1_000_000)).round();
        assert_eq!(
            [at(0), at(100), at(130), at(160), at(219), at(250), at(280), at(900)],
            [10.0, 10.0, 30.0, 50.0, 50.0, 30.0, 10.0, 10.0]
        );
    }
}
