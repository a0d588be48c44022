//! What a FIFO topic recognises as published before.

use region::record;
use serde::{Deserialize, Serialize};
use world::{Span, Time};

/// A deduplication id is remembered so long. docs: fifo-message-dedup
pub const REMEMBERED: Span = Span::seconds(300);

/// A message of a FIFO topic by its deduplication id; its key is the topic's name and that id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// Remembered until then.
    pub until: Time,
    /// The MessageId that was answered.
    pub id: String,
    /// And the SequenceNumber.
    pub sequence: String,
}

record!(Recent, "sns/recent", 1);
