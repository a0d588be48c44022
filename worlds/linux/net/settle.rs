//! From a change of the plan to what is in force: which things it concerns, which parts they have,
//! and how they are afterwards. The same code runs after a change, after a crash and on opening.

use crate::compile::Plan;
use crate::forwarder::Owner;
use crate::group;
use crate::ledger::{Order, Record};
use crate::network::Network;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use world::{Filter, Id, Via};

type Work = BTreeMap<Id, BTreeSet<Owner>>;

impl Network {
    /// After the thing `id` came, changed or went; `before` is what it was.
    pub(crate) fn settle(&mut self, id: &Id, before: Option<&Order>) -> io::Result<()> {
        let after = self.plan.records.get(id).map(|record| record.order.clone());
        let mut things = BTreeSet::from([id.clone()]);
        let mut work = Work::new();
        let stays = before.is_some() && after.is_some();
        for order in before.into_iter().chain(after.as_ref()) {
            // What changes where it stands concerns nobody else, but the next hop of a route does.
            if !stays || matches!(order, Order::Router(_) | Order::Port(_)) {
                self.concerns(id, order, &mut things);
            }
            if let Order::Router(_) = order {
                if let Some(forwarder) = self.routers.get_mut(id) {
                    forwarder.distrust();
                    work.entry(id.clone()).or_default();
                }
            } else if let Some(router) = self.plan.router_of(order) {
                own(id, order, work.entry(router).or_default());
            }
            self.depend(id, order, stays, &mut work);
        }
        self.carry_out(things, work)
    }

    /// After a machine's namespace came or before it goes.
    pub(crate) fn settle_machine(&mut self, machine: &Id) -> io::Result<()> {
        let plugged = |plug: &world::Plug| plug.machine == *machine;
        let things = self
            .plan
            .ports()
            .filter(|(_, port)| port.plug.as_ref().is_some_and(plugged))
            .map(|(id, _)| id.clone())
            .collect();
        self.carry_out(things, Work::new())
    }

    /// After a fault was injected or healed.
    pub(crate) fn settle_faults(&mut self) -> io::Result<()> {
        let faults = BTreeSet::from([Owner::Faults]);
        let work = self.routers.keys().map(|id| (id.clone(), faults.clone())).collect();
        self.internet_changed(faults)?;
        self.carry_out(BTreeSet::new(), work)?;
        self.judge_all(&self.plan.records.keys().cloned().collect());
        Ok(())
    }

    /// Where the last change did not come to its end.
    pub(crate) fn repair(&mut self) -> io::Result<()> {
        let stale = self.routers.iter().filter(|(_, forwarder)| forwarder.is_stale());
        let work: Work = stale.map(|(id, _)| (id.clone(), BTreeSet::new())).collect();
        if work.is_empty() && !self.internet.is_stale() {
            return Ok(());
        }
        self.carry_out(BTreeSet::new(), work)
    }

    /// Everything, compared with the kernel.
    pub(crate) fn settle_all(&mut self) -> io::Result<()> {
        self.internet.distrust();
        self.routers.values_mut().for_each(|forwarder| forwarder.distrust());
        let work = self.routers.keys().map(|id| (id.clone(), BTreeSet::new())).collect();
        self.carry_out(self.plan.records.keys().cloned().collect(), work)
    }

    /// Parts that belong to other things and hold something of this one.
    fn depend(&self, id: &Id, order: &Order, stays: bool, work: &mut Work) {
        match order {
            Order::Filter(Filter::Group(group)) => {
                let wearing = self.plan.ports().filter(|(_, port)| port.groups.contains(id));
                let worn: BTreeSet<&Vec<Id>> = wearing.map(|(_, port)| &port.groups).collect();
                let owners = work.entry(group.router.clone()).or_default();
                let names = worn.into_iter().map(|groups| Plan::combination(groups));
                owners.extend(names.map(Owner::Combination));
            }
            // When it is gone, its ports no longer know their router.
            Order::Segment(segment) if !stays => {
                let owners = work.entry(segment.router.clone()).or_default();
                for (port, spec) in self.plan.ports().filter(|(_, port)| port.segment == *id) {
                    own(port, &Order::Port(spec.clone()), owners);
                }
            }
            _ => {}
        }
    }

    /// What else a change of this thing concerns.
    fn concerns(&self, id: &Id, order: &Order, things: &mut BTreeSet<Id>) {
        for (other, record) in &self.plan.records {
            let concerned = match (order, &record.order) {
                (Order::Router(_), o) => self.plan.router_of(o).as_ref() == Some(id),
                (Order::Segment(_), Order::Port(port)) => port.segment == *id,
                (Order::Port(_), Order::Segment(segment)) => {
                    segment.routes.iter().any(|route| route.via == Via::Port(id.clone()))
                }
                (Order::Filter(Filter::Group(_)), Order::Port(port)) => port.groups.contains(id),
                (Order::Filter(Filter::Ladder(_)), Order::Segment(segment)) => {
                    segment.ladder.as_ref() == Some(id)
                }
                _ => false,
            };
            if concerned {
                things.insert(other.clone());
            }
        }
    }

