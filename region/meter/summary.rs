//! What is kept of the values of one metric in one span of time: totals, and how they were spread.

use super::exact::Exact;
use world::Amount;

/// Neighbouring bins differ by two percent, so that a percentile is right to one percent.
const GROWTH: f64 = 1.02;

/// A spread has this many bins at most; then its lowest ones become one.
const BINS: usize = 512;

/// The bin of zero.
const ZERO: i32 = i32::MIN;

/// Values in one bin: how many, and their sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bin {
    pub(super) place: i32,
    pub(super) count: f64,
    pub(super) sum: f64,
}

/// Values of one metric in one span of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// How many; more than zero.
    pub count: f64,
    /// Of all values.
    pub sum: f64,
    /// Least.
    pub least: f64,
    /// Greatest.
    pub most: f64,
    /// How the values were spread, ascending. Nothing where all are equal, and where nobody knows.
    pub(super) bins: Vec<Bin>,
}

#[expect(clippy::cast_possible_truncation, reason = "logarithms of finite numbers are small")]
fn place(value: f64) -> i32 {
    if value <= 0.0 { ZERO } else { (value.ln() / GROWTH.ln()).ceil() as i32 }
}

impl Summary {
    /// From what was measured; `None` when there were no values, or they are no numbers.
    pub fn of(amount: &Amount) -> Option<Summary> {
        let numbers = [amount.count, amount.sum, amount.least, amount.most];
        if amount.count <= 0.0 || !numbers.iter().all(|number| number.is_finite()) {
            return None;
        }
        let Amount { count, sum, least, most, .. } = *amount;
        let mut bins = Vec::new();
        if least < most && least >= 0.0 {
            let mut seen = 0.0;
            for (value, count) in &amount.spread {
                add(&mut bins, Bin { place: place(*value), count: *count, sum: value * count });
                seen += count;
            }
            // A spread of something else than these values says nothing.
            if (seen - count).abs() > count * 1e-6 {
                bins.clear();
            }
        }
        Some(Summary { count, sum, least, most, bins })
    }

    /// Takes other values in.
    pub fn merge(&mut self, other: &Summary) {
        let known = self.spread_is_known() && other.spread_is_known();
        let mut bins = std::mem::take(&mut self.bins);
        if bins.is_empty() && known {
            bins.push(self.only());
        }
        self.count += other.count;
        self.sum += other.sum;
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
        if !known || self.least == self.most {
            return;
        }
        if other.bins.is_empty() {
            add(&mut bins, other.only());
        }
        other.bins.iter().for_each(|bin| add(&mut bins, *bin));
        self.bins = bins;
    }

    /// Whether percentiles can be told: the spread of the values is known and none is negative
    /// (AWS: percentiles).
    pub fn spread_is_known(&self) -> bool {
        self.least >= 0.0 && (self.least == self.most || !self.bins.is_empty())
    }

    fn only(&self) -> Bin {
        Bin { place: place(self.least), count: self.count, sum: self.sum }
    }

    /// Values ascending, and how often; empty where nobody knows.
    pub(super) fn spread(&self) -> Vec<(f64, f64)> {
        if !self.spread_is_known() {
            return Vec::new();
        }
        if self.bins.is_empty() {
            return vec![(self.least, self.count)];
        }
        let bins = self.bins.iter().filter(|bin| bin.count > 0.0);
        bins.map(|bin| ((bin.sum / bin.count).clamp(self.least, self.most), bin.count)).collect()
    }

    /// What it costs to keep it, in units of some fifty bytes.
    pub(super) fn weight(&self) -> usize {
        1 + self.bins.len() / 2
    }

    pub(super) fn numbers(&self) -> Vec<Exact> {
        let mut all = vec![Exact(self.count), Exact(self.sum), Exact(self.least), Exact(self.most)];
        for bin in &self.bins {
            all.extend([Exact(f64::from(bin.place)), Exact(bin.count), Exact(bin.sum)]);
        }
        all
    }

    #[expect(clippy::cast_possible_truncation, reason = "places were written from whole numbers")]
    pub(super) fn from_numbers(numbers: &[Exact]) -> Option<Summary> {
        let ([count, sum, least, most], rest) = numbers.split_first_chunk()?;
        let bins = rest.chunks_exact(3).map(|bin| Bin {
            place: bin[0].0 as i32,
            count: bin[1].0,
            sum: bin[2].0,
        });
        let bins = bins.collect();
        Some(Summary { count: count.0, sum: sum.0, least: least.0, most: most.0, bins })
    }
}

fn add(bins: &mut Vec<Bin>, bin: Bin) {
    let at = bins.partition_point(|present| present.place < bin.place);
    match bins.get_mut(at).filter(|present| present.place == bin.place) {
        Some(present) => {
            present.count += bin.count;
            present.sum += bin.sum;
        }
        None => bins.insert(at, bin),
    }
    if bins.len() > BINS {
        let lowest = bins.remove(0);
        bins[0].count += lowest.count;
        bins[0].sum += lowest.sum;
    }
}
