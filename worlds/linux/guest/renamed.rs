//! What changed of the names that a node answers: one record of ten thousand costs one record on
//! its way to the node. Any other change is told whole.

use crate::message::NodeOrder;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use world::{Id, Look, NameRecord, NameZone, Program};

type Zones = BTreeMap<Id, Arc<NameZone>>;
type Checks = BTreeMap<Id, Look>;

/// From one order of a node to the next, where only names differ.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Renamed {
    /// None: it is gone.
    zones: BTreeMap<Id, Option<Rezoned>>,
    /// None: it is gone.
    checks: BTreeMap<Id, Option<Look>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Rezoned {
    /// Another zone.
    Whole(Arc<NameZone>),
    /// These names have these records now, and no others; none: the name is gone.
    Part(BTreeMap<String, Vec<Arc<NameRecord>>>),
}

impl Renamed {
    /// None: something else differs too, or there are no names.
    pub fn between(was: &NodeOrder, is: &NodeOrder) -> Option<Renamed> {
        if rest(was) != rest(is) {
            return None;
        }
        let ((zones_were, checks_were), (zones, checks)) = (names(was)?, names(is)?);
        Some(Renamed {
            zones: difference(zones_were, zones, |was, is| Rezoned::between(was?, is))
                .map(|(id, (part, is))| {
                    let whole = || is.cloned().map(Rezoned::Whole);
                    (id.clone(), part.or_else(whole))
                })
                .collect(),
            checks: difference(checks_were, checks, |_, _| None::<()>)
                .map(|(id, (_, is))| (id.clone(), is.cloned()))
                .collect(),
        })
    }

    /// Makes the next order of the one before; `false`, and nothing, where there are no names.
    pub fn apply(&self, order: &mut NodeOrder) -> bool {
        let Some((zones, checks)) = names_mut(&mut order.program) else { return false };
        for (id, change) in &self.zones {
            match change {
                Some(Rezoned::Whole(zone)) => drop(zones.insert(id.clone(), zone.clone())),
                Some(Rezoned::Part(names)) => {
                    if let Some(zone) = zones.get_mut(id) {
                        let zone = Arc::make_mut(zone);
                        zone.records.retain(|record| !names.contains_key(&record.name));
                        zone.records.extend(names.values().flatten().cloned());
                    }
                }
                None => drop(zones.remove(id)),
            }
        }
        for (id, change) in &self.checks {
            match change {
                Some(look) => drop(checks.insert(id.clone(), look.clone())),
                None => drop(checks.remove(id)),
            }
        }
        true
    }
}

impl Rezoned {
    fn between(was: &NameZone, is: &NameZone) -> Option<Rezoned> {
        if was.name != is.name {
            return None;
        }
        let (was, is) = (&was.records, &is.records);
        let first = was.iter().zip(is).take_while(|(was, is)| was == is).count();
        let (was_rest, is_rest) = (&was[first..], &is[first..]);
        let last = was_rest.iter().rev().zip(is_rest.iter().rev());
        let last = last.take_while(|(was, is)| was == is).count();
        let was_rest = by_name(&was_rest[..was_rest.len() - last]);
        let is_rest = by_name(&is_rest[..is_rest.len() - last]);
        let touched = was_rest.keys().chain(is_rest.keys());
        let touched: BTreeSet<&str> =
            touched.copied().filter(|name| was_rest.get(name) != is_rest.get(name)).collect();
        let mut names: BTreeMap<String, Vec<Arc<NameRecord>>> =
            touched.iter().map(|name| ((*name).to_owned(), Vec::new())).collect();
        for record in is.iter().filter(|record| touched.contains(record.name.as_str())) {
            names.entry(record.name.clone()).or_default().push(record.clone());
        }
        Some(Rezoned::Part(names))
    }
}

fn by_name(records: &[Arc<NameRecord>]) -> BTreeMap<&str, Vec<&Arc<NameRecord>>> {
    let mut all: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for record in records {
        all.entry(&record.name).or_default().push(record);
    }
    all
}

type Differs<'a, V, P> = (&'a Id, (Option<P>, Option<&'a V>));

/// What is not in both alike: its part by `part`, and what it is now.
fn difference<'a, V: PartialEq, P>(
    was: &'a BTreeMap<Id, V>,
    is: &'a BTreeMap<Id, V>,
    part: impl Fn(Option<&'a V>, &'a V) -> Option<P>,
) -> impl Iterator<Item = Differs<'a, V, P>> {
    let gone = was.keys().filter(|id| !is.contains_key(*id)).map(|id| (id, (None, None)));
    let other = is.iter().filter(|(id, one)| was.get(*id) != Some(*one));
    gone.chain(other.map(move |(id, one)| (id, (part(was.get(id), one), Some(one)))))
}

fn names(order: &NodeOrder) -> Option<(&Zones, &Checks)> {
    match &order.program {
        Program::Names(names) => Some((&names.zones, &names.checks)),
        Program::Resolver(resolver) => Some((&resolver.zones, &resolver.checks)),
        _ => None,
    }
}

fn names_mut(program: &mut Program) -> Option<(&mut Zones, &mut Checks)> {
    match program {
        Program::Names(names) => Some((&mut names.zones, &mut names.checks)),
        Program::Resolver(resolver) => Some((&mut resolver.zones, &mut resolver.checks)),
        _ => None,
    }
}

/// An order without its names.
fn rest(order: &NodeOrder) -> NodeOrder {
    let mut order = order.clone();
    if let Some((zones, checks)) = names_mut(&mut order.program) {
        zones.clear();
        checks.clear();
    }
    order
}

#[cfg(test)]
mod tests;
