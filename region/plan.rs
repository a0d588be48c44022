//! A plan: what a controller found must be so, as data that can be printed and compared.

use crate::meter::{self, Measure};
use crate::{Key, Plane, Record, Refusal, Scope, Store};
use shape::{Operation, OperationSchema, Shaped};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use world::{Fault, Findings, Health, Id, Span, Thing, Time, Usage};

/// What a controller sees: what is wanted, what is actual, and the time. It changes nothing.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// Everything wanted.
    pub store: &'a Store,
    /// What the world last reported of each thing.
    pub actual: &'a Actual,
    /// What machines' programs have found out, the latest of each.
    pub found: &'a Found,
    /// The moment for which to plan.
    pub now: Time,
    /// How many times shorter than AWS's own the waits are.
    pub pace: u32,
}

/// What the world last reported: a thing's health, and since when.
pub type Actual = BTreeMap<Id, (Health, Time)>;

/// What machines' programs have found out, the latest of each.
pub type Found = BTreeMap<Id, Findings>;

impl View<'_> {
    /// What a machine's program has found out; `None` until it says something.
    pub fn findings(&self, machine: &Id) -> Option<&Findings> {
        self.found.get(machine)
    }

    /// One of AWS's own waits (a cooldown, a period, an interval), as long as it is here.
    pub fn paced(&self, wait: Span) -> Span {
        Span(wait.0 / u64::from(self.pace.max(1)))
    }

    /// Whether a zone is without power now, by a fault.
    pub fn is_dark(&self, zone: &world::Zone) -> bool {
        crate::own::faults(self.store).contains(&Fault::Dark(zone.clone()))
    }

    /// The health of a thing; `None` when the world has said nothing of it yet.
    pub fn health(&self, id: &Id) -> Option<&Health> {
        self.actual.get(id).map(|(health, _)| health)
    }
}

/// A change to a record that a controller wants made, with the record's type forgotten.
pub(crate) trait Draft {
    fn apply(self: Box<Self>, store: &mut Store);
    fn moot(&self, store: &Store) -> bool;
    fn describe(&self) -> String;
    /// Takes a measured value in where this is about measured values of the same scope.
    fn take_in(&mut self, _: &Scope, measure: Measure) -> Option<Measure> {
        Some(measure)
    }
}

/// Values that were measured: one entry for all of a plan.
struct Measured {
    scope: Scope,
    measures: Vec<Measure>,
}

impl Draft for Measured {
    fn apply(self: Box<Self>, store: &mut Store) {
        let key = meter::key(&self.scope);
        let at = self.measures.iter().map(|measure| measure.at + measure.span).max();
        let metrics = store.plane::<meter::Metrics>(&key);
        let entry = meter::Metrics::put(metrics, at.unwrap_or_default(), self.measures);
        store.record::<meter::Metrics>(&key, &entry);
    }

    fn moot(&self, _: &Store) -> bool {
        false
    }

    fn describe(&self) -> String {
        format!("{} measured values in {}", self.measures.len(), self.scope)
    }

    fn take_in(&mut self, scope: &Scope, measure: Measure) -> Option<Measure> {
        if self.scope != *scope {
            return Some(measure);
        }
        self.measures.push(measure);
        None
    }
}

struct Want<R> {
    key: Key,
    record: Option<R>,
}

impl<R: Record> Draft for Want<R> {
    fn apply(self: Box<Self>, store: &mut Store) {
        match self.record {
            Some(record) => store.put(self.key, record),
            None => store.forget::<R>(&self.key),
        }
    }

    fn moot(&self, store: &Store) -> bool {
        match (&self.record, store.get::<R>(&self.key)) {
            (Some(record), Some(present)) => **present == *record,
            (None, None) => true,
            _ => false,
        }
    }

    fn describe(&self) -> String {
        match &self.record {
            // Not the record itself: it may hold what nobody else may read, and this goes to logs.
            Some(_) => format!("want {} {}", R::KIND, self.key),
            None => format!("forget {} {}", R::KIND, self.key),
        }
    }
}

struct Happen<P: Plane> {
    key: Key,
    entry: P::Entry,
}

impl<P: Plane> Draft for Happen<P> {
    fn apply(self: Box<Self>, store: &mut Store) {
        store.record::<P>(&self.key, &self.entry);
    }

    fn moot(&self, _: &Store) -> bool {
        false
    }

