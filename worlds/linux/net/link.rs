//! Links: the pair of interfaces between a machine and a router, and between a router and the
//! internet; what a link is for is written into its alias.

use crate::forwarder::Forwarder;
use crate::layout::{GATEWAY, GATEWAY_MAC, LOOPBACK, MTU, TRASH, UPLINK_MAC};
use crate::namespace::{file_name, id_of};
use crate::netlink::Batch;
use crate::network::{INTERNET, MACHINE, Network};
use crate::rtnetlink::{self, End, Hop, Mac};
use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::net::Ipv4Addr;
use std::os::fd::AsRawFd;
use world::{Id, Ipv4Net};

/// How many links may wait before they are deleted in passing.
const TRASH_LIMIT: usize = 64;
/// Routing tables, in a machine, of its interfaces but the first.
const MACHINE_TABLES: u32 = 10_000;

/// What a linked port is plugged into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plugged {
    pub router: Id,
    pub machine: Id,
    pub index: u8,
    pub mac: Mac,
    /// The addresses that its interface was given.
    pub addresses: Vec<Ipv4Addr>,
}

/// Links of a router that wait for their deletion.
#[derive(Debug, Default)]
pub(crate) struct Trash {
    /// Machines that still see one.
    machines: BTreeSet<Id>,
    /// Links that are not in the group [`TRASH`] yet.
    links: Vec<u32>,
    /// How many are in it.
    waiting: usize,
}

impl Plugged {
    pub(crate) fn alias(&self, port: &Id) -> String {
        let mac: String = self.mac.iter().map(|byte| format!("{byte:02x}")).collect();
        let (port, machine) = (file_name("", port), file_name("", &self.machine));
        format!("{port} {machine} {} {mac}", self.index)
    }

    pub(crate) fn read(alias: &str, router: &Id) -> Option<(Id, Plugged)> {
        let mut words = alias.split(' ');
        let (port, machine) = (id_of("", words.next()?)?, id_of("", words.next()?)?);
        let index = words.next()?.parse().ok()?;
        let digits = u64::from_str_radix(words.next()?, 16).ok()?.to_be_bytes();
        let mac = digits[2..].try_into().ok()?;
        let router = router.clone();
        Some((port, Plugged { router, machine, index, mac, addresses: Vec::new() }))
    }
}

impl Network {
    /// The link that a port should have now.
    fn wanted_link(&self, id: &Id) -> Option<Plugged> {
        let port = self.plan.port(id).filter(|_| self.plan.can_link(id))?;
        let (segment, _) = self.plan.segment(&port.segment)?;
        let plug = port.plug.as_ref()?;
        Some(Plugged {
            router: segment.router.clone(),
            machine: plug.machine.clone(),
            index: plug.index,
            mac: port.mac,
            addresses: port.addresses.iter().map(|address| address.private).collect(),
        })
    }

    /// Takes away what a port should no longer have and numbers what it shall get; the links
    /// themselves are made by [`Network::make_link`], after the rules are in force. Returns whether
    /// anything changed.
    pub(crate) fn plan_link(&mut self, id: &Id) -> bool {
        let wanted = self.wanted_link(id);
        let same = |a: &Plugged, b: &Plugged| {
            a.router == b.router && a.machine == b.machine && a.index == b.index && a.mac == b.mac
        };
        match (self.plugged.get(id), &wanted) {
            (Some(now), Some(wanted)) if same(now, wanted) => return false,
            (None, None) => return false,
            _ => {}
        }
        if let Some(before) = self.plugged.remove(id) {
            let number = self.plan.links.remove(id);
            let trash = self.trash.entry(before.router).or_default();
            trash.machines.insert(before.machine);
            trash.links.extend(number);
        }
        if wanted.is_some() {
            let number = self.next_number();
            self.plan.links.insert(id.clone(), number);
        }
        true
    }

    /// Makes the link that was planned for a port, or gives changed addresses to its machine.
    pub(crate) fn make_link(&mut self, router: &Id, id: &Id) -> io::Result<()> {
        let wanted = self.wanted_link(id).filter(|wanted| wanted.router == *router);
        let (Some(wanted), Some(number)) = (wanted, self.plan.links.get(id).copied()) else {
            return Ok(());
        };
        let before = self.plugged.get(id).map(|plugged| plugged.addresses.clone());
        if before.is_none() {
            self.sweep_machine(&wanted.machine)?;
            self.make_pair(router, id, number, &wanted)?;
        }
        if before.as_ref() != Some(&wanted.addresses) {
            self.address_machine(id, number, &wanted, before.as_deref())?;
        }
        if before.is_none()
            && let Some(forwarder) = self.routers.get(router)
        {
            // Last, so that a link with an alias is a complete one.
            let mut batch = Batch::default();
            rtnetlink::ready(&mut batch, number);
            rtnetlink::rename(&mut batch, number, &wanted.alias(id));
            forwarder.route.run(&mut batch)?;
        }
        self.plan.broken.remove(id);
        self.plugged.insert(id.clone(), wanted);
        Ok(())
    }

