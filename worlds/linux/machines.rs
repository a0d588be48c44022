//! Machines on their way to their zone's process: what each still waits for, and which process
//! supervises it.

use crate::hands::Hand;
use crate::state::State;
use crate::told::Told;
use crate::whereabouts::Whereabouts;
use linux_guest::{MachineOrder, News, NodeOrder, Order, Plugged, Seen, ZoneLink, ZonePlace};
use linux_net::{Network, metadata_port};
use linux_store::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::mpsc::Sender;
use world::{Event, Health, Id, Machine, Port, Program, Router, Segment, Span, Zone};

/// What the region shall hear of a machine.
pub(crate) enum Report {
    /// How it is.
    Health(Id, Health),
    /// Nothing is left of it.
    Gone(Id),
    /// What it reports by itself.
    Own(Event),
}

/// A machine that was ordered.
struct Wanted {
    machine: Machine,
    /// What its zone's process was told last.
    sent: Option<Told>,
    leaving: bool,
}

impl Wanted {
    fn uses(&self, disk: &Id) -> bool {
        let machine = &self.machine;
        machine.root.as_ref() == Some(disk) || machine.disks.iter().any(|slot| slot.disk == *disk)
    }
}

/// All machines, and the links to the zones' processes.
pub(crate) struct Machines {
    run: PathBuf,
    /// Where nodes keep logs.
    logs: PathBuf,
    tag: String,
    program: Vec<PathBuf>,
    orders: Sender<Hand>,
    pub(crate) links: BTreeMap<Zone, ZoneLink>,
    wanted: BTreeMap<Id, Wanted>,
    ports: BTreeMap<Id, Port>,
    ports_ready: BTreeSet<Id>,
    segments: BTreeMap<Id, Segment>,
    routers: BTreeMap<Id, Router>,
    whereabouts: Whereabouts,
    /// The length of a span of usage.
    span: Span,
    /// Starts programs in the host's own network.
    host: crate::host::Host,
    disks: BTreeSet<Id>,
    disks_leaving: BTreeSet<Id>,
    dark: BTreeSet<Zone>,
    /// Forgotten by its zone on our order, to be booted again.
    again: BTreeSet<Id>,
    metadata: BTreeSet<(Zone, Id)>,
    /// Machines that may have become complete, or different.
    doubt: BTreeSet<Id>,
    /// Ordered, and off: by themselves or by a crash.
    off: BTreeSet<Id>,
    /// Found running and not ordered by this control plane.
    strangers: BTreeMap<Id, Zone>,
}

impl Machines {
    /// Links up with the zones whose processes run.
    pub(crate) fn open(
        state: &State,
        span: Span,
        host: crate::host::Host,
        orders: Sender<Hand>,
    ) -> Machines {
        let mut machines = Machines {
            run: state.run(),
            logs: state.root().join("logs"),
            tag: format!("maquette-{}", state.tag()),
            program: crate::places::program(),
            orders,
            links: BTreeMap::new(),
            wanted: BTreeMap::new(),
            ports: BTreeMap::new(),
            ports_ready: BTreeSet::new(),
            segments: BTreeMap::new(),
            routers: BTreeMap::new(),
            whereabouts: Whereabouts::default(),
            span,
            host,
            disks: BTreeSet::new(),
            disks_leaving: BTreeSet::new(),
            dark: BTreeSet::new(),
            again: BTreeSet::new(),
            metadata: BTreeSet::new(),
            doubt: BTreeSet::new(),
            off: BTreeSet::new(),
            strangers: BTreeMap::new(),
        };
        for zone in crate::places::zones_that_run(&state.run()) {
            if let Err(error) = machines.link(&zone) {
                eprintln!("{error}");
            }
        }
        machines
    }

    pub(crate) fn segment(&mut self, id: &Id, segment: &Segment) {
        if !self.segments.contains_key(id) {
            for (port, spec) in self.ports.iter().filter(|(_, port)| port.segment == *id) {
                self.whereabouts.port(port, spec, Some(segment.zone.clone()));
            }
        }
        self.segments.insert(id.clone(), segment.clone());
    }

    /// What answers in its namespace may have waited for it.
    pub(crate) fn router(&mut self, id: &Id, router: &Router) {
        self.routers.insert(id.clone(), router.clone());
        let here = |machine: &Machine| match &machine.program {
            Program::Resolver(resolver) => resolver.router == *id,
            _ => false,
        };
        let waiting = self.wanted.iter().filter(|(_, wanted)| here(&wanted.machine));
        self.doubt.extend(waiting.map(|(id, _)| id.clone()));
    }

