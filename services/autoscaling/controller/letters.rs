//! What is told about a group: notifications of its topics, and hooks' own (Auto Scaling user
//! guide, "SNS notifications", "Configure a notification target for lifecycle notifications").

use super::turn::Turn;
use crate::model::{Group, Hook, Letter, Wait, text};
use api_sns::operation::Publish;
use api_sqs::operation::SendMessage;
use region::{Arn, Key};
use serde_json::json;
use shape::Json;
use world::{Id, Time};

/// Asks for what was not told yet, the oldest first.
pub(super) fn ask(turn: &mut Turn) {
    let key = turn.key.clone();
    for letter in turn.group.letters.clone() {
        let tag = format!("letter|{}", letter.serial);
        let Some(arn) = Arn::parse(&letter.to) else { continue };
        if arn.service == "sqs" {
            let queue_url = format!("http://localhost/{}/{}", arn.account, arn.resource);
            let input = api_sqs::SendMessageRequest {
                queue_url,
                message_body: letter.body,
                ..Default::default()
            };
            turn.plan.ask::<SendMessage>(&key, tag, input);
        } else {
            let input = api_sns::PublishInput {
                topic_arn: Some(letter.to),
                subject: Some(letter.subject),
                message: letter.body,
                ..Default::default()
            };
            turn.plan.ask::<Publish>(&key, tag, input);
        }
    }
}

/// A letter left, or nobody takes it.
pub(super) fn sent(turn: &mut Turn, serial: &str) {
    turn.group.letters.retain(|letter| letter.serial.to_string() != serial);
}

fn put(group: &mut Group, to: &str, subject: String, body: &Json) {
    let serial = group.number();
    let body = body.to_string();
    group.letters.push(Letter { serial, to: to.to_owned(), subject, body });
}

/// Tells the group's topics of an event, as the activity has it.
pub(super) fn notice(turn: &mut Turn, event: &str, id: &Id, number: Option<u64>) {
    let topics = turn.group.notices.iter().filter(|(_, kinds)| kinds.contains(event));
    let topics: Vec<String> = topics.map(|(topic, _)| topic.clone()).collect();
    if topics.is_empty() {
        return;
    }
    let Some(activity) = number.and_then(|number| turn.activity(number)).cloned() else { return };
    let launching = event.contains("LAUNCH");
    let (origin, destination) = direction(launching);
    let details: Json = serde_json::from_str(&activity.details).unwrap_or_default();
    let body = json!({
        "Origin": origin,
        "Destination": destination,
        "Progress": 50,
        "AccountId": &*turn.key.scope.account,
        "Description": activity.description,
        "RequestId": activity.id,
        "EndTime": text::stamp(activity.ended.unwrap_or(turn.now())).iso8601_millis(),
        "AutoScalingGroupARN": turn.group.arn,
        "ActivityId": activity.id,
        "StartTime": text::stamp(activity.began).iso8601_millis(),
        "Service": "AWS Auto Scaling",
        "Time": text::stamp(turn.now()).iso8601_millis(),
        "EC2InstanceId": id.as_str(),
        "StatusCode": if event.ends_with("_ERROR") { "Failed" } else { "InProgress" },
        "StatusMessage": activity.message.clone().unwrap_or_default(),
        "Details": details,
        "AutoScalingGroupName": turn.name(),
        "Cause": activity.cause,
        "Event": event,
    });
    let what = match (launching, event.ends_with("_ERROR")) {
        (true, false) => "launch",
        (true, true) => "failed launch",
        (false, false) => "termination",
        (false, true) => "failed termination",
    };
    let subject = format!("Auto Scaling: {what} for group \"{}\"", turn.name());
    for topic in topics {
        put(&mut turn.group, &topic, subject.clone(), &body);
    }
}

fn direction(launching: bool) -> (&'static str, &'static str) {
    if launching { ("EC2", "AutoScalingGroup") } else { ("AutoScalingGroup", "EC2") }
}

/// Tells a hook's target that a member waits.
pub(super) fn of_hook(turn: &mut Turn, id: &Id, name: &str, hook: &Hook, wait: &Wait) {
    let Some(target) = &hook.target else { return };
    let (origin, destination) = direction(hook.launching);
    let word = if hook.launching { "LAUNCHING" } else { "TERMINATING" };
    let mut body = json!({
        "Origin": origin,
        "Destination": destination,
        "LifecycleHookName": name,
        "AccountId": &*turn.key.scope.account,
        "RequestId": text::uuid(&turn.key, "letter", turn.group.serial),
        "LifecycleTransition": format!("autoscaling:EC2_INSTANCE_{word}"),
        "AutoScalingGroupName": turn.name(),
        "Service": "AWS Auto Scaling",
        "Time": text::stamp(turn.now()).iso8601_millis(),
        "EC2InstanceId": id.as_str(),
        "LifecycleActionToken": wait.token,
    });
    if let Some(metadata) = &hook.metadata {
        body["NotificationMetadata"] = json!(metadata);
    }
    let subject =
        format!("Auto Scaling:  Lifecycle action '{word}' for instance {id} in progress.");
    put(&mut turn.group, target, subject, &body);
}

fn test(group: &mut Group, key: &Key, now: Time, to: &str) {
    let body = json!({
        "AccountId": &*key.scope.account,
        "RequestId": text::uuid(key, "test", group.serial),
        "AutoScalingGroupARN": group.arn,
        "AutoScalingGroupName": key.id.as_str(),
        "Service": "AWS Auto Scaling",
        "Event": "autoscaling:TEST_NOTIFICATION",
        "Time": text::stamp(now).iso8601_millis(),
    });
    let subject = format!("Auto Scaling: test notification for group \"{}\"", key.id);
    put(group, to, subject, &body);
}

/// A hook's target is told that it will be told.
pub(crate) fn hook_test(group: &mut Group, key: &Key, now: Time, hook: &Hook) {
    if let Some(target) = &hook.target {
        test(group, key, now, target);
    }
}

/// A topic is told that it will be told.
pub(crate) fn topic_test(group: &mut Group, key: &Key, now: Time, topic: &str) {
    test(group, key, now, topic);
}
