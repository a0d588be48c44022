//! The physical state that decides where packets go.

use super::index::Index;
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use world::{Filter, Group, Id, Ladder, Port, Router, Segment, Thing, Zone};

/// Things and faults as they are at one moment.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    /// What exists.
    pub things: BTreeMap<Id, Thing>,
    /// Machines that exist and do not run, or are frozen.
    pub down: BTreeSet<Id>,
    /// Zones without power.
    pub dark: BTreeSet<Zone>,
    /// Pairs of zones between which no packet passes, in either direction.
    pub cuts: BTreeSet<(Zone, Zone)>,
    /// Hosts of the internet that answer.
    pub hosts: BTreeSet<Ipv4Addr>,
    pub(crate) index: Option<Index>,
}

/// A port with everything that it stands on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) port: &'a Port,
    pub(super) segment: &'a Segment,
    pub(super) router: &'a Router,
}

impl Scene {
    /// These things, all machines running, no fault.
    pub fn new(things: impl IntoIterator<Item = (Id, Thing)>) -> Scene {
        Scene { things: things.into_iter().collect(), ..Scene::default() }
    }

    /// Whether one of this machine's ports has the address.
    pub(crate) fn owns(&self, machine: &Id, address: Ipv4Addr) -> bool {
        let own = |site: &Site<'_>| {
            let has = |one: &world::Address| one.private == address || one.public == Some(address);
            site.port.addresses.iter().any(has)
        };
        self.interfaces(machine).iter().any(own)
    }

    pub(super) fn group(&self, id: &Id) -> Option<&Group> {
        match self.things.get(id) {
            Some(Thing::Filter(Filter::Group(group))) => Some(group),
            _ => None,
        }
    }

    pub(super) fn ladder(&self, id: &Id) -> Option<&Ladder> {
        match self.things.get(id) {
            Some(Thing::Filter(Filter::Ladder(ladder))) => Some(ladder),
            _ => None,
        }
    }

    pub(super) fn site(&self, port: &Id) -> Option<Site<'_>> {
        match self.things.get(port) {
            Some(Thing::Port(port)) => self.stand(port),
            _ => None,
        }
    }

    fn stand<'a>(&'a self, port: &'a Port) -> Option<Site<'a>> {
        let Some(Thing::Segment(segment)) = self.things.get(&port.segment) else { return None };
        let Some(Thing::Router(router)) = self.things.get(&segment.router) else { return None };
        Some(Site { port, segment, router })
    }

    pub(super) fn sites(&self) -> impl Iterator<Item = Site<'_>> {
        self.things.values().filter_map(|thing| match thing {
            Thing::Port(port) => self.stand(port),
            _ => None,
        })
    }

    /// Every port with this private address, on whatever router.
    pub(super) fn with(&self, address: Ipv4Addr) -> Box<dyn Iterator<Item = Site<'_>> + '_> {
        match &self.index {
            Some(index) => self.listed(index.private.get(&address)),
            None => Box::new(self.sites().filter(move |site| site.owns(address))),
        }
    }

    fn listed<'a>(&'a self, ids: Option<&'a Vec<Id>>) -> Box<dyn Iterator<Item = Site<'a>> + 'a> {
        Box::new(ids.into_iter().flatten().filter_map(|id| self.site(id)))
    }

    /// Who has this private address on this router.
    pub(super) fn private(&self, router: &Id, address: Ipv4Addr) -> Option<Site<'_>> {
        self.with(address).find(|site| site.segment.router == *router)
    }

    /// Who has this public address, and the private one that it stands for.
    pub(super) fn public(&self, address: Ipv4Addr) -> Option<(Site<'_>, Ipv4Addr)> {
        let candidates = match &self.index {
            Some(index) => self.listed(index.public.get(&address)),
            None => Box::new(self.sites()),
        };
        candidates.filter(|site| site.router.internet).find_map(|site| {
            let own = site.port.addresses.iter().find(|own| own.public == Some(address))?;
            Some((site, own.private))
        })
    }

    /// The ports of a machine, in the order of their plugs.
    pub(super) fn interfaces(&self, machine: &Id) -> Vec<Site<'_>> {
        let candidates = match &self.index {
            Some(index) => self.listed(index.machine.get(machine)),
            None => Box::new(self.sites()),
        };
        let mut sites: Vec<(u8, Site<'_>)> = candidates
            .filter_map(|site| match &site.port.plug {
                Some(plug) if plug.machine == *machine => Some((plug.index, site)),
                _ => None,
            })
            .collect();
        sites.sort_by_key(|(index, _)| *index);
        sites.into_iter().map(|(_, site)| site).collect()
    }

    /// The machine behind a port, if it runs and its zone has power.
    pub(super) fn runner(&self, site: &Site<'_>) -> Option<&Id> {
        let machine = &site.port.plug.as_ref()?.machine;
        let (id, thing) = self.things.get_key_value(machine)?;
        let Thing::Machine(machine) = thing else { return None };
        let dark = self.dark.contains(&machine.zone) || self.dark.contains(&site.segment.zone);
        (!dark && !self.down.contains(id)).then_some(id)
    }

    pub(super) fn parted(&self, one: &Zone, other: &Zone) -> bool {
        self.cuts.iter().any(|(a, b)| (a == one && b == other) || (a == other && b == one))
    }
}

impl Site<'_> {
    pub(super) fn owns(&self, address: Ipv4Addr) -> bool {
        self.port.addresses.iter().any(|own| own.private == address)
    }

    /// The public address that stands for a private one.
    pub(super) fn public_of(&self, private: Ipv4Addr) -> Option<Ipv4Addr> {
        self.port.addresses.iter().find(|own| own.private == private)?.public
    }

    pub(super) fn same_segment(&self, other: &Site<'_>) -> bool {
        self.port.segment == other.port.segment
    }
}
