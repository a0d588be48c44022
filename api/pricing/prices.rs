//! The price list: a data file with a date, read once for each question.

use std::collections::BTreeMap;

const TEXT: &str = include_str!("prices.txt");

/// The regions in the order of the file's columns.
pub const REGIONS: [&str; 4] = ["us-east-1", "ap-northeast-2", "ap-northeast-1", "eu-west-3"];

/// One line of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// `family:t3`, `EBS:VolumeUsage.gp3`.
    pub key: &'static str,
    /// `Hrs`, `GB-Mo`.
    pub unit: &'static str,
    /// USD, by region, in the order of [`REGIONS`].
    pub prices: [Option<f64>; 4],
}

/// The day as of which the prices are, `2026-01-01`.
pub fn date() -> &'static str {
    let line = TEXT.lines().find_map(|line| line.strip_prefix("# date "));
    line.expect("the list has its date")
}

/// All lines.
pub fn lines() -> impl Iterator<Item = Line> {
    TEXT.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut words = line.split_whitespace();
        let (key, unit) = (words.next()?, words.next()?);
        let mut price = || words.next().and_then(|word| word.parse().ok());
        Some(Line { key, unit, prices: [price(), price(), price(), price()] })
    })
}

/// Prices of one region, by key.
pub struct List(BTreeMap<&'static str, (f64, &'static str)>);

impl List {
    /// The list of a region; of N. Virginia for what has no region.
    pub fn of(region: &str) -> List {
        let at = REGIONS.iter().position(|known| *known == region).unwrap_or(0);
        let priced = |line: Line| Some((line.key, (line.prices[at]?, line.unit)));
        List(lines().filter_map(priced).collect())
    }

    /// USD for a unit, and the unit.
    pub fn price(&self, key: &str) -> Option<(f64, &'static str)> {
        match key.strip_prefix("BoxUsage:") {
            Some(kind) => Some((self.hour(kind)?, "Hrs")),
            None => self.0.get(key).copied(),
        }
    }

    /// USD for an hour of an instance of this type on demand, to four digits like AWS.
    pub fn hour(&self, kind: &str) -> Option<f64> {
        let (family, size) = kind.split_once('.')?;
        let (large, _) = self.0.get(format!("family:{family}").as_str())?;
        let price = large * units(size)? / units("large")?;
        Some((price * 10_000.0).round() / 10_000.0)
    }
}

/// Normalised units of an instance size. docs: EC2 guide, instance size flexibility.
pub fn units(size: &str) -> Option<f64> {
    Some(match size {
        "nano" => 0.25,
        "micro" => 0.5,
        "small" => 1.0,
        "medium" => 2.0,
        "large" => 4.0,
        "xlarge" => 8.0,
        _ => 8.0 * size.strip_suffix("xlarge")?.parse::<f64>().ok()?,
    })
}

/// The prefix of a region's usage types: none in N. Virginia, `APN2-` in Seoul.
pub fn prefix(region: &str) -> &'static str {
    match region {
        "ap-northeast-2" => "APN2-",
        "ap-northeast-1" => "APN1-",
        "eu-west-3" => "EUW3-",
        _ => "",
    }
}
