//! The room `vpc`: networks, subnets, routes, gateways, security groups, network ACLs, interfaces
//! and addresses, of EC2's API. Instances and volumes live next door.

mod controller;
pub mod model;
mod operations;

use model::{
    Address, DhcpOptions, InternetGateway, NetworkAcl, NetworkInterface, RouteTable, SecurityGroup,
    Subnet, Vpc,
};
use region::{Service, keep};

pub use model::form;
pub use operations::answer::interface::{association, attachment, groups as group_identifiers};

/// The room.
pub static SERVICE: Service = Service {
    name: "vpc",
    api: &api_ec2::API,
    operations: operations::OPERATIONS,
    keeps: &[
        keep::<Vpc>,
        keep::<Subnet>,
        keep::<RouteTable>,
        keep::<InternetGateway>,
        keep::<SecurityGroup>,
        keep::<NetworkAcl>,
        keep::<NetworkInterface>,
        keep::<Address>,
        keep::<DhcpOptions>,
    ],
    controllers: controller::CONTROLLERS,
    furnish: Some(model::make::furnish),
};
