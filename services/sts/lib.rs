//! The room `sts`: who am I, and credentials that end by themselves. Roles are kept by `iam`.

mod controller;
mod model;
mod operations;

pub use model::instance_session;

use region::Service;

/// The room's plaque.
pub static SERVICE: Service = Service {
    name: "sts",
    api: &api_sts::API,
    operations: operations::OPERATIONS,
    keeps: &[],
    controllers: controller::CONTROLLERS,
    furnish: None,
};
