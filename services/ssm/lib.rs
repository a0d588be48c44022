//! The room `ssm`.

mod operations;

use region::Service;

/// The room's plaque.
pub static SERVICE: Service = Service {
    name: "ssm",
    api: &api_ssm::API,
    operations: operations::OPERATIONS,
    keeps: &[],
    controllers: &[],
    furnish: None,
};
