//! From load to metric to alarm to what it does: a topic is told, an instance stops.

use serde_json::{Value as Json, json};
use sim::Settings;
use stories::Bench;
use world::{Span, World};

fn rooms() -> Vec<&'static region::Service> {
    vec![
        &sts::SERVICE,
        &iam::SERVICE,
        &vpc::SERVICE,
        &ebs::SERVICE,
        &ec2::SERVICE,
        &sqs::SERVICE,
        &sns::SERVICE,
        &cloudwatch::SERVICE,
    ]
}

fn call(bench: &mut Bench, api: &str, operation: &str, input: &Json) -> Json {
    bench.call(api, operation, input).unwrap_or_else(|why| panic!("{operation}: {why:?}"))
}

fn told(bench: &mut Bench) -> (String, Json) {
    let input = json!({ "TopicArn": topic(bench), "Protocol": "sqs", "Endpoint": QUEUE });
    call(bench, "sqs", "CreateQueue", &json!({ "QueueName": "told" }));
    call(bench, "sns", "Subscribe", &input);
    (topic(bench), json!({ "QueueUrl": "/000000000000/told" }))
}

const QUEUE: &str = "arn:aws:sqs:us-east-1:000000000000:told";

fn topic(bench: &mut Bench) -> String {
    let topic = call(bench, "sns", "CreateTopic", &json!({ "Name": "ops" }));
    topic["TopicArn"].as_str().unwrap().to_owned()
}

fn instance(bench: &mut Bench, detailed: bool) -> String {
    let input = json!({
        "ImageId": ec2::public_images("us-east-1")[0].id, "InstanceType": "t3.micro",
        "MinCount": 1, "MaxCount": 1, "Monitoring": { "Enabled": detailed },
    });
    let answer = call(bench, "ec2", "RunInstances", &input);
    assert!(bench.settle());
    answer["Instances"][0]["InstanceId"].as_str().unwrap().to_owned()
}

fn statistic(bench: &mut Bench, name: &str, period: u32, dimension: &Json) -> Vec<f64> {
    let now = bench.world().now().seconds();
    let input = json!({
        "Namespace": "AWS/EC2", "MetricName": name, "Dimensions": [dimension], "Period": period,
        "StartTime": now - 1200, "EndTime": now, "Statistics": ["Average"],
    });
    let answer = call(bench, "cloudwatch", "GetMetricStatistics", &input);
    let points = answer["Datapoints"].as_array().unwrap();
    points.iter().map(|point| point["Average"].as_f64().unwrap()).collect()
}

