//! The network as physics: routers, segments, ports and filters.

use crate::{Id, Ipv4Net, Zone};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// Forwards packets between its segments; two routers share nothing, not even addresses.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Router {
    /// The address blocks that are local here.
    pub blocks: Vec<Ipv4Net>,
    /// Whether it has a link to the internet.
    pub internet: bool,
}

/// One network in one zone, and the routes that packets from it follow.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Segment {
    /// Where it is plugged in.
    pub router: Id,
    /// The zone it lives in.
    pub zone: Zone,
    /// Its addresses, a part of the router's blocks. The first usable one is the gateway.
    pub block: Ipv4Net,
    /// The longest prefix decides; the router's blocks are always local; no match, no way.
    pub routes: Vec<Route>,
    /// A [`Ladder`] that packets pass when they enter or leave, whatever came before. None passes
    /// everything.
    pub ladder: Option<Id>,
}

/// Packets to `to` go `via`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Route {
    /// Destination.
    pub to: Ipv4Net,
    /// Next hop.
    pub via: Via,
}

/// A next hop.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Via {
    /// The router's link to the internet, for ports that have a public address.
    Internet,
    /// Another port on this router, which forwards.
    Port(Id),
    /// Nowhere: dropped.
    Nowhere,
}

/// A machine's place on a segment.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Port {
    /// The segment.
    pub segment: Id,
    /// Hardware address.
    pub mac: [u8; 6],
    /// The first is the primary one.
    pub addresses: Vec<Address>,
    /// The [`Group`]s whose rules apply; a packet passes when any rule of any group passes it.
    pub groups: Vec<Id>,
    /// Drop what does not come from, or go to, one of its own addresses.
    pub guarded: bool,
    /// The machine that holds it, if any.
    pub plug: Option<Plug>,
    /// What it carries to and from other zones is not counted as the router's.
    #[serde(default)]
    pub uncounted: bool,
}

/// A private address and the public one that stands for it on the internet, one to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    /// From the segment's block.
    pub private: Ipv4Addr,
    /// From the internet's pool.
    pub public: Option<Ipv4Addr>,
}

/// Where in a machine a port is plugged.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Plug {
    /// The machine.
    pub machine: Id,
    /// 0 is the first interface, `eth0`.
    pub index: u8,
}

/// Decides which packets pass; enforced outside the machine.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Filter {
    /// Stateful, on ports.
    Group(Group),
    /// Stateless, on segments.
    Ladder(Ladder),
}

/// Stateful rules for the ports that name it. What no rule passes is dropped; answers to what
/// passed also pass.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Group {
    /// The router it serves.
    pub router: Id,
    /// In no particular order.
    pub passes: Vec<Pass>,
}

/// Traffic that a group lets pass.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pass {
    /// Seen from the port.
    pub way: Way,
    /// Which packets.
    pub traffic: Traffic,
    /// From or to whom.
    pub peer: Peer,
}

/// Stateless rules, the first that matches decides; none matches: dropped.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ladder {
    /// The router it serves.
    pub router: Id,
    /// In order.
    pub rungs: Vec<Rung>,
}

/// One rule of a ladder.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rung {
    /// Seen from the segment: `In` enters it.
    pub way: Way,
    /// Which packets.
    pub traffic: Traffic,
    /// Source when entering, destination when leaving.
    pub peer: Ipv4Net,
    /// Pass, or drop.
    pub pass: bool,
}

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Way {
    /// Towards the port or segment.
    In,
    /// Away from it.
    Out,
}

/// Which packets; an absent part matches all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Traffic {
    /// IP protocol number (IANA).
    pub protocol: Option<u8>,
    /// Destination ports, both inclusive; only for TCP (6) and UDP (17).
    pub ports: Option<(u16, u16)>,
    /// Only for ICMP (1).
    pub icmp: Option<Icmp>,
}

impl Traffic {
    /// Every packet.
    pub const ALL: Traffic = Traffic { protocol: None, ports: None, icmp: None };
}

/// An ICMP type, and a code where it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Icmp {
    /// ICMP type.
    pub kind: u8,
    /// ICMP code; none matches all.
    pub code: Option<u8>,
}

/// The other end of a packet's way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Peer {
    /// An address in this block.
    Net(Ipv4Net),
    /// A port that is in this group, by its private address.
    Group(Id),
}
