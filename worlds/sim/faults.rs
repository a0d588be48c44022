//! The faults that are in force.

use std::collections::BTreeSet;
use world::{Id, Span, Zone};

#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) dark: BTreeSet<Zone>,
    /// As injected; both directions count.
    pub(crate) cuts: BTreeSet<(Zone, Zone)>,
    pub(crate) frozen: BTreeSet<Id>,
    pub(crate) slow: Vec<Span>,
    pub(crate) full: bool,
}

impl Faults {
    /// How much longer each sync takes.
    pub(crate) fn slowness(&self) -> Span {
        Span(self.slow.iter().map(|span| span.0).sum())
    }
}
