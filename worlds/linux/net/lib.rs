//! The network of the Linux world: routers, segments, ports and filters out of network namespaces,
//! veth pairs, routes and nf_tables rules, spoken to in netlink only.

mod compile;
mod conntrack;
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
mod place;
mod rtnetlink;
mod rule;
mod ruleset;
mod settle;

pub use layout::{CLIENT, METADATA, POOL, metadata_port};
pub use namespace::socket_in;
pub use network::Network;
