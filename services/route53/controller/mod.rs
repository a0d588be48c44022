//! What Route 53 has in the world: the name servers of the internet, and a resolver in each zone
//! of each VPC.

mod change;
mod health;
mod look;
mod resolver;
mod servers;
mod wake;
mod zone;

use crate::model::{Change, Health, HealthCheck, HostedZone, RecordSet, Servers};
use elb::model::{Listener, LoadBalancer, Nodes, TargetGroup, TargetHealth};
use region::{Controller, Record, Wake, deaf};
use vpc::model::{Address, NetworkInterface, Subnet, Vpc};

/// The room's controllers.
pub(crate) const CONTROLLERS: &[Controller] = &[
    Controller {
        kind: Servers::KIND,
        plan: servers::plan,
        wakes: &[
            Wake { kind: HostedZone::KIND, find: wake::names },
            Wake { kind: RecordSet::KIND, find: wake::names },
            Wake { kind: HealthCheck::KIND, find: wake::names },
            Wake { kind: crate::model::DelegationSet::KIND, find: wake::names },
            Wake { kind: LoadBalancer::KIND, find: wake::names },
            Wake { kind: Nodes::KIND, find: wake::names },
            Wake { kind: Listener::KIND, find: wake::names },
            Wake { kind: TargetGroup::KIND, find: wake::names },
            Wake { kind: TargetHealth::KIND, find: wake::names },
            Wake { kind: Vpc::KIND, find: wake::names },
            Wake { kind: Address::KIND, find: wake::names },
            Wake { kind: NetworkInterface::KIND, find: wake::servers_of_interface },
        ],
        hear: health::hear,
    },
    Controller {
        kind: Vpc::KIND,
        plan: resolver::plan,
        wakes: &[
            Wake { kind: Subnet::KIND, find: wake::of_subnet },
            Wake { kind: NetworkInterface::KIND, find: wake::of_interface },
            Wake { kind: Address::KIND, find: wake::of_address },
            Wake { kind: HostedZone::KIND, find: wake::of_zone },
            Wake { kind: RecordSet::KIND, find: wake::of_record_set },
            Wake { kind: Health::KIND, find: wake::of_health },
        ],
        hear: deaf,
    },
    Controller { kind: Change::KIND, plan: change::plan, wakes: &[], hear: deaf },
];
