//! A message as a publisher gives it, read and checked.

use crate::model::{Attribute, refuse};
use api_sns::MessageAttributeValue;
use region::{Call, Refusal, serve};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Text and attributes, in bytes. docs: API_Publish
const LONGEST: usize = 262_144;

/// What is published.
pub(super) struct Message {
    /// Subject.
    pub(super) subject: Option<String>,
    /// The text, or with structure: the texts by protocol.
    text: String,
    by_protocol: Option<BTreeMap<String, String>>,
    /// Attributes.
    pub(super) attributes: BTreeMap<String, Attribute>,
}

impl Message {
    /// What an endpoint with this protocol gets.
    pub(super) fn text(&self, protocol: &str) -> &str {
        let Some(texts) = &self.by_protocol else { return &self.text };
        texts.get(protocol).or_else(|| texts.get("default")).map_or("", String::as_str)
    }

    /// The text as it was published.
    pub(super) fn whole(&self) -> &str {
        &self.text
    }

    /// Its length.
    pub(super) fn bytes(&self) -> usize {
        let attribute =
            |(name, one): (&String, &Attribute)| name.len() + one.kind.len() + one.value.len();
        self.text.len() + self.attributes.iter().map(attribute).sum::<usize>()
    }

    /// Reads it; refuses what cannot be published.
    pub(super) fn read(
        call: &mut Call,
        text: String,
        subject: Option<String>,
        structure: Option<&str>,
        attributes: Option<BTreeMap<String, MessageAttributeValue>>,
    ) -> Result<Message, Refusal> {
        if text.is_empty() {
            return Err(refuse::invalid("Empty message"));
        }
        if let Some(subject) = &subject {
            let printable = |one: char| !one.is_control();
            let fits = (1..=100).contains(&subject.chars().count());
            if !fits || !subject.chars().all(printable) || subject.starts_with(' ') {
                return Err(refuse::invalid("Subject"));
            }
        }
        let by_protocol = match structure {
            None | Some("") => None,
            Some("json") => Some(structured(&text)?),
            Some(_) => return Err(refuse::invalid("MessageStructure")),
        };
        let mut read = BTreeMap::new();
        for (name, value) in attributes.unwrap_or_default() {
            let value = attribute(call, &name, value)?;
            read.insert(name, value);
        }
        let message = Message { subject, text, by_protocol, attributes: read };
        match message.bytes() {
            0..=LONGEST => Ok(message),
            _ => Err(refuse::invalid("Message too long")),
        }
    }
}

fn structured(text: &str) -> Result<BTreeMap<String, String>, Refusal> {
    let reason = "Message Structure - JSON message body failed to parse";
    let Ok(Json::Object(texts)) = serde_json::from_str(text) else {
        return Err(refuse::invalid(reason));
    };
    let texts: BTreeMap<String, String> = texts
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
        .collect();
    match texts.contains_key("default") {
        true => Ok(texts),
        false => Err(refuse::invalid("Message Structure - No default entry in JSON message body")),
    }
}

fn attribute(
    call: &mut Call,
    name: &str,
    value: MessageAttributeValue,
) -> Result<Attribute, Refusal> {
    serve!(call, MessageAttributeValue { data_type, string_value, binary_value } = value);
    let bad = |what: &str| {
        Refusal::new("ParameterValueInvalid", format!("The message attribute '{name}' {what}"))
    };
    let kind = data_type.split('.').next().unwrap_or_default();
    let value = match (kind, string_value, binary_value) {
        ("Binary", None, Some(bytes)) => shape::base64::encode(&bytes),
        ("Number", Some(text), None) if text.parse::<f64>().is_err() => {
            return Err(bad("with type 'Number' has a value that is no number."));
        }
        ("String" | "Number", Some(text), None) if !text.is_empty() => text,
        ("String" | "Number" | "Binary", ..) => {
            return Err(bad("must contain non-empty message attribute value for its type."));
        }
        _ => {
            return Err(bad("has an invalid message attribute type, the set of supported type \
                            prefixes is Binary, Number, and String."));
        }
    };
    Ok(Attribute { kind: data_type, value })
}
