//! One vocabulary of failure for the fault injection API, the command line, the map and the swarm.

use crate::{Id, Span, Zone};
use serde::{Deserialize, Serialize};

/// A failure that can be injected and healed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fault {
    /// A machine's processes end at once, once. Needs no healing.
    Kill(Id),
    /// A machine stops running and keeps its memory, until healed.
    Freeze(Id),
    /// A disk's reads and writes wait, until healed; what a machine knows of it already it may go
    /// on knowing.
    Stall(Id),
    /// A zone loses power: its machines, and every link into it.
    Dark(Zone),
    /// No packet passes between two zones, in either direction.
    Cut(Zone, Zone),
    /// Each sync of the journal takes this much longer.
    SlowDisk(Span),
    /// Appends to the journal fail.
    FullDisk,
    /// The clock jumps ahead by this much, once.
    Skew(Span),
}