    /// A port without a link from now on.
    pub(crate) fn give_up_link(&mut self, router: &Id, id: &Id, why: String) {
        self.plugged.remove(id);
        let number = self.plan.links.remove(id);
        self.trash.entry(router.clone()).or_default().links.extend(number);
        self.plan.broken.insert(id.clone(), why);
    }

    fn make_pair(&self, router: &Id, id: &Id, number: u32, plug: &Plugged) -> io::Result<()> {
        let (Some(forwarder), Some(port)) = (self.routers.get(router), self.plan.port(id)) else {
            return Ok(());
        };
        let Some((_, group)) = self.plan.segment(&port.segment) else { return Ok(()) };
        let machine = File::open(self.spaces.path(&file_name(MACHINE, &plug.machine)))?;
        let name = format!("p{number}");
        let here = End { name: &name, index: number, mac: GATEWAY_MAC, group, alias: "" };
        let name = format!("eth{}", plug.index);
        let there = End { name: &name, index: number, mac: port.mac, group: 0, alias: "" };
        let mut batch = Batch::default();
        rtnetlink::veth(&mut batch, &here, &there, machine.as_raw_fd(), MTU);
        rtnetlink::up_without_arp(&mut batch, number);
        forwarder.route.run(&mut batch)
    }

    fn address_machine(
        &self,
        id: &Id,
        link: u32,
        plug: &Plugged,
        before: Option<&[Ipv4Addr]>,
    ) -> io::Result<()> {
        let fresh = before.is_none();
        let before = before.unwrap_or_default();
        let Some(port) = self.plan.port(id) else { return Ok(()) };
        let Some((segment, _)) = self.plan.segment(&port.segment) else { return Ok(()) };
        let name = file_name(MACHINE, &plug.machine);
        let socket = self.spaces.netlink(&name, libc::NETLINK_ROUTE)?;
        let mut gone = Batch::default();
        for address in before.iter().filter(|address| !plug.addresses.contains(address)) {
            rtnetlink::address(&mut gone, false, link, *address, segment.block.prefix_len());
        }
        socket.run_but(&mut gone, &[libc::EADDRNOTAVAIL, libc::ENODEV])?;
        let mut batch = Batch::default();
        for address in plug.addresses.iter().filter(|address| !before.contains(address)) {
            rtnetlink::address(&mut batch, true, link, *address, segment.block.prefix_len());
        }
        if fresh {
            rtnetlink::up(&mut batch, link);
            machine_routes(&mut batch, link, plug.index, segment.block);
        }
        if plug.index > 0 {
            let table = MACHINE_TABLES + u32::from(plug.index);
            for address in plug.addresses.iter().filter(|address| !before.contains(address)) {
                rtnetlink::rule_from(&mut batch, true, *address, table);
            }
        }
        socket.run_but(&mut batch, &[libc::EEXIST])
    }

    /// The link of a router to the internet, made or taken away.
    pub(crate) fn make_uplink(&self, id: &Id, forwarder: &Forwarder) -> io::Result<()> {
        let Some((router, number)) = self.plan.router(id) else { return Ok(()) };
        let there = rtnetlink::links(&forwarder.route)?.iter().any(|link| link.index == GATEWAY);
        let mut batch = Batch::default();
        if router.internet {
            let internet = File::open(self.spaces.path(INTERNET))?;
            if !there {
                let alias = id.as_str();
                let (name, [near, far]) = (format!("r{number}"), UPLINK_MAC);
                let here = End { name: "internet", index: GATEWAY, mac: near, group: 0, alias };
                let peer = End { name: &name, index: number, mac: far, group: 0, alias };
                rtnetlink::veth(&mut batch, &here, &peer, internet.as_raw_fd(), MTU);
            }
            // Also where it is there: a crash can have come between these steps.
            rtnetlink::up_without_arp(&mut batch, GATEWAY);
            forwarder.route.run(&mut batch)?;
            let mut batch = Batch::default();
            rtnetlink::up_without_arp(&mut batch, number);
            self.internet.route.run(&mut batch)?;
            let mut batch = Batch::default();
            rtnetlink::ready(&mut batch, GATEWAY);
            return forwarder.route.run(&mut batch);
        }
        if there {
            rtnetlink::regroup(&mut batch, GATEWAY, TRASH);
            rtnetlink::delete_group(&mut batch, TRASH);
            return forwarder.route.run(&mut batch);
        }
        Ok(())
    }

