//! Whether groups and ladders pass a packet. A filter that is named and missing passes nothing.

use super::Flow;
use super::scene::{Scene, Site};
use std::net::Ipv4Addr;
use world::{Peer, Way};

/// Any rule of any group of the port passes the first packet of a conversation. `peer` is the
/// other end's address as it is seen at the port.
pub(super) fn groups_pass(
    scene: &Scene,
    site: &Site<'_>,
    way: Way,
    peer: Ipv4Addr,
    flow: Flow,
) -> bool {
    let router = &site.segment.router;
    let groups = site.port.groups.iter().filter_map(|id| scene.group(id));
    groups.filter(|group| group.router == *router).flat_map(|group| &group.passes).any(|pass| {
        pass.way == way
            && flow.matches(&pass.traffic)
            && match &pass.peer {
                Peer::Net(block) => block.contains(&peer),
                Peer::Group(group) => scene.with(peer).any(|member| {
                    member.segment.router == *router && member.port.groups.contains(group)
                }),
            }
    })
}

/// The first rung that matches passes the packet into or out of the segment of this port.
pub(super) fn ladder_passes(
    scene: &Scene,
    site: &Site<'_>,
    way: Way,
    peer: Ipv4Addr,
    flow: Flow,
) -> bool {
    let Some(id) = &site.segment.ladder else { return true };
    let Some(ladder) = scene.ladder(id) else { return false };
    if ladder.router != site.segment.router {
        return false;
    }
    ladder
        .rungs
        .iter()
        .find(|rung| rung.way == way && rung.peer.contains(&peer) && flow.matches(&rung.traffic))
        .is_some_and(|rung| rung.pass)
}
