//! The planner: which records must be planned, what their plans change, until nothing is left to
//! do. Gives no order itself: it says which orders to give.

use crate::plan::Actual;
use crate::{Audit, Changed, Controller, Key, Order, Plan, Service, Store, View, bug};
use std::collections::{BTreeMap, BTreeSet};
use world::{Found, Health, Id, Thing, Time};

/// A record may be planned this often in one settling before that counts as a defect.
const ROUNDS: u32 = 64;

/// A controller (by its place) and the record it looks after.
pub(crate) type Owner = (usize, Key);

/// What is actual, what was ordered for whom, and what must be planned when.
#[derive(Default)]
pub(crate) struct Planner {
    controllers: Vec<(&'static str, &'static Controller)>,
    pub(crate) actual: Actual,
    pub(crate) ordered: BTreeMap<Id, Thing>,
    owners: BTreeMap<Id, Owner>,
    owned: BTreeMap<Owner, BTreeSet<Id>>,
    dirty: BTreeSet<Owner>,
    alarms: BTreeSet<(Time, Owner)>,
    alarm_of: BTreeMap<Owner, Time>,
}

impl Planner {
    pub(crate) fn new(services: &[&'static Service]) -> Planner {
        let all = services.iter();
        let controllers = all.flat_map(|room| room.controllers.iter().map(|one| (room.name, one)));
        Planner { controllers: controllers.collect(), ..Planner::default() }
    }

    /// Marks everything that a change of a record concerns.
    pub(crate) fn changed(&mut self, store: &Store, now: Time, changed: &Changed) {
        for (index, (_, controller)) in self.controllers.iter().enumerate() {
            if controller.kind == changed.kind {
                self.dirty.insert((index, changed.key.clone()));
            }
            for wake in controller.wakes.iter().filter(|wake| wake.kind == changed.kind) {
                let view = View { store, actual: &self.actual, now };
                let keys = (wake.find)(&view, changed);
                self.dirty.extend(keys.into_iter().map(|key| (index, key)));
            }
        }
    }

    /// Marks a record of this kind, after a restart.
    pub(crate) fn recovered(&mut self, kind: &str, key: &Key) {
        let concerned = self.controllers.iter().enumerate().filter(|(_, one)| one.1.kind == kind);
        self.dirty.extend(concerned.map(|(index, _)| (index, key.clone())));
    }

    /// The world reports a thing's health.
    pub(crate) fn news(&mut self, id: &Id, health: Health, now: Time) {
        let same = self.actual.get(id).is_some_and(|(present, _)| *present == health);
        if !same && (self.owners.contains_key(id) || self.actual.contains_key(id)) {
            self.actual.insert(id.clone(), (health, now));
            self.dirty.extend(self.owners.get(id).cloned());
        }
    }

    /// The world reports that nothing is left of a thing.
    pub(crate) fn gone(&mut self, id: &Id, now: Time) {
        if self.ordered.contains_key(id) {
            return self.news(id, Health::Coming, now);
        }
        self.actual.remove(id);
        self.dirty.extend(self.owners.remove(id));
    }

    /// Takes what a restarted region finds as actual.
    pub(crate) fn adopt(&mut self, found: &[Found], now: Time) {
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
            let view = View { store, actual: &self.actual, now };
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
        if let Some(old) = self.alarm_of.remove(owner) {
            self.alarms.remove(&(old, owner.clone()));
        }
        if let Some(at) = plan.again {
            self.alarms.insert((at, owner.clone()));
            self.alarm_of.insert(owner.clone(), at);
        }
        orders
    }
}
