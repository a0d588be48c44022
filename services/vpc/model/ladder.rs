//! Network ACLs: numbered rules on the border of subnets.

use crate::model::Protocol;
use region::record;
use serde::{Deserialize, Serialize};
use world::{Id, Ipv4Net};

/// The number of the last rule, which denies everything and cannot be changed. It is not stored.
pub const DEFAULT_RULE: u16 = 32767;

/// A network ACL; its key is its id, `acl-…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkAcl {
    /// The VPC.
    pub vpc: Id,
    /// The VPC's own, which new subnets get.
    pub default: bool,
    /// Sorted by direction and number.
    pub entries: Vec<AclEntry>,
}

record!(NetworkAcl, "vpc/network-acl", 1);

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AclEntry {
    /// 1 to 32766; the lowest that matches decides.
    pub number: u16,
    /// Whether it concerns what leaves the subnet.
    pub egress: bool,
    /// Which protocol.
    pub protocol: Protocol,
    /// Whether it lets pass.
    pub allow: bool,
    /// The other end.
    pub peer: AclPeer,
    /// First and last port, for TCP and UDP.
    pub ports: Option<(u16, u16)>,
    /// ICMP type and code; -1 is all.
    pub icmp: Option<(i32, i32)>,
}

/// The other end of an entry's traffic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AclPeer {
    /// An IPv4 block.
    V4(Ipv4Net),
    /// An IPv6 block; kept and shown, it concerns nothing in this world.
    V6(String),
}

impl NetworkAcl {
    /// Puts entries into their order.
    pub fn sort(&mut self) {
        self.entries.sort_by_key(|entry| (!entry.egress, entry.number));
    }
}