    /// Learns the links of a router from the kernel. What has no alias is incomplete and goes.
    pub(crate) fn learn_links(&mut self, router: &Id) -> io::Result<()> {
        let Some(forwarder) = self.routers.get(router) else { return Ok(()) };
        let links = rtnetlink::links(&forwarder.route)?;
        self.plugged.retain(|_, plugged| plugged.router != *router);
        let mut trash = Trash::default();
        for link in links {
            self.last_number = self.last_number.max(link.index);
            if matches!(link.index, LOOPBACK | GATEWAY) {
                continue;
            }
            let known = Plugged::read(&link.alias, router).filter(|_| link.group != TRASH);
            let Some((port, mut plugged)) = known else {
                trash.machines.extend(self.plan.machines.iter().cloned());
                trash.links.push(link.index);
                continue;
            };
            let addresses = self.plan.port(&port).map(|port| port.addresses.clone());
            plugged.addresses = addresses.into_iter().flatten().map(|a| a.private).collect();
            self.plan.links.insert(port.clone(), link.index);
            self.plugged.insert(port, plugged);
        }
        let plugged = &self.plugged;
        self.plan.links.retain(|id, _| plugged.contains_key(id));
        let orphans: Vec<Id> =
            plugged.keys().filter(|id| self.plan.port(id).is_none()).cloned().collect();
        for id in orphans {
            trash.machines.extend(self.plugged.remove(&id).map(|plugged| plugged.machine));
            trash.links.extend(self.plan.links.remove(&id));
        }
        if !trash.links.is_empty() {
            self.trash.insert(router.clone(), trash);
        }
        Ok(())
    }

    /// Moves links that no port has any more into the trash group, and empties it when it is full.
    pub(crate) fn discard(&mut self, router: &Id) -> io::Result<()> {
        let (Some(forwarder), Some(trash)) = (self.routers.get(router), self.trash.get_mut(router))
        else {
            return Ok(());
        };
        trash.waiting += trash.links.len();
        let mut batch = Batch::default();
        for link in trash.links.drain(..) {
            rtnetlink::regroup(&mut batch, link, TRASH);
        }
        let full = trash.waiting >= TRASH_LIMIT;
        forwarder.route.run_but(&mut batch, &[libc::ENODEV])?;
        if full { self.sweep_router(router) } else { Ok(()) }
    }

    /// Deletes the links of removed ports. They carry nothing since their removal, and deleting
    /// many costs hardly more than one: call this when there is nothing else to do.
    pub fn sweep(&mut self) -> io::Result<()> {
        let routers: Vec<Id> = self.trash.keys().cloned().collect();
        routers.iter().try_for_each(|router| self.sweep_router(router))
    }

    fn sweep_router(&mut self, router: &Id) -> io::Result<()> {
        let Some(trash) = self.trash.remove(router) else { return Ok(()) };
        let Some(forwarder) = self.routers.get(router) else { return Ok(()) };
        let mut batch = Batch::default();
        for link in trash.links {
            rtnetlink::regroup(&mut batch, link, TRASH);
        }
        rtnetlink::delete_group(&mut batch, TRASH);
        forwarder.route.run_but(&mut batch, &[libc::ENODEV])
    }

    /// A machine that gets a link must not see an old one under the same name.
    fn sweep_machine(&mut self, machine: &Id) -> io::Result<()> {
        let seen = |(_, trash): &(&Id, &Trash)| trash.machines.contains(machine);
        let routers: Vec<Id> = self.trash.iter().filter(seen).map(|(id, _)| id.clone()).collect();
        routers.iter().try_for_each(|router| self.sweep_router(router))
    }
}

/// The routes of a machine's interface: as on AWS, everything through the gateway, which needs no
/// asking for. What an interface but the first sends from its own addresses leaves by it.
fn machine_routes(batch: &mut Batch, link: u32, index: u8, block: Ipv4Net) {
    const MAIN: u32 = 254;
    let gateway = Ipv4Addr::from(u32::from(block.network()) + 1);
    rtnetlink::neighbour(batch, link, gateway, Some(GATEWAY_MAC));
    let metric = if index == 0 { 0 } else { 10_000 + u32::from(index) };
    let everything = Ipv4Net::default();
    rtnetlink::route(batch, MAIN, Ipv4Net::from(gateway), Some(Hop::Link(link)), metric);
    rtnetlink::route(batch, MAIN, everything, Some(Hop::Via(link, gateway)), metric);
    if index > 0 {
        let table = MACHINE_TABLES + u32::from(index);
        rtnetlink::route(batch, table, everything, Some(Hop::Via(link, gateway)), 0);
    }
}
