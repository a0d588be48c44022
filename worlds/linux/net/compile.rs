//! From things to parts: what a segment, a port, a group adds to the namespaces. Pure; reads the
//! plan of the network, touches nothing.

use crate::claim::Claim;
use crate::forwarder::{Owner, Part};
use crate::layout::{self, GATEWAY, LOCAL, UPLINK, UPLINK_MAC, pair};
use crate::ledger::{Order, Record};
use crate::rtnetlink::Hop;
use crate::rule::{DESTINATION, SOURCE, Verdict, when};
use crate::ruleset::{Data, key};
use crate::{group, ladder};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use world::{Filter, Group, Health, Id, Ipv4Net, Ladder, Port, Router, Segment, Via, Way, Zone};

/// Everything that was ordered, and which machines have a namespace.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub records: BTreeMap<Id, Record>,
    pub machines: BTreeSet<Id>,
    /// Ports that have a link, with its index.
    pub links: BTreeMap<Id, u32>,
    /// Which port has an address.
    pub held: BTreeMap<Claim, Id>,
    /// Ports that could not be linked, and why; tried again with the next change that concerns
    /// them.
    pub broken: BTreeMap<Id, String>,
}

impl Plan {
    pub(crate) fn router(&self, id: &Id) -> Option<(&Router, u32)> {
        match self.records.get(id) {
            Some(Record { order: Order::Router(router), number, .. }) => Some((router, *number)),
            _ => None,
        }
    }

    pub(crate) fn segment(&self, id: &Id) -> Option<(&Segment, u32)> {
        match self.records.get(id) {
            Some(Record { order: Order::Segment(segment), number, .. }) => Some((segment, *number)),
            _ => None,
        }
    }

    pub(crate) fn port(&self, id: &Id) -> Option<&Port> {
        match self.records.get(id).map(|record| &record.order) {
            Some(Order::Port(port)) => Some(port),
            _ => None,
        }
    }

    pub(crate) fn group(&self, id: &Id) -> Option<&Group> {
        match self.records.get(id).map(|record| &record.order) {
            Some(Order::Filter(Filter::Group(group))) => Some(group),
            _ => None,
        }
    }

    pub(crate) fn ladder(&self, id: &Id) -> Option<&Ladder> {
        match self.records.get(id).map(|record| &record.order) {
            Some(Order::Filter(Filter::Ladder(ladder))) => Some(ladder),
            _ => None,
        }
    }

    /// The router on which a thing is; nothing while that cannot be known.
    pub(crate) fn router_of(&self, order: &Order) -> Option<Id> {
        match order {
            Order::Router(_) | Order::Cut(..) | Order::Dark(_) | Order::Foreign(_) => None,
            Order::Segment(segment) => Some(segment.router.clone()),
            Order::Port(port) => self.segment(&port.segment).map(|(s, _)| s.router.clone()),
            Order::Filter(Filter::Group(group)) => Some(group.router.clone()),
            Order::Filter(Filter::Ladder(ladder)) => Some(ladder.router.clone()),
        }
    }

    pub(crate) fn ports(&self) -> impl Iterator<Item = (&Id, &Port)> {
        self.records.iter().filter_map(|(id, record)| match &record.order {
            Order::Port(port) => Some((id, port)),
            _ => None,
        })
    }

    pub(crate) fn segments_of(&self, router: &Id) -> impl Iterator<Item = (&Id, &Segment, u32)> {
        self.records.iter().filter_map(move |(id, record)| match &record.order {
            Order::Segment(s) if s.router == *router => Some((id, s, record.number)),
            _ => None,
        })
    }

    fn cuts(&self) -> impl Iterator<Item = (&Zone, &Zone)> {
        self.records.values().filter_map(|record| match &record.order {
            Order::Cut(a, b) => Some((a, b)),
            _ => None,
        })
    }

    pub(crate) fn is_dark(&self, zone: &Zone) -> bool {
        self.records.values().any(|r| matches!(&r.order, Order::Dark(z) if z == zone))
    }

    /// Whether a machine sends in the name of others.
    fn is_foreign(&self, machine: &Id) -> bool {
        self.records.contains_key(&layout::foreign(machine))
    }

    /// Whether the port's segment, router and groups exist, on one router.
    pub(crate) fn has_ground(&self, port: &Port) -> bool {
        let Some((segment, _)) = self.segment(&port.segment) else { return false };
        let fits = |id| self.group(id).is_some_and(|group| group.router == segment.router);
        self.router(&segment.router).is_some() && port.groups.iter().all(fits)
    }

