//! Row 30 of the exam's table of choices: every line of `truth.txt`, each asked 400 times, and
//! the spread of weighted answers.
#![allow(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

mod zones;

use names::choose::{Answer, Code};
use names::name::Name;
use names::places::{self, Asker};
use names::rdata::{kind, kind_of};
use names::{Book, Question, choose};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use world::{Id, NameAnswer, NameChoice, NameRecord};

fn full(name: &str) -> String {
    format!("{name}.example.com.")
}

fn choice(word: &str) -> NameChoice {
    let (policy, value) = word.split_once('=').unwrap_or((word, ""));
    let place = |continent: Option<&str>, country: Option<&str>| {
        let (country, subdivision) = match country.and_then(|country| country.split_once('/')) {
            Some((country, part)) => (Some(country), Some(part.to_owned())),
            None => (country, None),
        };
        let text = |text: Option<&str>| text.map(str::to_owned);
        NameChoice::Place { continent: text(continent), country: text(country), subdivision }
    };
    match policy {
        "simple" => NameChoice::Simple,
        "primary" => NameChoice::Failover(true),
        "secondary" => NameChoice::Failover(false),
        "weight" => NameChoice::Weighted(value.parse().unwrap()),
        "latency" => NameChoice::Latency(value.to_owned()),
        "continent" => place(Some(value), None),
        "country" => place(None, Some(value)),
        "multi" => NameChoice::Multivalue,
        "network" if value == "*" => NameChoice::Network(Vec::new()),
        "network" => NameChoice::Network(vec![value.parse().unwrap()]),
        "near" => {
            let mut parts = value.split('/');
            let mut hundredths = || {
                let degrees: f64 = parts.next().unwrap().parse().unwrap();
                (degrees * 100.0).round() as i32
            };
            let (latitude, longitude) = (hundredths(), hundredths());
            NameChoice::Nearest { latitude, longitude, bias: hundredths() / 100 }
        }
        other => panic!("{other}"),
    }
}

fn record(line: &str) -> NameRecord {
    let mut words = line.split_whitespace();
    let (name, kind) = (words.next().unwrap(), words.next().unwrap());
    let mut out = zones::record(&full(name), kind, zones::values(60, &[]));
    out.choice = choice(words.next().unwrap());
    let mut values = Vec::new();
    for word in words {
        match word.split_once('=') {
            Some(("check", id)) => out.check = Some(Id::from(id)),
            Some(("alias", target)) => {
                let name = target.trim_end_matches("+look");
                out.answer = zones::alias(&full(name), name != target);
                return out;
            }
            Some(("balancer", list)) => {
                let well = line.split("well=").nth(1).unwrap();
                let address = |word: &str| {
                    let address: Ipv4Addr = word.trim_end_matches('-').parse().unwrap();
                    (address, !word.ends_with('-'))
                };
                let addresses = list.split(',').map(address).collect();
                let well = Some(well == "yes").filter(|_| well != "none");
                out.answer = NameAnswer::Addresses { ttl: 60, addresses, well };
                return out;
            }
            _ => values.push(word),
        }
    }
    out.answer = zones::values(60, &values);
    out
}

fn shown(answer: &Answer) -> String {
    let mut chain = Vec::new();
    let mut values = Vec::new();
    for part in answer.answer.iter() {
        let count = part.values.len().min(part.most);
        let texts = part.values.iter().take(count).map(|data| data.text.to_string());
        match part.kind {
            kind::CNAME => chain.extend(texts.map(|text| format!("cname {text}"))),
            kind::HINFO => values.push("RFC8482".to_owned()),
            _ => values.extend(texts),
        }
    }
    values.sort();
    chain.extend(values);
    let code = match answer.code {
        Code::NoError => None,
        Code::NxDomain => Some("NXDOMAIN"),
        Code::ServFail => Some("SERVFAIL"),
        Code::Refused => Some("REFUSED"),
        other => panic!("{other:?}"),
    };
    chain.extend(code.map(str::to_owned));
    if let Some(part) = answer.authority.filter(|part| part.kind == kind::NS) {
        let glue = answer.additional.iter().flat_map(|part| part.values);
        let list = |values: &mut dyn Iterator<Item = &names::rdata::Data>| {
            let mut texts: Vec<&str> = values.map(|data| &*data.text).collect();
            texts.sort_unstable();
            texts.join(",")
        };
        assert!(!answer.authoritative);
        let (servers, glue) = (list(&mut part.values.iter()), list(&mut { glue }));
        return format!("referral {servers} glue {glue}");
    }
    if chain.is_empty() {
        let soa = answer.authority.expect("a SOA for what is not there");
        assert_eq!(soa.kind, kind::SOA);
        return "-".to_owned();
    }
    chain.join(",")
}

fn dice(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
}

