//! The network as its owner sees it: things are ensured and removed one by one, and each change is
//! in force when the call returns.

use crate::check::check;
use crate::compile::Plan;
use crate::forwarder::{Forwarder, Owner};
use crate::layout::{self, CLIENT, FIRST_NUMBER, LEDGER, TABLE};
use crate::ledger::{Ledger, Order, Record};
use crate::link::{Plugged, Trash};
use crate::namespace::{Namespaces, file_name, id_of};
use crate::netlink::Batch;
use crate::rtnetlink;
use crate::ruleset::Table;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use world::{Filter, Health, Id, Port, Router, Segment, Zone};

pub(crate) const INTERNET: &str = "internet";
pub(crate) const ROUTER: &str = "router.";
pub(crate) const MACHINE: &str = "machine.";

/// Routers, segments, ports and filters made of namespaces, links, routes and rules.
///
/// One thread owns it and makes all calls; each returns when the change is in force.
#[derive(Debug)]
pub struct Network {
    pub(crate) spaces: Namespaces,
    pub(crate) plan: Plan,
    pub(crate) ledger: Ledger,
    pub(crate) internet: Forwarder,
    pub(crate) routers: BTreeMap<Id, Forwarder>,
    /// What each linked port is plugged into now.
    pub(crate) plugged: BTreeMap<Id, Plugged>,
    /// Links that wait for their deletion, by router.
    pub(crate) trash: BTreeMap<Id, Trash>,
    pub(crate) health: BTreeMap<Id, Health>,
    pub(crate) news: Vec<(Id, Health)>,
    pub(crate) last_number: u32,
}

impl Network {
    /// Opens the network of `run`, a directory on a tmpfs of the region's mount namespace:
    /// namespaces are pinned in `run/netns`. What exists there already is adopted as it is, and a
    /// change that a crash interrupted is completed; established connections notice nothing.
    ///
    /// Rootless, a thread that is still in the host's network namespace moves to an empty one for
    /// good.
    pub fn open(run: &Path) -> io::Result<Network> {
        let spaces = Namespaces::open(run)?;
        if !spaces.exists(INTERNET) {
            spaces.create(INTERNET, &layout::FORWARDS)?;
        }
        let table = |name| -> io::Result<Table> {
            Ok(Table { socket: spaces.netlink(INTERNET, libc::NETLINK_NETFILTER)?, name })
        };
        let (ledger, records) = Ledger::open(table(LEDGER)?)?;
        let route = spaces.netlink(INTERNET, libc::NETLINK_ROUTE)?;
        let internet = Forwarder::open(route, table(TABLE)?, 254)?;
        let mut client = Batch::default();
        let own = [CLIENT, world::INTERNET_RESOLVER].into_iter().chain(world::NAME_SERVERS);
        for address in own {
            rtnetlink::address(&mut client, true, layout::LOOPBACK, address, 32);
        }
        internet.route.run(&mut client)?;
        let mut network = Network {
            spaces,
            plan: Plan::default(),
            ledger,
            internet,
            routers: BTreeMap::new(),
            plugged: BTreeMap::new(),
            trash: BTreeMap::new(),
            health: BTreeMap::new(),
            news: Vec::new(),
            last_number: FIRST_NUMBER,
        };
        network.adopt(records)?;
        Ok(network)
    }

    /// Makes a router, or changes it.
    pub fn ensure_router(&mut self, id: &Id, router: &Router) -> Health {
        self.ensure(id, Order::Router(router.clone()))
    }

    /// Makes a segment, or changes its routes, ladder and block. `Coming` until its router and its
    /// ladder exist.
    pub fn ensure_segment(&mut self, id: &Id, segment: &Segment) -> Health {
        self.ensure(id, Order::Segment(segment.clone()))
    }

    /// Makes a port, or changes it. `Coming` until its segment, its groups and its machine's
    /// namespace exist, and while another port has one of its addresses; a port without a plug
    /// needs no machine.
    pub fn ensure_port(&mut self, id: &Id, port: &Port) -> Health {
        self.ensure(id, Order::Port(port.clone()))
    }

    /// Makes a filter, or changes its rules in one step.
    pub fn ensure_filter(&mut self, id: &Id, filter: &Filter) -> Health {
        self.ensure(id, Order::Filter(filter.clone()))
    }

    /// Makes a thing cease to exist; nothing happens when there is none. What needs it falls back
    /// to `Coming`.
    ///
    /// Errors: the kernel refused; calling again tries again.
    pub fn remove(&mut self, id: &Id) -> io::Result<()> {
        let Some(record) = self.plan.records.remove(id) else { return self.repair() };
        self.ledger.erase(id)?;
        self.health.remove(id);
        self.plan.broken.remove(id);
        if matches!(record.order, Order::Router(_)) {
            self.drop_router(id)?;
        }
        self.settle(id, Some(&record.order))
    }

    /// What changed in health since the last call, oldest first: things that waited for another
    /// one included, the answers of `ensure_*` too.
    pub fn news(&mut self) -> Vec<(Id, Health)> {
        std::mem::take(&mut self.news)
    }