    /// How a thing is, by what it needs and what is there.
    pub(crate) fn health(&self, id: &Id) -> Option<Health> {
        if let Some(why) = self.broken.get(id) {
            return Some(Health::Failed(why.clone()));
        }
        let ready = match &self.records.get(id)?.order {
            Order::Router(_) => true,
            Order::Segment(segment) => {
                let fits = |id| self.ladder(id).is_some_and(|l| l.router == segment.router);
                self.router(&segment.router).is_some() && segment.ladder.as_ref().is_none_or(fits)
            }
            Order::Port(port) if port.plug.is_none() => self.has_ground(port),
            Order::Port(port) => {
                let mut publics = port.addresses.iter().filter_map(|address| address.public);
                self.links.contains_key(id) && publics.all(|public| self.has_public(id, public))
            }
            Order::Filter(Filter::Group(group)) => self.router(&group.router).is_some(),
            Order::Filter(Filter::Ladder(ladder)) => self.router(&ladder.router).is_some(),
            Order::Cut(..) | Order::Dark(_) | Order::Foreign(_) => return None,
        };
        let zone = match &self.records.get(id)?.order {
            Order::Segment(segment) => Some(&segment.zone),
            Order::Port(port) => self.segment(&port.segment).map(|(segment, _)| &segment.zone),
            _ => None,
        };
        Some(match ready {
            true if zone.is_some_and(|zone| self.is_dark(zone)) => Health::Dark,
            true => Health::Ready,
            false => Health::Coming,
        })
    }

    /// The name of the combination of these groups.
    pub(crate) fn combination(groups: &[Id]) -> String {
        group::combination(&groups.iter().collect())
    }

    /// Every part that this router may have.
    pub(crate) fn owners(&self, router: &Id) -> BTreeSet<Owner> {
        let mut owners = BTreeSet::from([Owner::Ground, Owner::Faults]);
        for (id, record) in &self.records {
            if self.router_of(&record.order).as_ref() != Some(router) {
                continue;
            }
            match &record.order {
                Order::Segment(_) => owners.extend([Owner::Segment(id.clone())]),
                Order::Port(port) => {
                    owners.insert(Owner::Port(id.clone()));
                    owners.insert(Owner::Combination(Plan::combination(&port.groups)));
                }
                Order::Filter(Filter::Group(rules)) => {
                    owners.insert(Owner::Group(id.clone()));
                    owners.insert(Owner::Members(id.clone()));
                    owners.extend(group::peers(rules).into_iter().map(Owner::Members));
                }
                Order::Filter(Filter::Ladder(_)) => owners.extend([Owner::Ladder(id.clone())]),
                _ => {}
            }
        }
        owners
    }

    /// What this owner adds to this router; empty when it is not there.
    pub(crate) fn part(&self, router: &Id, owner: &Owner) -> Part {
        self.try_part(router, owner).unwrap_or_default()
    }

    fn try_part(&self, router: &Id, owner: &Owner) -> Option<Part> {
        let rules = |rules| Some(Part { rules, ..Part::default() });
        match owner {
            Owner::Ground => Some(self.ground(router)),
            Owner::Faults => Some(self.router_faults(router)),
            Owner::Router(_) => None,
            Owner::Segment(id) => {
                let (segment, number) = self.segment(id)?;
                (segment.router == *router).then(|| self.segment_part(segment, number))
            }
            Owner::Ladder(id) => rules(ladder::compile(id, self.ladder(id)?)),
            Owner::Group(id) => rules(group::compile(id, self.group(id)?)),
            Owner::Members(id) => {
                let named =
                    |rules: &Group| rules.router == *router && group::peers(rules).contains(id);
                let wanted = self.group(id).is_some_and(|group| group.router == *router)
                    || self.records.values().any(|record| match &record.order {
                        Order::Filter(Filter::Group(rules)) => named(rules),
                        _ => false,
                    });
                if wanted { rules(group::compile_members(id)) } else { None }
            }
            Owner::Combination(name) => self.combination_part(router, name),
            Owner::Port(id) => {
                let port = self.port(id)?;
                let (segment, _) = self.segment(&port.segment)?;
                let link = *self.links.get(id)?;
                (segment.router == *router).then(|| self.port_part(id, port, link))
            }
        }
    }