    pub(crate) fn port(&mut self, id: &Id, port: &Port) {
        let machine = |port: &Port| port.plug.as_ref().map(|plug| plug.machine.clone());
        self.doubt.extend(machine(port));
        let zone = self.segments.get(&port.segment).map(|segment| segment.zone.clone());
        self.whereabouts.port(id, port, zone);
        let before = self.ports.insert(id.clone(), port.clone());
        self.doubt.extend(before.as_ref().and_then(machine));
    }

    /// Takes news of a port, or of any other thing of the network, and returns what the region
    /// shall hear: a port works as ordered though the machine that it is plugged into is not there.
    pub(crate) fn port_health(&mut self, id: &Id, health: Health) -> Health {
        let Some(port) = self.ports.get(id) else { return health };
        if let Some(plug) = &port.plug {
            self.doubt.insert(plug.machine.clone());
        }
        match health {
            // In a dark zone a machine waits for power, not for its ports.
            Health::Ready | Health::Dark => self.ports_ready.insert(id.clone()),
            _ => self.ports_ready.remove(id),
        };
        self.as_region_sees(id, health)
    }

    /// A port that only waits for a machine that nobody ordered is ready.
    pub(crate) fn as_region_sees(&self, id: &Id, health: Health) -> Health {
        let alone = self.ports.get(id).is_some_and(|port| {
            let absent = |plug: &world::Plug| !self.wanted.contains_key(&plug.machine);
            self.segments.contains_key(&port.segment) && port.plug.as_ref().is_some_and(absent)
        });
        if health == Health::Coming && alone { Health::Ready } else { health }
    }

    /// A port or segment is no more.
    pub(crate) fn forget(&mut self, id: &Id) {
        self.segments.remove(id);
        self.routers.remove(id);
        self.whereabouts.forget(id);
        self.ports.remove(id);
        self.ports_ready.remove(id);
    }

    pub(crate) fn disk(&mut self, id: &Id, ready: bool) {
        let uses = |wanted: &Wanted| wanted.uses(id);
        let users = self.wanted.iter().filter(|(_, wanted)| uses(wanted));
        self.doubt.extend(users.map(|(machine, _)| machine.clone()));
        match ready {
            true => self.disks.insert(id.clone()),
            false => self.disks.remove(id),
        };
    }

    /// A disk shall be removed, once no machine uses it.
    pub(crate) fn forget_disk(&mut self, id: &Id) {
        self.disks_leaving.insert(id.clone());
    }

    /// The disks that shall be removed and that nobody uses now.
    pub(crate) fn disks_to_remove(&mut self) -> Vec<Id> {
        let used = |id: &Id| self.wanted.values().any(|wanted| wanted.uses(id));
        let free: Vec<Id> = self.disks_leaving.iter().filter(|id| !used(id)).cloned().collect();
        for id in &free {
            self.disks_leaving.remove(id);
            self.disks.remove(id);
        }
        free
    }

    pub(crate) fn want(&mut self, id: &Id, machine: Machine) {
        self.doubt.insert(id.clone());
        self.strangers.remove(id);
        // A node that was to leave may be gone already: it is told all again.
        let stays =
            |before: &Wanted| !before.leaving || !matches!(before.sent, Some(Told::Node(_)));
        let sent = self.wanted.remove(id).filter(stays).and_then(|before| before.sent);
        self.wanted.insert(id.clone(), Wanted { machine, sent, leaving: false });
    }

    /// Whether this is a machine.
    pub(crate) fn holds(&self, id: &Id) -> bool {
        self.wanted.contains_key(id) || self.strangers.contains_key(id)
    }

    /// A machine shall not be.
    pub(crate) fn unwant(&mut self, id: &Id) {
        if let Some(zone) = self.strangers.remove(id) {
            return self.send(&zone, &Order::Remove(id.clone()));
        }
        let Some(wanted) = self.wanted.get_mut(id) else { return };
        wanted.leaving = true;
        let zone = wanted.machine.zone.clone();
        match self.links.contains_key(&zone) {
            // Also when this control plane never sent it: an earlier one may have.
            true => self.send(&zone, &Order::Remove(id.clone())),
            false => {
                let _ = self.orders.send(Hand::Zone(zone, Some(News::Gone(id.clone()))));
            }
        }
    }

