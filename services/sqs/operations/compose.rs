//! From what a sender gave to the content of a message: everything that is checked of it.

use crate::dataplane::digest;
use crate::dataplane::{Attribute, Content, Payload};
use crate::model::Queue;
use crate::model::refuse;
use api_sqs::{MessageAttributeValue, MessageSystemAttributeValue};
use region::{Call, Refusal, serve};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A message has this many attributes at most.
const ATTRIBUTES: usize = 10;

/// The longest name of an attribute, and the longest data type.
const NAME_BYTES: usize = 256;

/// The members that SendMessage and an entry of SendMessageBatch share.
pub(super) struct Sending {
    pub(super) body: String,
    pub(super) delay: Option<i32>,
    pub(super) group: Option<String>,
    pub(super) deduplication: Option<String>,
    pub(super) attributes: Option<BTreeMap<String, MessageAttributeValue>>,
    pub(super) system: Option<BTreeMap<String, MessageSystemAttributeValue>>,
}

/// A message that may be sent.
pub(super) struct Composed {
    pub(super) content: Content,
    /// Seconds.
    pub(super) delay: u32,
}

/// Bytes of a message as the limits count them: body, and attributes with names and types.
pub(super) fn size(body: &str, attributes: &BTreeMap<String, Attribute>) -> usize {
    let attributes = attributes.iter().map(|(name, attribute)| name.len() + attribute.size());
    body.len() + attributes.sum::<usize>()
}

/// Bytes of a message that was not checked yet.
pub(super) fn size_sent(sending: &Sending) -> usize {
    let value = |value: &MessageAttributeValue| {
        let text = value.string_value.as_ref().map_or(0, String::len);
        value.data_type.len() + text + value.binary_value.as_ref().map_or(0, Vec::len)
    };
    let attributes = sending.attributes.iter().flatten();
    sending.body.len() + attributes.map(|(name, one)| name.len() + value(one)).sum::<usize>()
}

/// Checks a message for this queue.
pub(super) fn compose(
    call: &mut Call,
    queue: &Queue,
    sending: Sending,
) -> Result<Composed, Refusal> {
    let Sending { body, delay, group, deduplication, attributes, system } = sending;
    if body.is_empty() {
        return Err(refuse::missing("MessageBody"));
    }
    if !body.chars().all(valid) {
        return Err(invalid_characters());
    }
    let attributes = user_attributes(call, attributes.unwrap_or_default())?;
    let trace = trace_header(call, system.unwrap_or_default())?;
    let limit = queue.settings.max_size;
    if size(&body, &attributes) > limit as usize {
        let message = format!(
            "One or more parameters are invalid. Reason: Message must be shorter than {limit} \
             bytes."
        );
        return Err(Refusal::new("InvalidParameterValue", message));
    }
    let delay = delayed(queue, delay)?;
    let group = identifier(group, "MessageGroupId")?;
    let deduplication = identifier(deduplication, "MessageDeduplicationId")?;
    let deduplication = if queue.settings.fifo {
        if group.is_none() {
            return Err(refuse::missing("MessageGroupId"));
        }
        Some(unique(queue, deduplication, &body)?)
    } else if let Some(id) = deduplication {
        return Err(refuse::value(id, "MessageDeduplicationId", NOT_THIS_TYPE));
    } else {
        None
    };
    let body = body.into_boxed_str();
    let sender = call.principal.user_id.as_str().into();
    Ok(Composed {
        content: Content { body, sender, group, deduplication, attributes, trace },
        delay,
    })
}

const NOT_THIS_TYPE: &str = "The request include parameter that is not valid for this queue type.";

fn delayed(queue: &Queue, delay: Option<i32>) -> Result<u32, Refusal> {
    let Some(delay) = delay else { return Ok(queue.settings.delay) };
    if queue.settings.fifo && delay != 0 {
        return Err(refuse::value(delay, "DelaySeconds", NOT_THIS_TYPE));
    }
    if !(0..=900).contains(&delay) {
        let reason = "DelaySeconds must be >= 0 and <= 900.";
        return Err(refuse::value(delay, "DelaySeconds", reason));
    }
    // A FIFO queue delays all its messages alike.
    Ok(if queue.settings.fifo { queue.settings.delay } else { delay.unsigned_abs() })
}

/// The deduplication id, given or made from the body.
fn unique(queue: &Queue, given: Option<Arc<str>>, body: &str) -> Result<Arc<str>, Refusal> {
    match given {
        Some(id) => Ok(id),
        None if queue.settings.content_deduplication => {
            Ok(digest::sha256_hex(body.as_bytes()).into())
        }
        None => {
            let message = "The queue should either have ContentBasedDeduplication enabled or \
                           MessageDeduplicationId provided explicitly";
            Err(Refusal::new("InvalidParameterValue", message))
        }
    }
}

