//! What can happen to a mailbox. Persisted: only ever add variants and optional fields.

use super::Letter;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use world::Time;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Entry {
    /// The mailbox was made.
    Opened {
        /// Order is kept within groups.
        fifo: bool,
        /// What makes its receipt handles its own.
        salt: u64,
        /// The number of the next message.
        next: u64,
    },
    /// Messages arrived: from a sender, from another queue, or from a snapshot.
    Sent {
        /// When.
        at: Time,
        /// As they are now.
        letters: Vec<Letter>,
        /// What must be recognised as sent before.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        seen: Vec<Seen>,
    },
    /// A receiver got messages.
    Received {
        /// When.
        at: Time,
        /// They can be received again from this moment on.
        until: Time,
        /// Which.
        numbers: Vec<u64>,
        /// ReceiveRequestAttemptId.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        attempt: Option<Arc<str>>,
    },
    /// The visibility of messages changed.
    Hidden {
        /// When.
        at: Time,
        /// Which, and from when on they can be received.
        letters: Vec<(u64, Time)>,
    },
    /// Messages are gone: deleted, or moved to another queue.
    Deleted {
        /// When.
        at: Time,
        /// Which.
        numbers: Vec<u64>,
    },
    /// Everything that was sent at or before a moment is gone.
    Expired {
        /// When.
        at: Time,
        /// That moment.
        sent_until: Time,
    },
    /// Everything is gone.
    Purged {
        /// When.
        at: Time,
    },
    /// What a snapshot remembers besides its messages.
    Recalled {
        /// Deduplication.
        seen: Vec<Seen>,
        /// Receive attempts.
        attempts: Vec<(Arc<str>, Attempt)>,
    },
    /// What a snapshot knows of how much has happened; its last entry.
    Tallied(Tally),
}

/// How much has happened in a mailbox since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Messages that senders sent; those that came from another queue are not among them.
    pub sent: u64,
    /// Messages that receivers got.
    pub received: u64,
    /// Messages that were deleted while somebody had them.
    pub deleted: u64,
}

/// A deduplication id that was used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// The message group, where ids are compared within groups only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Arc<str>>,
    /// The deduplication id.
    pub deduplication: Arc<str>,
    /// Remembered until then.
    pub until: Time,
    /// The number of the message that used it.
    pub number: u64,
    /// The id of that message.
    pub id: (u64, u64),
}

/// What a receive with a ReceiveRequestAttemptId returned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// Remembered until then.
    pub until: Time,
    /// Message numbers, and how often each had been received with that.
    pub receipts: Vec<(u64, u32)>,
}
