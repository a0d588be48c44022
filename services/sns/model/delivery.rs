//! What is still to be delivered: one record for each message and subscription, until it is done.

use region::{GLOBAL, Key, Scope, record};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use world::Time;

/// A message attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// `String`, `Number`, `Binary`, `String.Array`.
    pub kind: String,
    /// Its text; base64 of binary ones.
    pub value: String,
}

/// A message on its way to one subscription. Its key is in the scope of what it goes to; the key's
/// id begins with the number of the message, so that messages go in the order in which they came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// The subscription.
    pub subscription: Key,
    /// How and where it goes.
    pub content: Content,
    /// A dead-letter queue's ARN.
    pub dead: Option<String>,
    /// What the dead-letter queue gets.
    pub body: String,
    /// Message attributes, where delivery is raw.
    pub attributes: BTreeMap<String, Attribute>,
    /// How often it was tried in vain.
    pub tries: u32,
    /// When it is tried again.
    pub next: Time,
    /// Group and deduplication id of a FIFO topic's message.
    #[serde(default)]
    pub order: Option<(String, String)>,
}

/// How and where a message goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Content {
    /// To the queue of this name, in the delivery's own scope.
    Queue(String),
    /// By HTTP.
    Post {
        /// Where.
        url: String,
        /// Headers.
        headers: Vec<(String, String)>,
    },
}

/// The number of the next message of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Rises by one with each message.
    pub next: u64,
}

/// The one that carries HTTP requests out of the region. There is one for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Courier {}

record!(Delivery, "sns/delivery", 1);
record!(Sequence, "sns/sequence", 1);
record!(Courier, "sns/courier", 1);

impl Courier {
    /// Its key.
    pub fn key() -> Key {
        Key::new(&Scope::new("", GLOBAL), "sns-courier")
    }
}
