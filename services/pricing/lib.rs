//! The room `pricing`: price lists, and what ran, priced (Cost Explorer).

mod controller;
pub mod model;
mod operations;

use region::{Service, keep};

/// The plaque of the price list API.
pub static SERVICE: Service = Service {
    name: "pricing",
    api: &api_pricing::API,
    operations: operations::OPERATIONS,
    keeps: &[keep::<model::Run>],
    controllers: controller::CONTROLLERS,
    furnish: None,
};

/// The plaque of Cost Explorer.
pub static COSTS: Service = Service {
    name: "ce",
    api: &api_ce::API,
    operations: operations::COSTS,
    keeps: &[],
    controllers: &[],
    furnish: None,
};
