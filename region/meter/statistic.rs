//! Statistics: what one number says of many, by AWS's names for it.

use super::Summary;

/// One of CloudWatch's statistics. docs: Statistics-definitions
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Statistic {
    /// How many values.
    SampleCount,
    /// Sum by count.
    Average,
    /// Of all values.
    Sum,
    /// Least.
    Minimum,
    /// Greatest.
    Maximum,
    /// `p99.9`.
    Percentile(f64),
    /// `tm90`, `TM(10%:90%)`, `TM(150:1000)`; `IQM` is `TM(25%:75%)`.
    TrimmedMean(Bounds),
    /// `wm98`, `WM(…)`.
    WinsorizedMean(Bounds),
    /// `tc90`, `TC(…)`.
    TrimmedCount(Bounds),
    /// `ts90`, `TS(…)`.
    TrimmedSum(Bounds),
    /// `PR(:300)`: which percentage of the values is between two.
    PercentileRank(Bounds),
}

/// Between what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bounds {
    /// Percent of all values, ascending.
    Percent(f64, f64),
    /// Above the first, up to and with the second.
    Value(f64, f64),
}

impl Statistic {
    /// From AWS's name for it.
    pub fn parse(name: &str) -> Option<Statistic> {
        Some(match name {
            "SampleCount" | "n" => Statistic::SampleCount,
            "Average" | "avg" => Statistic::Average,
            "Sum" | "sum" => Statistic::Sum,
            "Minimum" | "min" => Statistic::Minimum,
            "Maximum" | "max" => Statistic::Maximum,
            "IQM" | "iqm" => Statistic::TrimmedMean(Bounds::Percent(25.0, 75.0)),
            _ => return extended(name),
        })
    }

    /// Whether it needs to know how the values were spread.
    pub fn is_extended(&self) -> bool {
        use Statistic::{Average, Maximum, Minimum, SampleCount, Sum};
        !matches!(self, SampleCount | Average | Sum | Minimum | Maximum)
    }
}

fn extended(name: &str) -> Option<Statistic> {
    if let Some(percent) = name.strip_prefix('p') {
        return percentage(percent).map(Statistic::Percentile);
    }
    let kind = name.get(..2)?;
    let rest = &name[2..];
    let bounds = match rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(range) => self::range(range)?,
        None if kind.chars().all(|letter| letter.is_ascii_lowercase()) => {
            Bounds::Percent(0.0, percentage(rest)?)
        }
        None => return None,
    };
    Some(match kind.to_ascii_uppercase().as_str() {
        "TM" => Statistic::TrimmedMean(bounds),
        "WM" => Statistic::WinsorizedMean(bounds),
        "TC" => Statistic::TrimmedCount(bounds),
        "TS" => Statistic::TrimmedSum(bounds),
        "PR" if matches!(bounds, Bounds::Value(..)) => Statistic::PercentileRank(bounds),
        _ => return None,
    })
}

/// Above zero up to a hundred, with at most ten decimal places (AWS: percentiles).
fn percentage(text: &str) -> Option<f64> {
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let value: f64 = text.parse().ok().filter(|_| plain && decimals <= 10)?;
    (0.0..=100.0).contains(&value).then_some(value)
}

fn range(text: &str) -> Option<Bounds> {
    let (from, to) = text.split_once(':')?;
    if from.is_empty() && to.is_empty() {
        return None;
    }
    let parts = [from, to];
    if parts.iter().all(|part| part.is_empty() || part.ends_with('%')) {
        let read = |part: &str, absent| match part.strip_suffix('%') {
            Some(number) => percentage(number),
            None => Some(absent),
        };
        let bounds = (read(from, 0.0)?, read(to, 100.0)?);
        return (bounds.0 < bounds.1).then_some(Bounds::Percent(bounds.0, bounds.1));
    }
    let read = |part: &str, absent: f64| match part {
        "" => Some(absent),
        _ => part.parse::<f64>().ok().filter(|number| number.is_finite()),
    };
    let bounds = (read(from, f64::NEG_INFINITY)?, read(to, f64::INFINITY)?);
    (bounds.0 < bounds.1).then_some(Bounds::Value(bounds.0, bounds.1))
}

impl Summary {
    /// A statistic of these values; `None` where nobody knows how they were spread.
    pub fn value(&self, statistic: &Statistic) -> Option<f64> {
        Some(match statistic {
            Statistic::SampleCount => self.count,
            Statistic::Average => self.sum / self.count,
            Statistic::Sum => self.sum,
            Statistic::Minimum => self.least,
            Statistic::Maximum => self.most,
            Statistic::Percentile(percent) => return self.percentile(*percent),
            Statistic::TrimmedMean(bounds) => {
                let kept = self.within(*bounds)?;
                let count = count(&kept);
                return (count > 0.0).then(|| sum(&kept) / count);
            }
            Statistic::TrimmedCount(bounds) => count(&self.within(*bounds)?),
            Statistic::TrimmedSum(bounds) => sum(&self.within(*bounds)?),
            Statistic::PercentileRank(bounds) => count(&self.within(*bounds)?) / self.count * 100.0,
            Statistic::WinsorizedMean(bounds) => return self.winsorized(*bounds),
        })
    }

    fn percentile(&self, percent: f64) -> Option<f64> {
        let spread = self.spread();
        let rank = percent / 100.0 * count(&spread);
        let mut below = 0.0;
        for (value, count) in &spread {
            below += count;
            if below >= rank {
                return Some(*value);
            }
        }
        spread.last().map(|(value, _)| *value)
    }

    /// The values that are left between two bounds.
    fn within(&self, bounds: Bounds) -> Option<Vec<(f64, f64)>> {
        let spread = self.spread();
        if spread.is_empty() {
            return None;
        }
        Some(match bounds {
            Bounds::Value(from, to) => {
                spread.into_iter().filter(|(value, _)| *value > from && *value <= to).collect()
            }
            Bounds::Percent(from, to) => {
                let all = count(&spread);
                let (from, to) = (from / 100.0 * all, to / 100.0 * all);
                let mut below = 0.0;
                let mut kept = Vec::new();
                for (value, count) in spread {
                    let part = (below + count).min(to) - below.max(from);
                    below += count;
                    if part > 0.0 {
                        kept.push((value, part));
                    }
                }
                kept
            }
        })
    }

    /// The mean when what is outside the bounds counts as the nearest value inside.
    fn winsorized(&self, bounds: Bounds) -> Option<f64> {
        let kept = self.within(bounds)?;
        let (first, last) = (kept.first()?.0, kept.last()?.0);
        let spread = self.spread();
        let clamped = spread.iter().map(|(value, count)| value.clamp(first, last) * count);
        Some(clamped.sum::<f64>() / count(&spread))
    }
}

fn count(spread: &[(f64, f64)]) -> f64 {
    spread.iter().map(|(_, count)| count).sum()
}

fn sum(spread: &[(f64, f64)]) -> f64 {
    spread.iter().map(|(value, count)| value * count).sum()
}