/// Checks a group, deduplication or attempt id: 1 to 128 letters, digits and punctuation.
pub(super) fn identifier(id: Option<String>, parameter: &str) -> Result<Option<Arc<str>>, Refusal> {
    let Some(id) = id else { return Ok(None) };
    if (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(Some(id.into()));
    }
    let reason = format!(
        "{parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length."
    );
    Err(refuse::value(id, parameter, &reason))
}

/// The characters that SQS takes (AWS: API_SendMessage; those of XML 1.0).
fn valid(char: char) -> bool {
    matches!(
        char,
        '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}'
    )
}

fn invalid_characters() -> Refusal {
    let message = "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 \
                   to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF";
    Refusal::new("InvalidMessageContents", message)
}

fn user_attributes(
    call: &mut Call,
    given: BTreeMap<String, MessageAttributeValue>,
) -> Result<BTreeMap<String, Attribute>, Refusal> {
    if given.len() > ATTRIBUTES {
        let message = format!(
            "Number of message attributes [{}] exceeds the allowed maximum [{ATTRIBUTES}].",
            given.len()
        );
        return Err(Refusal::new("InvalidParameterValue", message));
    }
    let mut attributes = BTreeMap::new();
    for (name, value) in given {
        check_name(&name)?;
        serve!(
            call,
            MessageAttributeValue {
                data_type,
                string_value,
                binary_value,
                string_list_values,
                binary_list_values
            } = value
        );
        if string_list_values.is_some_and(|list| !list.is_empty())
            || binary_list_values.is_some_and(|list| !list.is_empty())
        {
            let message =
                "Message attribute list values in SendMessage operation are not supported.";
            return Err(Refusal::new("UnsupportedOperation", message));
        }
        let attribute = attribute(&name, data_type, string_value, binary_value)?;
        attributes.insert(name, attribute);
    }
    Ok(attributes)
}

fn check_name(name: &str) -> Result<(), Refusal> {
    let invalid = |text: &str| Err(Refusal::new("InvalidParameterValue", text));
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    let lower = name.to_ascii_lowercase();
    if !(1..=NAME_BYTES).contains(&name.len()) {
        return invalid("Message (user) attribute name must be 1 to 256 characters long.");
    }
    if !name.bytes().all(valid)
        || name.starts_with('.')
        || name.ends_with('.')
        || name.contains("..")
    {
        return invalid(
            "Message (user) attribute name can only contain alphanumeric characters, hyphens, \
             underscores and periods; it cannot start or end with a period or have two in \
             succession.",
        );
    }
    if lower.starts_with("aws.") || lower.starts_with("amazon.") {
        return invalid(
            "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'.",
        );
    }
    Ok(())
}

fn attribute(
    name: &str,
    data_type: String,
    text: Option<String>,
    binary: Option<Vec<u8>>,
) -> Result<Attribute, Refusal> {
    let invalid = |text: String| Err(Refusal::new("InvalidParameterValue", text));
    let kind = data_type.split('.').next().unwrap_or_default();
    if !["Binary", "Number", "String"].contains(&kind) || data_type.len() > NAME_BYTES {
        return invalid(format!(
            "The type of message (user) attribute '{name}' is invalid. You must use only the \
             following supported type prefixes: Binary, Number, String."
        ));
    }
    let empty = || {
        let value = if kind == "Binary" { "binary" } else { "string" };
        invalid(format!(
            "Message (user) attribute '{name}' must contain a non-empty {value} value of type \
             '{data_type}'."
        ))
    };
    let value = match (kind, text, binary) {
        ("Binary", None, Some(bytes)) if !bytes.is_empty() => Payload::Binary(bytes),
        ("String" | "Number", Some(text), None) if !text.is_empty() => Payload::Text(text),
        _ => return empty(),
    };
    if let Payload::Text(text) = &value {
        if !text.chars().all(valid) {
            return Err(invalid_characters());
        }
        if kind == "Number" && !is_number(text) {
            return invalid(format!(
                "Can't cast the value of message (user) attribute '{name}' to a number."
            ));
        }
    }
    Ok(Attribute { data_type, value })
}

/// A decimal number, with up to 38 digits and an exponent where wanted.
fn is_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let looks = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    looks && (1..=42).contains(&digits) && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// The one system attribute that can be sent.
fn trace_header(
    call: &mut Call,
    given: BTreeMap<String, MessageSystemAttributeValue>,
) -> Result<Option<Box<Attribute>>, Refusal> {
    let mut header = None;
    for (name, value) in given {
        serve!(call, MessageSystemAttributeValue { data_type, string_value, binary_value } = value);
        if name != "AWSTraceHeader" {
            let message = format!("Message system attribute name '{name}' is invalid.");
            return Err(Refusal::new("InvalidParameterValue", message));
        }
        if data_type != "String" {
            let message = format!("The type of message system attribute '{name}' must be String.");
            return Err(Refusal::new("InvalidParameterValue", message));
        }
        header = Some(Box::new(attribute(&name, data_type, string_value, binary_value)?));
    }
    Ok(header)
}
