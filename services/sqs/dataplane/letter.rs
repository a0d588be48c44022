//! A message as the mailbox keeps it: what was sent, and what became of it since.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::Arc;
use world::Time;

/// What a sender gave. Shared by every queue that the message passes through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// The body.
    pub body: Box<str>,
    /// The sender's id: `AIDA…`, `AROA…:session` or the account's number.
    pub sender: Arc<str>,
    /// MessageGroupId.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Arc<str>>,
    /// MessageDeduplicationId, given or made from the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deduplication: Option<Arc<str>>,
    /// Message attributes by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Attribute>,
    /// The system attribute AWSTraceHeader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<Box<Attribute>>,
}

/// One message attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// `String`, `Number`, `Binary`, each with an optional `.label`.
    pub data_type: String,
    /// What it holds.
    pub value: Payload,
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Payload {
    /// For `String` and `Number`.
    Text(String),
    /// For `Binary`; base64 in the journal.
    Binary(#[serde(serialize_with = "to_base64", deserialize_with = "from_base64")] Vec<u8>),
}

/// A message in a mailbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    /// Its place in the order of arrival in this mailbox.
    pub number: u64,
    /// The message id, a UUID.
    pub id: (u64, u64),
    /// What was sent.
    pub content: Arc<Content>,
    /// SentTimestamp; its age counts from here.
    pub enqueued: Time,
    /// From this moment on it can be received.
    pub visible_at: Time,
    /// ApproximateReceiveCount, earlier queues included.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub receives: u32,
    /// How many of the receives were in earlier queues.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub receives_before: u32,
    /// When it was received for the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_received: Option<Time>,
    /// When it was last received here; visibility may be extended to 12 hours after this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_received: Option<Time>,
    /// The ARN of the queue from which it was moved here as a dead letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dead_from: Option<Arc<str>>,
}

impl Letter {
    /// How often it was received in this mailbox.
    pub fn receives_here(&self) -> u32 {
        self.receives - self.receives_before
    }

    /// Whether a receiver holds it at this moment.
    pub fn in_flight(&self, now: Time) -> bool {
        self.receives_here() > 0 && self.visible_at > now
    }

    /// The message id as text.
    pub fn message_id(&self) -> String {
        message_id(self.id)
    }

    /// SequenceNumber: twenty digits that rise with each message of the queue.
    pub fn sequence_number(&self) -> String {
        sequence_number(self.number)
    }
}

/// A message id as text: a UUID of version 4.
pub fn message_id(id: (u64, u64)) -> String {
    let (a, b) = id;
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        a >> 32,
        a >> 16 & 0xFFFF,
        a & 0xFFF,
        b >> 48 & 0x3FFF | 0x8000,
        b & 0xFFFF_FFFF_FFFF
    )
}

/// The sequence number of the message with this number.
pub fn sequence_number(number: u64) -> String {
    /// AWS's are of this size; nothing but their order has a meaning.
    const FIRST: u128 = 18_850_000_000_000_000_000;
    (FIRST + u128::from(number) * 256).to_string()
}

impl Attribute {
    /// Bytes that count towards the size of a message, without the name.
    pub fn size(&self) -> usize {
        let value = match &self.value {
            Payload::Text(text) => text.len(),
            Payload::Binary(bytes) => bytes.len(),
        };
        self.data_type.len() + value
    }
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

fn to_base64<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&shape::base64::encode(bytes))
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    shape::base64::decode(&text).ok_or_else(|| serde::de::Error::custom("not base64"))
}
