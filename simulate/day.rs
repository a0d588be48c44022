//! Plays a day: time passes, demand rises and falls, a zone goes dark and comes back.

use crate::{Plan, Summary, site};
use region::Service;
use sim::{Delay, Demand, Goal, Moment, Settings};
use stories::Bench;
use world::{Fault, Span, Time, Zone};

/// How often the fleet is counted.
const LOOK: Span = Span::seconds(60);

/// For how long clients keep an answer of the name servers.
const TTL: Span = Span::seconds(60);

/// 2026-01-01T00:00:00Z
const MIDNIGHT: Time = Time::from_millis(1_767_225_600_000);

/// How many servers there were.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fleet {
    /// When.
    pub at: Time,
    /// Instances that ran.
    pub running: u32,
}

/// Everything that happened in a day, as far as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Day {
    /// What was asked for.
    pub plan: Plan,
    /// When it began.
    pub midnight: Time,
    /// Steps of traffic, in order.
    pub moments: Vec<Moment>,
    /// The fleet, minute by minute.
    pub fleet: Vec<Fleet>,
    /// What the bill says, US dollars; none: nothing is priced.
    pub cost: Option<f64>,
    /// The day in a few figures.
    pub summary: Summary,
}

fn settings() -> Settings {
    Settings {
        // Ten minutes before midnight of a New Year's Day.
        start: MIDNIGHT - Span::seconds(600),
        // As an instance of AWS: about half a minute until its kernel runs, and then some.
        boot: Delay::micros(20_000_000, 40_000_000),
        answers_after: Span::seconds(15),
        usage: true,
        ..Settings::default()
    }
}

/// Plays it, in a region with these rooms.
///
/// # Errors
/// When the plan makes no sense, or the region refuses a call of the site's owner.
pub fn play(plan: &Plan, rooms: &[&'static Service]) -> Result<Day, String> {
    plan.check()?;
    let mut bench = Bench::of(rooms.to_vec(), plan.seed, settings());
    bench.name.clone_from(&plan.region);
    site::build(&mut bench, plan)?;
    // So that the first servers serve before the first clients come.
    let (midnight, now) = (MIDNIGHT, bench.now());
    bench.wait(midnight.since(now));
    let number = demand(&mut bench, plan, midnight);
    let fleet = pass(&mut bench, plan, midnight);
    let moments = bench.world().moments(number).to_vec();
    let cost = cost(&mut bench, midnight);
    let summary = Summary::of(plan, midnight, &moments, &fleet);
    Ok(Day { plan: plan.clone(), midnight, moments, fleet, cost, summary })
}

fn demand(bench: &mut Bench, plan: &Plan, midnight: Time) -> usize {
    bench.world().demand(Demand {
        goal: Goal::Name { name: site::NAME.to_owned(), ttl: TTL },
        port: 80,
        host: site::NAME.to_owned(),
        path: "/".to_owned(),
        curve: plan.curve(midnight),
        work: plan.work,
        beside: Span::millis(5),
        patience: Span::seconds(5),
        bytes: (400, 1_200),
    })
}

/// Lets the day pass, and counts servers.
fn pass(bench: &mut Bench, plan: &Plan, midnight: Time) -> Vec<Fleet> {
    let end = midnight + Span((plan.hours * 3.6e9) as u64);
    let mut trouble = Vec::new();
    if let Some(failure) = &plan.failure {
        let fault = Fault::Dark(Zone::from(format!("{}{}", plan.region, failure.zone)));
        let begins = midnight + failure.at;
        trouble.push((begins + failure.hold, fault.clone(), false));
        trouble.push((begins, fault, true));
    }
    let mut fleet = Vec::new();
    let mut look = midnight;
    while bench.now() < end {
        let next = trouble.last().map_or(Time::NEVER, |(at, ..)| *at);
        let until = look.min(next).min(end);
        let now = bench.now();
        bench.wait(until.since(now));
        if let Some((_, fault, on)) = trouble.pop_if(|(at, ..)| *at <= until) {
            bench.region().fault(fault, on);
        }
        if look <= until {
            let running = bench.world().guests_up() as u32;
            fleet.push(Fleet { at: until, running });
            look = look + LOOK;
        }
    }
    fleet
}

/// What the account owes for the day so far, if the region prices what runs.
fn cost(bench: &mut Bench, midnight: Time) -> Option<f64> {
    let day = |time: Time| date(time.seconds() / 86_400);
    let until = bench.now();
    let period = serde_json::json!({
        "Start": day(midnight), "End": day(until + Span::seconds(86_400)),
    });
    let input = serde_json::json!({
        "TimePeriod": period, "Granularity": "DAILY", "Metrics": ["UnblendedCost"],
    });
    let answer = bench.call("ce", "GetCostAndUsage", &input).ok()?;
    let days = answer["ResultsByTime"].as_array()?;
    let amount = |day: &serde_json::Value| {
        day["Total"]["UnblendedCost"]["Amount"].as_str()?.parse::<f64>().ok()
    };
    Some(days.iter().filter_map(amount).sum())
}

/// `2026-01-31` from days since 1970 (Howard Hinnant, chrono-compatible low-level date algorithms).
fn date(days: u64) -> String {
    let days = days + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn days_have_dates() {
        let dates = [0, 11_016, 20_454, 20_513].map(super::date);
        assert_eq!(dates, ["1970-01-01", "2000-02-29", "2026-01-01", "2026-03-01"]);
    }
}
