//! The room `fis`: fault injection experiments on instances, groups and networks.

mod controller;
pub mod model;
mod operations;

use region::{Service, keep};

/// The plaque.
pub static SERVICE: Service = Service {
    name: "fis",
    api: &api_fis::API,
    operations: operations::OPERATIONS,
    keeps: &[keep::<model::Template>, keep::<model::Experiment>, keep::<model::Lever>],
    controllers: controller::CONTROLLERS,
    furnish: None,
};
