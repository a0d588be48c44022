//! From balancers to nodes, and from what nodes find out to health.

mod balancer;
mod capacity;
mod certificate;
mod check;
mod classic;
mod config;
mod group;
mod health;
mod metrics;
mod seen;
mod wake;

pub(crate) use certificate::find as certificate_of;

use crate::model::{Classic, Listener, LoadBalancer, TargetGroup};
use region::{Controller, Record, Wake, deaf};

/// All controllers of this room.
pub(crate) const CONTROLLERS: &[Controller] = &[
    Controller {
        kind: LoadBalancer::KIND,
        plan: balancer::plan,
        wakes: &[
            Wake { kind: Listener::KIND, find: wake::balancer_of_listener },
            Wake { kind: TargetGroup::KIND, find: wake::balancer_of_group },
            Wake { kind: ec2::model::Instance::KIND, find: wake::balancer_of_instance },
            Wake { kind: vpc::model::NetworkInterface::KIND, find: wake::balancer_of_interface },
            Wake { kind: acm::model::Certificate::KIND, find: wake::balancer_of_certificate },
        ],
        hear: metrics::hear,
    },
    Controller {
        kind: TargetGroup::KIND,
        plan: group::plan,
        wakes: &[
            Wake { kind: Listener::KIND, find: wake::group_of_listener },
            Wake { kind: ec2::model::Instance::KIND, find: wake::group_of_instance },
        ],
        hear: deaf,
    },
    Controller {
        kind: Classic::KIND,
        plan: classic::plan,
        wakes: &[
            Wake { kind: ec2::model::Instance::KIND, find: classic::of_instance },
            Wake { kind: vpc::model::NetworkInterface::KIND, find: classic::of_interface },
            Wake { kind: acm::model::Certificate::KIND, find: classic::of_certificate },
        ],
        hear: metrics::hear_classic,
    },
];
