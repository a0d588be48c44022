//! The room `autoscaling`: Auto Scaling groups.

mod controller;
pub mod model;
mod operations;

use model::{Activity, Group, LaunchConfiguration, Policy, Refresh, Scheduled};
use region::{Service, keep};

/// The plaque: Auto Scaling groups.
pub static SERVICE: Service = Service {
    name: "autoscaling",
    api: &api_autoscaling::API,
    operations: operations::OPERATIONS,
    keeps: &[
        keep::<Group>,
        keep::<Activity>,
        keep::<LaunchConfiguration>,
        keep::<Policy>,
        keep::<Scheduled>,
        keep::<Refresh>,
    ],
    controllers: controller::CONTROLLERS,
    furnish: None,
};