    fn ground(&self, router: &Id) -> Part {
        let mut part = Part { rules: layout::router(), ..Part::default() };
        part.policy = layout::router_rules();
        if let Some(address) = self.router(router).and_then(|(r, _)| layout::nameserver(r)) {
            part.rules.element("resolver", &address.octets(), Data::None);
        }
        if self.router(router).is_some_and(|(router, _)| router.internet) {
            part.neighbours.insert((GATEWAY, UPLINK[1]), UPLINK_MAC[1]);
        }
        part
    }

    fn combination_part(&self, router: &Id, name: &str) -> Option<Part> {
        let wears = |port: &&Port| {
            let here = self.segment(&port.segment).is_some_and(|(s, _)| s.router == *router);
            here && self.has_ground(port) && Plan::combination(&port.groups) == name
        };
        let port = self.ports().map(|(_, port)| port).find(wears)?;
        let ids: BTreeSet<&Id> = port.groups.iter().collect();
        let groups: Option<Vec<_>> =
            ids.into_iter().map(|id| Some((id, self.group(id)?))).collect();
        Some(Part { rules: group::compile_combination(name, &groups?), ..Part::default() })
    }

    fn segment_part(&self, segment: &Segment, number: u32) -> Part {
        let mut part = Part::default();
        let group = number.to_ne_bytes();
        part.rules.element("same", &pair(number, number), Data::None);
        let port = layout::metadata_port(&segment.zone).to_be_bytes();
        part.rules.element("metadata", &group, Data::Value(port.into()));
        if let Some(id) = &segment.ladder {
            for (set, way) in [("ladder_in", Way::In), ("ladder_out", Way::Out)] {
                let known = self.ladder(id).is_some_and(|l| l.router == segment.router);
                let chain = Verdict::Jump(ladder::chain(id, way));
                let verdict = if known { chain } else { Verdict::Drop };
                part.rules.element(set, &group, Data::Verdict(verdict));
            }
        }
        part.policy.insert((200, number, number));
        self.segment_routes(segment, number, &mut part);
        part
    }

    fn segment_routes(&self, segment: &Segment, table: u32, part: &mut Part) {
        let Some((router, _)) = self.router(&segment.router) else { return };
        for route in &segment.routes {
            let hop = match &route.via {
                Via::Internet if router.internet => Hop::Via(GATEWAY, UPLINK[1]),
                Via::Internet | Via::Nowhere => Hop::Blackhole,
                Via::Port(id) => self.hop(&segment.router, id).unwrap_or(Hop::Blackhole),
            };
            part.routes.insert((table, route.to.trunc()), hop);
        }
        // The blocks are always local, and a longer prefix inside of one is local too.
        part.routes.retain(|(_, to), _| !router.blocks.iter().any(|block| block.contains(to)));
        for block in &router.blocks {
            part.routes.insert((table, block.trunc()), Hop::Unreachable);
        }
    }

    fn hop(&self, router: &Id, id: &Id) -> Option<Hop> {
        let port = self.port(id)?;
        let (segment, _) = self.segment(&port.segment)?;
        let link = *self.links.get(id)?;
        let next = port.addresses.first()?.private;
        (segment.router == *router).then_some(Hop::Via(link, next))
    }

    fn router_faults(&self, router: &Id) -> Part {
        let mut part = Part::default();
        for (_, segment, number) in self.segments_of(router) {
            if self.is_dark(&segment.zone) {
                part.rules.element("dark", &number.to_ne_bytes(), Data::None);
            }
        }
        for (_, one, from) in self.segments_of(router) {
            for (_, _, to) in self.segments_of(router).filter(|(_, s, _)| s.zone != one.zone) {
                part.rules.element("across", &pair(from, to), Data::None);
            }
        }
        for (a, b) in self.cuts() {
            for (_, _, from) in self.segments_of(router).filter(|(_, s, _)| s.zone == *a) {
                for (_, _, to) in self.segments_of(router).filter(|(_, s, _)| s.zone == *b) {
                    part.rules.element("cut", &pair(from, to), Data::None);
                    part.rules.element("cut", &pair(to, from), Data::None);
                }
            }
        }
        part
    }

    /// What this owner adds to the internet.
    pub(crate) fn internet_part(&self, owner: &Owner) -> Part {
        match owner {
            Owner::Faults => self.internet_faults(),
            Owner::Router(id) => {
                let mut part = Part::default();
                if let Some((_, number)) = self.router(id).filter(|(r, _)| r.internet) {
                    part.neighbours.insert((number, UPLINK[0]), UPLINK_MAC[0]);
                }
                part
            }
            Owner::Port(id) => self.public_part(id).unwrap_or_default(),
            _ => Part::default(),
        }
    }

