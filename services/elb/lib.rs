//! The room `elb`: load balancers (ALB, NLB).

mod operations;

use region::Service;

/// The plaque: load balancers (ALB, NLB).
pub static SERVICE: Service = Service {
    name: "elb",
    api: &api_elbv2::API,
    operations: operations::OPERATIONS,
    keeps: &[],
    controllers: &[],
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
