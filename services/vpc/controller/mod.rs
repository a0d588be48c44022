//! From AWS's words to physical things: who owns what in the world, and whose changes concern it.

mod address;
mod filter;
mod port;
mod router;
mod segment;

pub(crate) use segment::via;

use crate::model::{
    Address, InternetGateway, NetworkAcl, NetworkInterface, RouteTable, SecurityGroup, Subnet, Vpc,
};
use region::{Controller, Record, Wake, deaf};

/// All controllers of this room.
pub const CONTROLLERS: &[Controller] = &[
    Controller {
        kind: Vpc::KIND,
        plan: router::plan,
        wakes: &[Wake { kind: InternetGateway::KIND, find: router::of_gateway }],
        hear: router::hear,
    },
    Controller {
        kind: Subnet::KIND,
        plan: segment::plan,
        wakes: &[
            Wake { kind: Vpc::KIND, find: segment::of_vpc },
            Wake { kind: RouteTable::KIND, find: segment::of_table },
            Wake { kind: InternetGateway::KIND, find: segment::of_gateway },
            Wake { kind: NetworkInterface::KIND, find: segment::of_interface },
        ],
        hear: deaf,
    },
    Controller { kind: NetworkAcl::KIND, plan: filter::plan_ladder, wakes: &[], hear: deaf },
    Controller { kind: SecurityGroup::KIND, plan: filter::plan_group, wakes: &[], hear: deaf },
    Controller {
        kind: NetworkInterface::KIND,
        plan: port::plan,
        wakes: &[Wake { kind: Address::KIND, find: port::of_address }],
        hear: deaf,
    },
    Controller {
        kind: Address::KIND,
        plan: address::plan,
        wakes: &[Wake { kind: NetworkInterface::KIND, find: address::of_interface }],
        hear: deaf,
    },
];
