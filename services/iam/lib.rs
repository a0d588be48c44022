//! The room `iam`.

mod operations;

use region::Service;

/// The room's plaque.
pub static SERVICE: Service = Service {
    name: "iam",
    api: &api_iam::API,
    operations: operations::OPERATIONS,
    keeps: &[],
    controllers: &[],
    furnish: None,
};