    fn describe(&self) -> String {
        // Entries hold what customers put in; that is not for the log.
        format!("an entry of {} {}", P::KIND, self.key)
    }
}

/// Everything that one record's controller says must be so now.
///
/// A controller states the whole of what its record owns; the region compares that with what was
/// ordered before and orders the difference. So planning twice orders nothing twice, and a
/// record that is gone (its controller says nothing) loses its things.
#[derive(Default)]
pub struct Plan {
    pub(crate) things: BTreeMap<Id, Thing>,
    pub(crate) drafts: Vec<Box<dyn Draft>>,
    pub(crate) asks: Vec<Ask>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) again: Option<Time>,
    pub(crate) watched: BTreeSet<Id>,
}

/// A call that a record makes of another room, through the front door, as a service principal.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) tag: String,
    pub(crate) scope: Scope,
    pub(crate) operation: &'static OperationSchema,
    pub(crate) input: shape::Record,
}

/// What a controller hears once, beside what a view shows.
pub enum Heard<'a> {
    /// What a machine that this record owns used in one span of time.
    Usage(&'a Id, &'a Usage),
    /// The answer to what this record's plan asked for under this tag. The changes that it makes
    /// and those that hearing it makes become real together.
    Answer(&'a str, Result<&'a shape::Record, &'a Refusal>),
}

impl Plan {
    /// Calls an operation of another room, in the record's own account and region. The answer is
    /// heard under `tag`. While a plan states it, it is asked at each planning: what was heard must
    /// end that.
    pub fn ask<O: Operation>(&mut self, key: &Key, tag: impl Into<String>, input: O::Input) {
        let (operation, input) = (O::schema(), input.into_record());
        self.asks.push(Ask { tag: tag.into(), scope: key.scope.clone(), operation, input });
    }

    /// This fault is there as long as some record's plan says so.
    pub fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Hands a measured value to the account's metrics.
    pub fn measure(&mut self, scope: &Scope, measure: Measure) {
        let rest = match self.drafts.last_mut() {
            Some(last) => last.take_in(scope, measure),
            None => Some(measure),
        };
        if let Some(measure) = rest {
            let (scope, measures) = (scope.clone(), vec![measure]);
            self.drafts.push(Box::new(Measured { scope, measures }));
        }
    }

    /// The record owns this thing, like this.
    pub fn thing(&mut self, id: Id, thing: Thing) {
        self.things.insert(id, thing);
    }

    /// A record shall be this: one's own (its observed state), or one that this one owns.
    pub fn want<R: Record>(&mut self, key: Key, record: R) {
        self.drafts.push(Box::new(Want { key, record: Some(record) }));
    }

    /// A record shall not be.
    pub fn forget<R: Record>(&mut self, key: Key) {
        self.drafts.push(Box::new(Want::<R> { key, record: None }));
    }

    /// Lets an entry happen to a data plane. It is not compared with anything: a controller that
    /// plans the same entry twice lets it happen twice.
    pub fn record<P: Plane>(&mut self, key: Key, entry: P::Entry) {
        self.drafts.push(Box::new(Happen::<P> { key, entry }));
    }

    /// Plan this record again when the health of a thing that another one owns changes, as long as
    /// its plans say so.
    pub fn watch(&mut self, id: Id) {
        self.watched.insert(id);
    }

    /// Plan this record again at this moment at the latest.
    pub fn again(&mut self, at: Time) {
        self.again = Some(self.again.map_or(at, |before| before.min(at)));
    }
}

/// One order of a plan, after comparison with what was there: what `maquette log` shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// The world shall hold this thing.
    Ensure(Id, Box<Thing>),
    /// The world shall not hold it any more.
    Remove(Id),
    /// Something breaks, or is mended (`false`).
    Fault(Fault, bool),
    /// A record changes; described for a person.
    Change(String),
    /// An operation of another room is called; described for a person.
    Ask(String),
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Order::Ensure(id, thing) => write!(f, "ensure {:?} {id}", thing.kind()),
            Order::Remove(id) => write!(f, "remove {id}"),
            Order::Fault(fault, true) => write!(f, "inject {fault:?}"),
            Order::Fault(fault, false) => write!(f, "heal {fault:?}"),
            Order::Change(text) => f.write_str(text),
            Order::Ask(text) => write!(f, "ask {text}"),
        }
    }
}
