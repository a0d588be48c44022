//! The room `elb`: load balancers (ALB, NLB and classic), their targets, and what nodes find out.

mod controller;
pub mod model;
mod operations;

use model::{
    Classic, InstanceHealth, Listener, LoadBalancer, Nodes, TagSet, TargetGroup, TargetHealth,
};
use region::{Service, keep};

/// The plaque: load balancers (ALB, NLB).
pub static SERVICE: Service = Service {
    name: "elb",
    api: &api_elbv2::API,
    operations: operations::OPERATIONS,
    keeps: &[
        keep::<LoadBalancer>,
        keep::<Nodes>,
        keep::<Listener>,
        keep::<TargetGroup>,
        keep::<TargetHealth>,
        keep::<TagSet>,
        keep::<Classic>,
        keep::<InstanceHealth>,
    ],
    controllers: controller::CONTROLLERS,
    furnish: None,
};

/// The plaque: classic load balancers.
pub static CLASSIC: Service = Service {
    name: "elb-classic",
    api: &api_elb::API,
    operations: operations::CLASSIC,
    keeps: &[],
    controllers: &[],
    furnish: None,
};
