//! The room `route53`: hosted zones, records and health checks; and registered domains.

mod controller;
pub mod model;
mod operations;

use model::domain::{Domain, Task};
use model::{Change, DelegationSet, Failures, Health, HealthCheck, HostedZone, RecordSet, Servers};
use region::{Service, keep};

/// The plaque: hosted zones and health checks.
pub static SERVICE: Service = Service {
    name: "route53",
    api: &api_route53::API,
    operations: operations::OPERATIONS,
    keeps: &[
        keep::<HostedZone>,
        keep::<RecordSet>,
        keep::<HealthCheck>,
        keep::<Health>,
        keep::<Failures>,
        keep::<DelegationSet>,
        keep::<Change>,
        keep::<Servers>,
    ],
    controllers: controller::CONTROLLERS,
    furnish: None,
};

/// The plaque: registered domains.
pub static DOMAINS: Service = Service {
    name: "route53domains",
    api: &api_route53domains::API,
    operations: operations::DOMAINS,
    keeps: &[keep::<Domain>, keep::<Task>],
    controllers: controller::DOMAINS,
    furnish: None,
};
