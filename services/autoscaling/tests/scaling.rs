//! Policies and schedules: what changes what is desired.

use crate::bench::Bench;
use serde_json::{Value as Json, json};
use world::{Span, Time};

const G: &str = "g";

fn policy(bench: &mut Bench, name: &str, more: Json) -> Json {
    let mut input = json!({"AutoScalingGroupName": G, "PolicyName": name});
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    bench.asg("PutScalingPolicy", input)
}

fn desired(bench: &mut Bench) -> i64 {
    bench.show()["DesiredCapacity"].as_i64().unwrap()
}

fn execute(bench: &mut Bench, name: &str, more: Json) {
    let mut input = json!({"AutoScalingGroupName": G, "PolicyName": name});
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    bench.asg("ExecutePolicy", input);
}

#[test]
fn simple_policies_cool_down() {
    let mut bench = Bench::new(1);
    bench.group(1, 10, 2, json!({"DefaultCooldown": 60}));
    bench.until(2, 15);
    policy(
        &mut bench,
        "out",
        json!({"AdjustmentType": "ChangeInCapacity", "ScalingAdjustment": 2}),
    );
    execute(&mut bench, "out", json!({"HonorCooldown": true}));
    assert_eq!(desired(&mut bench), 4);
    bench.until(4, 15);
    let honoured = json!({"AutoScalingGroupName": G, "PolicyName": "out", "HonorCooldown": true});
    assert_eq!(bench.refused("ExecutePolicy", honoured.clone()).code, "ScalingActivityInProgress");
    bench.wait(Span::seconds(61));
    bench.asg("ExecutePolicy", honoured);
    assert_eq!(desired(&mut bench), 6);
    let cause = "a user request executed policy out changing the desired capacity from 4 to 6.";
    bench.until(6, 15);
    assert!(bench.activities()[0]["Cause"].as_str().unwrap().contains(cause));
    policy(
        &mut bench,
        "half",
        json!({"AdjustmentType": "PercentChangeInCapacity",
        "ScalingAdjustment": -10, "MinAdjustmentMagnitude": 2}),
    );
    execute(&mut bench, "half", json!({}));
    assert_eq!(desired(&mut bench), 4);
    policy(
        &mut bench,
        "exact",
        json!({"AdjustmentType": "ExactCapacity", "ScalingAdjustment": 99}),
    );
    execute(&mut bench, "exact", json!({}));
    assert_eq!(desired(&mut bench), 10);
}

#[test]
fn steps_go_by_the_breach() {
    let mut bench = Bench::new(2);
    bench.group(1, 20, 10, json!({"DefaultInstanceWarmup": 0}));
    bench.until(10, 15);
    let steps = json!([
        {"MetricIntervalLowerBound": 0.0, "MetricIntervalUpperBound": 10.0,
            "ScalingAdjustment": 10},
        {"MetricIntervalLowerBound": 10.0, "ScalingAdjustment": 30}]);
    policy(
        &mut bench,
        "out",
        json!({"PolicyType": "StepScaling",
        "AdjustmentType": "PercentChangeInCapacity", "StepAdjustments": steps}),
    );
    let at = |value: f64| json!({"MetricValue": value, "BreachThreshold": 50.0});
    execute(&mut bench, "out", at(59.9));
    assert_eq!(desired(&mut bench), 11);
    // The earlier step is still on its way: only the difference is added.
    execute(&mut bench, "out", at(60.0));
    assert_eq!(desired(&mut bench), 13);
    execute(&mut bench, "out", at(49.0));
    assert_eq!(desired(&mut bench), 13);
    let gap = json!([{"MetricIntervalLowerBound": 0.0, "MetricIntervalUpperBound": 1.0,
        "ScalingAdjustment": 1}, {"MetricIntervalLowerBound": 2.0, "ScalingAdjustment": 2}]);
    let refused = bench.refused(
        "PutScalingPolicy",
        json!({"AutoScalingGroupName": G,
        "PolicyName": "gap", "PolicyType": "StepScaling", "AdjustmentType": "ChangeInCapacity",
        "StepAdjustments": gap}),
    );
    assert_eq!(refused.code, "ValidationError");
}

/// A minute of a metric, so that its windows have it.
fn minute(bench: &mut Bench, value: f64) {
    let data = json!([{"MetricName": "Load", "Value": value}]);
    let input = json!({"Namespace": "Shop", "MetricData": data});
    bench.call("cloudwatch", "PutMetricData", &input).unwrap();
    bench.wait(Span::seconds(60));
}