    /// The cuts once more, for what goes from zone to zone by public addresses.
    fn internet_faults(&self) -> Part {
        let mut part = Part::default();
        let mut cuts = Vec::new();
        for (a, b) in self.cuts().flat_map(|(a, b)| [(a, b), (b, a)]) {
            let (from, to) = (format!("zone-{a}"), format!("zone-{b}"));
            part.rules.set(&from, layout::MEMBERS);
            part.rules.set(&to, layout::MEMBERS);
            let draft = when().field(SOURCE, 0).in_set(0, &from, true);
            cuts.push(draft.field(DESTINATION, 1).in_set(1, &to, true).drop());
        }
        if cuts.is_empty() {
            return part;
        }
        part.rules.chain("faults", layout::INTERNET_FAULTS, cuts);
        for ((_, public), id) in self.held.iter().filter(|((router, _), _)| router.is_none()) {
            let port = self.port(id).filter(|_| self.links.contains_key(id));
            let segment = port.and_then(|port| self.segment(&port.segment));
            let set = segment.map(|(segment, _)| format!("zone-{}", segment.zone));
            if let Some(set) = set.filter(|set| part.rules.sets.contains_key(set)) {
                part.rules.element(&set, &public.octets(), Data::None);
            }
        }
        part
    }

    fn port_part(&self, id: &Id, port: &Port, link: u32) -> Part {
        let mut part = Part::default();
        let index = link.to_ne_bytes();
        let foreign = port.plug.as_ref().is_some_and(|plug| self.is_foreign(&plug.machine));
        if !port.guarded || foreign {
            part.rules.element("free", &index, Data::None);
        }
        if port.uncounted {
            part.rules.element("uncounted", &index, Data::None);
        }
        if let Some(address) = port.addresses.first().filter(|_| foreign) {
            let mark = layout::foreign_mark(link);
            part.rules.element("foreign", &index, Data::Value(mark.to_ne_bytes().into()));
            part.policy.insert((50, mark, link));
            part.routes.insert((link, Ipv4Net::default()), Hop::Via(link, address.private));
        }
        let combination = Plan::combination(&port.groups);
        for (set, way) in [("port_in", Way::In), ("port_out", Way::Out)] {
            let chain = group::combination_chain(&combination, way);
            part.rules.element(set, &index, Data::Verdict(Verdict::Jump(chain)));
        }
        for address in &port.addresses {
            let private = address.private.octets();
            part.rules.element("own", &key(&[&index, &private]), Data::None);
            for group in &port.groups {
                part.rules.element(&group::members(group), &private, Data::None);
            }
            if let Some(public) = address.public.filter(|public| self.has_public(id, *public)) {
                let public = public.octets();
                part.rules.element("public_in", &public, Data::Value(private.into()));
                part.rules.element("public_out", &private, Data::Value(public.into()));
                part.rules.element("public", &private, Data::None);
            }
            part.routes.insert((LOCAL, single(address.private)), Hop::Link(link));
            part.neighbours.insert((link, address.private), port.mac);
        }
        part
    }

    fn public_part(&self, id: &Id) -> Option<Part> {
        const MAIN: u32 = 254;
        let port = self.port(id)?;
        self.links.get(id)?;
        let (segment, _) = self.segment(&port.segment)?;
        let (router, number) = self.router(&segment.router)?;
        let mut part = Part::default();
        let publics = port.addresses.iter().filter_map(|address| address.public);
        for public in publics.filter(|public| self.has_public(id, *public)) {
            if router.internet {
                part.routes.insert((MAIN, single(public)), Hop::Via(number, UPLINK[0]));
            }
        }
        Some(part)
    }

    /// Every part that the internet may have.
    pub(crate) fn internet_owners(&self) -> BTreeSet<Owner> {
        let mut owners = BTreeSet::from([Owner::Ground, Owner::Faults]);
        for (id, record) in &self.records {
            match record.order {
                Order::Router(_) => owners.extend([Owner::Router(id.clone())]),
                Order::Port(_) => owners.extend([Owner::Port(id.clone())]),
                _ => {}
            }
        }
        owners
    }
}

fn single(address: Ipv4Addr) -> Ipv4Net {
    Ipv4Net::from(address)
}
