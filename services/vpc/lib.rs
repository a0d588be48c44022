//! The room `vpc`: networks, subnets, routes, gateways, security groups, network ACLs, interfaces
//! and addresses, of EC2's API. Instances and volumes live next door.

pub mod form;
pub mod model;
