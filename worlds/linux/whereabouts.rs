//! In which region each public address is, for whoever delays packets by distance.

use linux_guest::Regions;
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use world::{Id, Port, Zone};

/// Public addresses by port, and what was not told yet.
#[derive(Default)]
pub(crate) struct Whereabouts {
    ports: BTreeMap<Id, BTreeSet<Ipv4Addr>>,
    regions: BTreeMap<Ipv4Addr, (Id, String)>,
    changed: BTreeSet<Ipv4Addr>,
}

impl Whereabouts {
    /// A port is like this now, in this zone.
    pub(crate) fn port(&mut self, id: &Id, port: &Port, zone: Option<Zone>) {
        let Some(zone) = zone else { return };
        // `us-east-1a` lies in `us-east-1`.
        let region = zone.as_str().trim_end_matches(|last: char| last.is_ascii_lowercase());
        let now: BTreeSet<_> = port.addresses.iter().filter_map(|one| one.public).collect();
        if now.is_empty() && !self.ports.contains_key(id) {
            return;
        }
        self.forget(id);
        for address in &now {
            self.regions.insert(*address, (id.clone(), region.to_owned()));
        }
        self.changed.extend(&now);
        self.ports.insert(id.clone(), now);
    }

    /// A port is no more.
    pub(crate) fn forget(&mut self, id: &Id) {
        for address in self.ports.remove(id).unwrap_or_default() {
            // It may be another port's by now.
            if self.regions.get(&address).is_some_and(|(owner, _)| owner == id) {
                self.regions.remove(&address);
                self.changed.insert(address);
            }
        }
    }

    /// Everything must be told anew.
    pub(crate) fn again(&mut self) {
        self.changed.extend(self.regions.keys());
    }

    /// What was not told yet, if there is anything.
    pub(crate) fn fresh(&mut self) -> Option<Regions> {
        let region = |address| self.regions.get(&address).map(|(_, region)| region.clone());
        let changed = std::mem::take(&mut self.changed).into_iter();
        let fresh: Regions = changed.map(|address| (address, region(address))).collect();
        (!fresh.is_empty()).then_some(fresh)
    }
}
