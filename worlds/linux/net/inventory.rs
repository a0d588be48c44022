//! What exists, read from the kernel: ids are in the names of namespaces, chains and sets and in
//! the aliases of links.

use crate::forwarder::Part;
use crate::ledger::{Order, Record};
use crate::link::Plugged;
use crate::network::Network;
use crate::ruleset::Data;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use world::{Fault, Filter, Found, Health, Id, Kind};

/// What the kernel shows of one router.
struct Seen {
    part: Part,
    links: BTreeSet<Id>,
}

impl Network {
    /// Every thing that was ordered and not removed, as it is in the kernel now. What the kernel
    /// has lost is `Coming`; the next `ensure_*` of anything on the same router makes it again.
    pub fn inventory(&mut self) -> io::Result<Vec<Found>> {
        let mut seen = BTreeMap::new();
        for (id, forwarder) in &self.routers {
            let links = crate::rtnetlink::links(&forwarder.route)?;
            let links = links.iter().filter(|link| link.group != crate::layout::TRASH);
            let links = links.filter_map(|link| Plugged::read(&link.alias, id));
            let links = links.map(|(port, _)| port).collect();
            seen.insert(id.clone(), Seen { part: forwarder.read()?, links });
        }
        let mut found = Vec::new();
        let mut lost = BTreeSet::new();
        for (id, record) in &self.plan.records {
            let Some(kind) = kind(&record.order) else { continue };
            let router = match &record.order {
                Order::Router(_) => Some(id.clone()),
                order => self.plan.router_of(order),
            };
            let seen = router.as_ref().and_then(|router| seen.get(router));
            let real =
                seen.is_some_and(|seen| self.is_real(id, &record.order, record.number, seen));
            let planned = self.health.get(id).cloned().unwrap_or(Health::Coming);
            let health = match planned {
                Health::Ready | Health::Dark if !real => {
                    lost.extend(router);
                    Health::Coming
                }
                planned => planned,
            };
            found.push(Found { id: id.clone(), kind, health });
        }
        for thing in &found {
            self.judge(&thing.id, thing.health.clone());
        }
        for router in lost {
            if let Some(forwarder) = self.routers.get_mut(&router) {
                forwarder.distrust();
            }
        }
        Ok(found)
    }

    /// The faults that are in force; they outlive the control plane.
    pub fn faults(&self) -> Vec<Fault> {
        let fault = |record: &Record| match &record.order {
            Order::Cut(a, b) => Some(Fault::Cut(a.clone(), b.clone())),
            Order::Dark(zone) => Some(Fault::Dark(zone.clone())),
            _ => None,
        };
        self.plan.records.values().filter_map(fault).collect()
    }

    fn is_real(&self, id: &Id, order: &Order, number: u32, seen: &Seen) -> bool {
        let chains = &seen.part.rules.chains;
        match order {
            Order::Router(_) => chains.contains_key("groups_in"),
            Order::Segment(_) => {
                let element = ("same".into(), crate::layout::pair(number, number), Vec::new());
                seen.part.policy.contains(&(200, number, number))
                    && seen.part.rules.elements.get(&element) == Some(&Data::None)
            }
            Order::Port(port) => port.plug.is_none() || seen.links.contains(id),
            Order::Filter(_) => chains.contains_key(&format!("{id}.in")),
            Order::Cut(..) | Order::Dark(_) | Order::Foreign(_) => true,
        }
    }
}

fn kind(order: &Order) -> Option<Kind> {
    match order {
        Order::Router(_) => Some(Kind::Router),
        Order::Segment(_) => Some(Kind::Segment),
        Order::Port(_) => Some(Kind::Port),
        Order::Filter(Filter::Group(_) | Filter::Ladder(_)) => Some(Kind::Filter),
        Order::Cut(..) | Order::Dark(_) | Order::Foreign(_) => None,
    }
}
