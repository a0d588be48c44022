//! The faults that are in force.

use std::collections::BTreeSet;
use world::{Id, Span, Zone};

#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) dark: BTreeSet<Zone>,
    /// As injected; both directions count.
    pub(crate) cuts: BTreeSet<(Zone, Zone)>,
    pub(crate) frozen: BTreeSet<Id>,
    pub(crate) stalled: BTreeSet<Id>,
    /// Who waits for a stalled disk, and what they write.
    pub(crate) writers: Vec<(Id, Writer, Vec<u8>)>,
    pub(crate) slow: Vec<Span>,
    pub(crate) full: bool,
}

/// A program that writes a file, in one run of its machine.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) machine: Id,
    pub(crate) run: u64,
    pub(crate) path: String,
}

impl Faults {
    /// How much longer each sync takes.
    pub(crate) fn slowness(&self) -> Span {
        Span(self.slow.iter().map(|span| span.0).sum())
    }
}
