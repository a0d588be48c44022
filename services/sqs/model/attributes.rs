//! Queue attributes by AWS's names: reading what a customer sets, showing what a queue has.

use super::refuse;
use super::{Allow, Queue, Redrive, Settings};
use crate::dataplane::Counts;
use region::{Refusal, Scope};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// A policy may be this long, bytes (AWS: quotas related to policies).
const POLICY_BYTES: usize = 8192;

/// Every attribute that a queue can have, settable or not.
pub(crate) const KNOWN: &[&str] = &[
    "Policy",
    "VisibilityTimeout",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
    "ApproximateNumberOfMessagesDelayed",
    "DelaySeconds",
    "ReceiveMessageWaitTimeSeconds",
    "RedrivePolicy",
    "FifoQueue",
    "ContentBasedDeduplication",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "DeduplicationScope",
    "FifoThroughputLimit",
    "RedriveAllowPolicy",
    "SqsManagedSseEnabled",
];

const READ_ONLY: &[&str] = &[
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
];

/// Sets attributes. Whether a redrive target exists is for the caller to check.
pub(crate) fn set(
    settings: &mut Settings,
    attributes: &BTreeMap<String, String>,
) -> Result<(), Refusal> {
    for (name, value) in attributes {
        set_one(settings, name, value)?;
    }
    let sets = |name: &str| attributes.get(name).is_some_and(|value| !value.is_empty());
    if sets("KmsMasterKeyId") {
        if attributes.get("SqsManagedSseEnabled").is_some_and(|value| value == "true") {
            let message = "You can use one type of server-side encryption (SSE) at one time. You \
                           can either enable KMS SSE or SQS SSE.";
            return Err(Refusal::new("InvalidAttributeValue", message));
        }
        settings.managed_encryption = false;
    } else if attributes.get("SqsManagedSseEnabled").is_some_and(|value| value == "true") {
        settings.kms_key = None;
    }
    if settings.group_throughput && !settings.group_deduplication {
        let message = "The perMessageGroupId value of FifoThroughputLimit is allowed only when \
                       the value for DeduplicationScope is messageGroup.";
        return Err(Refusal::new("InvalidAttributeValue", message));
    }
    Ok(())
}

fn set_one(settings: &mut Settings, name: &str, value: &str) -> Result<(), Refusal> {
    let fifo_only = ["ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"];
    if !settings.fifo && fifo_only.contains(&name) {
        return Err(refuse::unknown_attribute(name));
    }
    match name {
        "DelaySeconds" => settings.delay = number(name, value, 0..=900)?,
        "MaximumMessageSize" => settings.max_size = number(name, value, 1024..=1 << 20)?,
        "MessageRetentionPeriod" => settings.retention = number(name, value, 60..=1_209_600)?,
        "ReceiveMessageWaitTimeSeconds" => settings.wait = number(name, value, 0..=20)?,
        "VisibilityTimeout" => settings.visibility = number(name, value, 0..=43_200)?,
        "KmsDataKeyReusePeriodSeconds" => settings.kms_reuse = number(name, value, 60..=86_400)?,
        "FifoQueue" => match (settings.fifo, value) {
            (true, "true") => {}
            // AWS does not know the attribute where it is not `true`.
            (false, _) => return Err(refuse::unknown_attribute(name)),
            (true, _) => return Err(refuse::attribute(name)),
        },
        "ContentBasedDeduplication" => settings.content_deduplication = truth(name, value)?,
        "SqsManagedSseEnabled" => settings.managed_encryption = truth(name, value)?,
        "DeduplicationScope" => {
            settings.group_deduplication = choice(name, value, "queue", "messageGroup")?;
        }
        "FifoThroughputLimit" => {
            settings.group_throughput = choice(name, value, "perQueue", "perMessageGroupId")?;
        }
        "Policy" => settings.policy = policy(value)?,
        "KmsMasterKeyId" => {
            settings.kms_key = Some(value.to_owned()).filter(|value| !value.is_empty());
        }
        "RedrivePolicy" if value.is_empty() => settings.redrive = None,
        "RedrivePolicy" => settings.redrive = Some(Redrive::read(value)?),
        "RedriveAllowPolicy" if value.is_empty() => settings.allow = None,
        "RedriveAllowPolicy" => settings.allow = Some(Allow::read(value)?),
        _ if READ_ONLY.contains(&name) => {
            let message = format!("The attribute {name} cannot be set.");
            return Err(Refusal::new("InvalidAttributeName", message));
        }
        _ => return Err(refuse::unknown_attribute(name)),
    }
    Ok(())
}

