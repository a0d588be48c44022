//! The room `iam`: users, keys, groups, roles, instance profiles and policies of an account.
//! Policies are kept and shown; deciding by them is not this room's.

mod controller;
pub mod model;
mod operations;

pub use model::{document, managed};

use region::{Service, keep};

/// The room's plaque.
pub static SERVICE: Service = Service {
    name: "iam",
    api: &api_iam::API,
    operations: operations::OPERATIONS,
    keeps: &[
        keep::<model::User>,
        keep::<model::AccessKey>,
        keep::<model::Group>,
        keep::<model::Role>,
        keep::<model::RoleDeletion>,
        keep::<model::InstanceProfile>,
        keep::<model::Policy>,
        keep::<model::ServerCertificate>,
        keep::<model::Account>,
    ],
    controllers: controller::CONTROLLERS,
    furnish: None,
};