fn asked(book: &Book, line: &str) -> BTreeSet<String> {
    let mut words = line.split_whitespace().skip(1);
    let name = Name::parse(&full(words.next().unwrap())).unwrap();
    let kind = kind_of(words.next().unwrap()).unwrap();
    let (mut unwell, mut asker) = (BTreeSet::new(), Asker::at(Ipv4Addr::new(192, 0, 2, 1)));
    while let Some(word) = words.next() {
        match word {
            "unwell" => {}
            "from" => asker = Asker::of(places::city(words.next().unwrap()).unwrap()),
            check => {
                unwell.insert(Id::from(check));
            }
        }
    }
    let wells = book.wells(|id| !unwell.contains(id));
    let mut roll = dice(7);
    let question = Question { name: name.wire(), kind, asker: &asker };
    (0..400).map(|_| shown(&choose(book, &wells, question, &mut roll))).collect()
}

#[test]
fn every_choice_is_route_53s() {
    let text = include_str!("truth.txt");
    let mut records: Vec<NameRecord> = Vec::new();
    let mut book = Book::default();
    let (mut count, mut wrong) = (0, Vec::new());
    let mut fresh = false;
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if line.starts_with("zone") {
            records.clear();
        } else if line.starts_with(' ') {
            records.push(record(line));
            fresh = true;
        } else {
            if std::mem::take(&mut fresh) {
                let zone = zones::zone("example.com.", records.clone());
                book = Book::new(&BTreeMap::from([(Id::from("Z"), zone)]));
            }
            let (question, expected) = line.split_once(" -> ").unwrap();
            let answers = asked(&book, question);
            count += 1;
            let right = match expected.split_once(" of ") {
                Some((most, all)) => {
                    let each: BTreeSet<&str> = answers.iter().flat_map(|a| a.split(',')).collect();
                    answers.iter().all(|answer| answer.split(',').count().to_string() == most)
                        && each.len().to_string() == all
                }
                None => answers == expected.split(" or ").map(str::to_owned).collect(),
            };
            if !right {
                wrong.push(format!("{line}\n    answered: {answers:?}"));
            }
        }
    }
    assert!(count >= 60, "{count} cases");
    assert!(wrong.is_empty(), "{} of {count} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Upper ends of chi-square at p = 0.01 for 1 to 9 degrees of freedom.
const CHI_SQUARE: [f64; 9] = [6.635, 9.210, 11.345, 13.277, 15.086, 16.812, 18.475, 20.090, 21.666];

fn spread(records: Vec<NameRecord>, shares: &[f64], seed: u64) {
    let zone = zones::zone("example.com.", records);
    let book = Book::new(&BTreeMap::from([(Id::from("Z"), zone)]));
    let name = Name::parse("w.example.com.").unwrap();
    let asker = Asker::at(Ipv4Addr::LOCALHOST);
    let question = Question { name: name.wire(), kind: kind::A, asker: &asker };
    let mut roll = dice(seed);
    let mut seen: BTreeMap<String, f64> = BTreeMap::new();
    let mut total = 0.0;
    for _ in 0..10_000 {
        let answer = choose(&book, &[], question, &mut roll);
        for value in shown(&answer).split(',') {
            *seen.entry(value.to_owned()).or_default() += 1.0;
            total += 1.0;
        }
    }
    let sum: f64 = shares.iter().sum();
    let mut square = 0.0;
    for (number, share) in shares.iter().enumerate() {
        let expected = total * share / sum;
        let found = seen.get(&format!("10.0.0.{number}")).copied().unwrap_or(0.0);
        if expected == 0.0 {
            assert_eq!(found, 0.0, "a weight of 0 is never chosen");
        } else {
            square += (found - expected).powi(2) / expected;
        }
    }
    let freedom = shares.iter().filter(|share| **share > 0.0).count() - 1;
    assert!(square < CHI_SQUARE[freedom - 1], "{shares:?}: {square} in {seen:?}");
}

#[test]
fn ten_thousand_answers_are_spread_as_weights_say() {
    for (turn, weights) in [
        vec![1, 1],
        vec![1, 255],
        vec![10, 20, 70],
        vec![0, 3, 1],
        vec![0, 0, 0],
        vec![255, 255, 255, 255],
        vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    ]
    .into_iter()
    .enumerate()
    {
        let one = |(number, weight): (usize, &u32)| {
            record(&format!("w A weight={weight} 10.0.0.{number}"))
        };
        let records = weights.iter().enumerate().map(one).collect();
        let all_zero = weights.iter().all(|weight| *weight == 0);
        let share = |weight: &u32| if all_zero { 1.0 } else { f64::from(*weight) };
        let shares: Vec<f64> = weights.iter().map(share).collect();
        spread(records, &shares, turn as u64 + 11);
    }
    let ten = (0..10).map(|number| record(&format!("w A multi 10.0.0.{number}"))).collect();
    spread(ten, &[1.0; 10], 3);
}