    fn carry_out(&mut self, mut things: BTreeSet<Id>, mut work: Work) -> io::Result<()> {
        let stale = |network: &Network, id: &Id| {
            network.routers.get(id).is_some_and(|forwarder| forwarder.is_stale())
        };
        let on: BTreeSet<Id> = things
            .iter()
            .filter_map(|id| self.plan.router_of(&self.plan.records.get(id)?.order))
            .chain(work.keys().cloned())
            .collect();
        for router in on.iter().filter(|router| stale(self, router)).cloned().collect::<Vec<_>>() {
            self.learn_links(&router)?;
            let here = |(_, record): &(&Id, &Record)| {
                self.plan.router_of(&record.order).as_ref() == Some(&router)
            };
            things.extend(self.plan.records.iter().filter(here).map(|(id, _)| id.clone()));
            work.entry(router).or_default();
        }
        self.plan.claim(&mut things);
        self.plan_links(&mut things, &mut work);
        for id in &things {
            let Some(record) = self.plan.records.get(id) else { continue };
            if let Some(router) = self.plan.router_of(&record.order) {
                own(id, &record.order, work.entry(router).or_default());
            }
        }
        let outside = things
            .iter()
            .flat_map(|id| [Owner::Router(id.clone()), Owner::Port(id.clone())])
            .chain([Owner::Faults])
            .collect();
        let mut result = Ok(());
        for (router, owners) in work {
            if let Err(error) = self.router_changed(&router, owners) {
                result = Err(error);
            }
        }
        result.and(self.internet_changed(outside)).inspect(|()| self.judge_all(&things))
    }

    /// Which ports get and lose a link. What routes through such a port is concerned too.
    fn plan_links(&mut self, things: &mut BTreeSet<Id>, work: &mut Work) {
        for id in things.clone() {
            let linked = self.plugged.get(&id).map(|plugged| plugged.router.clone());
            if !self.plan_link(&id) {
                continue;
            }
            if let Some(record) = self.plan.records.get(&id) {
                self.concerns(&id, &record.order.clone(), things);
            }
            if let Some(router) = linked {
                work.entry(router).or_default().insert(Owner::Port(id));
            }
        }
    }

    fn router_changed(&mut self, router: &Id, mut owners: BTreeSet<Owner>) -> io::Result<()> {
        let Some(forwarder) = self.routers.get(router) else { return Ok(()) };
        let whole = forwarder.is_stale();
        if whole {
            owners.extend(self.owners_of(router));
        }
        let parts: Vec<_> =
            owners.iter().map(|owner| (self.plan.part(router, owner), owner.clone())).collect();
        let Some(forwarder) = self.routers.get_mut(router) else { return Ok(()) };
        let change = forwarder.begin(parts)?;
        if whole && let Some(forwarder) = self.routers.get(router) {
            self.make_uplink(router, forwarder)?;
        }
        let ports = owners.iter().filter_map(|owner| match owner {
            Owner::Port(id) => Some(id),
            _ => None,
        });
        for id in ports {
            if let Err(error) = self.make_link(router, id) {
                // The others go on without it.
                self.give_up_link(router, id, error.to_string());
                return self.router_changed(router, owners);
            }
        }
        let Some(forwarder) = self.routers.get_mut(router) else { return Ok(()) };
        forwarder.finish(change)?;
        self.discard(router)
    }

    fn internet_changed(&mut self, mut owners: BTreeSet<Owner>) -> io::Result<()> {
        if self.internet.is_stale() {
            owners.extend(self.plan.internet_owners());
        }
        let parts =
            owners.into_iter().map(|owner| (self.plan.internet_part(&owner), owner)).collect();
        let change = self.internet.begin(parts)?;
        self.internet.finish(change)
    }

    fn judge_all(&mut self, things: &BTreeSet<Id>) {
        for id in things {
            if let Some(health) = self.plan.health(id) {
                self.judge(id, health);
            }
        }
    }
}

/// The parts of a router that belong to a thing.
fn own(id: &Id, order: &Order, owners: &mut BTreeSet<Owner>) {
    match order {
        Order::Router(_) | Order::Cut(..) | Order::Dark(_) | Order::Foreign(_) => {}
        Order::Segment(_) => owners.extend([Owner::Segment(id.clone()), Owner::Faults]),
        Order::Port(port) => {
            owners.insert(Owner::Port(id.clone()));
            owners.insert(Owner::Combination(Plan::combination(&port.groups)));
        }
        Order::Filter(Filter::Group(rules)) => {
            owners.extend([Owner::Group(id.clone()), Owner::Members(id.clone())]);
            owners.extend(group::peers(rules).into_iter().map(Owner::Members));
        }
        Order::Filter(Filter::Ladder(_)) => owners.extend([Owner::Ladder(id.clone())]),
    }
}