#[test]
fn load_makes_an_alarm_that_tells_and_stops() {
    let mut bench = Bench::of(rooms(), 11, Settings { usage: true, ..Settings::default() });
    let (topic, queue) = told(&mut bench);
    let id = instance(&mut bench, true);
    bench.world().load(&id.as_str().into(), 0.9);
    let dimension = json!({ "Name": "InstanceId", "Value": id });
    let alarm = json!({
        "AlarmName": "hot", "Namespace": "AWS/EC2", "MetricName": "CPUUtilization",
        "Dimensions": [dimension], "Statistic": "Average", "Period": 60, "EvaluationPeriods": 2,
        "Threshold": 70, "ComparisonOperator": "GreaterThanThreshold",
        "AlarmActions": [topic, "arn:aws:automate:us-east-1:ec2:stop"],
    });
    call(&mut bench, "cloudwatch", "PutMetricAlarm", &alarm);
    bench.wait(Span::seconds(250));
    let percent = statistic(&mut bench, "CPUUtilization", 60, &dimension);
    assert!(percent.iter().any(|one| (89.0..=91.0).contains(one)), "{percent:?}");
    assert!(
        statistic(&mut bench, "StatusCheckFailed", 60, &dimension).iter().all(|one| *one == 0.0)
    );
    let of_type = json!({ "Name": "InstanceType", "Value": "t3.micro" });
    assert!(!statistic(&mut bench, "NetworkIn", 60, &of_type).is_empty());
    let state = call(&mut bench, "ec2", "DescribeInstances", &json!({ "InstanceIds": [id] }));
    assert_eq!(state["Reservations"][0]["Instances"][0]["State"]["Name"], "stopped");
    let letters = call(&mut bench, "sqs", "ReceiveMessage", &queue);
    let body: Json =
        serde_json::from_str(letters["Messages"][0]["Body"].as_str().unwrap()).unwrap();
    assert_eq!(body["Subject"], "ALARM: \"hot\" in US East (N. Virginia)");
    let message: Json = serde_json::from_str(body["Message"].as_str().unwrap()).unwrap();
    assert_eq!(message["NewStateValue"], "ALARM");
    assert_eq!(message["Trigger"]["MetricName"], "CPUUtilization");
    assert_eq!(message["Trigger"]["Dimensions"][0]["value"], *id);
    let history = json!({ "AlarmName": "hot", "HistoryItemType": "Action" });
    let history = call(&mut bench, "cloudwatch", "DescribeAlarmHistory", &history);
    let items = history["AlarmHistoryItems"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{items:?}");
    let done = |item: &Json| item["HistorySummary"].as_str().unwrap().starts_with("Successfully");
    assert!(items.iter().all(done), "{items:?}");
}

#[test]
fn basic_monitoring_is_by_five_minutes() {
    let mut bench = Bench::of(rooms(), 11, Settings { usage: true, ..Settings::default() });
    let id = instance(&mut bench, false);
    bench.wait(Span::seconds(620));
    let dimension = json!({ "Name": "InstanceId", "Value": id });
    let by_minute = statistic(&mut bench, "CPUUtilization", 60, &dimension).len();
    assert!((2..=3).contains(&by_minute), "{by_minute}");
    let checks = statistic(&mut bench, "StatusCheckFailed", 60, &dimension).len();
    assert!(checks >= 9, "{checks}");
}

/// An action that is refused is written down, and the alarm goes on.
#[test]
fn an_action_that_fails_is_in_the_history() {
    let mut bench = Bench::of(rooms(), 12, Settings::default());
    let alarm = json!({
        "AlarmName": "a", "Namespace": "App", "MetricName": "m", "Statistic": "Sum", "Period": 60,
        "EvaluationPeriods": 1, "Threshold": 0, "ComparisonOperator": "GreaterThanThreshold",
        "AlarmActions": ["arn:aws:sns:us-east-1:000000000000:none"],
    });
    call(&mut bench, "cloudwatch", "PutMetricAlarm", &alarm);
    let set = json!({ "AlarmName": "a", "StateValue": "ALARM", "StateReason": "r" });
    call(&mut bench, "cloudwatch", "SetAlarmState", &set);
    let history = json!({ "AlarmName": "a", "HistoryItemType": "Action" });
    let history = call(&mut bench, "cloudwatch", "DescribeAlarmHistory", &history);
    let items = history["AlarmHistoryItems"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{items:?}");
    let summary = items[0]["HistorySummary"].as_str().unwrap();
    assert!(summary.starts_with("Failed to execute action"), "{summary}");
}

/// Metric maths through the front, in an answer and in an alarm.
#[test]
fn maths_in_an_answer_and_in_an_alarm() {
    let mut bench = Bench::of(rooms(), 13, Settings::default());
    let now = bench.world().now().seconds() / 60 * 60;
    let data = json!([
        { "MetricName": "errors", "Value": 5, "Timestamp": now },
        { "MetricName": "calls", "Value": 50, "Timestamp": now },
        { "MetricName": "errors", "Value": 1, "Timestamp": now - 60 },
        { "MetricName": "calls", "Value": 50, "Timestamp": now - 60 },
    ]);
    let put = json!({ "Namespace": "App", "MetricData": data });
    call(&mut bench, "cloudwatch", "PutMetricData", &put);
    let stat = |name: &str| {
        json!({
            "Id": name, "ReturnData": false,
            "MetricStat": {
                "Metric": { "Namespace": "App", "MetricName": name }, "Period": 60, "Stat": "Sum",
            },
        })
    };
    let rate = json!({ "Id": "rate", "Expression": "100 * errors / calls", "Label": "max ${MAX}" });
    let queries = json!([stat("errors"), stat("calls"), rate]);
    let mut input = json!({
        "MetricDataQueries": queries, "StartTime": now - 600, "EndTime": now + 60,
        "MaxDatapoints": 1,
    });
    let answer = call(&mut bench, "cloudwatch", "GetMetricData", &input);
    let result = &answer["MetricDataResults"][0];
    assert_eq!(result["Id"], "rate");
    assert_eq!(result["Label"], "max 10");
    assert_eq!(result["Values"], json!([10.0]));
    assert_eq!(result["StatusCode"], "PartialData");
    input["NextToken"] = answer["NextToken"].clone();
    let answer = call(&mut bench, "cloudwatch", "GetMetricData", &input);
    assert_eq!(answer["MetricDataResults"][0]["Values"], json!([2.0]));
    assert_eq!(answer["MetricDataResults"][0]["StatusCode"], "Complete");
    assert_eq!(answer["NextToken"], Json::Null);
    let alarm = json!({
        "AlarmName": "rate", "Metrics": input["MetricDataQueries"], "EvaluationPeriods": 1,
        "Threshold": 9, "ComparisonOperator": "GreaterThanThreshold",
    });
    call(&mut bench, "cloudwatch", "PutMetricAlarm", &alarm);
    bench.wait(Span::seconds(61));
    let answer = call(&mut bench, "cloudwatch", "DescribeAlarms", &json!({}));
    assert_eq!(answer["MetricAlarms"][0]["StateValue"], "ALARM", "{answer}");
    assert_eq!(answer["MetricAlarms"][0]["Metrics"][2]["Expression"], "100 * errors / calls");
    let mut bad = alarm.clone();
    bad["Metrics"][2]["Expression"] = "errors /".into();
    let refused = bench.call("cloudwatch", "PutMetricAlarm", &bad).unwrap_err();
    assert_eq!(refused.code, "ValidationError", "{refused:?}");
}
