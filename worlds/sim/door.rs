//! The clients' side of the front door: requests under way, answers, and tickets lost in a crash.

use std::collections::{BTreeMap, BTreeSet};
use world::{Answer, Ticket};

#[derive(Debug, Default)]
pub(crate) struct Door {
    pub(crate) last: u64,
    /// Asked and neither answered, lost nor hung up; arrived or still on its way.
    pub(crate) open: BTreeSet<Ticket>,
    pub(crate) answers: BTreeMap<Ticket, Answer>,
    pub(crate) lost: BTreeSet<Ticket>,
}

impl Door {
    pub(crate) fn ticket(&mut self) -> Ticket {
        self.last += 1;
        let ticket = Ticket(self.last);
        self.open.insert(ticket);
        ticket
    }

    /// Keeps the answer if its client still waits.
    pub(crate) fn answer(&mut self, ticket: Ticket, answer: Answer) {
        if self.open.remove(&ticket) {
            self.answers.insert(ticket, answer);
        }
    }

    /// Every open connection breaks, except those that `keep` says have not been made yet.
    pub(crate) fn lose(&mut self, keep: &BTreeSet<Ticket>) {
        let (kept, lost) =
            std::mem::take(&mut self.open).into_iter().partition(|t| keep.contains(t));
        self.open = kept;
        let lost: BTreeSet<Ticket> = lost;
        self.lost.extend(lost);
    }
}
