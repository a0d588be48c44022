//! GetTopicAttributes and SetTopicAttributes.

use crate::model::topic::{arn, find};
use crate::model::{Topic, refuse, subscription};
use api_sns::{
    GetTopicAttributesInput, GetTopicAttributesResponse, SetTopicAttributesInput,
    SetTopicAttributesOutput,
};
use region::{Call, Refusal, serve};
use serde_json::json;

/// What can be set; kept, and heeded where a message's way depends on it.
const SETTABLE: &[&str] = &[
    "DeliveryPolicy",
    "DisplayName",
    "KmsMasterKeyId",
    "Policy",
    "SignatureVersion",
    "TracingConfig",
];

/// How deliveries are logged, for each protocol; kept, as there is nowhere to log to.
const FEEDBACK: &[&str] =
    &["SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn"];

/// Refuses what cannot be set.
pub(super) fn check(name: &str, value: &str) -> Result<(), Refusal> {
    let allowed: &[&str] = match name {
        "FifoTopic" | "ContentBasedDeduplication" => &["true", "false"],
        "FifoThroughputScope" => &["Topic", "MessageGroup"],
        _ => &[],
    };
    if !allowed.is_empty() {
        return match allowed.contains(&value) {
            true => Ok(()),
            false => Err(refuse::invalid(format!("Attributes Reason: {name}: Invalid value."))),
        };
    }
    if !SETTABLE.contains(&name) && !FEEDBACK.iter().any(|end| name.ends_with(end)) {
        return Err(refuse::invalid("AttributeName"));
    }
    let json = matches!(name, "DeliveryPolicy" | "Policy");
    if json && serde_json::from_str::<serde_json::Value>(value).is_err() {
        return Err(refuse::invalid(format!("{name}: failed to parse JSON.")));
    }
    if name == "DisplayName" && value.chars().count() > 100 {
        return Err(refuse::invalid("DisplayName"));
    }
    Ok(())
}

/// docs: API_GetTopicAttributes
pub fn get_topic_attributes(
    call: &mut Call,
    input: GetTopicAttributesInput,
) -> Result<GetTopicAttributesResponse, Refusal> {
    serve!(call, GetTopicAttributesInput { topic_arn } = input);
    let (key, topic) = find(call, &topic_arn)?;
    let all = subscription::of_topic(call, &topic.name);
    let confirmed = all.iter().filter(|(_, one)| one.confirmed).count();
    let account = &call.scope.account;
    let mut attributes = topic.attributes.clone();
    let mut add = |name: &str, value: String| {
        attributes.entry(name.to_owned()).or_insert(value);
    };
    add("TopicArn", arn(&key));
    if topic.is_fifo() {
        add("ContentBasedDeduplication", "false".to_owned());
        add("FifoThroughputScope", "Topic".to_owned());
    }
    add("Owner", account.to_string());
    add("DisplayName", String::new());
    add("SubscriptionsConfirmed", confirmed.to_string());
    add("SubscriptionsPending", (all.len() - confirmed).to_string());
    add("SubscriptionsDeleted", topic.deleted.to_string());
    add("Policy", policy(&arn(&key), account));
    add("EffectiveDeliveryPolicy", delivery_policy());
    Ok(GetTopicAttributesResponse { attributes: Some(attributes) })
}

/// The policy of a topic for which none was set.
pub(super) fn policy(arn: &str, account: &str) -> String {
    let actions = [
        "GetTopicAttributes",
        "SetTopicAttributes",
        "AddPermission",
        "RemovePermission",
        "DeleteTopic",
        "Subscribe",
        "ListSubscriptionsByTopic",
        "Publish",
    ];
    let statement = json!({
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": { "AWS": "*" },
        "Action": actions.map(|action| format!("SNS:{action}")),
        "Resource": arn,
        "Condition": { "StringEquals": { "AWS:SourceOwner": account } },
    });
    json!({
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [statement],
    })
    .to_string()
}

fn delivery_policy() -> String {
    let retry = json!({
        "minDelayTarget": 20, "maxDelayTarget": 20, "numRetries": 3, "numMaxDelayRetries": 0,
        "numNoDelayRetries": 0, "numMinDelayRetries": 0, "backoffFunction": "linear",
    });
    let http = json!({ "defaultHealthyRetryPolicy": retry, "disableSubscriptionOverrides": false });
    json!({ "http": http }).to_string()
}

/// docs: API_SetTopicAttributes
pub fn set_topic_attributes(
    call: &mut Call,
    input: SetTopicAttributesInput,
) -> Result<SetTopicAttributesOutput, Refusal> {
    serve!(call, SetTopicAttributesInput { topic_arn, attribute_name, attribute_value } = input);
    let (key, topic) = find(call, &topic_arn)?;
    let mut topic: Topic = (*topic).clone();
    let of_fifo = ["ContentBasedDeduplication", "FifoThroughputScope"];
    let never = of_fifo.contains(&attribute_name.as_str()) && !topic.is_fifo();
    if never || attribute_name == "FifoTopic" {
        return Err(refuse::invalid("AttributeName"));
    }
    match attribute_value.filter(|value| !value.is_empty()) {
        Some(value) => {
            check(&attribute_name, &value)?;
            topic.attributes.insert(attribute_name, value);
        }
        None if SETTABLE.contains(&attribute_name.as_str()) => {
            topic.attributes.remove(&attribute_name);
        }
        None => return Err(refuse::invalid("AttributeName")),
    }
    call.put_at(key, topic);
    Ok(SetTopicAttributesOutput::default())
}
