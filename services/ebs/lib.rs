//! The room `ebs`: volumes and snapshots, of EC2's API. What needs to know instances too
//! (attaching, snapshots of a whole instance) is next door in `ec2`.

mod controller;
pub mod model;
mod operations;

pub use operations::{answer, rules};

use region::{Service, keep};

/// The room, for the region.
pub static SERVICE: Service = Service {
    name: "ebs",
    api: &api_ec2::API,
    operations: operations::OPERATIONS,
    keeps: &[keep::<model::Volume>, keep::<model::Snapshot>],
    controllers: controller::CONTROLLERS,
    furnish: None,
};
