//! What exists, asked of the kernel, the store and the zones' processes; never of our own memory.

use crate::hands::{Hand, Working};
use linux_guest::{News, Order};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use world::{Found, Health, Kind, Zone};

/// A zone's process that does not answer for so long is not waited for.
const PATIENCE: Duration = Duration::from_secs(5);

impl Working {
    /// Everything that exists.
    pub(crate) fn inventory(&mut self) -> Vec<Found> {
        let mut found = self.network.inventory().unwrap_or_else(|error| {
            eprintln!("inventory of the network: {error}");
            Vec::new()
        });
        for thing in &mut found {
            thing.health = self.machines.as_region_sees(&thing.id, thing.health.clone());
        }
        for (kind, records) in
            [(Kind::Disk, self.store.disks()), (Kind::Snapshot, self.store.snapshots())]
        {
            match records {
                Ok(records) => found.extend(records.into_iter().map(|(id, _)| Found {
                    id,
                    kind,
                    health: Health::Ready,
                })),
                Err(error) => eprintln!("inventory of the store: {error}"),
            }
        }
        found.extend(self.machines_found());
        found
    }

    /// Asks every zone's process, and lays aside what else comes in meanwhile.
    fn machines_found(&mut self) -> Vec<Found> {
        let mut waiting: BTreeSet<Zone> = self.machines.links.keys().cloned().collect();
        for zone in &waiting {
            self.machines.send(zone, &Order::Inventory(0));
        }
        let mut found = Vec::new();
        let end = Instant::now() + PATIENCE;
        while !waiting.is_empty() {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(hand) = self.inbox.recv_timeout(left) else { break };
            match hand {
                Hand::Zone(zone, Some(News::Inventory(_, seen))) => {
                    for machine in seen {
                        self.machines.seen(&zone, &machine);
                        let (id, health) = (machine.id, machine.health);
                        found.push(Found { id, kind: Kind::Machine, health });
                    }
                    waiting.remove(&zone);
                }
                Hand::Zone(zone, None) => {
                    waiting.remove(&zone);
                    self.aside.push_back(Hand::Zone(zone, None));
                }
                other => self.aside.push_back(other),
            }
        }
        found
    }
}
