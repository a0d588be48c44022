//! The room `route53`: hosted zones and health checks.

mod operations;

use region::Service;

/// The plaque: hosted zones and health checks.
pub static SERVICE: Service = Service {
    name: "route53",
    api: &api_route53::API,
    operations: operations::OPERATIONS,
    keeps: &[],
    controllers: &[],
    furnish: None,
};

/// The plaque: registered domains.
pub static DOMAINS: Service = Service {
    name: "route53domains",
    api: &api_route53domains::API,
    operations: operations::DOMAINS,
    keeps: &[],
    controllers: &[],
    furnish: None,
};
