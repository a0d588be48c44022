//! What clients want, and what they got.

use super::map::Map;
use super::{Curve, tally::Times};
use crate::Sim;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use world::{Id, Span, Time};

/// Whom clients ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// Whatever the model's name servers answer for this name; clients keep an answer for `ttl`.
    Name {
        /// The name.
        name: String,
        /// For how long they keep it.
        ttl: Span,
    },
    /// These addresses, of which each client knows all.
    Addresses(Vec<Ipv4Addr>),
}

/// Requests by many clients of the internet.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand {
    /// Whom they ask.
    pub goal: Goal,
    /// TCP port.
    pub port: u16,
    /// The Host header and path, for rules of balancers.
    pub host: String,
    /// See `host`.
    pub path: String,
    /// Requests a second.
    pub curve: Curve,
    /// Processor time of one request in a guest.
    pub work: Span,
    /// What a request takes beside that, waiting for others: networks, databases.
    pub beside: Span,
    /// A client gives up after so long.
    pub patience: Span,
    /// Bytes of a request and of its answer.
    pub bytes: (u64, u64),
}

/// What happened to a demand in one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// Begin of the step.
    pub at: Time,
    /// Length of the step.
    pub span: Span,
    /// Requests.
    pub asked: f64,
    /// Of these, those that were answered well and in time.
    pub good: f64,
    /// Seconds that half of the good ones took at most.
    pub p50: f64,
    /// Seconds that 99 of 100 of the good ones took at most.
    pub p99: f64,
    /// Requests a second that the targets in use could do.
    pub capacity: f64,
    /// Targets that are in use and work.
    pub targets: u32,
    /// Addresses at which clients find somebody.
    pub doors: u32,
}

/// A demand and how it stands.
#[derive(Debug)]
pub(super) struct Flow {
    pub(super) demand: Demand,
    pub(super) map: Map,
    /// The changes of the world that the map knows of.
    pub(super) known: Option<(u64, u64)>,
    /// What clients were told before `since`, and which part of all of them was.
    pub(super) habit: Vec<(Vec<Ipv4Addr>, f64)>,
    /// What name servers say now.
    pub(super) answer: Vec<Ipv4Addr>,
    pub(super) since: Time,
    /// Requests that wait in each machine.
    pub(super) piles: BTreeMap<Id, f64>,
    /// Requests under way in each machine when the last step ended, and at each door.
    pub(super) under_way: BTreeMap<Id, f64>,
    pub(super) at_doors: BTreeMap<Ipv4Addr, f64>,
    /// Of these, those that were lost since.
    pub(super) lost: f64,
    pub(super) last: Time,
    pub(super) moments: Vec<Moment>,
    /// Of the good answers of this step.
    pub(super) times: Times,
}

impl Sim {
    /// From now on clients want this. Its number is for [`Sim::moments`].
    pub fn demand(&mut self, demand: Demand) -> usize {
        let flow = Flow {
            demand,
            map: Map::default(),
            known: None,
            habit: Vec::new(),
            answer: Vec::new(),
            since: self.now,
            piles: BTreeMap::new(),
            under_way: BTreeMap::new(),
            at_doors: BTreeMap::new(),
            lost: 0.0,
            last: self.now,
            moments: Vec::new(),
            times: Times::default(),
        };
        self.traffic.flows.push(flow);
        self.traffic.step.get_or_insert(self.now);
        self.traffic.flows.len() - 1
    }

    /// Clients want something else from now on, of the same demand.
    pub fn change_demand(&mut self, number: usize, curve: Curve) {
        if let Some(flow) = self.traffic.flows.get_mut(number) {
            flow.demand.curve = curve;
        }
    }

    /// What has happened to a demand so far.
    pub fn moments(&self, number: usize) -> &[Moment] {
        self.traffic.flows.get(number).map_or(&[], |flow| &flow.moments)
    }
}