    /// A zone's process has this machine. Until somebody orders it anew it is a stranger, which
    /// can only be removed.
    pub(crate) fn seen(&mut self, zone: &Zone, seen: &Seen) {
        if !self.wanted.contains_key(&seen.id) {
            self.strangers.insert(seen.id.clone(), zone.clone());
        }
    }

    /// The disks beside their roots of the machines for which `which` holds.
    pub(crate) fn disks_of(&self, which: impl Fn(&Id, &Machine) -> bool) -> Vec<Id> {
        let machines = self.wanted.iter().filter(|(id, wanted)| which(id, &wanted.machine));
        machines.flat_map(|(_, one)| &one.machine.disks).map(|slot| slot.disk.clone()).collect()
    }

    pub(crate) fn kill(&mut self, id: &Id) {
        if let Some(zone) = self.zone_of(id) {
            self.send(&zone, &Order::Kill(id.clone()));
        }
    }

    pub(crate) fn freeze(&mut self, id: &Id, on: bool) {
        if let Some(zone) = self.zone_of(id) {
            let order = if on { Order::Freeze(id.clone()) } else { Order::Thaw(id.clone()) };
            self.send(&zone, &order);
        }
    }

    /// A zone loses power, or gets it back: then what is ordered there boots again.
    pub(crate) fn dark(&mut self, zone: &Zone, on: bool) {
        if on {
            self.dark.insert(zone.clone());
            self.send(zone, &Order::Darken);
            return;
        }
        self.dark.remove(zone);
        self.send(zone, &Order::Lighten);
        let here = self.wanted.iter_mut().filter(|(_, wanted)| wanted.machine.zone == *zone);
        let mut ids = Vec::new();
        for (id, wanted) in here.filter(|(_, wanted)| wanted.sent.is_some() && !wanted.leaving) {
            // Nodes boot by themselves.
            if self.off.contains(id) || !matches!(wanted.machine.program, Program::Guest(_)) {
                continue;
            }
            ids.push(id.clone());
            wanted.sent = None;
        }
        for id in ids {
            self.again.insert(id.clone());
            self.send(zone, &Order::Remove(id));
        }
    }

    fn zone_of(&self, id: &Id) -> Option<Zone> {
        self.wanted.get(id).map(|wanted| wanted.machine.zone.clone())
    }

    /// What a zone's process says, as reports to the region.
    pub(crate) fn heard(&mut self, zone: &Zone, news: News) -> Vec<Report> {
        let dark = self.dark.contains(zone);
        let report = match news {
            News::Ready(seen) => {
                self.off.remove(&seen.id);
                Report::Health(seen.id, seen.health)
            }
            News::Coming(id) => Report::Health(id, Health::Coming),
            News::Off(id, _) if dark => Report::Health(id, Health::Dark),
            // It was only cleared away to be booted again.
            News::Off(id, _) if self.again.contains(&id) => return Vec::new(),
            News::Off(id, by_guest) => {
                self.off.insert(id.clone());
                Report::Health(id, Health::Off(by_guest))
            }
            News::Dark(id) => Report::Health(id, Health::Dark),
            News::Failed(id, why) => Report::Health(id, Health::Failed(why)),
            News::Findings(id, findings) => Report::Own(Event::Findings(id, findings)),
            News::Usage(id, usage) => Report::Own(Event::Usage(id, usage)),
            News::Gone(id) => {
                if self.again.remove(&id) {
                    self.doubt.insert(id.clone());
                    return vec![Report::Health(id, Health::Coming)];
                }
                if self.wanted.get(&id).is_some_and(|wanted| !wanted.leaving) {
                    return Vec::new();
                }
                self.wanted.remove(&id);
                self.off.remove(&id);
                Report::Gone(id)
            }
            News::PlugFailed(_, disk, why) => Report::Health(disk, Health::Failed(why)),
            News::MetadataFailed(router, why) => {
                eprintln!("metadata service of {zone} on {router}: {why}");
                return Vec::new();
            }
            News::Plug(..) | News::Inventory(..) | News::City(..) => return Vec::new(),
        };
        vec![report]
    }

