//! Expressions over small series, data in and data out.

use super::*;
use crate::model::{Query, Source};
use region::Plane;
use region::meter::{Measure, Metric, Metrics};
use world::{Amount, Span, Time};

const MINUTE: Span = Span::seconds(60);

fn at(minute: u64) -> Time {
    Time(minute * 60_000_000)
}

/// `a` is 1, 2, -, 4; `b` is 10, -, 30, 0; `c` has a dimension.
fn metrics() -> Metrics {
    let mut metrics = Metrics::default();
    let all: [(&str, [Option<f64>; 4]); 3] = [
        ("a", [Some(1.0), Some(2.0), None, Some(4.0)]),
        ("b", [Some(10.0), None, Some(30.0), Some(0.0)]),
        ("c", [Some(5.0), Some(5.0), Some(5.0), Some(5.0)]),
    ];
    let mut measures = Vec::new();
    for (name, values) in all {
        let of: &[(&str, &str)] = if name == "c" { &[("Host", "h1")] } else { &[] };
        for (minute, value) in (0_u64..).zip(values) {
            let amount = value.map(Amount::once);
            measures.extend(amount.map(|amount| {
                Measure::of("N", name, of.iter().copied(), "None", at(minute), MINUTE, amount)
            }));
        }
    }
    metrics.apply(&Metrics::put(None, at(4), measures));
    metrics
}

fn query(id: &str, source: Source) -> Query {
    Query {
        id: id.into(),
        label: None,
        source,
        returned: Some(id == "e"),
        period: None,
        account: None,
    }
}

fn evaluate(expression: &str) -> Result<Vec<Vec<Option<f64>>>, String> {
    let stat = |name: &str, of: Vec<(&str, &str)>| Source::Stat {
        metric: Metric::of("N", name, of),
        statistic: "Sum".into(),
        period: 60,
        unit: None,
    };
    let queries = [
        query("a", stat("a", vec![])),
        query("b", stat("b", vec![])),
        query("c", stat("c", vec![("Host", "h1")])),
        query("e", Source::Expression(expression.into())),
    ];
    let metrics = metrics();
    let (from, to, metrics) = (at(0), at(4), Some(&metrics));
    let frame = Frame { metrics, from, to, pace: 1, finest: MINUTE, ..Frame::default() };
    let answers = answers(&frame, &queries)?;
    let lines = answers.into_iter().flat_map(|answer| answer.lines);
    Ok(lines.map(|line| (0..4).map(|one| line.points.get(&at(one)).copied()).collect()).collect())
}

