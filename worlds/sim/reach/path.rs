//! The way of a packet, hop by hop, and the way of its answer.
//!
//! Order as on a real router: the sender's guard, then routing, then the filters of the sender's
//! side, then those of the receiver's. Public addresses are exchanged for private ones at the
//! router's link to the internet, so filters inside see private addresses of their own side and
//! whatever the packet carries of the other.

use super::filter::{groups_pass, ladder_passes};
use super::scene::{Scene, Site};
use super::{Flow, From, Packet, Reach};
use std::net::Ipv4Addr;
use world::{Via, Way};

/// One end of a conversation: where it is and the address that the other end sees.
#[derive(Clone, Copy)]
enum End<'a> {
    /// On a port, with this private address.
    Port(Site<'a>, Ipv4Addr),
    Internet,
    /// The packet never left its machine.
    Within,
}

/// What became of the first packet, and what its answer will need.
pub(super) struct Trip<'a> {
    pub(super) reach: Reach,
    source: End<'a>,
    /// The sender's address as the receiver sees it.
    source_seen: Ipv4Addr,
    target: End<'a>,
    /// The receiver's address as the sender wrote it.
    target_seen: Ipv4Addr,
}

impl<'a> Trip<'a> {
    fn new(source: End<'a>, source_seen: Ipv4Addr, target_seen: Ipv4Addr) -> Trip<'a> {
        Trip { reach: Reach::Dropped, source, source_seen, target: End::Within, target_seen }
    }

    fn ends(mut self, reach: Reach) -> Trip<'a> {
        self.reach = reach;
        self
    }
}

/// What a packet carries, and whether groups remember its conversation.
#[derive(Clone, Copy)]
struct Load {
    flow: Flow,
    known: bool,
}

/// Where a router sends a packet.
enum Hop<'a> {
    /// To the port that has the address, on the same router.
    Local(Site<'a>),
    /// To a port that forwards.
    Through(Site<'a>),
    Internet,
    Nowhere,
    NoRoute,
}

fn hop<'a>(scene: &'a Scene, from: &Site<'a>, to: Ipv4Addr) -> Hop<'a> {
    let router = &from.segment.router;
    if from.router.blocks.iter().any(|block| block.contains(&to)) {
        return scene.private(router, to).map_or(Hop::NoRoute, Hop::Local);
    }
    let matching = from.segment.routes.iter().filter(|route| route.to.contains(&to));
    // The first of equal prefixes, so that the answer does not hang on an accident.
    let Some(best) = matching.rev().max_by_key(|route| route.to.prefix_len()) else {
        return Hop::NoRoute;
    };
    match &best.via {
        Via::Nowhere => Hop::Nowhere,
        Via::Internet if from.router.internet => Hop::Internet,
        Via::Internet => Hop::NoRoute,
        Via::Port(port) => match scene.site(port) {
            Some(site) if site.segment.router == *router => Hop::Through(site),
            _ => Hop::NoRoute,
        },
    }
}

/// A packet on its way from the one who asks. Groups pass it unseen when the
/// conversation that it belongs to is `known` to them.
pub(super) fn forward<'a>(scene: &'a Scene, packet: &Packet, known: bool) -> Trip<'a> {
    let flow = Load { flow: packet.flow, known };
    let (site, source) = match &packet.from {
        From::Internet(address) => return enter(scene, *address, packet.to, flow),
        From::Machine(machine) => {
            let sites = scene.interfaces(machine);
            if packet.to.is_loopback() || sites.iter().any(|site| site.owns(packet.to)) {
                let trip = Trip::new(End::Within, packet.to, packet.to);
                let runs = sites.iter().any(|site| scene.runner(site).is_some());
                return trip.ends(if runs {
                    Reach::Arrives(machine.clone())
                } else {
                    Reach::Dropped
                });
            }
            let near = sites.iter().filter(|site| site.segment.block.contains(&packet.to));
            let near = near.max_by_key(|site| site.segment.block.prefix_len());
            let Some(site) = near.or(sites.first()) else {
                return Trip::new(End::Within, packet.to, packet.to).ends(Reach::NoRoute);
            };
            let Some(primary) = site.port.addresses.first() else {
                return Trip::new(End::Within, packet.to, packet.to).ends(Reach::NoRoute);
            };
            (*site, primary.private)
        }
        From::Port(port, source) => match scene.site(port) {
            Some(site) => (site, *source),
            None => return Trip::new(End::Within, *source, packet.to).ends(Reach::NoRoute),
        },
    };
    leave(scene, site, source, packet.to, flow)
}

