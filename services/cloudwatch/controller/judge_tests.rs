//! The guide's two tables, and what surrounds them.

use super::*;
use crate::model::Comparison;
use region::meter::Exact;

const ALL: [Missing; 4] =
    [Missing::Missing, Missing::Ignore, Missing::Breaching, Missing::NotBreaching];

fn rule(m: u32, n: u32, missing: Missing) -> MetricRule {
    MetricRule {
        queries: Vec::new(),
        comparison: Comparison::GreaterThanThreshold,
        threshold: Exact(1.0),
        periods: n,
        datapoints: Some(m),
        missing: Some(missing),
        low_samples: None,
    }
}

/// `0 - X`, the newest last.
fn range(text: &str) -> Vec<Option<f64>> {
    let value = |one: &str| match one {
        "0" => Some(0.0),
        "X" => Some(2.0),
        _ => None,
    };
    text.split(' ').rev().map(value).collect()
}

/// docs: alarms-and-missing-data, both tables and the text below them. States: A, O, I, or K for
/// kept; for missing, ignore, breaching and notBreaching.
#[test]
fn missing_values_are_treated_as_the_guide_says() {
    let table = [
        (3, 3, "0 - X - X", 0, "OOOO"),
        (3, 3, "- - - - 0", 2, "OOOO"),
        (3, 3, "- - - - -", 3, "IKAO"),
        (3, 3, "0 X X - X", 0, "AAAA"),
        (3, 3, "- - X - -", 2, "AKAO"),
        (2, 3, "0 - X - X", 0, "AAAA"),
        (2, 3, "0 0 X 0 X", 0, "AAAA"),
        (2, 3, "0 - X - -", 1, "OOAO"),
        (2, 3, "- - - - 0", 2, "OOAO"),
        (2, 3, "- - - X -", 2, "AKAO"),
        // Too young to decide: the next value may be good.
        (3, 3, "- - - - X", 2, "IKAO"),
        (3, 3, "- - - X -", 2, "IKAO"),
        (3, 3, "- - X - 0", 1, "OOOO"),
        (1, 1, "- - X", 0, "AAAA"),
        (1, 1, "- - 0", 0, "OOOO"),
        (1, 1, "X X 0", 0, "OOOO"),
        (3, 3, "X X X 0 X", 0, "OOOO"),
    ];
    for (m, n, text, filled, states) in table {
        for (missing, expected) in ALL.into_iter().zip(states.chars()) {
            let verdict = judge(&rule(m, n, missing), &range(text));
            let letter = match verdict.state {
                Some(State::Alarm) => 'A',
                Some(State::Ok) => 'O',
                Some(State::InsufficientData) => 'I',
                None => 'K',
            };
            assert_eq!(letter, expected, "{m} of {n}: {text}, {missing:?}");
            assert_eq!(verdict.filled, filled, "{m} of {n}: {text}, {missing:?}");
        }
    }
}
