//! The room `sns`: topics, who wants their messages, and how these get there.

mod controller;
pub mod model;
mod operations;

use region::{Service, keep};

/// The plaque: topics.
pub static SERVICE: Service = Service {
    name: "sns",
    api: &api_sns::API,
    operations: operations::OPERATIONS,
    keeps: &[
        keep::<model::Topic>,
        keep::<model::Subscription>,
        keep::<model::Delivery>,
        keep::<model::Sequence>,
        keep::<model::Recent>,
        keep::<model::Courier>,
    ],
    controllers: controller::CONTROLLERS,
    furnish: None,
};
