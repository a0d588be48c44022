//! `simulate`: a day of a web site in virtual time, on the terminal and as a picture.

use crate::trouble::Trouble;
use ::simulate::{Failure, Plan, Sale};
use clap::Args;
use std::path::PathBuf;
use std::time::Instant;
use world::Span;

/// A terminal whose width nobody tells.
const WIDTH: usize = 100;

/// The day that is played; all times count from midnight, its begin.
#[derive(Debug, Clone, Args)]
pub(crate) struct Day {
    /// How long it is
    #[arg(long, default_value_t = 24.0)]
    hours: f64,
    /// Requests a second at four in the afternoon, its busiest hour but for the sale
    #[arg(long, default_value_t = 1000.0)]
    peak: f64,
    /// Requests a second at four in the morning
    #[arg(long, default_value_t = 150.0)]
    least: f64,
    /// When a flash sale begins: 20h, 90m; or none
    #[arg(long, default_value = "20h")]
    sale: String,
    /// How many times more requests come in the sale
    #[arg(long, default_value_t = 4.0)]
    factor: f64,
    /// The letter of a zone that loses power: a, b, c; or none
    #[arg(long, value_name = "ZONE", default_value = "b")]
    fail_zone: String,
    /// When it does
    #[arg(long, default_value = "15h")]
    at: String,
    /// For how long
    #[arg(long, value_name = "SPAN", default_value = "10m")]
    r#for: String,
    /// The region whose zones they are
    #[arg(long, default_value = "ap-northeast-2")]
    region: String,
    /// The type of the servers
    #[arg(long, value_name = "TYPE", default_value = "t3.small")]
    instance: String,
    /// Servers at least
    #[arg(long, default_value_t = 3)]
    min: u32,
    /// Servers at most
    #[arg(long, default_value_t = 60)]
    max: u32,
    /// The processor use that the group of servers aims at, percent
    #[arg(long, default_value_t = 50.0)]
    target: f64,
    /// Processor time of one request
    #[arg(long, default_value = "20ms")]
    work: String,
    /// Another one: other chances
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the picture goes; - for nowhere
    #[arg(long, value_name = "FILE", default_value = "simulation.svg")]
    svg: PathBuf,
}

impl Day {
    fn plan(&self) -> Result<Plan, Trouble> {
        let minutes = |minutes: u64| Span::seconds(minutes * 60);
        let sale = match self.sale.as_str() {
            "none" => None,
            at => Some(Sale {
                at: span(at)?,
                rise: minutes(5),
                hold: minutes(30),
                factor: self.factor,
            }),
        };
        let failure = match self.fail_zone.as_str() {
            "none" => None,
            zone => {
                let zone = zone.strip_prefix(&self.region).unwrap_or(zone).to_owned();
                Some(Failure { zone, at: span(&self.at)?, hold: span(&self.r#for)? })
            }
        };
        Ok(Plan {
            seed: self.seed,
            region: self.region.clone(),
            hours: self.hours,
            least: self.least.min(self.peak),
            peak: self.peak,
            sale,
            failure,
            instance_type: self.instance.clone(),
            fleet: (self.min, self.max),
            target: self.target,
            work: span(&self.work)?,
        })
    }
}

/// Plays it, prints its curves and figures, and writes the picture.
pub(crate) fn simulate(day: &Day) -> Result<(), Trouble> {
    let begin = Instant::now();
    let played = ::simulate::play(&day.plan()?, &rooms::all()).map_err(Trouble::new)?;
    let took = begin.elapsed().as_secs_f64();
    let width = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    print!("{}", ::simulate::terminal(&played, width.unwrap_or(WIDTH)));
    println!("simulated        {:>12} h    in {took:.2} s", day.hours);
    if day.svg.as_os_str() != "-" {
        std::fs::write(&day.svg, ::simulate::svg(&played))
            .map_err(|error| Trouble::new(format!("{}: {error}", day.svg.display())))?;
        println!("picture          {}", day.svg.display());
    }
    Ok(())
}

/// `90s`, `10m`, `1.5h`, `20ms`.
fn span(text: &str) -> Result<Span, Trouble> {
    let bad = || Trouble::new(format!("{text} is no span of time: 20ms, 90s, 10m, 1.5h"));
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(bad)?;
    let number: f64 = text[..digits].parse().map_err(|_| bad())?;
    let micros = match &text[digits..] {
        "ms" => 1e3,
        "s" => 1e6,
        "m" => 6e7,
        "h" => 3.6e9,
        _ => return Err(bad()),
    };
    Ok(Span((number * micros) as u64))
}

#[cfg(test)]
mod tests {
    use super::span;
    use world::Span;

    #[test]
    fn spans_are_read() {
        let read = |text| span(text).ok();
        assert_eq!(read("20ms"), Some(Span::millis(20)));
        assert_eq!(read("1.5h"), Some(Span::seconds(5400)));
        assert_eq!([read("10"), read("m"), read("5 d")], [None; 3]);
    }
}
