//! What the world's own programs do in the simulation: balancers and checkers look after others,
//! couriers deliver. They look only when something has changed, and as often as thresholds count.

mod ask;
mod checks;
mod gaze;
mod look;
mod reply;
mod resolve;
mod rouse;

pub(crate) use ask::{Toward, toward};
pub(crate) use gaze::{Due, Gaze, Rhythm};
pub(crate) use look::EDGE_HOST;
pub use reply::{Heard, Reply, Wish};

use crate::Delivery;
use crate::reach::Scene;
use look::Aim;
use std::collections::BTreeMap;
use std::sync::Arc;
use world::{Findings, Id, Names, Time};

/// One machine that runs a program of the world's own.
#[derive(Debug, Default)]
pub(crate) struct Watcher {
    /// In which of its runs it is; 0: in none.
    run: u64,
    /// Its configuration may have changed.
    fresh: bool,
    gazes: BTreeMap<String, (Aim, Gaze)>,
    said: Findings,
    planned: Option<Time>,
}

impl Watcher {
    /// Whether a check counts as well.
    fn check(&self, names: &Names, id: &Id) -> bool {
        let inverted = names.checks.get(id).is_some_and(|look| look.inverted);
        checks::well(names, &self.gazes, id, 8).unwrap_or(!inverted)
    }

    /// What it counts this as; none: not known.
    pub(crate) fn well(&self, name: &str) -> Option<bool> {
        self.gazes.get(name)?.1.probe.well
    }
}

/// All that watch, and what they see.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub(crate) watchers: BTreeMap<Id, Watcher>,
    pub(crate) replies: BTreeMap<(Id, u16), Reply>,
    pub(crate) delivered: Vec<Delivery>,
    /// Counts changes of what can be reached.
    pub(crate) changes: u64,
    /// Counts findings.
    pub(crate) found: u64,
    sight: Option<Arc<Scene>>,
    stirred: bool,
}
