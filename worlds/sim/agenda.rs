//! What will happen and when: steps in order of time, then of being planned.

use std::collections::BTreeMap;
use world::{Id, Request, Ticket, Time};

/// Something that the world will do by itself.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// A piece of work on a thing is done, if it is still the one with this number.
    Work(Id, u64),
    /// The sync of the journal that is under way reaches stable storage.
    Sync,
    /// A client's request arrives.
    Arrive(Ticket, Request),
    /// A client goes away.
    Leave(Ticket),
    /// A program of the world's own may look at something.
    Look(Id),
    /// Something may have begun to listen.
    Stir,
    /// Someone asks the region to stop.
    Stop,
}

#[derive(Debug, Default)]
pub(crate) struct Agenda {
    steps: BTreeMap<(Time, u64), Step>,
    planned: u64,
}

impl Agenda {
    pub(crate) fn plan(&mut self, at: Time, step: Step) {
        self.planned += 1;
        self.steps.insert((at, self.planned), step);
    }

    /// When the next step is due.
    pub(crate) fn due(&self) -> Option<Time> {
        self.steps.first_key_value().map(|((at, _), _)| *at)
    }

    pub(crate) fn pop(&mut self) -> Option<Step> {
        self.steps.pop_first().map(|(_, step)| step)
    }

    /// Forgets every step for which `keep` says no.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(Time, &Step) -> bool) {
        self.steps.retain(|(at, _), step| keep(*at, step));
    }
}
