//! DHCP options: what interfaces of a VPC are told about names and time.

use region::record;
use serde::{Deserialize, Serialize};

/// A set of options; its key is its id, `dopt-…`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DhcpOptions {
    /// AWS's own set of the region, which new VPCs get.
    pub default: bool,
    /// Name (`domain-name-servers`) and values, as given.
    pub options: Vec<(String, Vec<String>)>,
}

record!(DhcpOptions, "vpc/dhcp-options", 1);