    /// The namespace of a machine, made when there is none yet. Ports that waited for it are
    /// plugged in.
    pub fn machine_namespace(&mut self, machine: &Id) -> io::Result<PathBuf> {
        let name = file_name(MACHINE, machine);
        if !self.spaces.exists(&name) {
            self.spaces.create(&name, &layout::ENDS)?;
        }
        if self.plan.machines.insert(machine.clone()) {
            self.settle_machine(machine)?;
        }
        Ok(self.spaces.path(&name))
    }

    /// The same with a namespace that exists already, `/proc/PID/ns/net` of the machine: for a
    /// machine with a user namespace of its own, which then rules its own network namespace.
    ///
    /// Errors: `AlreadyExists` when the machine has a namespace; release that first.
    pub fn take_machine_namespace(
        &mut self,
        machine: &Id,
        namespace: &Path,
    ) -> io::Result<PathBuf> {
        let name = file_name(MACHINE, machine);
        if self.spaces.exists(&name) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.spaces.take(&name, &layout::ENDS, namespace)?;
        self.plan.machines.insert(machine.clone());
        self.settle_machine(machine)?;
        Ok(self.spaces.path(&name))
    }

    /// The machines that have a namespace, those of an earlier control plane included.
    pub fn machines(&self) -> impl Iterator<Item = &Id> {
        self.plan.machines.iter()
    }

    /// Lets a machine's ports send in the name of others too, with the answers of whom they so
    /// spoke to coming back to the port, or ends that. Only for machines of the world's own, after
    /// [`Network::machine_namespace`].
    pub fn send_for_others(&mut self, machine: &Id, on: bool) -> io::Result<()> {
        let id = layout::foreign(machine);
        if on == self.plan.records.contains_key(&id) {
            return Ok(());
        }
        let name = file_name(MACHINE, machine);
        let socket = self.spaces.netlink(&name, libc::NETLINK_ROUTE)?;
        let mut batch = Batch::default();
        rtnetlink::take_all(&mut batch, on, "eth0", layout::TAKE_ALL);
        socket.run_but(&mut batch, &[libc::EEXIST, libc::ENOENT, libc::ESRCH])?;
        if on {
            let record =
                Record { id: id.clone(), number: 0, order: Order::Foreign(machine.clone()) };
            self.ledger.write(&record)?;
            self.plan.records.insert(id, record);
        } else {
            self.ledger.erase(&id)?;
            self.plan.records.remove(&id);
        }
        self.settle_machine(machine)
    }

    /// Unplugs a machine's ports and lets go of its namespace.
    pub fn release_machine(&mut self, machine: &Id) -> io::Result<()> {
        self.plan.machines.remove(machine);
        let foreign = layout::foreign(machine);
        if self.plan.records.remove(&foreign).is_some() {
            self.ledger.erase(&foreign)?;
        }
        self.settle_machine(machine)?;
        self.spaces.remove(&file_name(MACHINE, machine))
    }

    /// The internet's namespace. Clients in it speak from [`CLIENT`].
    pub fn internet(&self) -> PathBuf {
        self.spaces.path(INTERNET)
    }

    /// The namespace of a router, where the metadata services of its zones listen on
    /// [`crate::METADATA`] and [`crate::metadata_port`].
    pub fn router_namespace(&self, id: &Id) -> Option<PathBuf> {
        self.routers.contains_key(id).then(|| self.spaces.path(&file_name(ROUTER, id)))
    }

    /// Cuts every way between two zones, in both directions, or heals it. A zone can be cut from
    /// itself: between its segments and inside of them.
    pub fn cut(&mut self, a: &Zone, b: &Zone, on: bool) -> io::Result<()> {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        let id = Id::from(format!("cut\n{a}\n{b}"));
        self.fault(id, Order::Cut(a.clone(), b.clone()), on)
    }

    /// Takes every link of a zone's segments away, inside of it and to the internet and the
    /// metadata service too, or gives them back.
    pub fn dark(&mut self, zone: &Zone, on: bool) -> io::Result<()> {
        self.fault(Id::from(format!("dark\n{zone}")), Order::Dark(zone.clone()), on)
    }

    /// Removes everything, and the directory of the pins.
    pub fn teardown(self) -> io::Result<()> {
        let Network { spaces, routers, internet, ledger, .. } = self;
        drop((routers, internet, ledger));
        spaces.remove_all()
    }

    fn fault(&mut self, id: Id, order: Order, on: bool) -> io::Result<()> {
        if on == self.plan.records.contains_key(&id) {
            return Ok(());
        }
        if on {
            let record = Record { id: id.clone(), number: 0, order };
            self.ledger.write(&record)?;
            self.plan.records.insert(id, record);
        } else {
            self.ledger.erase(&id)?;
            self.plan.records.remove(&id);
        }
        self.settle_faults()
    }

    fn ensure(&mut self, id: &Id, order: Order) -> Health {
        if let Err(why) = check(id, &order) {
            return self.judge(id, Health::Failed(why));
        }
        match self.try_ensure(id, order) {
            Ok(()) => self.health.get(id).cloned().unwrap_or(Health::Coming),
            Err(error) => self.judge(id, Health::Failed(error.to_string())),
        }
    }

