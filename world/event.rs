//! What comes in from the world, and the requests and answers that cross its door.

use crate::{Findings, Health, Id, Usage};

/// Names one request until it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// An HTTP request as it arrived, nothing decoded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// `GET`, `POST`, ...
    pub method: String,
    /// Raw path and query, byte for byte as sent.
    pub target: String,
    /// In order, duplicates kept, names as sent.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// An HTTP answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// In order.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// Something happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A request arrived at the front door.
    Request(Ticket, Request),
    /// The client that holds this ticket went away; its answer is no longer wanted.
    Hangup(Ticket),
    /// A thing is now in this state of health.
    News(Id, Health),
    /// What a machine's program has found out so far; replaces what it said before.
    Findings(Id, Findings),
    /// What a machine used in one span of time.
    Usage(Id, Usage),
    /// Nothing is left of a thing that was removed.
    Gone(Id),
    /// Everything up to this mark of the journal is on stable storage.
    Synced(u64),
    /// The journal cannot be written (disk full, I/O error): nothing more may be acknowledged.
    Stuck(String),
    /// The moment that was waited for has come, or nothing was waiting.
    Time,
    /// The region shall end its loop.
    Stop,
}
