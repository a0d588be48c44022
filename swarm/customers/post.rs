//! Topics with a queue: what was published is in the queue, once, while it is subscribed and not
//! else; and an alarm tells its topic of each of its transitions, and of no other's values.

use crate::board::Board;
use crate::customer::{Ask, Customer, Heard, Reply, Scope, Thought};
use crate::stage::Stage;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

const ALARM: &str = "tells";

/// The customer.
pub struct Post {
    name: String,
    topic: Option<String>,
    queue: Option<String>,
    subscribed: bool,
    /// Whether its alarm was acknowledged.
    alarm: bool,
    /// Message to whether it was acknowledged.
    sent: BTreeMap<String, bool>,
    aside: Aside,
}

/// A second topic, to which the queue is subscribed at times.
#[derive(Default)]
struct Aside {
    topic: Option<String>,
    /// The subscription; none: surely none.
    subscription: Option<String>,
    /// Nobody knows whether a subscription came or went.
    doubtful: bool,
    /// Message to whether it shall come; none: nobody knows.
    sent: BTreeMap<String, Option<bool>>,
}

/// Values of each account's metrics end so: their sums tell whose they are.
fn mark(account: &str) -> f64 {
    if account.starts_with('0') { 0.0 } else { 1.0 / 64.0 }
}

impl Post {
    pub fn new(name: String) -> Post {
        let (sent, aside) = (BTreeMap::new(), Aside::default());
        Post { name, topic: None, queue: None, subscribed: false, alarm: false, sent, aside }
    }

    fn alarm_name(&self) -> String {
        format!("{}{ALARM}", self.name)
    }
}

impl Customer for Post {
    fn next(&mut self, _: usize, thought: &mut Thought) -> Option<Ask> {
        let Some(topic) = self.topic.clone() else {
            return Some(Ask::new("sns", "CreateTopic", json!({"Name": self.name})));
        };
        if self.queue.is_none() {
            return Some(Ask::new("sqs", "CreateQueue", json!({"QueueName": self.name})));
        }
        let (account, region) = (topic.split(':').nth(4)?, topic.split(':').nth(3)?);
        if !self.subscribed {
            let endpoint = format!("arn:aws:sqs:{region}:{account}:{}", self.name);
            let input = json!({"TopicArn": topic, "Protocol": "sqs", "Endpoint": endpoint,
                "Attributes": {"RawMessageDelivery": "true"}});
            return Some(Ask::new("sns", "Subscribe", input));
        }
        if !self.alarm {
            let all = json!([topic]);
            let input = json!({"AlarmName": self.alarm_name(), "Namespace": "Post",
                "MetricName": self.name, "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1,
                "Threshold": 5, "ComparisonOperator": "GreaterThanThreshold",
                "AlarmActions": all, "OKActions": all, "InsufficientDataActions": all});
            return Some(Ask::new("cloudwatch", "PutMetricAlarm", input));
        }
        if thought.dice.one_in(3) {
            let queue = format!("arn:aws:sqs:{region}:{account}:{}", self.name);
            return Some(self.aside.next(&self.name, queue, thought));
        }
        Some(match thought.dice.below(6) {
            0 => {
                let value = thought.dice.word(&["OK", "ALARM", "INSUFFICIENT_DATA"]);
                let input = json!({"AlarmName": self.alarm_name(), "StateValue": value,
                    "StateReason": "a test"});
                Ask::new("cloudwatch", "SetAlarmState", input)
            }
            1 => {
                let value = thought.dice.below(10) as f64 + mark(account);
                let data = json!([{"MetricName": self.name, "Value": value}]);
                let input = json!({"Namespace": "Post", "MetricData": data});
                Ask::new("cloudwatch", "PutMetricData", input)
            }
            _ => {
                let text = format!("m{}", self.sent.len());
                self.sent.insert(text.clone(), false);
                Ask::new("sns", "Publish", json!({"TopicArn": topic, "Message": text}))
            }
        })
    }

