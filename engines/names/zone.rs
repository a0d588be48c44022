//! A zone made ready for answering, whole or from the one before it by what changed.

use crate::book::{Body, Entry, Map, Node, Number, Rule, Set, Zone};
use crate::name::{Name, ancestors};
use crate::rdata::{Data, kind};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use world::{NameRecord, NameZone};

/// Seconds for which "there is no such name" may be kept where a zone has no SOA record; also the
/// TTL of Route 53's own SOA records (Developer Guide, "SOA-NS records").
const NEGATIVE_TTL_S: u32 = 900;
const SOA: &str = "ns-1.awsdns-01.org. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400";

/// So many names may go at once before all is made anew: each is looked for below all others.
const GONE_MOST: usize = 64;

impl Zone {
    pub fn new(apex: Name, stated: &NameZone, number: Number) -> Zone {
        let soa = Data::parse(kind::SOA, SOA).expect("it is a constant");
        let soa_ttl = NEGATIVE_TTL_S;
        let mut zone = Zone { apex, nodes: Map::default(), soa, soa_ttl, cuts: false };
        let mut all: BTreeMap<Name, Vec<Arc<NameRecord>>> = BTreeMap::new();
        for record in &stated.records {
            if let Some(name) = zone.inside(record) {
                all.entry(name).or_default().push(record.clone());
            }
        }
        for (name, records) in all {
            zone.put(&name, Node::new(records, &mut *number));
        }
        zone.crown(number);
        zone
    }

    /// This zone, made from `was`, as `is` has it; none: it is made anew more easily.
    pub fn changed(
        self: &Arc<Zone>,
        was: &NameZone,
        is: &NameZone,
        number: Number,
    ) -> Option<Arc<Zone>> {
        let (gone, fresh) = difference(&was.records, &is.records);
        if gone.is_empty() && fresh.is_empty() {
            return Some(self.clone());
        }
        let mut touched: BTreeMap<Name, Vec<Arc<NameRecord>>> = BTreeMap::new();
        let before = |name: &Name| self.nodes.get(name.wire()).map(|node| node.records.clone());
        for record in gone {
            let Some(name) = self.inside(record) else { continue };
            let had =
                touched.entry(name).or_insert_with_key(|name| before(name).unwrap_or_default());
            if let Some(at) = had.iter().position(|one| one == record) {
                had.remove(at);
            }
        }
        for record in fresh {
            let Some(name) = self.inside(record) else { continue };
            let had =
                touched.entry(name).or_insert_with_key(|name| before(name).unwrap_or_default());
            had.push(record.clone());
        }
        if touched.values().filter(|records| records.is_empty()).count() > GONE_MOST {
            return None;
        }
        let mut next = Zone::clone(self);
        for (name, records) in touched {
            match Node::new(records, &mut *number) {
                node if node.records.is_empty() => next.take(&name),
                node => next.put(&name, node),
            }
        }
        next.crown(number);
        Some(Arc::new(next))
    }

    /// The name of a record, if it is in this zone.
    fn inside(&self, record: &NameRecord) -> Option<Name> {
        Name::parse(&record.name).filter(|name| name.within(&self.apex))
    }

    /// A name and all above it, without the zone's own.
    fn above<'n>(&self, name: &'n Name) -> impl Iterator<Item = &'n [u8]> + use<'n> {
        let apex = self.apex.wire().len();
        ancestors(name.wire()).take_while(move |above| above.len() > apex)
    }

    fn put(&mut self, name: &Name, node: Node) {
        if node.records.is_empty() {
            return;
        }
        self.cuts |= node.set(kind::NS).is_some() && *name != self.apex;
        for above in self.above(name) {
            if !self.nodes.contains_key(above) {
                self.nodes.insert(above.into(), Arc::default());
            }
        }
        self.nodes.insert(name.wire().into(), Arc::new(node));
    }

    /// Nothing has this name any more: it, and what is above it, is there only while there is
    /// something below.
    fn take(&mut self, name: &Name) {
        if let Some(node) = self.nodes.get_mut(name.wire()) {
            *node = Arc::default();
        }
        for at in self.above(name) {
            let empty = self.nodes.get(at).is_some_and(|node| node.records.is_empty());
            let is_below = |key: &Arc<[u8]>| {
                key.len() > at.len() && key.ends_with(at) && ancestors(key).any(|above| above == at)
            };
            if !empty || self.nodes.keys().any(is_below) {
                return;
            }
            self.nodes.remove(at);
        }
    }

    /// The zone's own name exists, and has a SOA record.
    fn crown(&mut self, number: Number) {
        let apex = self.nodes.get(self.apex.wire());
        let set = apex.and_then(|node| node.set(kind::SOA));
        let body = set.and_then(|set| set.entries.first()).map(|entry| &entry.body);
        (self.soa, self.soa_ttl) = match body {
            Some(Body::Values { ttl, values }) if !values.is_empty() => (values[0].clone(), *ttl),
            _ => (Data::parse(kind::SOA, SOA).expect("it is a constant"), NEGATIVE_TTL_S),
        };
        if set.is_none() {
            let records = apex.map(|node| node.records.clone()).unwrap_or_default();
            let mut node = Node::new(records, number);
            let body = Body::Values { ttl: self.soa_ttl, values: vec![self.soa.clone()] };
            let entries = vec![Entry { check: None, rule: Rule::Simple, body }];
            node.sets.push(Set { kind: kind::SOA, entries });
            self.nodes.insert(self.apex.wire().into(), Arc::new(node));
        }
    }

    /// Seconds: RFC 2308, 5.
    pub fn negative_ttl(&self) -> u32 {
        let minimum = self.soa.wire.last_chunk::<4>().map_or(0, |tail| u32::from_be_bytes(*tail));
        self.soa_ttl.min(minimum)
    }
}

/// What one list has and the other lacks, both ways.
fn difference<'a>(
    was: &'a [Arc<NameRecord>],
    is: &'a [Arc<NameRecord>],
) -> (Vec<&'a Arc<NameRecord>>, Vec<&'a Arc<NameRecord>>) {
    let same = was.iter().zip(is).take_while(|(was, is)| was == is).count();
    let (was, is) = (&was[same..], &is[same..]);
    let same = was.iter().rev().zip(is.iter().rev()).take_while(|(was, is)| was == is).count();
    let (was, is) = (&was[..was.len() - same], &is[..is.len() - same]);
    let mut left: HashMap<&NameRecord, usize> = HashMap::new();
    for record in was {
        *left.entry(record).or_default() += 1;
    }
    let mut take = |record: &&Arc<NameRecord>| match left.get_mut(&***record) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    let fresh = is.iter().filter(|record| take(record)).collect();
    let mut give = |record: &&Arc<NameRecord>| match left.get_mut(&***record) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    let gone = was.iter().filter(|record| give(record)).collect();
    (gone, fresh)
}