    /// A zone's process ended, and its machines with it. Nodes begin again, in a new one.
    pub(crate) fn lost(&mut self, zone: &Zone) -> Vec<Report> {
        self.links.remove(zone);
        self.metadata.retain(|(served, _)| served != zone);
        let mut reports = Vec::new();
        let mut gone = Vec::new();
        for (id, wanted) in &mut self.wanted {
            if wanted.machine.zone == *zone && wanted.sent.take().is_some() {
                let guest = matches!(wanted.machine.program, Program::Guest(_));
                reports.push(match (wanted.leaving, guest) {
                    (true, _) => {
                        gone.push(id.clone());
                        Report::Gone(id.clone())
                    }
                    (false, true) => Report::Health(id.clone(), Health::Off(false)),
                    (false, false) => {
                        self.doubt.insert(id.clone());
                        Report::Health(id.clone(), Health::Coming)
                    }
                });
            }
        }
        for id in gone {
            self.wanted.remove(&id);
        }
        reports
    }

    /// Tells the internet's zone how far public addresses are away, where that has changed.
    pub(crate) fn tell_whereabouts(&mut self) {
        let edge = Zone::from(world::EDGE);
        if self.links.contains_key(&edge)
            && let Some(fresh) = self.whereabouts.fresh()
        {
            self.send(&edge, &Order::Regions(fresh));
        }
    }

    /// Whether some machine may have become complete, or different.
    pub(crate) fn in_doubt(&self) -> bool {
        !self.doubt.is_empty()
    }

    /// Tells the zones of every machine that has all it needs and is not as it was told. Returns
    /// those that cannot be told.
    pub(crate) fn boot_ready(&mut self, network: &mut Network, store: &Store) -> Vec<(Id, String)> {
        let mut failed = Vec::new();
        for id in std::mem::take(&mut self.doubt) {
            match self.order(&id, network, store) {
                Ok(Some(order)) => {
                    if let Err(error) = self.boot(&id, order, network) {
                        failed.push((id, error.to_string()));
                    }
                }
                Ok(None) => {}
                Err(error) => failed.push((id, error.to_string())),
            }
        }
        failed
    }

    /// What to tell a machine's zone, when it is complete and new.
    fn order(&mut self, id: &Id, network: &mut Network, store: &Store) -> io::Result<Option<Told>> {
        let Some(wanted) = self.wanted.get(id) else { return Ok(None) };
        let machine = &wanted.machine;
        if wanted.leaving || self.again.contains(id) {
            return Ok(None);
        }
        let Program::Guest(guest) = &machine.program else {
            let order = self.node_order(id, machine, network)?;
            return Ok(order.filter(|order| wanted.sent.as_ref() != Some(order)));
        };
        // Before its disk is there: the one is made while the other is.
        let netns = network.machine_namespace(id)?;
        let Some(root) = machine.root.as_ref().filter(|root| self.disks.contains(*root)) else {
            return Ok(None);
        };
        if !self.has_ports(wanted) {
            return Ok(None);
        }
        let mut disks = Vec::new();
        for slot in machine.disks.iter().filter(|slot| self.disks.contains(&slot.disk)) {
            let file = store.block(&slot.disk)?;
            disks.push(Plugged { disk: slot.disk.clone(), file, device: slot.device.clone() });
        }
        let addresses = self.addresses(id);
        let order = Told::Guest(MachineOrder {
            id: id.clone(),
            boot: machine.boot,
            size: machine.size,
            guest: guest.clone(),
            netns,
            root: store.root(root)?,
            disks,
            nameserver: addresses.first().and_then(|(router, _)| self.nameserver(router)),
            search: Some(domain(&machine.zone)),
            addresses,
        });
        Ok((wanted.sent.as_ref() != Some(&order)).then_some(order))
    }

    /// Whether a machine runs already, or has all the ports with which it boots.
    fn has_ports(&self, wanted: &Wanted) -> bool {
        let machine = &wanted.machine;
        wanted.sent.as_ref().is_some_and(|sent| sent.boot() == machine.boot)
            || machine.ports.iter().all(|port| self.ports_ready.contains(port))
    }

