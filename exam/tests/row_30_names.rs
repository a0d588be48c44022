//! Row 30, the truth table: sixty cases of routing and health, made through the API by boto3 and
//! asked over the wire, from four cities and with every mixture of health.

mod live;
mod names;

use exam::{Subject, full};
use live::{Agent, Calls, text};
use names::cases::CASES;
use names::reference::{CITIES, City, Line, Possible, Question, parse};
use names::{Counts, ENDPOINTS, Hosted, SERVER, ask, asker, endpoints};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// AWS's waits are so many times shorter here; the limits of time have a test of their own.
const PACE: u32 = 10;
const DOMAIN: &str = "truth.test";
/// So many answers show every value that comes with a quarter of them.
const MANY: u64 = 60;
/// Checkers agree much sooner; the machine may have other things to do.
const PATIENCE: Duration = Duration::from_secs(20);

/// The endpoints that are not well, phase by phase.
fn phases() -> Vec<&'static str> {
    let mut phases = vec!["", "x", "xy", "xyzv", "yz"];
    if full() {
        phases.extend(["y", "z", "v", "xz", "xv", "yv", "zv", "xyz", "xyv", "xzv", "yzv", ""]);
    }
    phases
}

/// What is wrong with the answers that came.
fn wrong(expected: &BTreeSet<Possible>, counts: &Counts) -> Option<String> {
    let sets: Vec<BTreeSet<String>> =
        counts.keys().map(|set| set.split(',').map(str::to_owned).collect()).collect();
    if expected.is_empty() {
        let nothing = counts.len() == 1 && counts.keys().all(|only| only == "-");
        let nowhere = counts.len() == 1 && counts.contains_key("NXDOMAIN");
        return (!nothing && !nowhere).then(|| format!("{counts:?} instead of nothing"));
    }
    let can =
        |set: &BTreeSet<String>, one: &Possible| set.len() == one.size && set.is_subset(&one.pool);
    let strange = sets.iter().any(|set| !expected.iter().any(|one| can(set, one)));
    let missing = expected.iter().any(|one| !sets.iter().any(|set| can(set, one)));
    (strange || missing).then(|| format!("{counts:?} instead of {expected:?}"))
}

/// Whether there is more than one answer.
fn varies(expected: &BTreeSet<Possible>) -> bool {
    expected.len() > 1 || expected.iter().any(|one| one.size < one.pool.len())
}

fn name(number: usize) -> String {
    format!("www.c{number}.{DOMAIN}")
}

struct Table {
    cases: Vec<Vec<Line>>,
    /// Addresses by city.
    clients: Vec<String>,
}

impl Table {
    fn expected(&self, number: usize, bad: &str, city: &City) -> BTreeSet<Possible> {
        Question { lines: &self.cases[number], bad, city }.answers("www")
    }

    /// Every case from every city once; what is wrong.
    fn round(&self, asker: &mut Agent, bad: &str) -> Vec<String> {
        let mut questions = Vec::new();
        let mut all = Vec::new();
        for (city, client) in CITIES.iter().zip(&self.clients) {
            for number in 0..self.cases.len() {
                let expected = self.expected(number, bad, city);
                let times = if varies(&expected) { MANY } else { 1 };
                questions.push(json!({"name": name(number), "server": SERVER, "times": times,
                    "from": client}));
                all.push((city.name, number, expected));
            }
        }
        let (counts, _) = ask(asker, &questions);
        all.iter()
            .zip(&counts)
            .filter_map(|((city, number, expected), counts)| {
                let what = CASES[*number].0;
                let why = wrong(expected, counts)?;
                Some(format!("case {number}, {what}, from {city}, unwell {bad:?}: {why}"))
            })
            .collect()
    }

    /// Every case by `dig`, run in a city.
    fn dig(&self, subject: &Subject, city: &City, bad: &str) {
        let names: Vec<String> = (0..self.cases.len()).map(name).collect();
        let server = format!("@{SERVER}");
        let mut words = vec!["as", city.name, "--", "dig", "+noall", "+answer", &server];
        words.extend(names.iter().map(String::as_str));
        let said = subject.maquette(&words);
        assert_eq!(said.code, 0, "{said:?}");
        for (number, name) in names.iter().enumerate() {
            let mine = said.out.lines().filter(|line| line.starts_with(&format!("{name}.")));
            let values: BTreeSet<String> = mine
                .map(|line| {
                    let words: Vec<&str> = line.split_whitespace().collect();
                    assert_eq!(words[1..4], ["60", "IN", "A"], "{line}");
                    words[4].to_owned()
                })
                .collect();
            let expected = self.expected(number, bad, city);
            let can = |one: &Possible| values.len() == one.size && values.is_subset(&one.pool);
            let right =
                if expected.is_empty() { values.is_empty() } else { expected.iter().any(can) };
            let what = CASES[number].0;
            assert!(right, "dig in {}: {what}: {values:?} instead of {expected:?}", city.name);
        }
    }
}

