//! The room `ssm`: Parameter Store, and the parameters that AWS publishes. Nothing else of
//! Systems Manager.

pub mod model;
mod operations;

use region::{Service, keep};

/// The room's plaque.
pub static SERVICE: Service = Service {
    name: "ssm",
    api: &api_ssm::API,
    operations: operations::OPERATIONS,
    keeps: &[keep::<model::Parameter>, keep::<model::Version>],
    controllers: &[],
    furnish: None,
};
