//! Traffic as a flow: demand by many clients goes over names and balancers to guests that are
//! queues. No request is followed by itself; what comes out are rates, waits and failures.

mod curve;
mod flow;
mod map;
mod queue;
mod step;
mod tally;
mod usage;

pub use curve::Curve;
pub use flow::{Demand, Goal, Moment};

use flow::Flow;
use std::collections::BTreeMap;
use tally::Ledger;
use world::{Id, Time};

/// All traffic, and what machines will report.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    flows: Vec<Flow>,
    /// When flows take their next step.
    pub(crate) step: Option<Time>,
    stepped: Time,
    /// When the present window of usage ends; none: nothing is reported.
    pub(crate) window: Option<Time>,
    loads: BTreeMap<Id, f64>,
    ledgers: BTreeMap<Id, Ledger>,
}

impl Traffic {
    /// When something has to be counted next.
    pub(crate) fn due(&self) -> Option<Time> {
        match (self.step, self.window) {
            (Some(step), Some(window)) => Some(step.min(window)),
            (step, window) => step.or(window),
        }
    }
}
