//! The room `sqs`: queues and their messages, standard and FIFO. Knows no HTTP and no clock.

mod controller;
pub mod dataplane;
pub mod model;
mod operations;

use region::{Service, keep, keep_planes};

/// The plaque.
pub static SERVICE: Service = Service {
    name: "sqs",
    api: &api_sqs::API,
    operations: operations::OPERATIONS,
    keeps: &[
        keep::<model::Queue>,
        keep::<model::Deleted>,
        keep::<model::Measured>,
        keep::<model::MoveTask>,
        keep_planes::<dataplane::Mailbox>,
    ],
    controllers: controller::CONTROLLERS,
    furnish: None,
};