#[test]
fn a_target_is_tracked_out_and_in() {
    let mut bench = Bench::new(3);
    bench.group(2, 10, 2, json!({"DefaultInstanceWarmup": 10}));
    bench.until(2, 15);
    let metric = json!({"MetricName": "Load", "Namespace": "Shop", "Statistic": "Average"});
    let told = policy(
        &mut bench,
        "track",
        json!({"PolicyType": "TargetTrackingScaling",
        "TargetTrackingConfiguration": {"TargetValue": 50.0,
            "CustomizedMetricSpecification": metric}}),
    );
    let high = told["Alarms"][0]["AlarmName"].as_str().unwrap().to_owned();
    assert!(high.starts_with("TargetTracking-g-AlarmHigh-"), "{high}");
    let alarms = bench.call("cloudwatch", "DescribeAlarms", &json!({})).unwrap();
    let alarms = alarms["MetricAlarms"].as_array().unwrap().clone();
    assert_eq!(alarms.len(), 2);
    assert_eq!(alarms[0]["EvaluationPeriods"], 3);
    assert_eq!(alarms[1]["EvaluationPeriods"], 15);
    assert_eq!(alarms[1]["Threshold"], 35.0);
    // Two at 100 with a target of 50 need four.
    let mut minutes = 0;
    while desired(&mut bench) == 2 {
        minute(&mut bench, 100.0);
        minutes += 1;
    }
    assert!((3..=5).contains(&minutes), "{minutes} minutes");
    assert_eq!(desired(&mut bench), 4);
    for _ in 0..3 {
        minute(&mut bench, 50.0);
    }
    bench.until(4, 1);
    let cause = bench.activities()[0]["Cause"].as_str().unwrap().to_owned();
    let told = format!(
        "a monitor alarm {high} in state ALARM triggered policy track changing the \
                        desired capacity from 2 to 4."
    );
    assert!(cause.contains(&told), "{cause}");
    // Four at 20 need two; that takes fifteen minutes.
    for _ in 0..13 {
        minute(&mut bench, 20.0);
    }
    assert_eq!(desired(&mut bench), 4);
    for _ in 0..6 {
        minute(&mut bench, 20.0);
    }
    assert_eq!(desired(&mut bench), 2);
    bench.asg("DeletePolicy", json!({"AutoScalingGroupName": G, "PolicyName": "track"}));
    bench.wait(Span::seconds(1));
    let alarms = bench.call("cloudwatch", "DescribeAlarms", &json!({})).unwrap();
    assert_eq!(alarms["MetricAlarms"].as_array().unwrap().len(), 0);
}

#[test]
fn an_alarm_of_ones_own_invokes_a_policy() {
    let mut bench = Bench::new(4);
    bench.group(1, 5, 1, json!({}));
    bench.until(1, 15);
    let told = policy(
        &mut bench,
        "out",
        json!({"AdjustmentType": "ChangeInCapacity",
        "ScalingAdjustment": 1, "Cooldown": 600}),
    );
    let alarm = json!({"AlarmName": "busy", "Namespace": "Shop", "MetricName": "Load",
        "Statistic": "Average", "Period": 60, "EvaluationPeriods": 1, "Threshold": 5.0,
        "ComparisonOperator": "GreaterThanThreshold", "AlarmActions": [told["PolicyARN"]]});
    bench.call("cloudwatch", "PutMetricAlarm", &alarm).unwrap();
    for _ in 0..4 {
        minute(&mut bench, 9.0);
    }
    // Once: then the policy cools down.
    bench.until(2, 10);
    let shown = bench.asg("DescribePolicies", json!({"AutoScalingGroupName": G}));
    assert_eq!(shown["ScalingPolicies"][0]["Alarms"][0]["AlarmName"], "busy");
    bench.asg(
        "SuspendProcesses",
        json!({"AutoScalingGroupName": G,
        "ScalingProcesses": ["AlarmNotification"]}),
    );
    for _ in 0..15 {
        minute(&mut bench, 9.0);
    }
    assert_eq!(desired(&mut bench), 2);
}

