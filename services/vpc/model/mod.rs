//! What a virtual private network is made of: the records of this room, and what may be asked of
//! them without changing anything. Not the operations.

mod address;
mod dhcp;
mod gateway;
mod group;
mod interface;
mod ladder;
mod network;
mod protocol;
mod table;
#[cfg(test)]
mod tests;

pub mod find;
pub mod form;
pub(crate) mod make;
pub mod pool;

pub use address::{Address, AddressAssociation};
pub use dhcp::DhcpOptions;
pub use gateway::InternetGateway;
pub use group::{GroupPeer, GroupRule, SecurityGroup};
pub use interface::{
    ADDRESSES_PER_INTERFACE, Attachment, GROUPS_PER_INTERFACE, NetworkInterface, Request,
    addresses, check_groups, draft, taken,
};
pub use ladder::{AclEntry, AclPeer, DEFAULT_RULE, NetworkAcl};
pub use network::{Association, Subnet, Vpc, VpcBlock, capacity, is_usable, usable};
pub use protocol::Protocol;
pub use table::{Hop, RouteTable, TableRoute};
