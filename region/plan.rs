//! A plan: what a controller found must be so, as data that can be printed and compared.

use crate::{Key, Plane, Record, Store};
use std::collections::BTreeMap;
use std::fmt;
use world::{Health, Id, Thing, Time};

/// What a controller sees: what is wanted, what is actual, and the time. It changes nothing.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// Everything wanted.
    pub store: &'a Store,
    /// What the world last reported of each thing.
    pub actual: &'a Actual,
    /// The moment for which to plan.
    pub now: Time,
}

/// What the world last reported: a thing's health, and since when.
pub type Actual = BTreeMap<Id, (Health, Time)>;

impl View<'_> {
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
    pub(crate) again: Option<Time>,
}

impl Plan {
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
    /// A record changes; described for a person.
    Change(String),
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Order::Ensure(id, thing) => write!(f, "ensure {:?} {id}", thing.kind()),
            Order::Remove(id) => write!(f, "remove {id}"),
            Order::Change(text) => f.write_str(text),
        }
    }
}
