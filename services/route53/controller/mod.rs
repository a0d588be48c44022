//! What Route 53 has in the world: the name servers of the internet, and a resolver in each zone
//! of each VPC.

mod change;
mod delegation;
mod domain;
mod health;
mod look;
mod resolver;
mod servers;
mod wake;
mod zone;

pub(crate) use zone::zone as stated;

use crate::model::domain::{Domain, Task};
use crate::model::{Change, Health, HealthCheck, HostedZone, RecordSet, Servers};
use cloudwatch::model::AlarmState;
use elb::model::{
    Classic, InstanceHealth, Listener, LoadBalancer, Nodes, TargetGroup, TargetHealth,
};
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
            Wake { kind: Domain::KIND, find: wake::names },
            Wake { kind: AlarmState::KIND, find: wake::servers_of_alarm },
            Wake { kind: crate::model::DelegationSet::KIND, find: wake::names },
            Wake { kind: LoadBalancer::KIND, find: wake::names },
            Wake { kind: Nodes::KIND, find: wake::names },
            Wake { kind: Listener::KIND, find: wake::names },
            Wake { kind: TargetGroup::KIND, find: wake::names },
            Wake { kind: TargetHealth::KIND, find: wake::names },
            Wake { kind: Classic::KIND, find: wake::names },
            Wake { kind: InstanceHealth::KIND, find: wake::names },
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
            Wake { kind: Nodes::KIND, find: wake::of_balancer },
            Wake { kind: TargetHealth::KIND, find: wake::of_balancer },
            Wake { kind: InstanceHealth::KIND, find: wake::of_balancer },
        ],
        hear: deaf,
    },
    Controller { kind: Change::KIND, plan: change::plan, wakes: &[], hear: deaf },
];

/// The registrar's controllers.
pub(crate) const DOMAINS: &[Controller] = &[
    Controller { kind: Domain::KIND, plan: domain::expire, wakes: &[], hear: deaf },
    Controller { kind: Task::KIND, plan: domain::work, wakes: &[], hear: domain::hear },
];
