//! `load`: requests from some place of the model, and a picture of what comes of them.

use crate::cli::Load;
use crate::trouble::Trouble;
use crate::up::pace_in_words;
use ::load::{Addresses, Order, Picture, Target, run, summary};
use linux::State;
use std::io::{IsTerminal, Write, stdout};
use std::process::ExitCode;
use std::time::Duration;

/// Sends the load from its place: this program again, there.
pub(crate) fn load(state: &State, what: &Load) -> Result<ExitCode, Trouble> {
    // What is wrong shows before anything is entered.
    order(what)?;
    let mut words = vec![std::env::current_exe()?.display().to_string()];
    words.extend(["load-here".to_owned(), what.url.clone()]);
    words.extend(["--rate".to_owned(), what.rate.clone()]);
    words.extend(["--duration".to_owned(), what.duration.clone()]);
    words.extend(["--connect".to_owned(), what.connect.clone()]);
    words.extend(["--timeout".to_owned(), what.timeout.clone()]);
    words.extend(what.by.iter().flat_map(|name| ["--by".to_owned(), name.clone()]));
    if what.one_address {
        words.push("--one-address".to_owned());
    }
    if what.json {
        words.push("--json".to_owned());
    }
    if what.from.starts_with("i-") {
        return Err(Trouble::wrong("a load comes from `internet` or a city, not from an instance"));
    }
    if let Some(running) = state.running() {
        words.extend(["--pace".to_owned(), running.pace.to_string()]);
    }
    crate::place::run(state, &what.from, &words)
}

/// Sends the load from here.
pub(crate) fn here(what: &Load) -> Result<ExitCode, Trouble> {
    let order = order(what)?;
    let mut picture = Picture::default();
    let live = stdout().is_terminal() && !what.json;
    if what.pace > 1 && !what.json {
        println!("pace       {}", pace_in_words(what.pace));
    }
    let report = run(&order, |tally, since| {
        if live {
            print!("{}", picture.draw(&order, tally, since));
            // A terminal that is gone ends the program by its signal.
            let _ = stdout().flush();
        }
    })?;
    if what.json {
        let mut report = serde_json::to_value(&report).map_err(std::io::Error::other)?;
        report["pace"] = what.pace.into();
        println!("{report:#}");
    } else if !live {
        print!("{}", summary(&order, &report));
    }
    Ok(if report.good > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn order(what: &Load) -> Result<Order, Trouble> {
    let rates: Option<Vec<f64>> = what.rate.split(',').map(|text| text.parse().ok()).collect();
    let rates = rates.filter(|all| all.iter().all(|rate| (0.1..=50_000.0).contains(rate)));
    let rates = rates.ok_or_else(|| {
        Trouble::wrong(format!("--rate {}: say 50, or 20,100,20, at most 50000", what.rate))
    })?;
    Ok(Order {
        target: Target::parse(&what.url).map_err(Trouble::wrong)?,
        rates,
        duration: span(&what.duration)?,
        addresses: if what.one_address { Addresses::One } else { Addresses::All },
        connect: span(&what.connect)?,
        patience: span(&what.timeout)?,
        who: what.by.clone(),
    })
}

/// `90`, `90s`, `500ms`, `2m`, `1h`.
fn span(text: &str) -> Result<Duration, Trouble> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let millis = match unit {
        "ms" => Some(1),
        "s" | "" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let number: Option<u64> = number.parse().ok();
    let span = number.zip(millis).and_then(|(number, millis)| number.checked_mul(millis));
    match span.filter(|span| (1..=86_400_000).contains(span)) {
        Some(span) => Ok(Duration::from_millis(span)),
        None => Err(Trouble::wrong(format!("{text}: say 500ms, 30s, 2m or 1h, at most a day"))),
    }
}