#[test]
fn schedules_run_at_their_moment() {
    let mut bench = Bench::new(5);
    bench.group(1, 5, 1, json!({}));
    bench.until(1, 15);
    // The world begins at midnight.
    let action = |name: &str, more: Json| {
        let mut input = json!({"AutoScalingGroupName": G, "ScheduledActionName": name});
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        input
    };
    let at = "2026-01-01T00:10:00Z";
    let once = action("once", json!({"StartTime": at, "DesiredCapacity": 3}));
    bench.asg("PutScheduledUpdateGroupAction", once);
    let daily = action(
        "daily",
        json!({"Recurrence": "30 * * * *", "MinSize": 0,
        "DesiredCapacity": 0, "EndTime": "2026-01-01T02:00:00Z"}),
    );
    bench.asg("PutScheduledUpdateGroupAction", daily);
    let shown = bench.asg("DescribeScheduledActions", json!({"AutoScalingGroupName": G}));
    assert_eq!(shown["ScheduledUpdateGroupActions"].as_array().unwrap().len(), 2);
    bench.wait(Span::seconds(590));
    let early = desired(&mut bench);
    bench.wait(Span::seconds(30));
    assert_eq!((early, desired(&mut bench)), (1, 3));
    bench.until(3, 15);
    let cause = "a scheduled action update of AutoScalingGroup constraints to min: 1, max: 5, \
                 desired: 3 changing the desired capacity from 1 to 3.";
    assert!(bench.activities()[0]["Cause"].as_str().unwrap().contains(cause));
    bench.wait(Span::seconds(1300));
    assert_eq!(desired(&mut bench), 0);
    bench.wait(Span::seconds(3600 * 2));
    let shown = bench.asg("DescribeScheduledActions", json!({"AutoScalingGroupName": G}));
    assert_eq!(shown["ScheduledUpdateGroupActions"].as_array().unwrap().len(), 0);
    let wrong = action("no", json!({"Recurrence": "61 * * * *", "MinSize": 0}));
    assert_eq!(bench.refused("PutScheduledUpdateGroupAction", wrong).code, "ValidationError");
}

#[test]
fn recurrences_are_read_as_cron_reads_them() {
    use autoscaling::model::{Cron, Zoned};
    let moment = |text: &str| Time::from_millis(shape::Timestamp::parse(text).unwrap().0 as u64);
    let table = [
        ("0 9 * * *", "UTC", "2026-03-01T09:00:00Z", "2026-03-02T09:00:00Z"),
        ("*/15 * * * *", "UTC", "2026-03-01T09:07:00Z", "2026-03-01T09:15:00Z"),
        ("0 9 * * MON-FRI", "UTC", "2026-03-06T10:00:00Z", "2026-03-09T09:00:00Z"),
        ("0 9 * * 7", "UTC", "2026-03-02T10:00:00Z", "2026-03-08T09:00:00Z"),
        ("0 0 29 2 *", "UTC", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z"),
        ("0 0 1 JAN *", "UTC", "2026-03-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        // Either day is enough when both are named.
        ("0 0 15 * 1", "UTC", "2026-03-10T00:00:00Z", "2026-03-15T00:00:00Z"),
        ("0 9 * * *", "Asia/Seoul", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"),
        ("0 9 * * *", "Asia/Kolkata", "2026-03-01T00:00:00Z", "2026-03-01T03:30:00Z"),
        // Summer time begins in Paris on 2026-03-29, in New York on 2026-03-08.
        ("0 9 * * *", "Europe/Paris", "2026-03-28T12:00:00Z", "2026-03-29T07:00:00Z"),
        ("0 9 * * *", "Europe/Paris", "2026-03-27T12:00:00Z", "2026-03-28T08:00:00Z"),
        ("0 9 * * *", "America/New_York", "2026-03-07T20:00:00Z", "2026-03-08T13:00:00Z"),
        ("0 9 * * *", "America/New_York", "2026-10-31T20:00:00Z", "2026-11-01T14:00:00Z"),
    ];
    for (text, zone, after, expected) in table {
        let zone = Zoned::named(zone).unwrap();
        let next = Cron::parse(text).unwrap().after(moment(after), zone).unwrap();
        assert_eq!(next, moment(expected), "{text} after {after}");
    }
    for wrong in
        ["", "* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "5-1 * * * *", "*/0 * * * *"]
    {
        assert_eq!(Cron::parse(wrong), None, "{wrong}");
    }
    let never = Cron::parse("0 0 31 2 *").unwrap();
    assert_eq!(never.after(moment("2026-01-01T00:00:00Z"), Zoned::named("UTC").unwrap()), None);
}