    fn hear(&mut self, reply: Reply, _: &mut Board) -> Result<(), String> {
        if let Heard::No(refused) = &reply.heard
            && refused.code != "InternalFailure"
        {
            return reply.broken("a plain call was refused");
        }
        if self.aside.means(&reply) {
            self.aside.hear(&reply);
            return Ok(());
        }
        let Some(answer) = reply.yes() else { return Ok(()) };
        let text = |name: &str| answer[name].as_str().map(str::to_owned);
        match reply.ask.operation {
            "CreateTopic" => self.topic = text("TopicArn"),
            "CreateQueue" => self.queue = text("QueueUrl"),
            "Subscribe" => self.subscribed = true,
            "PutMetricAlarm" => self.alarm = true,
            "Publish" => {
                let message = reply.ask.input["Message"].as_str().unwrap_or_default();
                self.sent.insert(message.to_owned(), true);
            }
            _ => {}
        }
        Ok(())
    }

    fn judge(&mut self, stage: &mut Stage, scope: &Scope) -> Result<(), String> {
        let (Some(queue), true) = (&self.queue, self.subscribed) else { return Ok(()) };
        let (mut counts, mut told) = (BTreeMap::<String, u64>::new(), 0);
        loop {
            let input = json!({"QueueUrl": queue, "MaxNumberOfMessages": 10,
                "VisibilityTimeout": 3600});
            let found = stage.must(scope, "sqs", "ReceiveMessage", input)?;
            let messages = found["Messages"].as_array().cloned().unwrap_or_default();
            if messages.is_empty() {
                break;
            }
            for message in messages {
                let body = message["Body"].as_str().unwrap_or_default();
                match body.starts_with('{') {
                    true => told += 1,
                    false => *counts.entry(body.to_owned()).or_default() += 1,
                }
                let input = json!({"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]});
                stage.must(scope, "sqs", "DeleteMessage", input)?;
            }
        }
        for (message, acknowledged) in &self.sent {
            let count = counts.remove(message).unwrap_or_default();
            if count > 1 && stage.crashes == 0 || *acknowledged && count == 0 {
                return Err(format!("{message} ({acknowledged}) is {count} times in {queue}"));
            }
        }
        self.aside.judge(&mut counts).map_err(|what| format!("{what} in {queue}"))?;
        if let Some(stray) = counts.keys().next() {
            return Err(format!("{stray} is in {queue} and nobody published it"));
        }
        match self.alarm {
            true => self.judge_alarm(stage, scope, told),
            false => Ok(()),
        }
    }
}

impl Aside {
    fn next(&mut self, name: &str, queue: String, thought: &mut Thought) -> Ask {
        let Some(topic) = &self.topic else {
            return Ask::new("sns", "CreateTopic", json!({"Name": format!("{name}-aside")}));
        };
        match (thought.dice.below(5), &self.subscription) {
            (0, Some(arn)) => Ask::new("sns", "Unsubscribe", json!({"SubscriptionArn": arn})),
            (0..=1, None) => {
                let input = json!({"TopicArn": topic, "Protocol": "sqs", "Endpoint": queue,
                    "Attributes": {"RawMessageDelivery": "true"}});
                Ask::new("sns", "Subscribe", input)
            }
            _ => {
                let text = format!("aside{}", self.sent.len());
                let (there, known) = (self.subscription.is_some(), !self.doubtful);
                self.sent.insert(text.clone(), Some(there).filter(|_| known));
                Ask::new("sns", "Publish", json!({"TopicArn": topic, "Message": text}))
            }
        }
    }

    /// Whether a reply is about this topic.
    fn means(&self, reply: &Reply) -> bool {
        let input = &reply.ask.input;
        let ours = |name: &str| input[name].as_str().is_some_and(|text| text.contains("-aside"));
        ours("Name") || ours("TopicArn") || ours("SubscriptionArn")
    }

    fn hear(&mut self, reply: &Reply) {
        let text = |name: &str| reply.yes().and_then(|answer| answer[name].as_str());
        match (reply.ask.operation, reply.yes()) {
            ("CreateTopic", Some(_)) => self.topic = text("TopicArn").map(str::to_owned),
            ("Subscribe", Some(_)) => {
                self.subscription = text("SubscriptionArn").map(str::to_owned);
                self.doubtful = false;
            }
            ("Unsubscribe", Some(_)) => (self.subscription, self.doubtful) = (None, false),
            ("Subscribe" | "Unsubscribe", None) => self.doubtful = true,
            ("Publish", None) => {
                let message = reply.ask.input["Message"].as_str().unwrap_or_default();
                // It may have been lost; it may not come when it was not to come.
                if let Some(shall) =
                    self.sent.get_mut(message).filter(|shall| **shall == Some(true))
                {
                    *shall = None;
                }
            }
            _ => {}
        }
    }

    /// Takes its messages out of those that came.
    fn judge(&self, counts: &mut BTreeMap<String, u64>) -> Result<(), String> {
        for (message, shall) in &self.sent {
            let came = counts.remove(message).is_some();
            if shall.is_some_and(|shall| shall != came) {
                return Err(format!("{message} came: {came}, should: {shall:?},"));
            }
        }
        Ok(())
    }
}

impl Post {
    /// As many messages as transitions, and each written down as an action that was taken.
    fn judge_alarm(&self, stage: &mut Stage, scope: &Scope, told: u64) -> Result<(), String> {
        let count = |stage: &mut Stage, kind: &str| -> Result<u64, String> {
            let (mut count, mut token) = (0, Json::Null);
            loop {
                let mut input = json!({"AlarmName": self.alarm_name(), "HistoryItemType": kind});
                if !token.is_null() {
                    input["NextToken"] = token;
                }
                let found = stage.must(scope, "cloudwatch", "DescribeAlarmHistory", input)?;
                // A state that was set to what it was is written down and is no transition.
                let turned = |item: &&Json| {
                    let text = item["HistorySummary"].as_str().unwrap_or_default();
                    let states = text.strip_prefix("Alarm updated from ");
                    states.and_then(|text| text.split_once(" to ")).is_none_or(|(a, b)| a != b)
                };
                let items = found["AlarmHistoryItems"].as_array().into_iter().flatten();
                count += items.filter(turned).count() as u64;
                token = found["NextToken"].clone();
                if token.is_null() {
                    return Ok(count);
                }
            }
        };
        self.judge_values(stage, scope)?;
        let (updates, actions) = (count(stage, "StateUpdate")?, count(stage, "Action")?);
        match updates == actions && actions == told {
            true => Ok(()),
            false => Err(format!(
                "{} went through {updates} transitions, took {actions} actions, told {told}",
                self.alarm_name()
            )),
        }
    }

    /// What the alarm ever saw are this account's values: their sums end as its marks do.
    fn judge_values(&self, stage: &mut Stage, scope: &Scope) -> Result<(), String> {
        let input = json!({"AlarmName": self.alarm_name(), "HistoryItemType": "StateUpdate"});
        let found = stage.must(scope, "cloudwatch", "DescribeAlarmHistory", input)?;
        let items = found["AlarmHistoryItems"].as_array().into_iter().flatten();
        let data =
            items.filter_map(|item| serde_json::from_str(item["HistoryData"].as_str()?).ok());
        let marked = mark(&scope.0) > 0.0;
        let mut values = data.flat_map(|data: Json| {
            let state = &data["newState"]["stateReasonData"]["recentDatapoints"];
            state.as_array().cloned().unwrap_or_default()
        });
        let foreign = values
            .find(|value| value.as_f64().is_some_and(|value| (value.fract() != 0.0) != marked));
        foreign.map_or(Ok(()), |value| {
            Err(format!("{} of {scope:?} saw {value}, which is another's", self.alarm_name()))
        })
    }
}
