//! A message move task: the redrive of a dead-letter queue.

use region::record;
use serde::{Deserialize, Serialize};
use world::Time;

/// A task; its key is its id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MoveTask {
    /// The name of the queue from which messages are moved.
    pub source: String,
    /// The name of the queue to which they are; `None`: each to the queue it came from.
    pub destination: Option<String>,
    /// MaxNumberOfMessagesPerSecond, 1 to 500.
    pub rate: Option<u32>,
    /// When it was started.
    pub started: Time,
    /// Messages with numbers from this on came later, and stay.
    pub boundary: u64,
    /// How many messages there were to move.
    pub to_move: u64,
    /// How many were moved.
    pub moved: u64,
    /// How far it is.
    pub status: Status,
    /// Why it failed.
    pub failure: Option<String>,
    /// When the next messages may be moved.
    pub next: Time,
}

record!(MoveTask, "sqs/move-task", 1);

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Messages are being moved.
    Running,
    /// It was told to end.
    Cancelling,
    /// It ended because it was told to.
    Cancelled,
    /// It moved everything.
    Completed,
    /// It could not go on.
    Failed,
}

impl Status {
    /// AWS's word.
    pub fn word(self) -> &'static str {
        match self {
            Status::Running => "RUNNING",
            Status::Cancelling => "CANCELLING",
            Status::Cancelled => "CANCELLED",
            Status::Completed => "COMPLETED",
            Status::Failed => "FAILED",
        }
    }
}
