//! The room `ec2`: instances, images, key pairs, launch templates and reserved instances, of EC2's
//! API; and what touches instances and volumes at once.

mod controller;
pub mod model;
mod operations;

pub use model::images::{PublicImage, public_images};

use model::{Image, Instance, KeyPair, LaunchTemplate, Reserved, Shortage};
use region::{Service, keep};

/// The room, for the region.
pub static SERVICE: Service = Service {
    name: "ec2",
    api: &api_ec2::API,
    operations: operations::OPERATIONS,
    keeps: &[
        keep::<Instance>,
        keep::<Image>,
        keep::<KeyPair>,
        keep::<LaunchTemplate>,
        keep::<Reserved>,
        keep::<Shortage>,
    ],
    controllers: controller::CONTROLLERS,
    furnish: None,
};
