//! Security groups and their rules.

use crate::model::Protocol;
use region::record;
use serde::{Deserialize, Serialize};
use world::{Id, Ipv4Net};

/// A security group; its key is its id, `sg-…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityGroup {
    /// The VPC.
    pub vpc: Id,
    /// Unique in the VPC; the group `default` cannot be deleted.
    pub name: String,
    /// As given.
    pub description: String,
    /// In the order in which they were made.
    pub rules: Vec<GroupRule>,
}

record!(SecurityGroup, "vpc/security-group", 1);

/// One rule: traffic that passes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRule {
    /// `sgr-…`
    pub id: Id,
    /// Whether it concerns what leaves.
    pub egress: bool,
    /// Which protocol.
    pub protocol: Protocol,
    /// First and last port, or ICMP type and code (-1 is all); none without either.
    pub ports: Option<(i32, i32)>,
    /// Who is at the other end.
    pub peer: GroupPeer,
    /// As given.
    pub description: Option<String>,
}

/// The other end of a rule's traffic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum GroupPeer {
    /// An IPv4 block.
    V4(Ipv4Net),
    /// An IPv6 block, in AWS's spelling. Nothing in this world has such an address: kept and
    /// shown, it passes nothing.
    V6(String),
    /// Interfaces of a security group in the same VPC.
    Group(Id),
}

impl SecurityGroup {
    /// Whether it is the VPC's own.
    pub fn is_default(&self) -> bool {
        self.name == "default"
    }

    /// The rules of one direction.
    pub fn way(&self, egress: bool) -> impl Iterator<Item = &GroupRule> {
        self.rules.iter().filter(move |rule| rule.egress == egress)
    }
}

impl GroupRule {
    /// Whether both let the same traffic pass: then AWS calls the second a duplicate.
    pub fn same(&self, other: &GroupRule) -> bool {
        self.egress == other.egress
            && self.protocol == other.protocol
            && self.ports == other.ports
            && self.peer == other.peer
    }
}
