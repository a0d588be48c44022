//! Values in, statistics, series and reasons out.

use serde_json::{Value as Json, json};
use sim::Settings;
use stories::Bench;
use world::{Span, World};

fn bench() -> Bench {
    Bench::of(vec![&cloudwatch::SERVICE], 3, Settings::default())
}

fn call(bench: &mut Bench, operation: &str, input: &Json) -> Json {
    bench.call("cloudwatch", operation, input).unwrap()
}

/// Waits until a minute begins; seconds since 1970.
fn minute(bench: &mut Bench) -> u64 {
    let now = bench.world().now();
    let next = region::meter::aligned(now, Span::seconds(60)) + Span::seconds(60);
    bench.wait(next.since(now));
    next.seconds()
}

fn put(bench: &mut Bench, name: &str, value: f64) {
    let data = json!([{ "MetricName": name, "Value": value }]);
    call(bench, "PutMetricData", &json!({ "Namespace": "App", "MetricData": data }));
}

#[test]
fn reasons_are_in_awss_words() {
    let mut bench = bench();
    let begin = minute(&mut bench);
    let alarm = json!({
        "AlarmName": "a", "Namespace": "App", "MetricName": "m", "Statistic": "Maximum",
        "Period": 60, "EvaluationPeriods": 3, "DatapointsToAlarm": 2, "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    });
    call(&mut bench, "PutMetricAlarm", &alarm);
    let state = |bench: &mut Bench| {
        let answer = call(bench, "DescribeAlarms", &json!({}));
        let alarm = &answer["MetricAlarms"][0];
        let text = |name: &str| alarm[name].as_str().unwrap_or_default().to_owned();
        (text("StateValue"), text("StateReason"), text("StateReasonData"))
    };
    for value in [0.5, 1.0, 2.25] {
        put(&mut bench, "m", value);
        bench.wait(Span::seconds(60));
    }
    bench.wait(Span::millis(600));
    let (value, reason, data) = state(&mut bench);
    assert_eq!(value, "ALARM");
    let at = |minutes: u64| {
        let time = shape::Timestamp::from_seconds(i64::try_from(begin + minutes * 60).unwrap());
        let text = time.iso8601();
        format!("{}/{}/{} {}", &text[8..10], &text[5..7], &text[2..4], &text[11..19])
    };
    let expected = format!(
        "Threshold Crossed: 2 out of the last 3 datapoints [2.25 ({}), 1.0 ({})] were greater than \
         or equal to the threshold (1.0) (minimum 2 datapoints for OK -> ALARM transition).",
        at(2),
        at(1)
    );
    assert_eq!(reason, expected);
    let data: Json = serde_json::from_str(&data).unwrap();
    assert_eq!(data["recentDatapoints"], json!([0.5, 1.0, 2.25]));
    assert_eq!(data["statistic"], "Maximum");
    assert_eq!(data["evaluatedDatapoints"][0]["value"], 2.25);
    for _ in 0..2 {
        put(&mut bench, "m", 0.0);
        bench.wait(Span::seconds(60));
    }
    let (value, reason, _) = state(&mut bench);
    assert_eq!(value, "OK");
    let expected = format!(
        "Threshold Crossed: 2 out of the last 3 datapoints [0.0 ({}), 0.0 ({})] were not greater \
         than or equal to the threshold (1.0) (minimum 2 datapoints for ALARM -> OK transition).",
        at(4),
        at(3)
    );
    assert_eq!(reason, expected);
    let history = json!({ "AlarmName": "a", "HistoryItemType": "StateUpdate", "MaxRecords": 1 });
    let history = call(&mut bench, "DescribeAlarmHistory", &history);
    let data = history["AlarmHistoryItems"][0]["HistoryData"].as_str().unwrap();
    let data: Json = serde_json::from_str(data).unwrap();
    assert_eq!(data["version"], "1.0");
    assert_eq!(data["oldState"]["stateValue"], "ALARM");
    assert_eq!(data["newState"]["stateReason"], expected);
    assert_eq!(data["newState"]["stateReasonData"]["threshold"], 1.0);
}

/// A minute at pace 1; the limit of issue 3 is one second after its end.
#[test]
fn a_decision_comes_within_a_second_of_the_periods_end() {
    for pace in [1, 10, 60] {
        let settings = Settings { pace, ..Settings::default() };
        let mut bench = Bench::of(vec![&cloudwatch::SERVICE], 3, settings);
        let minute = Span(60_000_000 / u64::from(pace));
        let now = bench.world().now();
        let begin = region::meter::aligned(now, minute) + minute;
        bench.wait(begin.since(now));
        let alarm = json!({
            "AlarmName": "a", "Namespace": "App", "MetricName": "m", "Statistic": "Sum",
            "Period": 60, "EvaluationPeriods": 1, "Threshold": 0, "TreatMissingData": "ignore",
            "ComparisonOperator": "GreaterThanThreshold",
        });
        call(&mut bench, "PutMetricAlarm", &alarm);
        put(&mut bench, "m", 1.0);
        let end = begin + minute;
        let value = |bench: &mut Bench| {
            call(bench, "DescribeAlarms", &json!({}))["MetricAlarms"][0]["StateValue"].clone()
        };
        let now = bench.world().now();
        bench.wait(end.since(now));
        assert_eq!(value(&mut bench), "INSUFFICIENT_DATA", "pace {pace}");
        bench.wait(Span::millis(950));
        assert_eq!(value(&mut bench), "ALARM", "pace {pace}");
    }
}

#[test]
fn statistics_come_by_period() {
    let mut bench = bench();
    let begin = minute(&mut bench);
    let data = json!([
        { "MetricName": "m", "Unit": "Seconds", "Timestamp": begin, "Values": [1, 2, 3, 4] },
        { "MetricName": "m", "Unit": "Seconds", "Timestamp": begin - 60, "Value": 5.0 },
        { "MetricName": "m", "Unit": "Count", "Timestamp": begin - 60, "Value": 7.0 },
    ]);
    call(&mut bench, "PutMetricData", &json!({ "Namespace": "App", "MetricData": data }));
    let mut input = json!({
        "Namespace": "App", "MetricName": "m", "StartTime": begin - 119, "EndTime": begin + 60,
        "Period": 60, "Statistics": ["Average", "SampleCount"], "Unit": "Seconds",
    });
    let answer = call(&mut bench, "GetMetricStatistics", &input);
    let points = answer["Datapoints"].as_array().unwrap();
    assert_eq!(points.len(), 2, "{points:?}");
    assert_eq!(points[0]["Average"], 5.0);
    assert_eq!(points[1]["Average"], 2.5);
    assert_eq!(points[1]["SampleCount"], 4.0);
    assert_eq!(points[1]["Unit"], "Seconds");
    assert_eq!(points[1]["Sum"], Json::Null);
    input["Statistics"] = Json::Null;
    input["ExtendedStatistics"] = json!(["p50", "tm50"]);
    input["Unit"] = Json::Null;
    let answer = call(&mut bench, "GetMetricStatistics", &input);
    let points = answer["Datapoints"].as_array().unwrap();
    assert_eq!(points.len(), 3, "units are kept apart: {points:?}");
    let seconds = points.iter().find(|point| point["ExtendedStatistics"]["p50"] == 2.0);
    assert_eq!(seconds.unwrap()["ExtendedStatistics"]["tm50"], 1.5);
    for (name, value) in [("Period", json!(7)), ("EndTime", json!(begin - 600))] {
        let mut bad = input.clone();
        bad[name] = value;
        let refused = bench.call("cloudwatch", "GetMetricStatistics", &bad).unwrap_err();
        assert!(refused.code.starts_with("InvalidParameter"), "{refused:?}");
    }
}