/// A packet that a port's machine sends.
fn leave<'a>(
    scene: &'a Scene,
    from: Site<'a>,
    source: Ipv4Addr,
    to: Ipv4Addr,
    load: Load,
) -> Trip<'a> {
    let trip = Trip::new(End::Port(from, source), source, to);
    if scene.runner(&from).is_none() || (from.port.guarded && !from.owns(source)) {
        return trip.ends(Reach::Dropped);
    }
    let hop = hop(scene, &from, to);
    let next = match &hop {
        Hop::NoRoute => return trip.ends(Reach::NoRoute),
        Hop::Nowhere => return trip.ends(Reach::Dropped),
        Hop::Local(site) | Hop::Through(site) => Some(*site),
        Hop::Internet => None,
    };
    let stays = next.is_some_and(|site| site.same_segment(&from));
    if !(stays || ladder_passes(scene, &from, Way::Out, to, load.flow))
        || !(load.known || groups_pass(scene, &from, Way::Out, to, load.flow))
    {
        return trip.ends(Reach::Dropped);
    }
    match next {
        Some(next) => land(scene, trip, next, to, load, matches!(hop, Hop::Through(_))),
        None => outside(scene, trip, from, source, load),
    }
}

/// A packet that leaves by the link to the internet, and perhaps comes back in.
fn outside<'a>(
    scene: &'a Scene,
    mut trip: Trip<'a>,
    from: Site<'a>,
    source: Ipv4Addr,
    load: Load,
) -> Trip<'a> {
    let Some(public) = from.public_of(source) else { return trip.ends(Reach::Dropped) };
    trip.source_seen = public;
    if let Some((site, private)) = scene.public(trip.target_seen) {
        return land(scene, trip, site, private, load, false);
    }
    if scene.hosts.contains(&trip.target_seen) {
        trip.target = End::Internet;
        return trip.ends(Reach::Outside);
    }
    trip.ends(Reach::NoRoute)
}

/// A packet that comes from a host of the internet.
fn enter<'a>(scene: &'a Scene, source: Ipv4Addr, to: Ipv4Addr, load: Load) -> Trip<'a> {
    let trip = Trip::new(End::Internet, source, to);
    match scene.public(to) {
        Some((site, private)) => land(scene, trip, site, private, load, false),
        None => trip.ends(Reach::NoRoute),
    }
}

/// A packet that comes to the segment and the port of its receiver, or of one that forwards.
fn land<'a>(
    scene: &'a Scene,
    mut trip: Trip<'a>,
    at: Site<'a>,
    to: Ipv4Addr,
    load: Load,
    forwards: bool,
) -> Trip<'a> {
    trip.target = End::Port(at, if forwards { trip.target_seen } else { to });
    let seen = trip.source_seen;
    if let End::Port(from, _) = &trip.source
        && scene.parted(&from.segment.zone, &at.segment.zone)
    {
        return trip.ends(Reach::Dropped);
    }
    let stays =
        matches!(&trip.source, End::Port(from, own) if from.same_segment(&at) && *own == seen);
    let passes = (stays || ladder_passes(scene, &at, Way::In, seen, load.flow))
        && (load.known || groups_pass(scene, &at, Way::In, seen, load.flow))
        && !(forwards && at.port.guarded && !at.owns(to));
    match scene.runner(&at) {
        Some(machine) if passes => {
            let machine = machine.clone();
            trip.ends(Reach::Arrives(machine))
        }
        _ => trip.ends(Reach::Dropped),
    }
}

/// Whether the answer to a packet that arrived comes back to its sender. Groups remember the
/// conversation and pass it; ladders do not.
pub(super) fn back(scene: &Scene, trip: &Trip<'_>, flow: Flow) -> bool {
    let (target, source) = match (&trip.target, &trip.source) {
        (End::Within, _) | (_, End::Within) => return true,
        (End::Port(target, own), source) => {
            if target.port.guarded && !target.owns(*own) {
                return false;
            }
            (Some(target), source)
        }
        (End::Internet, source) => (None, source),
    };
    let mut direct = false;
    if let Some(target) = target {
        match hop(scene, target, trip.source_seen) {
            // A forged source leads to somebody else; that is noticed below.
            Hop::Local(site) if matches!(source, End::Port(..)) => {
                direct = site.same_segment(target);
            }
            Hop::Internet => {}
            Hop::Local(_) | Hop::Through(_) | Hop::Nowhere | Hop::NoRoute => return false,
        }
        if !direct && !ladder_passes(scene, target, Way::Out, trip.source_seen, flow) {
            return false;
        }
    }
    match source {
        End::Port(from, own) => {
            from.owns(*own)
                && (direct || ladder_passes(scene, from, Way::In, trip.target_seen, flow))
        }
        End::Internet | End::Within => true,
    }
}
