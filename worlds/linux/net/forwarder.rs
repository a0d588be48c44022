//! One forwarding namespace and what is in force there, as parts that each belong to one thing: a
//! thing that changes costs only its own part.

use crate::conntrack;
use crate::netlink::{Batch, Socket};
use crate::rtnetlink::{self, Neighbours, Routes, Rules};
use crate::ruleset::{Element, Ruleset, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::Ipv4Addr;
use world::Id;

/// Whose part it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    Ground,
    Faults,
    Router(Id),
    Segment(Id),
    Ladder(Id),
    Members(Id),
    Group(Id),
    Combination(String),
    Port(Id),
}

/// What one thing adds to a namespace.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Part {
    pub rules: Ruleset,
    pub routes: Routes,
    pub policy: Rules,
    pub neighbours: Neighbours,
}

impl Part {
    fn merge(&mut self, other: &Part) {
        self.rules.merge(&other.rules);
        self.routes.extend(&other.routes);
        self.policy.extend(&other.policy);
        self.neighbours.extend(&other.neighbours);
    }
}

/// A change whose rules are in force and whose routes are not yet.
#[derive(Debug)]
pub(crate) struct Change {
    old: Part,
    new: Part,
    parts: Vec<(Part, Owner)>,
}

#[derive(Debug)]
pub(crate) struct Forwarder {
    pub route: Socket,
    table: Table,
    parts: BTreeMap<Owner, Part>,
    /// Whether what is in force must be read from the kernel before the next change.
    stale: bool,
    /// Smallest routing table that is ours.
    tables: u32,
}

impl Forwarder {
    pub(crate) fn open(route: Socket, table: Table, tables: u32) -> io::Result<Forwarder> {
        table.make()?;
        Ok(Forwarder { route, table, parts: BTreeMap::new(), stale: true, tables })
    }

    /// Whether the next change must name every part.
    pub(crate) fn is_stale(&self) -> bool {
        self.stale
    }

    pub(crate) fn distrust(&mut self) {
        self.stale = true;
    }

    pub(crate) fn owners(&self) -> impl Iterator<Item = &Owner> {
        self.parts.keys()
    }

    /// Puts the rules of these parts in force, in one transaction. Links come next, then
    /// [`Forwarder::finish`]; until then the forwarder is stale.
    pub(crate) fn begin(&mut self, parts: Vec<(Part, Owner)>) -> io::Result<Change> {
        let mut old = Part::default();
        if self.stale {
            old = self.read()?;
            self.parts.clear();
        } else {
            parts.iter().filter_map(|(_, o)| self.parts.get(o)).for_each(|part| old.merge(part));
        }
        let mut new = Part::default();
        parts.iter().for_each(|(part, _)| new.merge(part));
        self.stale = true;
        self.table.change(&old.rules, &new.rules)?;
        conntrack::forget(&self.table.socket, &abandoned(&old.rules, &new.rules))?;
        Ok(Change { old, new, parts })
    }

    /// Puts neighbours, routes and routing rules in force.
    pub(crate) fn finish(&mut self, Change { old, new, parts }: Change) -> io::Result<()> {
        self.direct(&old, &new)?;
        self.stale = false;
        for (part, owner) in parts {
            if part == Part::default() {
                self.parts.remove(&owner);
            } else {
                self.parts.insert(owner, part);
            }
        }
        Ok(())
    }

    fn direct(&self, old: &Part, new: &Part) -> io::Result<()> {
        // What went with its link is gone already, hence the errors that are none.
        let mut gone = Batch::default();
        for (table, to) in old.routes.keys().filter(|key| !new.routes.contains_key(*key)) {
            rtnetlink::route(&mut gone, *table, *to, None, 0);
        }
        for (link, address) in old.neighbours.keys() {
            if !new.neighbours.contains_key(&(*link, *address)) {
                rtnetlink::neighbour(&mut gone, *link, *address, None);
            }
        }
        for rule in old.policy.difference(&new.policy) {
            rtnetlink::rule(&mut gone, false, *rule);
        }
        let absent = [libc::ESRCH, libc::ENOENT, libc::ENODEV, libc::ENXIO, libc::EINVAL];
        self.route.run_but(&mut gone, &absent)?;
        let mut fresh = Batch::default();
        for ((link, address), mac) in &new.neighbours {
            if old.neighbours.get(&(*link, *address)) != Some(mac) {
                rtnetlink::neighbour(&mut fresh, *link, *address, Some(*mac));
            }
        }
        for ((table, to), hop) in &new.routes {
            if old.routes.get(&(*table, *to)) != Some(hop) {
                rtnetlink::route(&mut fresh, *table, *to, Some(*hop), 0);
            }
        }
        for rule in new.policy.difference(&old.policy) {
            rtnetlink::rule(&mut fresh, true, *rule);
        }
        self.route.run(&mut fresh)
    }

    /// The bytes that a chain's rules have counted.
    pub(crate) fn counted(&self, chain: &str) -> io::Result<u64> {
        self.table.counted(chain)
    }

    /// What is in force, from the kernel.
    pub(crate) fn read(&self) -> io::Result<Part> {
        Ok(Part {
            rules: self.table.read()?,
            routes: rtnetlink::routes(&self.route, self.tables)?,
            policy: rtnetlink::rules(&self.route)?,
            neighbours: rtnetlink::neighbours(&self.route)?,
        })
    }
}

/// Private addresses that no port has any more, and public ones that mean another private one or
/// none.
fn abandoned(old: &Ruleset, new: &Ruleset) -> Vec<Ipv4Addr> {
    let last = |(set, key, _): &Element, name: &str| -> Option<Ipv4Addr> {
        let bytes: [u8; 4] = key.last_chunk().copied()?;
        (set == name).then_some(Ipv4Addr::from(bytes))
    };
    let mut gone: BTreeSet<Ipv4Addr> = old.elements.keys().filter_map(|e| last(e, "own")).collect();
    for element in new.elements.keys() {
        last(element, "own").map(|address| gone.remove(&address));
    }
    let moved = old.elements.iter().filter(|(element, to)| new.elements.get(*element) != Some(to));
    gone.extend(moved.filter_map(|(element, _)| last(element, "public_in")));
    gone.into_iter().collect()
}
