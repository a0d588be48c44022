//! Elastic IP addresses: public addresses that an account keeps until it releases them.

use region::record;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use world::Id;

/// An Elastic IP address; its key is its allocation id, `eipalloc-…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// From the public pool; nobody else in the world has it.
    pub public: Ipv4Addr,
    /// Which private address it stands for.
    pub association: Option<AddressAssociation>,
}

record!(Address, "vpc/address", 1);

/// An Elastic IP address in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressAssociation {
    /// `eipassoc-…`
    pub id: Id,
    /// The interface, `eni-…`.
    pub interface: Id,
    /// One of its private addresses.
    pub private: Ipv4Addr,
}
