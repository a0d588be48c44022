//! Statistics by hand, retention, and that a snapshot is what it was taken of.

use super::*;

fn at(seconds: u64) -> Time {
    Time(seconds * 1_000_000)
}

fn measure(name: &str, second: u64, span: u64, amount: Amount) -> Measure {
    Measure::of("N", name, [("D", "1")], "Count", at(second), Span::seconds(span), amount)
}

fn metric(name: &str) -> Metric {
    Metric::of("N", name, [("D", "1")])
}

fn summary(values: &[f64]) -> Summary {
    let mut all = values.iter().filter_map(|value| Summary::of(&Amount::once(*value)));
    let mut first = all.next().unwrap();
    all.for_each(|one| first.merge(&one));
    first
}

#[test]
fn statistics_are_those_of_the_values() {
    let values: Vec<f64> = (1..=100).map(f64::from).collect();
    let summary = summary(&values);
    let cases = [
        ("SampleCount", 100.0),
        ("Sum", 5050.0),
        ("Average", 50.5),
        ("Minimum", 1.0),
        ("Maximum", 100.0),
        ("p50", 50.0),
        ("p99", 99.0),
        ("p100", 100.0),
        ("p0", 1.0),
        ("tm90", 45.5),
        ("TM(10%:90%)", 50.5),
        ("IQM", 50.5),
        ("TM(10:20)", 15.5),
        ("tc90", 90.0),
        ("TC(90%:)", 10.0),
        ("TS(:10)", 55.0),
        ("PR(:30)", 30.0),
        ("PR(30:40)", 10.0),
        ("WM(10%:90%)", 50.5),
    ];
    for (name, expected) in cases {
        let value = summary.value(&Statistic::parse(name).unwrap()).unwrap();
        assert!((value - expected).abs() <= expected * 0.011, "{name}: {value}, not {expected}");
    }
    for name in ["", "p", "p101", "p1e1", "pp", "TM", "tm", "TM(:)", "TM(9%:3%)", "XX(1:2)", "ü1"]
    {
        assert_eq!(Statistic::parse(name), None, "{name}");
    }
}

#[test]
fn percentiles_need_the_values() {
    let percentile = Statistic::Percentile(50.0);
    let set = Amount { count: 3.0, sum: 9.0, least: 1.0, most: 5.0, spread: Vec::new() };
    assert_eq!(Summary::of(&set).unwrap().value(&percentile), None);
    let even = Amount { count: 3.0, sum: 9.0, least: 3.0, most: 3.0, spread: Vec::new() };
    assert_eq!(Summary::of(&even).unwrap().value(&percentile), Some(3.0));
    assert_eq!(summary(&[-1.0, 2.0]).value(&percentile), None);
    let mut mixed = Summary::of(&even).unwrap();
    mixed.merge(&Summary::of(&set).unwrap());
    assert_eq!(mixed.value(&percentile), None);
    assert_eq!(mixed.value(&Statistic::Sum), Some(18.0));
    let spread = vec![(1.0, 2.0), (5.0, 1.0)];
    let told = Amount { count: 3.0, sum: 7.0, least: 1.0, most: 5.0, spread };
    assert_eq!(Summary::of(&told).unwrap().value(&percentile), Some(1.0));
    assert_eq!(Summary::of(&Amount::events(0.0)), None);
}