fn number(name: &str, value: &str, range: RangeInclusive<u32>) -> Result<u32, Refusal> {
    let number: Option<u32> = value.parse().ok();
    number.filter(|number| range.contains(number)).ok_or_else(|| refuse::attribute(name))
}

fn truth(name: &str, value: &str) -> Result<bool, Refusal> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(refuse::attribute(name)),
    }
}

fn choice(name: &str, value: &str, no: &str, yes: &str) -> Result<bool, Refusal> {
    match value {
        _ if value == no => Ok(false),
        _ if value == yes => Ok(true),
        _ => Err(refuse::attribute(name)),
    }
}

fn policy(text: &str) -> Result<Option<String>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let document: Option<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_str(text).ok().filter(|_| text.len() <= POLICY_BYTES);
    let statements = document.as_ref().and_then(|document| document.get("Statement"));
    match statements {
        Some(serde_json::Value::Array(_) | serde_json::Value::Object(_)) => {
            Ok(Some(text.to_owned()))
        }
        _ => Err(refuse::attribute("Policy")),
    }
}

/// Everything that GetQueueAttributes can show of a queue.
pub(crate) fn shown(queue: &Queue, scope: &Scope, counts: Counts) -> BTreeMap<String, String> {
    let settings = &queue.settings;
    let mut all: BTreeMap<&str, String> = BTreeMap::from([
        ("VisibilityTimeout", settings.visibility.to_string()),
        ("MaximumMessageSize", settings.max_size.to_string()),
        ("MessageRetentionPeriod", settings.retention.to_string()),
        ("ApproximateNumberOfMessages", counts.visible.to_string()),
        ("ApproximateNumberOfMessagesNotVisible", counts.in_flight.to_string()),
        ("ApproximateNumberOfMessagesDelayed", counts.delayed.to_string()),
        ("CreatedTimestamp", queue.created.seconds().to_string()),
        ("LastModifiedTimestamp", queue.modified.seconds().to_string()),
        ("QueueArn", scope.arn("sqs", &queue.name)),
        ("DelaySeconds", settings.delay.to_string()),
        ("ReceiveMessageWaitTimeSeconds", settings.wait.to_string()),
        ("SqsManagedSseEnabled", settings.managed_encryption.to_string()),
    ]);
    if settings.fifo {
        let scope = if settings.group_deduplication { "messageGroup" } else { "queue" };
        let limit = if settings.group_throughput { "perMessageGroupId" } else { "perQueue" };
        all.insert("FifoQueue", "true".into());
        all.insert("ContentBasedDeduplication", settings.content_deduplication.to_string());
        all.insert("DeduplicationScope", scope.into());
        all.insert("FifoThroughputLimit", limit.into());
    }
    if settings.kms_reuse != Settings::default().kms_reuse || settings.kms_key.is_some() {
        all.insert("KmsDataKeyReusePeriodSeconds", settings.kms_reuse.to_string());
    }
    let optional = [
        ("KmsMasterKeyId", settings.kms_key.clone()),
        ("Policy", settings.policy.clone()),
        ("RedrivePolicy", settings.redrive.as_ref().map(Redrive::show)),
        ("RedriveAllowPolicy", settings.allow.as_ref().map(Allow::show)),
    ];
    all.extend(optional.into_iter().filter_map(|(name, value)| Some((name, value?))));
    all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
