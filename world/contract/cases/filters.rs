//! Groups, ladders and guards: what passes, what does not.

use crate::topology::{all_out, in_from_all, ip, net, pass, tcp};
use crate::{Place, Probe, Site};
use world::{Id, Peer, Rung, Traffic, Way};

const WEB: Probe = Probe::Tcp(80);

/// A client and a server in segments of their own, each in a group of its own.
struct Street {
    router: Id,
    client_side: Id,
    server_side: Id,
    clients: Id,
    servers: Id,
    client: Id,
    client_port: Id,
    server: Id,
    server_port: Id,
}

const CLIENT: &str = "10.9.1.10";
const SERVER: &str = "10.9.2.10";

/// The client may say anything; the server passes `inward`, and listens on 80, 81 and UDP 53.
fn street(site: &mut Site<'_>, inward: &[Traffic]) -> Street {
    let router = site.router("10.9.0.0/16", false);
    let client_side = site.segment(&router, 0, "10.9.1.0/24", Vec::new());
    let server_side = site.segment(&router, 0, "10.9.2.0/24", Vec::new());
    let clients = site.group(&router, vec![all_out()]);
    let servers = site.group(&router, inward.iter().copied().map(in_from_all).collect());
    let (client, client_port) = site.host(&client_side, CLIENT, &[&clients]);
    let (server, server_port) = site.host(&server_side, SERVER, &[&servers]);
    site.settle();
    for probe in [WEB, Probe::Tcp(81), Probe::Udp(53)] {
        site.serve(&server, probe);
    }
    Street {
        router,
        client_side,
        server_side,
        clients,
        servers,
        client,
        client_port,
        server,
        server_port,
    }
}

impl Street {
    fn passes(&self, site: &mut Site<'_>, probe: Probe) {
        site.answers(&Place::Machine(self.client.clone()), ip(SERVER), probe, &self.server);
    }

    fn drops(&self, site: &mut Site<'_>, probe: Probe) {
        site.silent(&Place::Machine(self.client.clone()), ip(SERVER), probe);
    }
}

pub(super) fn everything_is_denied_by_default(site: &mut Site<'_>) {
    let street = street(site, &[]);
    for probe in [WEB, Probe::Udp(53), Probe::Ping] {
        street.drops(site, probe);
    }
    site.port_mut(&street.server_port, |port| port.groups.clear());
    site.settle();
    street.drops(site, WEB);
}

/// That port and no other; that protocol and no other; answers need no rule.
pub(super) fn a_rule_opens_a_port(site: &mut Site<'_>) {
    let street = street(site, &[tcp(80, 80)]);
    street.passes(site, WEB);
    street.drops(site, Probe::Tcp(81));
    street.drops(site, Probe::Udp(53));
    street.drops(site, Probe::Ping);
    let ping = world::Icmp { kind: 8, code: None };
    let icmp = Traffic { protocol: Some(1), ports: None, icmp: Some(ping) };
    let udp = Traffic { protocol: Some(17), ports: Some((50, 60)), icmp: None };
    site.passes(&street.servers, [tcp(81, 90), icmp, udp].map(in_from_all).to_vec());
    site.settle();
    street.drops(site, WEB);
    for probe in [Probe::Tcp(81), Probe::Udp(53), Probe::Ping] {
        street.passes(site, probe);
    }
}

pub(super) fn rules_hold_on_the_way_out(site: &mut Site<'_>) {
    let street = street(site, &[Traffic::ALL]);
    let narrow = pass(Way::Out, tcp(81, 81), Peer::Net(net("10.9.2.0/24")));
    site.passes(&street.clients, vec![narrow]);
    site.settle();
    street.drops(site, WEB);
    street.passes(site, Probe::Tcp(81));
    let elsewhere = pass(Way::Out, Traffic::ALL, Peer::Net(net("10.9.3.0/24")));
    site.passes(&street.clients, vec![elsewhere]);
    site.settle();
    street.drops(site, Probe::Tcp(81));
}

/// By the addresses of the ports that are in it, as they come and go.
pub(super) fn a_group_may_be_named(site: &mut Site<'_>) {
    let street = street(site, &[]);
    let friends = site.group(&street.router, Vec::new());
    let welcome = pass(Way::In, tcp(80, 80), Peer::Group(friends.clone()));
    site.passes(&street.servers, vec![welcome]);
    site.settle();
    street.drops(site, WEB);
    let both = vec![street.clients.clone(), friends.clone()];
    site.port_mut(&street.client_port, |port| port.groups = both);
    site.settle();
    street.passes(site, WEB);
    street.drops(site, Probe::Tcp(81));
    let (stranger, _) = site.host(&street.client_side, "10.9.1.11", &[&street.clients]);
    site.settle();
    site.silent(&Place::Machine(stranger), ip(SERVER), WEB);
    site.port_mut(&street.client_port, |port| port.groups.truncate(1));
    site.settle();
    street.drops(site, WEB);
}

