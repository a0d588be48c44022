//! Links, addresses, neighbours, routes and routing rules as netlink messages. Decides nothing.

use crate::netlink::{APPEND, Batch, CREATE, DUMP, EXCLUSIVE, REPLACE, Socket};
use crate::netlink::{attribute, int, text};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::Ipv4Addr;
use std::os::fd::RawFd;
use world::Ipv4Net;

const NEW_LINK: u16 = 16;
const DEL_LINK: u16 = 17;
const GET_LINK: u16 = 18;
const NEW_ADDRESS: u16 = 20;
const DEL_ADDRESS: u16 = 21;
const NEW_ROUTE: u16 = 24;
const DEL_ROUTE: u16 = 25;
const GET_ROUTE: u16 = 26;
const NEW_NEIGHBOUR: u16 = 28;
const DEL_NEIGHBOUR: u16 = 29;
const GET_NEIGHBOUR: u16 = 30;
const NEW_RULE: u16 = 32;
const DEL_RULE: u16 = 33;
const GET_RULE: u16 = 34;
const INET: u8 = libc::AF_INET as u8;
const PERMANENT: u16 = 0x80;
const NO_PREFIX_ROUTE: u32 = 0x200;
const ON_LINK: u32 = 4;
/// Protocol number of our routes: "static".
const STATIC: u8 = 4;

/// A hardware address.
pub(crate) type Mac = [u8; 6];

/// One end of a veth pair.
#[derive(Debug, Clone)]
pub(crate) struct End<'a> {
    pub name: &'a str,
    pub index: u32,
    pub mac: Mac,
    pub group: u32,
    pub alias: &'a str,
}

/// A link as the kernel shows it.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub index: u32,
    pub group: u32,
    pub alias: String,
}

/// Where a route leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hop {
    /// Straight out of this interface.
    Link(u32),
    /// Through a neighbour behind this interface.
    Via(u32, Ipv4Addr),
    /// Refused with an ICMP message.
    Unreachable,
    /// Dropped.
    Blackhole,
}

/// Table and destination to next hop.
pub(crate) type Routes = BTreeMap<(u32, Ipv4Net), Hop>;
/// Preference, mark (0 is any) and table (0 is "unreachable").
pub(crate) type Rules = BTreeSet<(u32, u32, u32)>;
/// Interface and address to hardware address.
pub(crate) type Neighbours = BTreeMap<(u32, Ipv4Addr), Mac>;

fn link_body(index: u32, flags: u32, change: u32) -> [u8; 16] {
    let mut body = [0; 16];
    body[4..8].copy_from_slice(&index.to_ne_bytes());
    body[8..12].copy_from_slice(&flags.to_ne_bytes());
    body[12..16].copy_from_slice(&change.to_ne_bytes());
    body
}

/// A veth pair, both ends down; `there` is born in the namespace behind `peer`.
pub(crate) fn veth(batch: &mut Batch, here: &End, there: &End, peer: RawFd, mtu: u32) {
    fn end(batch: &mut Batch, end: &End, mtu: u32) {
        batch.text(3, end.name).attr(1, &end.mac).number(4, mtu).number(27, end.group);
        if !end.alias.is_empty() {
            batch.attr(20, end.alias.as_bytes());
        }
    }
    batch.message(NEW_LINK, CREATE | EXCLUSIVE, &link_body(here.index, 0, 0));
    end(batch, here, mtu);
    batch.nest(18, |batch| {
        batch.text(1, "veth").nest(2, |batch| {
            batch.nest(1, |batch| {
                batch.raw(&link_body(there.index, 0, 0));
                end(batch, there, mtu);
                batch.number(28, peer as u32)
            })
        })
    });
}

/// Sets a link up.
pub(crate) fn up(batch: &mut Batch, index: u32) {
    let flag = libc::IFF_UP as u32;
    batch.message(NEW_LINK, 0, &link_body(index, flag, flag));
}

/// Sets a link up that neither asks nor answers for hardware addresses: no guest can fill the
/// router's table of neighbours.
pub(crate) fn up_without_arp(batch: &mut Batch, index: u32) {
    let flags = (libc::IFF_UP | libc::IFF_NOARP) as u32;
    batch.message(NEW_LINK, 0, &link_body(index, flags, flags));
}

/// Makes a link that has just got its carrier fit to send: asking for one link makes the kernel do
/// at once what it otherwise puts off, up to a second, dropping all packets meanwhile.
pub(crate) fn ready(batch: &mut Batch, index: u32) {
    batch.message(GET_LINK, 0, &link_body(index, 0, 0));
}

/// Writes a link's alias.
pub(crate) fn rename(batch: &mut Batch, index: u32, alias: &str) {
    batch.message(NEW_LINK, 0, &link_body(index, 0, 0)).attr(20, alias.as_bytes());
}

/// Moves a link to another group.
pub(crate) fn regroup(batch: &mut Batch, index: u32, group: u32) {
    batch.message(NEW_LINK, 0, &link_body(index, 0, 0)).number(27, group);
}

