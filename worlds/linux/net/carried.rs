//! What routers have carried so far: of the internet by the counters of their uplink, between zones
//! by the counter of a rule behind all others, so that only what passed counts.

use crate::layout::GATEWAY;
use crate::network::Network;
use crate::rtnetlink;
use serde::{Deserialize, Serialize};
use world::Id;

/// The chain of the rule that counts.
pub(crate) const CHAIN: &str = "between_zones";

/// Bytes since the router is there, headers included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// To the internet.
    pub internet_out: u64,
    /// From the internet.
    pub internet_in: u64,
    /// From segments in one zone to segments in another.
    pub between_zones: u64,
}

impl Network {
    /// What each router has carried; those that cannot be asked are left out.
    pub fn carried(&self) -> Vec<(Id, Carried)> {
        let all = self.routers.iter().filter_map(|(id, forwarder)| {
            let uplink = rtnetlink::bytes(&forwarder.route, GATEWAY).ok()?;
            let (internet_in, internet_out) = uplink.unwrap_or_default();
            let between_zones = forwarder.counted(CHAIN).ok()?;
            Some((id.clone(), Carried { internet_out, internet_in, between_zones }))
        });
        all.collect()
    }
}