pub(super) fn a_revoked_rule_refuses(site: &mut Site<'_>) {
    let street = street(site, &[tcp(80, 80)]);
    street.passes(site, WEB);
    site.passes(&street.servers, Vec::new());
    site.settle();
    street.drops(site, WEB);
}

fn rung(way: Way, traffic: Traffic, pass: bool) -> Rung {
    Rung { way, traffic, peer: net("0.0.0.0/0"), pass }
}

fn climb(site: &mut Site<'_>, segment: &Id, router: &Id, rungs: Vec<Rung>) -> Id {
    let ladder = site.ladder(router, rungs);
    let named = Some(ladder.clone());
    site.segment_mut(segment, |segment| segment.ladder = named);
    site.settle();
    ladder
}

/// Between segments, not inside one.
pub(super) fn a_ladder_stands_between_segments(site: &mut Site<'_>) {
    let street = street(site, &[Traffic::ALL]);
    let (neighbour, _) = site.host(&street.server_side, "10.9.2.20", &[&street.clients]);
    site.settle();
    street.passes(site, WEB);
    climb(site, &street.server_side, &street.router, Vec::new());
    street.drops(site, WEB);
    let from = Place::Machine(neighbour);
    site.answers(&from, ip(SERVER), WEB, &street.server);
    site.segment_mut(&street.server_side, |segment| segment.ladder = None);
    site.settle();
    street.passes(site, WEB);
}

/// Answers need a rung of their own.
pub(super) fn a_ladder_forgets(site: &mut Site<'_>) {
    let street = street(site, &[Traffic::ALL]);
    let inward = rung(Way::In, tcp(80, 80), true);
    let ladder = climb(site, &street.server_side, &street.router, vec![inward.clone()]);
    street.drops(site, WEB);
    let outward = rung(Way::Out, tcp(1_024, 65_535), true);
    site.rungs(&ladder, vec![inward.clone(), outward]);
    site.settle();
    street.passes(site, WEB);
    street.drops(site, Probe::Tcp(81));
    let low = rung(Way::Out, tcp(1, 1_023), true);
    site.rungs(&ladder, vec![inward, low]);
    site.settle();
    street.drops(site, WEB);
}

pub(super) fn the_first_rung_decides(site: &mut Site<'_>) {
    let street = street(site, &[Traffic::ALL]);
    let no_web = rung(Way::In, tcp(80, 80), false);
    let all_in = rung(Way::In, Traffic::ALL, true);
    let out = rung(Way::Out, Traffic::ALL, true);
    let rungs = vec![no_web.clone(), all_in.clone(), out.clone()];
    let ladder = climb(site, &street.server_side, &street.router, rungs);
    street.drops(site, WEB);
    street.passes(site, Probe::Tcp(81));
    site.rungs(&ladder, vec![all_in.clone(), no_web, out.clone()]);
    site.settle();
    street.passes(site, WEB);
    let not_you = Rung { peer: net("10.9.1.10/32"), ..rung(Way::In, Traffic::ALL, false) };
    site.rungs(&ladder, vec![not_you, all_in, out]);
    site.settle();
    street.drops(site, Probe::Ping);
}

/// A port whose only group is not there yet, and a group that names a group that is not there.
pub(super) fn a_missing_filter_passes_nothing(site: &mut Site<'_>) {
    let street = street(site, &[]);
    let missing = site.fresh("sg");
    let welcome = pass(Way::In, Traffic::ALL, Peer::Group(missing.clone()));
    site.passes(&street.servers, vec![welcome]);
    site.settle();
    street.drops(site, WEB);
    site.port_mut(&street.server_port, |port| port.groups = vec![missing]);
    // Whether the port waits for the group or goes without is the world's affair.
    site.listen();
    street.drops(site, WEB);
}

pub(super) fn a_guard_drops_forgeries(site: &mut Site<'_>) {
    let street = street(site, &[Traffic::ALL]);
    let to = (&street.server, ip(SERVER));
    let forged = site.ground.forge(&street.client, ip("10.9.1.99"), to, Probe::Udp(53));
    assert_ne!(forged, Some(true), "a forged packet arrived");
    let honest = site.ground.forge(&street.client, ip(CLIENT), to, Probe::Udp(53));
    assert_ne!(honest, Some(false), "an honest packet did not");
    site.port_mut(&street.client_port, |port| port.guarded = false);
    site.settle();
    let forged = site.ground.forge(&street.client, ip("10.9.1.99"), to, Probe::Udp(53));
    assert_ne!(forged, Some(false), "an unguarded port passes what its groups pass");
}