fn make(calls: &mut Calls) -> Vec<Vec<Line>> {
    let mut hosted = Hosted::make(calls, DOMAIN);
    let mut all = Vec::new();
    for (number, (_, records)) in CASES.iter().enumerate() {
        let lines: Vec<Line> = records.iter().map(|record| parse(record)).collect();
        let under = format!("c{number}");
        let changes: Vec<Json> = lines
            .iter()
            .enumerate()
            .map(|(at, line)| hosted.record(calls, &under, at, line))
            .collect();
        hosted.change(calls, &changes);
        all.push(lines);
    }
    all
}

/// What address a city's clients have.
fn client(subject: &Subject, city: &City) -> String {
    let said = subject.maquette(&["as", city.name, "--", "hostname", "-I"]);
    let address = said.out.split_whitespace().next();
    address.unwrap_or_else(|| panic!("{}: {said:?}", city.name)).to_owned()
}

/// Each check's state as the API shows it: whether most of its checkers succeeded.
fn status(calls: &mut Calls, id: &str) -> bool {
    let found = calls.call("route53", "GetHealthCheckStatus", json!({"HealthCheckId": id}));
    let all = found["HealthCheckObservations"].as_array().expect("observations");
    let good = |one: &&Json| text(&one["StatusReport"]["Status"]).starts_with("Success");
    // Healthy while more than 18 % of the checkers say so (developer guide).
    all.iter().filter(good).count() * 100 > all.len() * 18
}

#[test]
fn sixty_cases_are_answered_as_route_53_says() {
    assert!(CASES.len() >= 60);
    let mut subject = Subject::new("row30-truth");
    subject.pace = PACE;
    subject.start();
    let mut calls = Calls::of(&subject);
    let cases = make(&mut calls);
    let clients = CITIES.iter().map(|city| client(&subject, city)).collect();
    let table = Table { cases, clients };
    let mut servers = endpoints(&subject, "internet");
    let mut asker = asker(&subject, "internet");
    let mut slowest = Duration::ZERO;
    for (number, bad) in phases().into_iter().enumerate() {
        let states = ENDPOINTS.map(|(letter, port, unwell)| {
            json!([port, if bad.contains(letter) { unwell } else { "up" }])
        });
        servers.ask(&json!(states));
        let begun = Instant::now();
        loop {
            let wrong = table.round(&mut asker, bad);
            if wrong.is_empty() {
                break;
            }
            let late = begun.elapsed() > PATIENCE;
            assert!(!late, "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
        }
        slowest = slowest.max(begun.elapsed());
        if number == 1 {
            CITIES.iter().for_each(|city| table.dig(&subject, city, bad));
        }
    }
    eprintln!(
        "row 30: {} cases, {} mixtures of health, {} cities; all right after {slowest:?} at most",
        CASES.len(),
        phases().len(),
        CITIES.len()
    );
    let listed = calls.call("route53", "ListHealthChecks", json!({}));
    let last = phases().pop().expect("there are phases");
    let mut seen = BTreeMap::new();
    for check in listed["HealthChecks"].as_array().expect("checks") {
        let port = &check["HealthCheckConfig"]["Port"];
        let endpoint = ENDPOINTS.iter().find(|(_, known, _)| *port == *known);
        let Some((letter, ..)) = endpoint else { continue };
        let disabled = check["HealthCheckConfig"]["Disabled"] == true;
        if !disabled {
            // A name server knows before the control plane has heard.
            let (begun, wanted) = (Instant::now(), !last.contains(*letter));
            while status(&mut calls, &text(&check["Id"])) != wanted {
                assert!(begun.elapsed() < PATIENCE, "{letter} is not {wanted}: {check}");
            }
            seen.insert(*letter, wanted);
        }
    }
    assert_eq!(seen.len(), 4);
    drop((servers, asker));
    subject.finish();
}