/// Deletes every link of a group at once, which costs hardly more than deleting one.
pub(crate) fn delete_group(batch: &mut Batch, group: u32) {
    batch.message(DEL_LINK, 0, &link_body(0, 0, 0)).number(27, group);
}

/// All links of the namespace.
pub(crate) fn links(socket: &Socket) -> io::Result<Vec<Link>> {
    let mut batch = Batch::default();
    batch.message(GET_LINK, DUMP, &link_body(0, 0, 0));
    let found = socket.dump(&mut batch)?;
    Ok(found
        .iter()
        .filter(|body| body.len() >= 16)
        .map(|body| Link {
            index: int(body, 4) as u32,
            group: int(attribute(&body[16..], 27), 0) as u32,
            alias: text(attribute(&body[16..], 20)),
        })
        .collect())
}

/// The bytes that a link has received and sent; none without it.
pub(crate) fn bytes(socket: &Socket, index: u32) -> io::Result<Option<(u64, u64)>> {
    let mut batch = Batch::default();
    batch.message(GET_LINK, DUMP, &link_body(0, 0, 0));
    let found = socket.dump(&mut batch)?;
    let all = found.iter().filter(|body| body.len() >= 16);
    let mut link = all.filter(|body| int(body, 4) as u32 == index).map(|body| {
        // rtnl_link_stats64: packets in and out, then bytes in and out.
        let stats = attribute(&body[16..], 23);
        let number = |at: usize| {
            let bytes = stats.get(at * 8..at * 8 + 8).and_then(|bytes| bytes.try_into().ok());
            bytes.map_or(0, u64::from_ne_bytes)
        };
        (number(2), number(3))
    });
    Ok(link.next())
}

/// Gives a link an address that makes no route.
pub(crate) fn address(batch: &mut Batch, add: bool, link: u32, address: Ipv4Addr, length: u8) {
    let mut body = [INET, length, 0, 0, 0, 0, 0, 0];
    body[4..8].copy_from_slice(&link.to_ne_bytes());
    let (kind, flags) = if add { (NEW_ADDRESS, CREATE | REPLACE) } else { (DEL_ADDRESS, 0) };
    batch.message(kind, flags, &body).attr(2, &address.octets()).attr(1, &address.octets());
    batch.number(8, NO_PREFIX_ROUTE);
}

