//! A topic with a queue: what was published is in the queue, once; and an alarm tells its topic
//! of each of its transitions, and of no other.

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
}

impl Post {
    pub fn new(name: String) -> Post {
        let sent = BTreeMap::new();
        Post { name, topic: None, queue: None, subscribed: false, alarm: false, sent }
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
        Some(match thought.dice.below(6) {
            0 => {
                let value = thought.dice.word(&["OK", "ALARM", "INSUFFICIENT_DATA"]);
                let input = json!({"AlarmName": self.alarm_name(), "StateValue": value,
                    "StateReason": "a test"});
                Ask::new("cloudwatch", "SetAlarmState", input)
            }
            1 => {
                let data = json!([{"MetricName": self.name, "Value": thought.dice.below(10)}]);
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
        if let Some(stray) = counts.keys().next() {
            return Err(format!("{stray} is in {queue} and nobody published it"));
        }
        match self.alarm {
            true => self.judge_alarm(stage, scope, told),
            false => Ok(()),
        }
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
        let (updates, actions) = (count(stage, "StateUpdate")?, count(stage, "Action")?);
        match updates == actions && actions == told {
            true => Ok(()),
            false => Err(format!(
                "{} went through {updates} transitions, took {actions} actions, told {told}",
                self.alarm_name()
            )),
        }
    }
}
