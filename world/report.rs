//! What machines report by themselves: what their programs found out, and what they used.

use crate::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a machine's program has found out so far, whole: a later one replaces an earlier one.
///
/// A balancer: each target, `POOL/TARGET`. A name server: each checked endpoint, by check. A
/// courier: each letter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Findings {
    /// By the name that the program's configuration gives what it looks at.
    pub probes: BTreeMap<String, Probe>,
}

/// What became of looking at one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// Counted by thresholds; none while too little is known.
    pub well: Option<bool>,
    /// What the last look saw.
    pub outcome: Outcome,
    /// When `well` last changed.
    pub since: Time,
}

/// What one look at something saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Not looked yet.
    Nothing,
    /// As it should be.
    Good,
    /// No connection, or no answer, in time.
    TimedOut,
    /// The connection was refused or reset.
    Refused,
    /// An answer with this status, which is not one of those that were expected.
    Status(u16),
    /// An answer that is none, or lacks what it should hold; why.
    Wrong(String),
}

/// What one machine (or router) used and did in one span of time. Told once.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Begin of the span: a multiple of its length since 1970 (shorter for the first and last).
    pub from: Time,
    /// End of the span.
    pub to: Time,
    /// By name; see [`gauge`] and the program's own documentation.
    pub amounts: BTreeMap<String, Amount>,
}

/// Names of amounts that every machine reports, and (the last three) every router.
pub mod gauge {
    /// Processor time, microseconds.
    pub const CPU: &str = "cpu";
    /// Bytes that came in through its ports.
    pub const BYTES_IN: &str = "bytes-in";
    /// Bytes that went out.
    pub const BYTES_OUT: &str = "bytes-out";
    /// Packets that came in.
    pub const PACKETS_IN: &str = "packets-in";
    /// Packets that went out.
    pub const PACKETS_OUT: &str = "packets-out";
    /// Of a router: bytes that it sent to the internet.
    pub const INTERNET_OUT: &str = "internet-out";
    /// Of a router: bytes that it got from the internet.
    pub const INTERNET_IN: &str = "internet-in";
    /// Of a router: bytes that it carried from a segment in one zone to one in another, without
    /// those of uncounted ports.
    pub const BETWEEN_ZONES: &str = "between-zones";
}

/// One amount in one span: its totals, and how its values were spread where that matters
/// (latencies).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Amount {
    /// How many values.
    pub count: f64,
    /// Of all values.
    pub sum: f64,
    /// Least.
    pub least: f64,
    /// Greatest.
    pub most: f64,
    /// Value and how often, ascending, rounded to two significant digits; may be empty.
    pub spread: Vec<(f64, f64)>,
}

impl Amount {
    /// One value, once.
    pub fn once(value: f64) -> Amount {
        Amount { count: 1.0, sum: value, least: value, most: value, spread: Vec::new() }
    }

    /// So many events, each of value one: a counter.
    pub fn events(count: f64) -> Amount {
        Amount { count, sum: count, least: 1.0, most: 1.0, spread: Vec::new() }
    }
}
