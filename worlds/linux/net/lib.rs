//! The network of the Linux world: routers, segments, ports and filters out of network namespaces,
//! veth pairs, routes and nf_tables rules, spoken to in netlink only.
//!
//! ```text
//!  machine.i-1 -- eth0 ==== p1004 +                             + r1001 --- internet -- clients
//!  machine.i-1 -- eth1 ==== p1009 + router.vpc-1 -- internet == +          (public pool, one /32
//!  machine.i-2 -- eth0 ==== p1012 + (a namespace for each)      |           route an address, no
//!  machine.i-3 -- eth0 ==== p1015 + router.vpc-2 -- internet == + r1002     uplink)
//! ```
//!
//! Namespaces are pinned as files in `RUN/netns`. A thing has a number in the kernel: a port's is
//! its link's index; a segment's is the link group of its ports, the mark of packets from them and
//! their routing table. Ids are in the kernel too: in the names of namespaces, chains and sets and
//! in the aliases of links. What was ordered lies in the set `things` of the table `ledger` in the
//! internet's namespace (see `ledger`), so that opening needs no side file.
//!
//! A packet's way through a router (`table ip maquette`; the one for ip6 drops everything):
//!
//! ```text
//!  prerouting   -300 arrive         dark?; mark := segment; is the source the port's own?
//!               -150 foreign_flows  from @foreign under another's address: marks the flow, whose
//!                                  answers get that mark
//!               -100 translate_in   public -> private (@public_in); 169.254.169.254:80 -> zone's;
//!                                  @resolver, port 53 -> the zone's resolver
//!  routing           rules          50: mark of a flow in another's name -> table of its port;
//!                                   100: table 100, a /32 for each port; 200: mark N -> table N,
//!                                   the segment's routes over "unreachable BLOCK"; unreachable
//!  forward       -40 faults         to a dark segment (@dark)? between cut ones (@cut)?
//!                -30 leave          to the internet without a public address? not the port's own?
//!                -10 ladders        not inside a segment (@same): @ladder_out, @ladder_in -> chain
//!                  0 groups_out     established? else the sender's link -> @port_out -> chain
//!                 10 groups_in      established? else the receiver's link -> @port_in -> chain
//!                 20 between_zones  from zone to zone (@across)? counted for the bill
//!  input           0 to_router      only what was redirected to the metadata service, resolver
//!  postrouting   100 translate_out  private -> public (@public_out)
//! ```
//!
//! `@port_in` leads to `combination-HASH.in`, shared by all ports that wear the same groups, which
//! jumps to each group's chain `GROUP.in`: a few rules over small sets `GROUP.in.open` (protocol
//! and port), `.port` (and block), `.protocol`, `.icmp`, `.PEER` together with `PEER.members`.
//! Overlapping ranges go to a second set (`.port2`, see `pack`), since the kernel wants none.
//!
//! AWS does not track a flow that a rule for 0.0.0.0/0 passes when all answers pass to 0.0.0.0/0
//! too, and cuts it with its rule. A combination's chain marks such flows (1: at the receiver,
//! 2: at the sender); what is marked at one end is judged there packet by packet.
//!
//! Every change is one transaction of rules, then links, then routes. `compile` says what each
//! thing adds, `forwarder` keeps it in force, `settle` finds what a change concerns, `claim` who
//! has an address, `conntrack` forgets the flows of addresses that changed hands. A link gets
//! its alias last: what has none is the rest of a crash and goes.

mod carried;
mod check;
mod city;
mod claim;
mod compile;
mod conntrack;
mod forwarder;
mod group;
mod inventory;
mod ladder;
mod layout;
mod ledger;
mod link;
mod namespace;
mod netlink;
mod network;
mod pack;
mod rtnetlink;
mod rule;
mod ruleset;
mod settle;

pub use carried::Carried;
pub use city::{CityWay, city_namespace, open_city};
pub use layout::{CLIENT, METADATA, POOL, RESOLVER, metadata_port, nameserver};
pub use namespace::{move_to, own_addresses, socket_in};
pub use network::Network;
