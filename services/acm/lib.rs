//! The room `acm`: certificates, imported or issued by the region's own authority.

mod controller;
pub mod model;
mod operations;

use model::{Authority, Certificate, Configuration, Use};
use region::{Service, keep};

/// The plaque: certificates.
pub static SERVICE: Service = Service {
    name: "acm",
    api: &api_acm::API,
    operations: operations::OPERATIONS,
    keeps: &[keep::<Certificate>, keep::<Authority>, keep::<Configuration>, keep::<Use>],
    controllers: controller::CONTROLLERS,
    furnish: None,
};
