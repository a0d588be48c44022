//! Routers, segments, routes and public addresses, with everything open.

use crate::topology::{all_out, in_from_all, ip, net};
use crate::{Place, Probe, Site};
use std::net::Ipv4Addr;
use world::{Fault, Id, Route, Traffic, Via};

const WEB: Probe = Probe::Tcp(80);

fn open(site: &mut Site<'_>, router: &Id) -> Id {
    site.group(router, vec![all_out(), in_from_all(Traffic::ALL)])
}

fn to_internet() -> Vec<Route> {
    vec![Route { to: net("0.0.0.0/0"), via: Via::Internet }]
}

/// A router with the internet, one segment with a default route, and everything open.
fn shore(site: &mut Site<'_>) -> (Id, Id, Id) {
    let router = site.router("10.9.0.0/16", true);
    let group = open(site, &router);
    let segment = site.segment(&router, 0, "10.9.1.0/24", to_internet());
    (router, group, segment)
}

fn give(site: &mut Site<'_>, port: &Id) -> Ipv4Addr {
    let public = site.ground.public_address();
    site.port_mut(port, |port| port.addresses[0].public = Some(public));
    public
}

pub(super) fn neighbours_and_other_segments(site: &mut Site<'_>) {
    let router = site.router("10.9.0.0/16", false);
    let group = open(site, &router);
    let near = site.segment(&router, 0, "10.9.1.0/24", Vec::new());
    let far = site.segment(&router, 1, "10.9.2.0/24", Vec::new());
    let (one, _) = site.host(&near, "10.9.1.10", &[&group]);
    let (two, _) = site.host(&near, "10.9.1.11", &[&group]);
    let (three, _) = site.host(&far, "10.9.2.10", &[&group]);
    site.settle();
    let from = Place::Machine(one);
    for (machine, at) in [(two, ip("10.9.1.11")), (three, ip("10.9.2.10"))] {
        site.serve(&machine, WEB);
        site.serve(&machine, Probe::Udp(53));
        for probe in [Probe::Ping, WEB, Probe::Udp(53)] {
            site.answers(&from, at, probe, &machine);
        }
    }
    site.silent(&from, ip("10.9.2.99"), Probe::Ping);
}

/// The same addresses twice, and no packet from one to the other.
pub(super) fn two_routers_with_one_block(site: &mut Site<'_>) {
    let mut sides = Vec::new();
    for _ in 0..2 {
        let router = site.router("10.9.0.0/16", false);
        let group = open(site, &router);
        let segment = site.segment(&router, 0, "10.9.1.0/24", Vec::new());
        let (client, _) = site.host(&segment, "10.9.1.10", &[&group]);
        let (server, _) = site.host(&segment, "10.9.1.20", &[&group]);
        sides.push((client, server, segment, group));
    }
    let (lonely, _) = {
        let (_, _, segment, group) = sides[0].clone();
        site.host(&segment, "10.9.1.30", &[&group])
    };
    site.settle();
    site.serve(&lonely, WEB);
    for (client, server, ..) in &sides {
        site.serve(server, WEB);
        site.answers(&Place::Machine(client.clone()), ip("10.9.1.20"), WEB, server);
    }
    site.answers(&Place::Machine(sides[0].0.clone()), ip("10.9.1.30"), WEB, &lonely);
    site.silent(&Place::Machine(sides[1].0.clone()), ip("10.9.1.30"), WEB);
}

pub(super) fn no_route_no_way(site: &mut Site<'_>) {
    let (_, group, segment) = shore(site);
    let (machine, port) = site.host(&segment, "10.9.1.10", &[&group]);
    give(site, &port);
    site.settle();
    let host = site.ground.internet_host();
    let from = Place::Machine(machine);
    site.segment_mut(&segment, |segment| segment.routes.clear());
    site.settle();
    site.silent(&from, host, WEB);
    site.segment_mut(&segment, |segment| segment.routes = to_internet());
    site.settle();
    assert_ne!(site.ground.probe(&from, host, WEB), crate::Reach::Silent);
}

/// A narrow way to nowhere inside a wide way out.
pub(super) fn the_longest_prefix_decides(site: &mut Site<'_>) {
    let (_, group, segment) = shore(site);
    let (machine, port) = site.host(&segment, "10.9.1.10", &[&group]);
    give(site, &port);
    site.settle();
    let host = site.ground.internet_host();
    let from = Place::Machine(machine);
    let narrow = Route { to: net(&format!("{host}/32")), via: Via::Nowhere };
    for order in [0, 1] {
        site.segment_mut(&segment, |segment| segment.routes.insert(order, narrow.clone()));
        site.settle();
        site.silent(&from, host, WEB);
        site.segment_mut(&segment, |segment| segment.routes = to_internet());
        site.settle();
        assert_ne!(site.ground.probe(&from, host, WEB), crate::Reach::Silent);
    }
}

