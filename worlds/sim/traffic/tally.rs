//! Sums over a span of time: counters by name, and times sorted into buckets of two significant
//! digits.

use std::collections::BTreeMap;
use world::Amount;

/// From a microsecond to a thousand seconds.
const DECADES: usize = 9;
const BUCKETS: usize = 90 * DECADES;

/// Times and how often they occurred.
#[derive(Debug, Clone)]
pub(crate) struct Times {
    counts: Box<[f64; BUCKETS]>,
    count: f64,
    sum: f64,
}

impl Default for Times {
    fn default() -> Times {
        Times { counts: Box::new([0.0; BUCKETS]), count: 0.0, sum: 0.0 }
    }
}

/// The bucket of a time in seconds.
pub(super) fn bucket(seconds: f64) -> usize {
    let micros = seconds * 1e6;
    if micros < 1.0 {
        return 0;
    }
    let (mut scale, mut decade) = (1.0, 0);
    while micros >= scale * 10.0 && decade + 1 < DECADES {
        scale *= 10.0;
        decade += 1;
    }
    // 10 to 99 tenths of the scale.
    let digits = ((micros / scale * 10.0).round() as usize).clamp(10, 99);
    decade * 90 + digits - 10
}

/// The time in seconds that a bucket stands for.
fn value(bucket: usize) -> f64 {
    let scale = 10f64.powi((bucket / 90) as i32 - 1 - 6);
    (bucket % 90 + 10) as f64 * scale
}

impl Times {
    pub(super) fn add(&mut self, bucket: usize, seconds: f64, count: f64) {
        self.counts[bucket] += count;
        self.count += count;
        self.sum += seconds * count;
    }

    /// The time that this part of all does not exceed; none: there were none.
    pub(crate) fn quantile(&self, part: f64) -> Option<f64> {
        if self.count <= 0.0 {
            return None;
        }
        let wanted = self.count * part;
        let mut seen = 0.0;
        let at = self.counts.iter().position(|count| {
            seen += count;
            *count > 0.0 && seen >= wanted * (1.0 - 1e-12)
        });
        at.or_else(|| self.counts.iter().rposition(|count| *count > 0.0)).map(value)
    }

    pub(crate) fn merge(&mut self, other: &Times) {
        if other.count > 0.0 {
            self.counts.iter_mut().zip(other.counts.iter()).for_each(|(sum, more)| *sum += more);
            self.count += other.count;
            self.sum += other.sum;
        }
    }

    pub(crate) fn clear(&mut self) {
        if self.count > 0.0 {
            self.counts.fill(0.0);
            (self.count, self.sum) = (0.0, 0.0);
        }
    }

    fn amount(&self) -> Option<Amount> {
        if self.count <= 0.0 {
            return None;
        }
        let filled = self.counts.iter().enumerate().filter(|(_, count)| **count > 0.0);
        let spread: Vec<(f64, f64)> = filled.map(|(at, count)| (value(at), *count)).collect();
        let (least, most) = (spread.first()?.0, spread.last()?.0);
        Some(Amount { count: self.count, sum: self.sum, least, most, spread })
    }
}

/// What one machine did since its last report.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    events: BTreeMap<String, f64>,
    /// One value for the whole span each.
    levels: BTreeMap<String, (f64, f64)>,
    times: BTreeMap<String, Times>,
    pub(crate) cpu_micros: f64,
    pub(crate) bytes: [f64; 2],
}

impl Ledger {
    pub(super) fn count(&mut self, name: &str, many: f64) {
        if many > 0.0 {
            match self.events.get_mut(name) {
                Some(sum) => *sum += many,
                None => drop(self.events.insert(name.to_owned(), many)),
            }
        }
    }

    /// A level: the last one and the highest one are told.
    pub(super) fn level(&mut self, name: &str, value: f64) {
        let level = self.levels.entry(name.to_owned()).or_insert((value, value));
        *level = (value, level.1.max(value));
    }

    pub(super) fn times(&mut self, name: &str) -> &mut Times {
        if !self.times.contains_key(name) {
            self.times.insert(name.to_owned(), Times::default());
        }
        self.times.get_mut(name).expect("made above")
    }

    /// Everything but processor time and bytes; begins anew.
    pub(crate) fn take(&mut self) -> BTreeMap<String, Amount> {
        let events = std::mem::take(&mut self.events).into_iter();
        let mut out: BTreeMap<String, Amount> =
            events.map(|(name, count)| (name, Amount::events(count.round()))).collect();
        out.extend(std::mem::take(&mut self.levels).into_iter().map(|(name, (last, most))| {
            let spread = Vec::new();
            (name, Amount { count: 1.0, sum: last, least: last.min(most), most, spread })
        }));
        for (name, times) in &mut self.times {
            out.extend(times.amount().map(|amount| (name.clone(), amount)));
            times.clear();
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits_are_kept() {
        for seconds in [0.000_012, 0.000_47, 0.0031, 0.099, 0.1, 2.5, 99.0] {
            let back = value(bucket(seconds));
            assert!((back - seconds).abs() <= seconds * 0.1, "{seconds} became {back}");
        }
        assert_eq!((bucket(0.0), bucket(1e9)), (0, BUCKETS - 1));
    }

    #[test]
    fn quantiles_and_amounts() {
        let mut ledger = Ledger::default();
        let times = ledger.times("t");
        times.add(bucket(0.010), 0.010, 90.0);
        times.add(bucket(0.5), 0.5, 10.0);
        let near = |found: Option<f64>, wanted: f64| (found.unwrap() - wanted).abs() < wanted * 0.1;
        assert!(near(times.quantile(0.5), 0.010));
        assert!(near(times.quantile(0.99), 0.5));
        let amount = &ledger.take()["t"];
        assert_eq!((amount.count, amount.spread.len()), (100.0, 2));
        assert!((amount.sum - 5.9).abs() < 1e-9);
        assert!(ledger.take().is_empty(), "told once");
    }
}