#[test]
fn expressions_are_what_they_say() {
    let n: Option<f64> = None;
    let s = Some;
    let table: &[(&str, [Option<f64>; 4])] = &[
        ("a", [s(1.0), s(2.0), n, s(4.0)]),
        ("a+b", [s(11.0), n, n, s(4.0)]),
        ("a / b", [s(0.1), n, n, n]),
        ("2 * a ^ 2 - 1", [s(1.0), s(7.0), n, s(31.0)]),
        ("-a + 3", [s(2.0), s(1.0), n, s(-1.0)]),
        ("2 ^ 3 ^ 0 * c", [s(10.0), s(10.0), s(10.0), s(10.0)]),
        ("(a > 1) AND (a < 4)", [s(0.0), s(1.0), n, s(0.0)]),
        ("a >= 2 || a == 1", [s(1.0), s(1.0), n, s(1.0)]),
        ("a - AVG(a)", [s(1.0 - 7.0 / 3.0), s(2.0 - 7.0 / 3.0), n, s(4.0 - 7.0 / 3.0)]),
        ("SUM([a, b])", [s(11.0), s(2.0), s(30.0), s(4.0)]),
        ("SUM(METRICS())", [s(16.0), s(7.0), s(35.0), s(9.0)]),
        ("MAX(METRICS('a'))", [s(1.0), s(2.0), n, s(4.0)]),
        ("MIN([a, b, c])", [s(1.0), s(2.0), s(5.0), s(0.0)]),
        ("STDDEV([a, a])", [s(0.0), s(0.0), n, s(0.0)]),
        ("FILL(a, 0)", [s(1.0), s(2.0), s(0.0), s(4.0)]),
        ("FILL(a, REPEAT)", [s(1.0), s(2.0), s(2.0), s(4.0)]),
        ("FILL(a, LINEAR)", [s(1.0), s(2.0), s(3.0), s(4.0)]),
        ("FILL(b, a)", [s(10.0), s(2.0), s(30.0), s(0.0)]),
        ("IF(a > 1, b, c)", [s(5.0), n, n, s(0.0)]),
        ("IF(a > 1, a)", [n, s(2.0), n, s(4.0)]),
        ("IF(1, a, b)", [s(1.0), s(2.0), n, s(4.0)]),
        ("DIFF(a)", [n, s(1.0), n, s(2.0)]),
        ("RATE(a)", [n, s(1.0 / 60.0), n, s(2.0 / 120.0)]),
        ("DIFF_TIME(a)", [n, s(60.0), n, s(120.0)]),
        ("RUNNING_SUM(a)", [s(1.0), s(3.0), n, s(7.0)]),
        ("a / PERIOD(a) * 60", [s(1.0), s(2.0), n, s(4.0)]),
        ("CEIL(a / 2) + FLOOR(a / 2) + ABS(-a)", [s(2.0), s(4.0), n, s(8.0)]),
        ("TIME_SERIES(DATAPOINT_COUNT(a))", [s(3.0), s(3.0), s(3.0), s(3.0)]),
        ("TIME_SERIES(METRIC_COUNT(METRICS()))", [s(3.0), s(3.0), s(3.0), s(3.0)]),
        ("SLICE(SORT(METRICS(), SUM, DESC), 0)", [s(10.0), n, s(30.0), s(0.0)]),
        ("FIRST(SORT(METRICS(), MAX, ASC))", [s(1.0), s(2.0), n, s(4.0)]),
        ("MINUTE(c)", [s(0.0), s(1.0), s(2.0), s(3.0)]),
        ("YEAR(a)", [s(1970.0), s(1970.0), n, s(1970.0)]),
        ("DAY(a)", [s(4.0), s(4.0), n, s(4.0)]),
        ("SUM(SEARCH('{N,Host} MetricName=\"c\"', 'Sum', 60))", [s(5.0); 4]),
        ("SUM(SEARCH('{N} b', 'Sum', 60))", [s(10.0), n, s(30.0), s(0.0)]),
    ];
    for (expression, expected) in table {
        let lines = evaluate(expression).unwrap();
        assert_eq!(lines.len(), 1, "{expression}");
        for (value, expected) in lines[0].iter().zip(expected) {
            let near = match (value, expected) {
                (Some(value), Some(expected)) => (value - expected).abs() < 1e-9,
                (value, expected) => value == expected,
            };
            assert!(near, "{expression}: {:?}", lines[0]);
        }
    }
    assert_eq!(evaluate("METRICS() * 2").unwrap().len(), 3);
    assert_eq!(evaluate("SEARCH('h1', 'Sum')").unwrap().len(), 1);
    for (search, found) in [
        ("MetricName=\"a\" OR MetricName=\"b\"", 2),
        ("MetricName=(\"a\" OR \"b\" OR \"x\")", 2),
        ("NOT MetricName=\"a\"", 2),
        ("{N} NOT (a OR b)", 0),
        ("(a OR b) AND NOT b", 1),
        ("{N,Host}", 1),
        ("Namespace=\"N\" h1", 1),
    ] {
        let found_now = evaluate(&format!("SEARCH('{search}', 'Sum')")).unwrap().len();
        assert_eq!(found_now, found, "{search}");
    }
    assert_eq!(evaluate("SEARCH('nothing', 'Sum')").unwrap().len(), 0);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let bad = [
        "",
        "a +",
        "(a",
        "a)",
        "a b",
        "x",
        "AVG(a)",
        "5",
        "'text'",
        "NO(a)",
        "AVG()",
        "AVG(a, b)",
        "[a, 5]",
        "METRICS() + METRICS()",
        "FILL(a, WHAT)",
        "e",
        "1e999",
        "a ! b",
        "\"open",
        "SLICE(METRICS(), 9)",
        "ANOMALY_DETECTION_BAND(a)",
        "SEARCH('a OR', 'Sum')",
        "SEARCH('(a', 'Sum')",
        "SEARCH('a)', 'Sum')",
        "SEARCH('NOT', 'Sum')",
        "SEARCH('MetricName=', 'Sum')",
        "IF(METRICS(), a)",
        "a[",
    ];
    for expression in bad {
        assert!(evaluate(expression).is_err(), "{expression}");
    }
    let deep = "(".repeat(500);
    assert!(evaluate(&deep).is_err());
}
