//! A message as ReceiveMessage returns it: the attributes that were asked for, and digests.

use crate::dataplane::digest;
use crate::dataplane::{Attribute, Letter, Payload};
use crate::model::KNOWN;
use crate::model::refuse;
use api_sqs::{Message, MessageAttributeValue};
use region::Refusal;
use std::collections::BTreeMap;

const SYSTEM: &[&str] = &[
    "SenderId",
    "SentTimestamp",
    "ApproximateReceiveCount",
    "ApproximateFirstReceiveTimestamp",
    "SequenceNumber",
    "MessageDeduplicationId",
    "MessageGroupId",
    "AWSTraceHeader",
    "DeadLetterQueueSourceArn",
];

/// Which attributes a receiver wants to see.
pub(super) struct Wanted {
    system: Vec<String>,
    user: Vec<String>,
}

impl Wanted {
    /// From the two lists of system attributes (the older one is still sent by older SDKs) and
    /// the list of message attributes.
    pub(super) fn read(
        older: Option<Vec<String>>,
        newer: Option<Vec<String>>,
        user: Option<Vec<String>>,
    ) -> Result<Wanted, Refusal> {
        let system: Vec<String> = [older, newer].into_iter().flatten().flatten().collect();
        // The older list has the type of queue attributes; their names are taken and mean nothing.
        let known = |name: &str| name == "All" || SYSTEM.contains(&name) || KNOWN.contains(&name);
        if let Some(name) = system.iter().find(|name| !known(name)) {
            return Err(refuse::unknown_attribute(name));
        }
        Ok(Wanted { system, user: user.unwrap_or_default() })
    }

    fn system(&self, name: &str) -> bool {
        self.system.iter().any(|wanted| wanted == "All" || wanted == name)
    }

    fn user(&self, name: &str) -> bool {
        self.user.iter().any(|wanted| match wanted.strip_suffix(".*") {
            Some(prefix) => name.starts_with(prefix),
            None => wanted == "All" || wanted == name,
        })
    }
}

/// The message of a letter that was received with this handle.
pub(super) fn message(letter: &Letter, handle: String, fifo: bool, wanted: &Wanted) -> Message {
    let content = &letter.content;
    let user = content.attributes.iter().filter(|(name, _)| wanted.user(name));
    let user: BTreeMap<&String, &Attribute> = user.collect();
    let mut system = system(letter, fifo);
    system.retain(|name, _| wanted.system(name));
    Message {
        message_id: Some(letter.message_id()),
        receipt_handle: Some(handle),
        md5_of_body: Some(digest::md5_hex(content.body.as_bytes())),
        body: Some(content.body.to_string()),
        attributes: Some(system).filter(|system| !system.is_empty()),
        md5_of_message_attributes: digest::attributes_md5(user.iter().map(|(n, a)| (*n, *a))),
        message_attributes: Some(user)
            .filter(|user| !user.is_empty())
            .map(|user| user.into_iter().map(|(name, one)| (name.clone(), value(one))).collect()),
    }
}

fn system(letter: &Letter, fifo: bool) -> BTreeMap<String, String> {
    let content = &letter.content;
    let millis = |time: world::Time| time.millis().to_string();
    let trace = content.trace.as_deref().and_then(|trace| match &trace.value {
        Payload::Text(text) => Some(text.clone()),
        Payload::Binary(_) => None,
    });
    let all = [
        ("SenderId", Some(content.sender.to_string())),
        ("SentTimestamp", Some(millis(letter.enqueued))),
        ("ApproximateReceiveCount", Some(letter.receives.to_string())),
        ("ApproximateFirstReceiveTimestamp", letter.first_received.map(millis)),
        ("SequenceNumber", fifo.then(|| letter.sequence_number())),
        ("MessageDeduplicationId", content.deduplication.as_deref().map(str::to_owned)),
        ("MessageGroupId", content.group.as_deref().map(str::to_owned)),
        ("AWSTraceHeader", trace),
        ("DeadLetterQueueSourceArn", letter.dead_from.as_deref().map(str::to_owned)),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn value(attribute: &Attribute) -> MessageAttributeValue {
    let (string_value, binary_value) = match &attribute.value {
        Payload::Text(text) => (Some(text.clone()), None),
        Payload::Binary(bytes) => (None, Some(bytes.clone())),
    };
    MessageAttributeValue {
        data_type: attribute.data_type.clone(),
        string_value,
        binary_value,
        ..MessageAttributeValue::default()
    }
}
