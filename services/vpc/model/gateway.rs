//! Internet gateways: the door between a VPC and the internet.

use region::record;
use serde::{Deserialize, Serialize};
use world::Id;

/// An internet gateway; its key is its id, `igw-…`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct InternetGateway {
    /// The VPC that it is attached to.
    pub vpc: Option<Id>,
}

record!(InternetGateway, "vpc/internet-gateway", 1);
