//! Who has an address, when more than one port was ordered with it: the first, until it lets go.
//! So a public address may be ordered for its new port before it is taken from the old one.

use crate::compile::Plan;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use world::{Id, Port};

/// A private address on a router, or a public one.
pub(crate) type Claim = (Option<Id>, Ipv4Addr);

impl Plan {
    /// The addresses that a port can have now, private ones first.
    fn claims(&self, id: &Id) -> Vec<Claim> {
        let Some(port) = self.port(id).filter(|port| self.is_plugged(port)) else {
            return Vec::new();
        };
        let Some((segment, _)) = self.segment(&port.segment) else { return Vec::new() };
        let router = Some(segment.router.clone());
        let private = port.addresses.iter().map(|a| (router.clone(), a.private));
        private.chain(port.addresses.iter().filter_map(|a| Some((None, a.public?)))).collect()
    }

    /// Whether everything is there that a port needs, but perhaps its addresses.
    fn is_plugged(&self, port: &Port) -> bool {
        let plugged = port.plug.as_ref().is_some_and(|p| self.machines.contains(&p.machine));
        plugged && self.has_ground(port)
    }

    /// Whether a port can be linked: all is there and its private addresses are its own.
    pub(crate) fn can_link(&self, id: &Id) -> bool {
        let claims = self.claims(id);
        let mut private = claims.iter().filter(|(router, _)| router.is_some()).peekable();
        private.peek().is_some() && private.all(|claim| self.held.get(claim) == Some(id))
    }

    /// Whether a public address is this port's.
    pub(crate) fn has_public(&self, id: &Id, public: Ipv4Addr) -> bool {
        self.held.get(&(None, public)) == Some(id)
    }

    /// Takes from the things what they no longer have and gives them what is free. Ports that get
    /// what became free are concerned too.
    pub(crate) fn claim(&mut self, things: &mut BTreeSet<Id>) {
        let mut free = BTreeSet::new();
        let mut held = std::mem::take(&mut self.held);
        held.retain(|claim, holder| {
            let stays = !things.contains(holder) || self.claims(holder).contains(claim);
            if !stays {
                free.insert(claim.1);
            }
            stays
        });
        if !free.is_empty() {
            let wants = |port: &Port| {
                port.addresses.iter().any(|address| {
                    free.contains(&address.private)
                        || address.public.is_some_and(|public| free.contains(&public))
                })
            };
            things.extend(self.ports().filter(|(_, port)| wants(port)).map(|(id, _)| id.clone()));
        }
        // What is linked already, as after an adoption, goes first.
        let (linked, others): (Vec<&Id>, Vec<&Id>) =
            things.iter().partition(|id| self.links.contains_key(*id));
        for id in linked.into_iter().chain(others) {
            for claim in self.claims(id) {
                held.entry(claim).or_insert_with(|| id.clone());
            }
        }
        self.held = held;
    }
}
