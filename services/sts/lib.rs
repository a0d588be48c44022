//! The room `sts`.

mod operations;

use region::Service;

/// The room's plaque.
pub static SERVICE: Service = Service {
    name: "sts",
    api: &api_sts::API,
    operations: operations::OPERATIONS,
    keeps: &[],
    controllers: &[],
    furnish: None,
};