/// No route overrides the router's own blocks.
pub(super) fn local_is_always_local(site: &mut Site<'_>) {
    let (router, group, segment) = shore(site);
    let other = site.segment(&router, 1, "10.9.2.0/24", Vec::new());
    let nowhere = Route { to: net("10.9.2.0/24"), via: Via::Nowhere };
    site.segment_mut(&segment, |segment| segment.routes.push(nowhere));
    let (one, _) = site.host(&segment, "10.9.1.10", &[&group]);
    let (two, _) = site.host(&other, "10.9.2.10", &[&group]);
    site.settle();
    site.answers(&Place::Machine(one), ip("10.9.2.10"), Probe::Ping, &two);
}

/// With a public address both ways work, without one neither.
pub(super) fn the_internet_in_and_out(site: &mut Site<'_>) {
    let (_, group, segment) = shore(site);
    let (known, port) = site.host(&segment, "10.9.1.10", &[&group]);
    let (hidden, _) = site.host(&segment, "10.9.1.20", &[&group]);
    let public = give(site, &port);
    site.settle();
    site.serve(&known, WEB);
    site.serve(&hidden, WEB);
    let host = site.ground.internet_host();
    site.answers(&Place::Internet, public, WEB, &known);
    site.answers(&Place::Internet, public, Probe::Ping, &known);
    let out = site.ground.probe(&Place::Machine(known.clone()), host, WEB);
    assert_ne!(out, crate::Reach::Silent, "out with a public address");
    site.silent(&Place::Machine(hidden.clone()), host, WEB);
    site.silent(&Place::Machine(hidden), host, Probe::Ping);
    site.silent(&Place::Internet, ip("10.9.1.10"), WEB);
    site.answers(&Place::Machine(known.clone()), ip("10.9.1.10"), WEB, &known);
}

pub(super) fn a_public_address_moves(site: &mut Site<'_>) {
    let (_, group, segment) = shore(site);
    let (first, first_port) = site.host(&segment, "10.9.1.10", &[&group]);
    let (second, second_port) = site.host(&segment, "10.9.1.20", &[&group]);
    let public = give(site, &first_port);
    site.settle();
    site.serve(&first, WEB);
    site.serve(&second, WEB);
    site.answers(&Place::Internet, public, WEB, &first);
    site.port_mut(&first_port, |port| port.addresses[0].public = None);
    site.settle();
    site.silent(&Place::Internet, public, WEB);
    site.port_mut(&second_port, |port| port.addresses[0].public = Some(public));
    site.settle();
    site.answers(&Place::Internet, public, WEB, &second);
}

/// Two routers that share nothing meet on the internet; so do two machines of one router.
pub(super) fn public_addresses_meet(site: &mut Site<'_>) {
    let mut sides = Vec::new();
    for _ in 0..2 {
        let (_, group, segment) = shore(site);
        let (machine, port) = site.host(&segment, "10.9.1.10", &[&group]);
        let public = give(site, &port);
        sides.push((machine, public, segment, group));
    }
    let (_, _, segment, group) = sides[0].clone();
    let (third, port) = site.host(&segment, "10.9.1.30", &[&group]);
    let third_public = give(site, &port);
    site.settle();
    site.serve(&third, WEB);
    for (machine, ..) in &sides {
        site.serve(machine, WEB);
    }
    let [first, second] = [Place::Machine(sides[0].0.clone()), Place::Machine(sides[1].0.clone())];
    site.answers(&first, sides[1].1, WEB, &sides[1].0);
    site.answers(&second, sides[0].1, WEB, &sides[0].0);
    site.answers(&first, third_public, WEB, &third);
}

pub(super) fn a_cut_between_zones(site: &mut Site<'_>) {
    let router = site.router("10.9.0.0/16", false);
    let group = open(site, &router);
    let near = site.segment(&router, 0, "10.9.1.0/24", Vec::new());
    let far = site.segment(&router, 1, "10.9.2.0/24", Vec::new());
    let (one, _) = site.host(&near, "10.9.1.10", &[&group]);
    let (two, _) = site.host(&near, "10.9.1.11", &[&group]);
    let (three, _) = site.host(&far, "10.9.2.10", &[&group]);
    site.settle();
    let [a, b] = site.ground.zones();
    for cut in [Fault::Cut(a.clone(), b.clone()), Fault::Cut(b, a)] {
        site.inject(cut.clone());
        site.silent(&Place::Machine(one.clone()), ip("10.9.2.10"), Probe::Ping);
        site.silent(&Place::Machine(three.clone()), ip("10.9.1.10"), Probe::Ping);
        site.answers(&Place::Machine(one.clone()), ip("10.9.1.11"), Probe::Ping, &two);
        site.heal(&cut);
        site.answers(&Place::Machine(one.clone()), ip("10.9.2.10"), Probe::Ping, &three);
    }
}