/// A neighbour that is never asked for.
pub(crate) fn neighbour(batch: &mut Batch, link: u32, address: Ipv4Addr, mac: Option<Mac>) {
    let mut body = [INET, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    body[4..8].copy_from_slice(&link.to_ne_bytes());
    body[8..10].copy_from_slice(&PERMANENT.to_ne_bytes());
    let (kind, flags) =
        if mac.is_some() { (NEW_NEIGHBOUR, CREATE | REPLACE) } else { (DEL_NEIGHBOUR, 0) };
    batch.message(kind, flags, &body).attr(1, &address.octets());
    if let Some(mac) = mac {
        batch.attr(2, &mac);
    }
}

/// An address of a link with the kernel's own route to its network, which nobody else counts among
/// his.
pub(crate) fn address_and_route(batch: &mut Batch, link: u32, address: Ipv4Addr, length: u8) {
    let mut body = [INET, length, 0, 0, 0, 0, 0, 0];
    body[4..8].copy_from_slice(&link.to_ne_bytes());
    let body = batch.message(NEW_ADDRESS, CREATE | REPLACE, &body);
    body.attr(2, &address.octets()).attr(1, &address.octets());
}

/// A route, added (or replaced) with a hop, deleted without.
pub(crate) fn route(batch: &mut Batch, table: u32, to: Ipv4Net, hop: Option<Hop>, metric: u32) {
    let (kind, scope, flags) = match hop {
        Some(Hop::Link(_)) => (libc::RTN_UNICAST, libc::RT_SCOPE_LINK, 0),
        Some(Hop::Via(..)) => (libc::RTN_UNICAST, libc::RT_SCOPE_UNIVERSE, ON_LINK),
        Some(Hop::Unreachable) => (libc::RTN_UNREACHABLE, libc::RT_SCOPE_UNIVERSE, 0),
        Some(Hop::Blackhole) => (libc::RTN_BLACKHOLE, libc::RT_SCOPE_UNIVERSE, 0),
        None => (0, libc::RT_SCOPE_NOWHERE, 0),
    };
    let mut body = [INET, to.prefix_len(), 0, 0, 0, STATIC, scope, kind, 0, 0, 0, 0];
    body[8..12].copy_from_slice(&u32::to_ne_bytes(flags));
    if hop.is_some() {
        batch.message(NEW_ROUTE, CREATE | REPLACE, &body);
    } else {
        body[5] = 0;
        batch.message(DEL_ROUTE, 0, &body);
    }
    batch.number(15, table);
    if to.prefix_len() > 0 {
        batch.attr(1, &to.network().octets());
    }
    if metric > 0 {
        batch.number(6, metric);
    }
    match hop {
        Some(Hop::Link(link)) => {
            batch.number(4, link);
        }
        Some(Hop::Via(link, next)) => {
            batch.number(4, link).attr(5, &next.octets());
        }
        _ => {}
    }
}

/// A routing rule; see [`Rules`].
pub(crate) fn rule(batch: &mut Batch, add: bool, (preference, mark, table): (u32, u32, u32)) {
    /// `FR_ACT_TO_TBL` and `FR_ACT_UNREACHABLE`.
    const ACTIONS: [u8; 2] = [1, 7];
    let action = ACTIONS[usize::from(table == 0)];
    let body = [INET, 0, 0, 0, 0, 0, 0, action, 0, 0, 0, 0];
    let (kind, flags) = if add { (NEW_RULE, CREATE | EXCLUSIVE) } else { (DEL_RULE, 0) };
    batch.message(kind, flags, &body).number(6, preference);
    if mark != 0 {
        batch.number(10, mark);
    }
    if table != 0 {
        batch.number(15, table);
    }
}

/// A rule that sends what comes from this address to a table of its own.
pub(crate) fn rule_from(batch: &mut Batch, add: bool, source: Ipv4Addr, table: u32) {
    let body = [INET, 0, 32, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    let (kind, flags) = if add { (NEW_RULE, CREATE | EXCLUSIVE) } else { (DEL_RULE, 0) };
    batch.message(kind, flags | APPEND, &body).attr(2, &source.octets()).number(15, table);
}

/// Takes all that arrives at this interface for its own, or no longer: answers to what was sent in
/// the name of others.
pub(crate) fn take_all(batch: &mut Batch, add: bool, interface: &str, table: u32) {
    let body = [INET, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    let (kind, flags) = if add { (NEW_RULE, CREATE | EXCLUSIVE) } else { (DEL_RULE, 0) };
    batch.message(kind, flags, &body).text(3, interface).number(15, table);
    let (kind, flags) = if add { (NEW_ROUTE, CREATE | REPLACE) } else { (DEL_ROUTE, 0) };
    let body = [INET, 0, 0, 0, 0, STATIC, libc::RT_SCOPE_HOST, libc::RTN_LOCAL, 0, 0, 0, 0];
    batch.message(kind, flags, &body).number(15, table).number(4, 1);
}

/// Our routes in tables from `least` on.
pub(crate) fn routes(socket: &Socket, least: u32) -> io::Result<Routes> {
    let mut batch = Batch::default();
    batch.message(GET_ROUTE, DUMP, &[INET, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let mut routes = Routes::new();
    for body in socket.dump(&mut batch)? {
        let Some((head, rest)) = body.split_at_checked(12) else { continue };
        let table = int(attribute(rest, 15), 0) as u32;
        if head[5] != STATIC || table < least {
            continue;
        }
        let link = int(attribute(rest, 4), 0) as u32;
        let hop = match (head[7], ipv4(attribute(rest, 5))) {
            (libc::RTN_UNREACHABLE, _) => Hop::Unreachable,
            (libc::RTN_BLACKHOLE, _) => Hop::Blackhole,
            (_, Some(next)) => Hop::Via(link, next),
            (_, None) => Hop::Link(link),
        };
        let to = ipv4(attribute(rest, 1)).unwrap_or(Ipv4Addr::UNSPECIFIED);
        let to = Ipv4Net::new(to, head[1]).map_err(io::Error::other)?;
        routes.insert((table, to), hop);
    }
    Ok(routes)
}

/// All routing rules but the kernel's own three.
pub(crate) fn rules(socket: &Socket) -> io::Result<Rules> {
    let mut batch = Batch::default();
    batch.message(GET_RULE, DUMP, &[INET, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let mut rules = Rules::new();
    for body in socket.dump(&mut batch)? {
        let Some((head, rest)) = body.split_at_checked(12) else { continue };
        let preference = int(attribute(rest, 6), 0) as u32;
        let table = if head[7] == 1 { int(attribute(rest, 15), 0) as u32 } else { 0 };
        if (1..32766).contains(&preference) {
            rules.insert((preference, int(attribute(rest, 10), 0) as u32, table));
        }
    }
    Ok(rules)
}

/// All permanent neighbours.
pub(crate) fn neighbours(socket: &Socket) -> io::Result<Neighbours> {
    let mut batch = Batch::default();
    batch.message(GET_NEIGHBOUR, DUMP, &[INET, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let mut neighbours = Neighbours::new();
    for body in socket.dump(&mut batch)? {
        let Some((head, rest)) = body.split_at_checked(12) else { continue };
        let state = u16::from_ne_bytes([head[8], head[9]]);
        let mac = attribute(rest, 2).try_into();
        if let (Some(address), Ok(mac), PERMANENT) = (ipv4(attribute(rest, 1)), mac, state) {
            neighbours.insert((int(head, 4) as u32, address), mac);
        }
    }
    Ok(neighbours)
}

fn ipv4(bytes: &[u8]) -> Option<Ipv4Addr> {
    <[u8; 4]>::try_from(bytes).ok().map(Ipv4Addr::from)
}
