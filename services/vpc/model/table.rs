//! Route tables: where packets go that leave a subnet.

use region::record;
use serde::{Deserialize, Serialize};
use world::{Id, Ipv4Net};

/// Routes for the subnets that are associated with it; its key is its id, `rtb-…`. The routes of
/// the VPC's own blocks (`local`) are not stored: they are always there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteTable {
    /// The VPC.
    pub vpc: Id,
    /// In the order in which they were made; destinations are unique.
    pub routes: Vec<TableRoute>,
}

record!(RouteTable, "vpc/route-table", 1);

/// One route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRoute {
    /// Destination.
    pub to: Ipv4Net,
    /// Next hop. It may be gone by now: then the route is a black hole.
    pub hop: Hop,
}

/// Where a route leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hop {
    /// An internet gateway, `igw-…`.
    Gateway(Id),
    /// A network interface, `eni-…`; a route to an instance is one to its primary interface.
    Interface(Id),
}
