//! VPCs and subnets: address blocks, and what holds inside them.

use region::record;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use world::{Id, Ipv4Net, Zone};

/// A virtual private network; its key is its id, `vpc-…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vpc {
    /// Address blocks; the first is the primary one and never goes.
    pub blocks: Vec<VpcBlock>,
    /// The one that a launch without a subnet uses.
    pub default: bool,
    /// Its DHCP options, `dopt-…`; none is AWS's `default`: no options at all.
    pub dhcp_options: Option<Id>,
    /// The route table of subnets that have none of their own.
    pub main_table: Association,
    /// Whether the resolver answers.
    pub dns_support: bool,
    /// Whether interfaces with public addresses get public names.
    pub dns_hostnames: bool,
    /// Network Address Usage metrics; stored only.
    pub usage_metrics: bool,
}

record!(Vpc, "vpc/vpc", 1);

/// One address block of a VPC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VpcBlock {
    /// `vpc-cidr-assoc-…`
    pub association: Id,
    /// /16 to /28.
    pub cidr: Ipv4Net,
}

/// That a route table or a network ACL holds for something, under an id of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Association {
    /// `rtbassoc-…` or `aclassoc-…`.
    pub id: Id,
    /// The route table or network ACL.
    pub target: Id,
}

/// A part of a VPC's addresses in one zone; its key is its id, `subnet-…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subnet {
    /// The VPC.
    pub vpc: Id,
    /// The Availability Zone, by name.
    pub zone: Zone,
    /// /16 to /28, inside a block of the VPC.
    pub cidr: Ipv4Net,
    /// The one that a launch into its zone without a subnet uses.
    pub default: bool,
    /// Whether a launch here gets a public address unless it says otherwise.
    pub map_public_ip: bool,
    /// What host names are made of: `ip-name` or `resource-name`.
    pub hostname_type: String,
    /// Whether names made of resource ids resolve to A records; stored only.
    pub resource_name_a: bool,
    /// Its own route table; none follows the VPC's main one.
    pub route_table: Option<Association>,
    /// Its network ACL; a subnet always has one.
    pub acl: Association,
}

record!(Subnet, "vpc/subnet", 1);

impl Vpc {
    /// The primary block.
    pub fn cidr(&self) -> Ipv4Net {
        self.blocks.first().map(|block| block.cidr).unwrap_or_default()
    }

    /// Whether a subnet with this block would lie inside.
    pub fn holds(&self, cidr: &Ipv4Net) -> bool {
        self.blocks.iter().any(|block| block.cidr.contains(cidr))
    }
}

impl Subnet {
    /// The route table that decides here.
    pub fn table<'a>(&'a self, vpc: &'a Vpc) -> &'a Id {
        &self.route_table.as_ref().unwrap_or(&vpc.main_table).target
    }
}

/// How many addresses of a subnet interfaces may have: see [`usable`].
pub fn capacity(cidr: &Ipv4Net) -> usize {
    usable_range(cidr).len()
}

/// Whether interfaces of a subnet may have this address: see [`usable`].
pub fn is_usable(cidr: &Ipv4Net, address: Ipv4Addr) -> bool {
    usable_range(cidr).contains(&u32::from(address))
}

/// The addresses of a subnet that interfaces may have: AWS keeps the first four and the last
/// (VPC user guide, "Subnet sizing for IPv4").
pub fn usable(cidr: &Ipv4Net) -> impl Iterator<Item = Ipv4Addr> + use<> {
    usable_range(cidr).map(Ipv4Addr::from)
}

fn usable_range(cidr: &Ipv4Net) -> std::ops::Range<u32> {
    u32::from(cidr.network()).saturating_add(4)..u32::from(cidr.broadcast())
}
