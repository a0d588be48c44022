//! The planner: which records must be planned, what their plans change, until nothing is left to
//! do. Gives no order itself: it says which orders to give.

use crate::plan::{Actual, Ask, Found};
use crate::{Audit, Changed, Controller, Heard, Key, Order, Plan, Service, Store, View, bug};
use std::collections::{BTreeMap, BTreeSet};
use world::{Fault, Findings, Health, Id, Span, Thing, Time};

/// A record may be planned this often in one settling before that counts as a defect.
const ROUNDS: u32 = 64;

/// A controller (by its place) and the record it looks after.
pub(crate) type Owner = (usize, Key);

/// What is actual, what was ordered for whom, and what must be planned when.
#[derive(Default)]
pub(crate) struct Planner {
    controllers: Vec<(&'static str, &'static Controller)>,
    pub(crate) actual: Actual,
    pub(crate) found: Found,
    pace: u32,
    /// What plans ask of other rooms, until they are answered.
    asks: BTreeMap<Owner, Vec<Ask>>,
    faults: BTreeMap<Owner, Vec<Fault>>,
    pub(crate) ordered: BTreeMap<Id, Thing>,
    owners: BTreeMap<Id, Owner>,
    owned: BTreeMap<Owner, BTreeSet<Id>>,
    /// Whom else a thing's health concerns, and the other way round.
    watchers: BTreeMap<Id, BTreeSet<Owner>>,
    watched: BTreeMap<Owner, BTreeSet<Id>>,
    dirty: BTreeSet<Owner>,
    alarms: BTreeSet<(Time, Owner)>,
    alarm_of: BTreeMap<Owner, Time>,
}

impl Planner {
    pub(crate) fn new(services: &[&'static Service], pace: u32) -> Planner {
        let all = services.iter();
        let controllers = all.flat_map(|room| room.controllers.iter().map(|one| (room.name, one)));
        Planner { controllers: controllers.collect(), pace, ..Planner::default() }
    }

    fn view<'a>(&'a self, store: &'a Store, now: Time) -> View<'a> {
        View { store, actual: &self.actual, found: &self.found, now, pace: self.pace }
    }

    /// Marks everything that a change of a record concerns.
    pub(crate) fn changed(&mut self, store: &Store, now: Time, changed: &Changed) {
        for (index, (_, controller)) in self.controllers.iter().enumerate() {
            if controller.kind == changed.kind {
                self.dirty.insert((index, changed.key.clone()));
            }
            for wake in controller.wakes.iter().filter(|wake| wake.kind == changed.kind) {
                let keys = (wake.find)(&self.view(store, now), changed);
                self.dirty.extend(keys.into_iter().map(|key| (index, key)));
            }
        }
    }

    /// After a restart: marks a record and all whom it concerns, as if it were new. What they were
    /// to make of it may not have been durable.
    pub(crate) fn recovered(&mut self, store: &Store, now: Time) {
        for (kind, key) in store.keys() {
            self.changed(store, now, &Changed { kind, key, before: None });
        }
    }

    /// The world reports a thing's health.
    pub(crate) fn news(&mut self, id: &Id, health: Health, now: Time) {
        let same = self.actual.get(id).is_some_and(|(present, _)| *present == health);
        if !same && (self.owners.contains_key(id) || self.actual.contains_key(id)) {
            self.actual.insert(id.clone(), (health, now));
            self.dirty.extend(self.owners.get(id).cloned());
            self.dirty.extend(self.watchers.get(id).into_iter().flatten().cloned());
        }
    }

    /// The world reports that nothing is left of a thing.
    pub(crate) fn gone(&mut self, id: &Id, now: Time) {
        if self.ordered.contains_key(id) {
            return self.news(id, Health::Coming, now);
        }
        self.actual.remove(id);
        self.found.remove(id);
        self.dirty.extend(self.owners.remove(id));
        self.dirty.extend(self.watchers.get(id).into_iter().flatten().cloned());
    }

    /// A machine's program says what it has found out.
    pub(crate) fn findings(&mut self, id: &Id, findings: Findings) {
        if self.found.get(id) != Some(&findings) && self.owners.contains_key(id) {
            self.found.insert(id.clone(), findings);
            self.dirty.extend(self.owners.get(id).cloned());
        }
    }

    /// Whose thing this is.
    pub(crate) fn owner(&self, id: &Id) -> Option<&Owner> {
        self.owners.get(id)
    }

    /// Which room's controller this is.
    pub(crate) fn room(&self, owner: &Owner) -> &'static str {
        self.controllers[owner.0].0
    }

    /// Lets the record's controller hear something; what that changes is in the store then.
    pub(crate) fn hear(&self, store: &mut Store, now: Time, owner: &Owner, heard: &Heard) {
        let mut plan = Plan::default();
        (self.controllers[owner.0].1.hear)(&self.view(store, now), &owner.1, heard, &mut plan);
        let news = plan.drafts.into_iter().filter(|draft| !draft.moot(store)).collect::<Vec<_>>();
        news.into_iter().for_each(|draft| draft.apply(store));
    }

    /// What plans ask and nobody answered yet.
    pub(crate) fn take_asks(&mut self) -> Vec<(Owner, Ask)> {
        let asks = std::mem::take(&mut self.asks).into_iter();
        asks.flat_map(|(owner, asks)| asks.into_iter().map(move |ask| (owner.clone(), ask)))
            .collect()
    }

