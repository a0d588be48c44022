//! The room `autoscaling`: Auto Scaling groups.

mod operations;

use region::Service;

/// The plaque: Auto Scaling groups.
pub static SERVICE: Service = Service {
    name: "autoscaling",
    api: &api_autoscaling::API,
    operations: operations::OPERATIONS,
    keeps: &[],
    controllers: &[],
    furnish: None,
};
