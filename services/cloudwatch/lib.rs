//! The room `cloudwatch`: metrics and alarms. The values themselves are the region's.

mod controller;
mod dataplane;
pub mod model;
mod operations;

use region::{Service, keep, keep_planes};

/// The plaque: metrics and alarms.
pub static SERVICE: Service = Service {
    name: "cloudwatch",
    api: &api_cloudwatch::API,
    operations: operations::OPERATIONS,
    keeps: &[
        keep::<model::Alarm>,
        keep::<model::AlarmState>,
        keep::<model::Dashboard>,
        keep_planes::<dataplane::History>,
    ],
    controllers: controller::CONTROLLERS,
    furnish: None,
};