    /// The faults that plans say are there.
    pub(crate) fn faults(&self) -> Vec<Fault> {
        let mut all: Vec<Fault> = Vec::new();
        for fault in self.faults.values().flatten() {
            if !all.contains(fault) {
                all.push(fault.clone());
            }
        }
        all
    }

    /// Takes what a restarted region finds as actual.
    pub(crate) fn adopt(&mut self, found: &[world::Found], now: Time) {
        for thing in found {
            self.actual.insert(thing.id.clone(), (thing.health.clone(), now));
        }
    }

    /// The moment of the next alarm.
    pub(crate) fn next_alarm(&self) -> Time {
        self.alarms.first().map_or(Time::NEVER, |(at, _)| *at)
    }

    /// Whether nothing waits to be planned.
    pub(crate) fn settled(&self) -> bool {
        self.dirty.is_empty()
    }

    /// Plans until nothing is left, and returns the orders in the order in which they were made.
    /// `frozen` names rooms that must not act. The caller commits after each plan through `commit`.
    pub(crate) fn settle(
        &mut self,
        store: &mut Store,
        now: Time,
        frozen: &[&'static str],
        audit: &mut Audit,
        mut commit: impl FnMut(&mut Store) -> Vec<Changed>,
    ) -> Vec<Order> {
        while let Some((at, owner)) = self.alarms.first().cloned().filter(|(at, _)| *at <= now) {
            self.alarms.remove(&(at, owner.clone()));
            self.alarm_of.remove(&owner);
            self.dirty.insert(owner);
        }
        let mut rounds: BTreeMap<Owner, u32> = BTreeMap::new();
        let mut orders = Vec::new();
        while let Some(owner) = self.dirty.pop_first() {
            let (room, controller) = self.controllers[owner.0];
            if frozen.contains(&room) {
                continue;
            }
            let round = rounds.entry(owner.clone()).or_default();
            *round += 1;
            if *round > ROUNDS {
                audit.note(now, format!("bug: {} of {} does not settle", controller.kind, owner.1));
                continue;
            }
            let mut plan = Plan::default();
            let view = self.view(store, now);
            let planned = bug::contained(|| (controller.plan)(&view, &owner.1, &mut plan));
            if let Err(text) = planned {
                audit.note(now, format!("bug: planning {} {}: {text}", controller.kind, owner.1));
                continue;
            }
            let made = self.carry(store, now, &owner, plan);
            if !made.is_empty() {
                let lines: Vec<String> = made.iter().map(Order::to_string).collect();
                let line = format!("{} {}: {}", controller.kind, owner.1, lines.join("; "));
                audit.note(now, line);
            }
            for changed in commit(store) {
                self.changed(store, now, &changed);
            }
            orders.extend(made);
        }
        orders
    }

    /// Compares a plan with what was ordered and wanted before; makes the difference so.
    fn carry(&mut self, store: &mut Store, now: Time, owner: &Owner, plan: Plan) -> Vec<Order> {
        let mut orders = Vec::new();
        let before = self.owned.remove(owner).unwrap_or_default();
        let now_owned: BTreeSet<Id> = plan.things.keys().cloned().collect();
        for id in before.difference(&now_owned) {
            // Unless another record has taken it over since.
            if self.owners.get(id) == Some(owner) {
                self.ordered.remove(id);
                orders.push(Order::Remove(id.clone()));
            }
        }
        for (id, thing) in plan.things {
            if self.ordered.get(&id) != Some(&thing) {
                self.owners.insert(id.clone(), owner.clone());
                self.actual.entry(id.clone()).or_insert((Health::Coming, now));
                self.ordered.insert(id.clone(), thing.clone());
                orders.push(Order::Ensure(id, Box::new(thing)));
            }
        }
        if !now_owned.is_empty() {
            self.owned.insert(owner.clone(), now_owned);
        }
        for draft in plan.drafts {
            if !draft.moot(store) {
                orders.push(Order::Change(draft.describe()));
                draft.apply(store);
            }
        }
        if plan.asks.is_empty() {
            self.asks.remove(owner);
        } else {
            let names = plan.asks.iter().map(|ask| ask.operation.name);
            orders.push(Order::Ask(names.collect::<Vec<_>>().join(", ")));
            self.asks.insert(owner.clone(), plan.asks);
        }
        match plan.faults.is_empty() {
            true => drop(self.faults.remove(owner)),
            false => drop(self.faults.insert(owner.clone(), plan.faults)),
        }
        self.watch(owner, plan.watched);
        if let Some(old) = self.alarm_of.remove(owner) {
            self.alarms.remove(&(old, owner.clone()));
        }
        if let Some(at) = plan.again {
            // A moment that has come would be planned for ever without time going on.
            let at = at.max(now + Span::millis(1));
            self.alarms.insert((at, owner.clone()));
            self.alarm_of.insert(owner.clone(), at);
        }
        orders
    }

    /// What a record watches is now this.
    fn watch(&mut self, owner: &Owner, watched: BTreeSet<Id>) {
        let before = self.watched.remove(owner).unwrap_or_default();
        for id in before.difference(&watched) {
            if let Some(watchers) = self.watchers.get_mut(id) {
                watchers.remove(owner);
                if watchers.is_empty() {
                    self.watchers.remove(id);
                }
            }
        }
        for id in watched.difference(&before) {
            self.watchers.entry(id.clone()).or_default().insert(owner.clone());
        }
        if !watched.is_empty() {
            self.watched.insert(owner.clone(), watched);
        }
    }
}