    fn try_ensure(&mut self, id: &Id, order: Order) -> io::Result<()> {
        let before = self.plan.records.get(id).map(|record| record.order.clone());
        self.plan.broken.remove(id);
        let works = matches!(self.health.get(id), Some(Health::Ready | Health::Dark));
        if before.as_ref() == Some(&order) && works {
            return Ok(());
        }
        if before.as_ref().is_some_and(|before| moved(before, &order)) {
            self.remove(id)?;
        }
        let number = match self.plan.records.get(id) {
            Some(record) => record.number,
            None => self.next_number(),
        };
        let record = Record { id: id.clone(), number, order };
        self.ledger.write(&record)?;
        if let (Order::Router(_), false) = (&record.order, self.routers.contains_key(id)) {
            let forwarder = self.open_router(id)?;
            self.routers.insert(id.clone(), forwarder);
        }
        self.plan.records.insert(id.clone(), record);
        self.settle(id, before.as_ref())
    }

    pub(crate) fn next_number(&mut self) -> u32 {
        self.last_number += 1;
        self.last_number
    }

    pub(crate) fn open_router(&self, id: &Id) -> io::Result<Forwarder> {
        let name = file_name(ROUTER, id);
        if !self.spaces.exists(&name) {
            self.spaces.create(&name, &layout::FORWARDS)?;
        }
        let socket = self.spaces.netlink(&name, libc::NETLINK_NETFILTER)?;
        let route = self.spaces.netlink(&name, libc::NETLINK_ROUTE)?;
        let mut metadata = Batch::default();
        for address in [layout::METADATA, layout::RESOLVER] {
            rtnetlink::address(&mut metadata, true, layout::LOOPBACK, address, 32);
        }
        route.run(&mut metadata)?;
        Forwarder::open(route, Table { socket, name: TABLE }, layout::LOCAL)
    }

    /// A namespace goes with its links, routes and rules.
    fn drop_router(&mut self, id: &Id) -> io::Result<()> {
        self.trash.remove(id);
        let Some(forwarder) = self.routers.remove(id) else { return Ok(()) };
        self.plugged.retain(|_, plugged| plugged.router != *id);
        let plugged = &self.plugged;
        self.plan.links.retain(|port, _| plugged.contains_key(port));
        drop(forwarder);
        self.clear_router(&file_name(ROUTER, id))
    }

    /// Lets go of a router's namespace. Its links go now, for machines must not see them beside
    /// new ones; the namespace itself is taken down later, by the kernel.
    fn clear_router(&self, name: &str) -> io::Result<()> {
        let route = self.spaces.netlink(name, libc::NETLINK_ROUTE)?;
        let mut batch = Batch::default();
        for link in rtnetlink::links(&route)?.iter().filter(|link| link.index > layout::LOOPBACK) {
            rtnetlink::regroup(&mut batch, link.index, layout::TRASH);
        }
        if batch.count() > 0 {
            rtnetlink::delete_group(&mut batch, layout::TRASH);
        }
        route.run(&mut batch)?;
        self.spaces.remove(name)
    }

    fn adopt(&mut self, records: Vec<Record>) -> io::Result<()> {
        for record in records {
            self.last_number = self.last_number.max(record.number);
            self.plan.records.insert(record.id.clone(), record);
        }
        for name in self.spaces.names()? {
            if let Some(machine) = id_of(MACHINE, &name) {
                self.plan.machines.insert(machine);
            }
            let router = id_of(ROUTER, &name);
            if router.is_some_and(|id| self.plan.router(&id).is_none()) {
                self.clear_router(&name)?;
            }
        }
        let routers: Vec<Id> =
            self.plan.records.keys().filter(|id| self.plan.router(id).is_some()).cloned().collect();
        for id in routers {
            let forwarder = self.open_router(&id)?;
            self.routers.insert(id, forwarder);
        }
        self.settle_all()
    }

    pub(crate) fn judge(&mut self, id: &Id, health: Health) -> Health {
        if self.health.get(id) != Some(&health) {
            self.health.insert(id.clone(), health.clone());
            self.news.push((id.clone(), health.clone()));
        }
        health
    }

    pub(crate) fn owners_of(&self, router: &Id) -> BTreeSet<Owner> {
        let mut owners = self.plan.owners(router);
        owners.extend(self.routers.get(router).into_iter().flat_map(|p| p.owners().cloned()));
        owners
    }
}

/// Whether a thing goes to another router or segment, or becomes another kind of thing: then it
/// is made anew.
fn moved(before: &Order, after: &Order) -> bool {
    match (before, after) {
        (Order::Router(_), Order::Router(_)) => false,
        (Order::Segment(a), Order::Segment(b)) => a.router != b.router || a.zone != b.zone,
        (Order::Port(a), Order::Port(b)) => a.segment != b.segment,
        (Order::Filter(Filter::Group(a)), Order::Filter(Filter::Group(b))) => a.router != b.router,
        (Order::Filter(Filter::Ladder(a)), Order::Filter(Filter::Ladder(b))) => {
            a.router != b.router
        }
        _ => true,
    }
}
