//! What is said of a message of a FIFO topic: its group, and what makes it the same message as
//! another. docs: fifo-topic-message-ordering, fifo-message-dedup

use super::message::Message;
use crate::model::{REMEMBERED, Recent, Topic, refuse};
use region::{Call, Key, Refusal};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Group, and deduplication id.
pub(super) type Order = (String, String);

/// Reads both; refuses them where the topic keeps no order.
pub(super) fn order(
    topic: &Topic,
    message: &Message,
    group: Option<String>,
    deduplication: Option<String>,
) -> Result<Option<Order>, Refusal> {
    if !topic.is_fifo() {
        let given = match (&group, &deduplication) {
            (Some(_), _) => "MessageGroupId",
            (_, Some(_)) => "MessageDeduplicationId",
            _ => return Ok(None),
        };
        return Err(refuse::invalid(format!(
            "{given} Reason: The request includes {given} parameter that is not valid for this \
             topic type"
        )));
    }
    let Some(group) = group else {
        return Err(refuse::invalid("The MessageGroupId parameter is required for FIFO topics"));
    };
    check("MessageGroupId", &group)?;
    let by_content = topic.attributes.get("ContentBasedDeduplication");
    let deduplication = match deduplication {
        Some(id) => id,
        None if by_content.is_some_and(|on| on == "true") => digest(message.whole()),
        None => {
            return Err(refuse::invalid(
                "The topic should either have ContentBasedDeduplication enabled or \
                 MessageDeduplicationId provided explicitly",
            ));
        }
    };
    check("MessageDeduplicationId", &deduplication)?;
    Ok(Some((group, deduplication)))
}

/// Letters, digits and punctuation, up to 128. docs: API_Publish
fn check(name: &str, id: &str) -> Result<(), Refusal> {
    let plain = id.bytes().all(|byte| byte.is_ascii_graphic());
    match plain && (1..=128).contains(&id.len()) {
        true => Ok(()),
        false => Err(refuse::invalid(format!("{name} Reason: must be 1 to 128 characters long"))),
    }
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Where a message is remembered.
fn place(call: &Call, topic: &Topic, order: &Order) -> Key {
    let scope = topic.attributes.get("FifoThroughputScope");
    let group = match scope.is_some_and(|scope| scope == "MessageGroup") {
        true => order.0.as_str(),
        false => "",
    };
    call.key(format!("{}/{group}/{}", topic.name, order.1))
}

/// The message that was published with this deduplication id in the last five minutes.
pub(super) fn before(call: &Call, topic: &Topic, order: &Order) -> Option<(String, String)> {
    let recent = call.get::<Recent>(&place(call, topic, order))?;
    (recent.until > call.now).then(|| (recent.id.clone(), recent.sequence.clone()))
}

/// The SequenceNumber of the next message of a topic; from now on its id is known.
pub(super) fn next(call: &mut Call, key: &Key, order: &Order, id: &str) -> String {
    let Some(topic) = call.get::<Topic>(key) else { return String::new() };
    let number = topic.sequence + 1;
    let sequence = format!("1{number:016}000");
    let place = place(call, &topic, order);
    let recent =
        Recent { until: call.now + REMEMBERED, id: id.to_owned(), sequence: sequence.clone() };
    call.put_at(place, recent);
    call.put_at(key.clone(), Topic { sequence: number, ..(*topic).clone() });
    sequence
}