#[test]
fn windows_hold_what_began_in_them() {
    let mut metrics = Metrics::default();
    for second in [0, 10, 59, 60, 119, 180] {
        let entry = Metrics::put(
            Some(&metrics),
            at(second),
            [
                measure("a", second, 1, Amount::once(1.0)),
                measure("b", second, 60, Amount::once(2.0)),
            ],
        );
        metrics.apply(&entry);
    }
    let sums = |name: &str| -> Vec<(u64, f64)> {
        let windows = metrics.windows(&metric(name), None, at(0), at(300), Span::seconds(60));
        windows.into_iter().map(|(begin, values)| (begin.seconds(), values.sum)).collect()
    };
    assert_eq!(sums("a"), [(0, 3.0), (60, 2.0), (180, 1.0)]);
    assert_eq!(sums("b"), [(0, 6.0), (60, 4.0), (180, 2.0)]);
    let fine = metrics.windows(&metric("a"), None, at(0), at(60), Span::seconds(10));
    assert_eq!(fine.len(), 3);
    assert_eq!(metrics.over(&metric("a"), Some("Percent"), at(0), at(60)), None);
    assert_eq!(metrics.over(&metric("a"), Some("Count"), at(0), at(60)).unwrap().count, 3.0);
    assert_eq!(metrics.list(Some("N"), Some("a")).count(), 1);
    assert_eq!(metrics.list(None, None).count(), 2);
    assert_eq!(metrics.list(Some("M"), None).count(), 0);
}

/// Values keep their sums while they grow coarse, and are gone in the end. docs:
/// cloudwatch_concepts, Metrics retention.
#[test]
fn old_values_are_coarser_and_then_gone() {
    let mut metrics = Metrics::default();
    let first: Vec<Measure> =
        (0..7200).map(|second| measure("a", second, 1, Amount::once(1.0))).collect();
    metrics.apply(&Metrics::put(None, at(7200), first));
    let count = |metrics: &Metrics, period: u64| {
        let windows = metrics.windows(&metric("a"), None, at(0), at(7200), Span::seconds(period));
        assert_eq!(windows.iter().map(|(_, one)| one.sum).sum::<f64>(), 7200.0);
        windows.len()
    };
    assert_eq!(count(&metrics, 1), 7200);
    let day = 86_400;
    for (days, windows) in [(1, 120), (16, 24), (64, 2)] {
        metrics.apply(&Metrics::put(Some(&metrics), at(days * day), []));
        assert_eq!(count(&metrics, 1), windows, "after {days} days");
    }
    metrics.apply(&Metrics::put(Some(&metrics), at(456 * day), []));
    assert_eq!(metrics.list(None, None).count(), 0);
    assert_eq!(metrics.weight, 0);
}

#[test]
fn a_snapshot_is_what_it_was_taken_of() {
    let mut metrics = Metrics::default();
    for round in 0_u32..200 {
        let second = u64::from(round) * 97;
        let value = f64::from(round) * 0.1 + 1.0 / 3.0;
        let measures = [
            measure(&format!("m{}", round % 7), second, 1, Amount::once(value)),
            measure("events", second, 60, Amount::events(f64::from(round % 3))),
        ];
        let entry = Metrics::put(Some(&metrics), at(second), measures);
        let bytes = serde_json::to_vec(&entry).unwrap();
        let mut replayed = metrics.clone();
        replayed.apply(&serde_json::from_slice(&bytes).unwrap());
        metrics.apply(&entry);
        assert_eq!(replayed, metrics, "what the journal gives back is what was");
    }
    let mut again = Metrics::default();
    for entry in metrics.entries() {
        let bytes = serde_json::to_vec(&entry).unwrap();
        again.apply(&serde_json::from_slice(&bytes).unwrap());
    }
    assert_eq!(again, metrics);
}

/// Names are written once; a point costs some tens of bytes in the journal after that.
#[test]
fn points_are_small_in_the_journal() {
    let mut metrics = Metrics::default();
    let measures = |second: u64| -> Vec<Measure> {
        let name = |number: u32| format!("a-rather-long-name-of-a-metric-{number}");
        let value = |number: u32| Amount::once(f64::from(number) * 0.37);
        (0..1000).map(|number| measure(&name(number), second, 60, value(number))).collect()
    };
    metrics.apply(&Metrics::put(None, at(0), measures(0)));
    let entry = Metrics::put(Some(&metrics), at(60), measures(60));
    let bytes = serde_json::to_vec(&entry).unwrap().len();
    assert!(bytes < 1000 * 48, "{bytes} bytes for a thousand points");
}
