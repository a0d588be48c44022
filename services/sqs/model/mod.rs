//! What the room keeps: queues, names of deleted queues, move tasks. Messages are in `dataplane`.

mod access;
mod attributes;
mod name;
mod queue;
mod redrive;
pub(crate) mod refuse;
mod task;

pub use queue::{Deleted, Measured, Queue, Settings};
pub use redrive::{Allow, Redrive};
pub use task::{MoveTask, Status};

pub(crate) use access::{Permission, allow, disallow};
pub(crate) use attributes::{KNOWN, set, shown};
pub(crate) use name::{arn_key, check_name, find, url};