    /// A node as its zone's process needs to know it, when all that it needs is there.
    fn node_order(
        &self,
        id: &Id,
        machine: &Machine,
        network: &mut Network,
    ) -> io::Result<Option<Told>> {
        let space = match &machine.program {
            Program::Resolver(resolver) => network.router_namespace(&resolver.router),
            Program::Balancer(balancer) => {
                let space = network.machine_namespace(id)?;
                let keeps = balancer.pools.values().any(|pool| pool.preserve_client);
                network.send_for_others(id, keeps)?;
                Some(space)
            }
            _ => Some(network.internet()),
        };
        let ready = self.wanted.get(id).is_some_and(|wanted| self.has_ports(wanted));
        let Some(space) = space.filter(|_| ready) else { return Ok(None) };
        Ok(Some(Told::Node(NodeOrder {
            id: id.clone(),
            boot: machine.boot,
            zone: machine.zone.clone(),
            size: machine.size,
            program: machine.program.clone(),
            space,
            internet: network.internet(),
            addresses: self.addresses(id).into_iter().map(|(_, address)| address).collect(),
            port: metadata_port(&machine.zone),
            logs: self.logs.clone(),
        })))
    }

    /// Where the machines of a router ask for names, if somebody answers there.
    fn nameserver(&self, router: &Id) -> Option<Ipv4Addr> {
        let serves = |wanted: &Wanted| match &wanted.machine.program {
            Program::Resolver(resolver) => resolver.router == *router && !wanted.leaving,
            _ => false,
        };
        if !self.wanted.values().any(serves) {
            return None;
        }
        self.routers.get(router).and_then(linux_net::nameserver)
    }

    fn addresses(&self, id: &Id) -> Vec<(Id, Ipv4Addr)> {
        let mine = |port: &&Port| port.plug.as_ref().is_some_and(|plug| plug.machine == *id);
        let mut all = Vec::new();
        for port in self.ports.values().filter(mine) {
            let Some(segment) = self.segments.get(&port.segment) else { continue };
            let router = &segment.router;
            all.extend(port.addresses.iter().map(|one| (router.clone(), one.private)));
        }
        all
    }

    fn boot(&mut self, id: &Id, told: Told, network: &Network) -> io::Result<()> {
        let Some(zone) = self.zone_of(id) else { return Ok(()) };
        self.link(&zone)?;
        let guest = match &told {
            Told::Guest(order) => order.addresses.as_slice(),
            Told::Node(_) => &[],
        };
        for (router, _) in guest {
            if self.metadata.contains(&(zone.clone(), router.clone())) {
                continue;
            }
            if let Some(netns) = network.router_namespace(router) {
                let (router, port) = (router.clone(), metadata_port(&zone));
                self.metadata.insert((zone.clone(), router.clone()));
                self.send(&zone, &Order::ServeMetadata { router, netns, port });
            }
        }
        let before = self.wanted.get(id).and_then(|wanted| wanted.sent.as_ref());
        let order = told.order(before);
        self.send(&zone, &order);
        if let Some(wanted) = self.wanted.get_mut(id) {
            wanted.sent = Some(told);
        }
        Ok(())
    }

    /// The link to a zone's process, which is started when none runs.
    fn link(&mut self, zone: &Zone) -> io::Result<()> {
        if self.links.contains_key(zone) {
            return Ok(());
        }
        let place = ZonePlace {
            run: self.run.clone(),
            zone: zone.clone(),
            tag: self.tag.clone(),
            program: self.program.clone(),
        };
        let (orders, name) = (self.orders.clone(), zone.clone());
        let hear = move |news| {
            // The hands may have ended; the zone goes on.
            let _ = orders.send(Hand::Zone(name.clone(), news));
        };
        let link = match zone.as_str() {
            // Its name server answers on the host's loopback too.
            world::EDGE => self.host.run(move || ZoneLink::open(&place, hear))?,
            _ => ZoneLink::open(&place, hear)?,
        };
        self.links.insert(zone.clone(), link);
        if zone.as_str() == world::EDGE {
            self.whereabouts.again();
        }
        self.send(zone, &Order::Meter(self.span));
        if self.dark.contains(zone) {
            self.send(zone, &Order::Darken);
        }
        Ok(())
    }

    pub(crate) fn send(&mut self, zone: &Zone, order: &Order) {
        let Some(link) = self.links.get_mut(zone) else { return };
        if let Err(error) = link.send(order) {
            eprintln!("zone {zone}: {error}");
            let _ = self.orders.send(Hand::Zone(zone.clone(), None));
        }
    }
}

/// In which domain a guest looks up short names (VPC guide, "DHCP option sets in Amazon VPC").
fn domain(zone: &Zone) -> String {
    match zone.as_str().trim_end_matches(|last: char| last.is_ascii_lowercase()) {
        "us-east-1" => "ec2.internal".to_owned(),
        region => format!("{region}.compute.internal"),
    }
}
