//! Messages as endpoints get them, unless they want them raw. docs: sns-message-and-json-formats.
//! Not signed: whoever checks signatures would need AWS's certificate.

use super::Attribute;
use serde_json::{Value as Json, json};
use shape::Timestamp;
use std::collections::BTreeMap;
use world::Time;

/// What kind of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something was published.
    Notification,
    /// Whether the endpoint agrees.
    SubscriptionConfirmation,
    /// The endpoint was unsubscribed.
    UnsubscribeConfirmation,
}

impl Kind {
    /// AWS's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Notification => "Notification",
            Kind::SubscriptionConfirmation => "SubscriptionConfirmation",
            Kind::UnsubscribeConfirmation => "UnsubscribeConfirmation",
        }
    }
}

/// A message and what is said around it.
#[derive(Debug, Clone, Default)]
pub struct Envelope {
    /// MessageId.
    pub id: String,
    /// SequenceNumber, of FIFO topics.
    pub sequence: Option<String>,
    /// TopicArn.
    pub topic: String,
    /// Subject.
    pub subject: Option<String>,
    /// Message.
    pub message: String,
    /// When it was published.
    pub at: Time,
    /// Token and SubscribeURL, of confirmations.
    pub confirm: Option<(String, String)>,
    /// UnsubscribeURL.
    pub unsubscribe: Option<String>,
    /// MessageAttributes.
    pub attributes: BTreeMap<String, Attribute>,
}

impl Envelope {
    /// The JSON text, laid out as AWS lays it out.
    pub fn text(&self, kind: Kind) -> String {
        let at = Timestamp(i64::try_from(self.at.millis()).unwrap_or(i64::MAX));
        let mut lines: Vec<(&str, Json)> =
            vec![("Type", kind.as_str().into()), ("MessageId", self.id.as_str().into())];
        if let Some(sequence) = &self.sequence {
            lines.push(("SequenceNumber", sequence.as_str().into()));
        }
        if let Some((token, _)) = &self.confirm {
            lines.push(("Token", token.as_str().into()));
        }
        lines.push(("TopicArn", self.topic.as_str().into()));
        if let Some(subject) = &self.subject {
            lines.push(("Subject", subject.as_str().into()));
        }
        lines.push(("Message", self.message.as_str().into()));
        if let Some((_, url)) = &self.confirm {
            lines.push(("SubscribeURL", url.as_str().into()));
        }
        lines.push(("Timestamp", at.iso8601_millis().into()));
        if let Some(url) = &self.unsubscribe {
            lines.push(("UnsubscribeURL", url.as_str().into()));
        }
        if !self.attributes.is_empty() {
            let attributes = self.attributes.iter();
            let all = attributes.map(|(name, attribute)| {
                (name.clone(), json!({ "Type": attribute.kind, "Value": attribute.value }))
            });
            lines.push(("MessageAttributes", all.collect::<serde_json::Map<_, _>>().into()));
        }
        let lines: Vec<String> =
            lines.iter().map(|(name, value)| format!("  \"{name}\" : {value}")).collect();
        format!("{{\n{}\n}}", lines.join(",\n"))
    }
}
