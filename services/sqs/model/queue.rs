//! A queue as the customer wants it.

use super::{Allow, Redrive};
use crate::dataplane::{Mailbox, Tally};
use region::{Call, Key, record};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use world::{Span, Time};

/// A queue; its key is its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// Up to 80 characters; FIFO queues end in `.fifo`.
    pub name: String,
    /// When it was made.
    pub created: Time,
    /// When its attributes last changed.
    pub modified: Time,
    /// Its attributes.
    pub settings: Settings,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// When it was last purged.
    pub purged: Option<Time>,
}

record!(Queue, "sqs/queue", 1);

/// Up to when a queue's metrics were published; its key is the queue's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// The end of the last minute that was published.
    pub at: Time,
    /// What had happened by then.
    pub tally: Tally,
    /// When the queue was last seen in use.
    pub active: Time,
}

record!(Measured, "sqs/measured", 1);

impl Measured {
    /// Of a queue of which nothing was published yet.
    pub fn new(now: Time) -> Measured {
        Measured { at: now, tally: Tally::default(), active: now }
    }
}

/// A queue that was deleted; its key is its name. Kept while the name cannot be used again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deleted {
    /// When.
    pub at: Time,
}

record!(Deleted, "sqs/deleted", 1);

/// The attributes that a customer may set (AWS: API_SetQueueAttributes).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// DelaySeconds.
    pub delay: u32,
    /// MaximumMessageSize, bytes.
    pub max_size: u32,
    /// MessageRetentionPeriod, seconds.
    pub retention: u32,
    /// ReceiveMessageWaitTimeSeconds.
    pub wait: u32,
    /// VisibilityTimeout, seconds.
    pub visibility: u32,
    /// FifoQueue.
    pub fifo: bool,
    /// ContentBasedDeduplication.
    pub content_deduplication: bool,
    /// DeduplicationScope is `messageGroup` and not `queue`.
    pub group_deduplication: bool,
    /// FifoThroughputLimit is `perMessageGroupId` and not `perQueue`. Only stored: Maquette does
    /// not throttle.
    pub group_throughput: bool,
    /// Policy. Only stored, as long as policies are not enforced.
    pub policy: Option<String>,
    /// RedrivePolicy.
    pub redrive: Option<Redrive>,
    /// RedriveAllowPolicy.
    pub allow: Option<Allow>,
    /// KmsMasterKeyId. Only stored: what is at rest cannot be seen through the API.
    pub kms_key: Option<String>,
    /// KmsDataKeyReusePeriodSeconds. Only stored.
    pub kms_reuse: u32,
    /// SqsManagedSseEnabled. Only stored.
    pub managed_encryption: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            delay: 0,
            max_size: 1 << 20,
            retention: 4 * 86_400,
            wait: 0,
            visibility: 30,
            fifo: false,
            content_deduplication: false,
            group_deduplication: false,
            group_throughput: false,
            policy: None,
            redrive: None,
            allow: None,
            kms_key: None,
            kms_reuse: 300,
            managed_encryption: true,
        }
    }
}

impl Queue {
    /// What was sent at or before this moment has expired.
    pub fn expired(&self, now: Time) -> Time {
        now - Span::seconds(u64::from(self.settings.retention))
    }

    /// The mailbox of this queue.
    pub fn mailbox<'a>(&self, call: &'a Call, key: &Key) -> &'a Mailbox {
        call.plane::<Mailbox>(key).expect("a queue's mailbox is made with it")
    }
}
