//! Zones made ready for answering: names in wire form, values encoded, places and checks numbered.

use crate::name::{Name, ancestors};
use crate::places::{self, CITIES, City};
use crate::rdata::{Data, kind, kind_of};
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use world::{Id, Ipv4Net, NameAnswer, NameChoice, NameRecord, NameZone};

/// Seconds for which "there is no such name" may be kept where a zone has no SOA record; also the
/// TTL of Route 53's own SOA records (Developer Guide, "SOA-NS records").
const NEGATIVE_TTL_S: u32 = 900;
const SOA: &str = "ns-1.awsdns-01.org. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400";

/// FNV-1a: the names that are kept come from the configuration, not from who asks.
#[derive(Default)]
pub(crate) struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

type Map<V> = HashMap<Box<[u8]>, V, BuildHasherDefault<Fnv>>;

/// All zones. Immutable: a new configuration is a new book.
#[derive(Debug, Default)]
pub struct Book {
    pub(crate) zones: Vec<Zone>,
    apexes: Map<usize>,
    checks: Vec<Id>,
}

#[derive(Debug)]
pub(crate) struct Zone {
    pub apex: Name,
    pub nodes: Map<Node>,
    pub soa: Data,
    pub soa_ttl: u32,
    /// There are NS records below its top.
    pub cuts: bool,
}

/// All of one name; nothing for a name that exists only because there are names below it.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub sets: Vec<Set>,
}

/// All of one name and type.
#[derive(Debug)]
pub(crate) struct Set {
    pub kind: u16,
    pub entries: Vec<Entry>,
}

#[derive(Debug)]
pub(crate) struct Entry {
    /// Place in `Book::checks`.
    pub check: Option<usize>,
    pub rule: Rule,
    pub body: Body,
}

#[derive(Debug)]
pub(crate) enum Rule {
    Simple,
    Weighted(u32),
    /// Place in the table of cities.
    Latency(Option<usize>),
    Place {
        continent: String,
        country: String,
        subdivision: String,
    },
    Nearest {
        latitude: i32,
        longitude: i32,
        bias: i32,
    },
    Network(Vec<Ipv4Net>),
    Failover(bool),
    Multivalue,
}

#[derive(Debug)]
pub(crate) enum Body {
    Values { ttl: u32, values: Vec<Data> },
    Alias { name: Name, look: bool },
    Addresses { ttl: u32, values: Vec<Data>, well: Option<bool> },
}

impl Node {
    pub fn set(&self, kind: u16) -> Option<&Set> {
        self.sets.iter().find(|set| set.kind == kind)
    }
}

impl Zone {
    /// Seconds: RFC 2308, 5.
    pub fn negative_ttl(&self) -> u32 {
        let minimum = self.soa.wire.last_chunk::<4>().map_or(0, |tail| u32::from_be_bytes(*tail));
        self.soa_ttl.min(minimum)
    }
}

impl Book {
    /// What cannot be understood in a record (see [`Data::parse`]) is left out: whoever takes
    /// records from customers refuses it before.
    pub fn new(zones: &BTreeMap<Id, NameZone>) -> Book {
        let mut book = Book::default();
        let mut numbers: BTreeMap<Id, usize> = BTreeMap::new();
        for zone in zones.values() {
            let Some(apex) = Name::parse(&zone.name) else { continue };
            if book.apexes.contains_key(apex.wire()) {
                continue;
            }
            book.apexes.insert(apex.wire().into(), book.zones.len());
            let compiled = compile(apex, zone, &mut |id| {
                let next = numbers.len();
                *numbers.entry(id.clone()).or_insert(next)
            });
            book.zones.push(compiled);
        }
        book.checks = vec![Id::from(""); numbers.len()];
        for (id, number) in numbers {
            book.checks[number] = id;
        }
        book
    }

    /// Whether there are no zones.
    pub fn is_empty(&self) -> bool {
        self.zones.is_empty()
    }

    /// For [`crate::choose::choose`]: which checks count as well.
    pub fn wells(&self, well: impl Fn(&Id) -> bool) -> Vec<bool> {
        self.checks.iter().map(well).collect()
    }

    /// The innermost zone that holds a name.
    pub(crate) fn zone_of(&self, wire: &[u8]) -> Option<&Zone> {
        let at = ancestors(wire).find_map(|ancestor| self.apexes.get(ancestor))?;
        self.zones.get(*at)
    }

    /// Whether any zone holds this name (wire form, lower case).
    pub fn holds(&self, wire: &[u8]) -> bool {
        self.zone_of(wire).is_some()
    }
}

fn compile(apex: Name, zone: &NameZone, number: &mut dyn FnMut(&Id) -> usize) -> Zone {
    let soa = Data::parse(kind::SOA, SOA).expect("it is a constant");
    let mut out = Zone { apex, nodes: Map::default(), soa, soa_ttl: NEGATIVE_TTL_S, cuts: false };
    out.nodes.insert(out.apex.wire().into(), Node::default());
    for record in &zone.records {
        let Some((name, entry, kind)) = entry(record, number) else { continue };
        if !name.within(&out.apex) {
            continue;
        }
        for ancestor in ancestors(name.wire()).take_while(|above| *above != out.apex.wire()) {
            out.nodes.entry(ancestor.into()).or_default();
        }
        out.cuts |= kind == kind::NS && name != out.apex;
        if let (kind::SOA, Body::Values { ttl, values }) = (kind, &entry.body)
            && let (Some(soa), true) = (values.first(), name == out.apex)
        {
            (out.soa, out.soa_ttl) = (soa.clone(), *ttl);
        }
        let node = out.nodes.entry(name.wire().into()).or_default();
        match node.sets.iter_mut().find(|set| set.kind == kind) {
            Some(set) => set.entries.push(entry),
            None => node.sets.push(Set { kind, entries: vec![entry] }),
        }
    }
    let apex = out.nodes.get_mut(out.apex.wire()).expect("it was put above");
    if apex.set(kind::SOA).is_none() {
        let body = Body::Values { ttl: out.soa_ttl, values: vec![out.soa.clone()] };
        let entries = vec![Entry { check: None, rule: Rule::Simple, body }];
        apex.sets.push(Set { kind: kind::SOA, entries });
    }
    out
}

fn entry(record: &NameRecord, number: &mut dyn FnMut(&Id) -> usize) -> Option<(Name, Entry, u16)> {
    let name = Name::parse(&record.name)?;
    let kind = kind_of(&record.kind)?;
    let body = match &record.answer {
        NameAnswer::Values { ttl, values } => {
            let values = values.iter().filter_map(|text| Data::parse(kind, text).ok()).collect();
            Body::Values { ttl: *ttl, values }
        }
        NameAnswer::Alias { name, look } => Body::Alias { name: Name::parse(name)?, look: *look },
        NameAnswer::Addresses { ttl, addresses, well } => {
            let good = addresses.iter().any(|(_, well)| *well);
            let counted = addresses.iter().filter(|(_, well)| *well || !good);
            let values = counted.map(|(address, _)| Data::address(*address));
            let values = if kind == kind::A { values.collect() } else { Vec::new() };
            Body::Addresses { ttl: *ttl, values, well: *well }
        }
    };
    let check = record.check.as_ref().map(number);
    Some((name, Entry { check, rule: rule(&record.choice), body }, kind))
}

fn rule(choice: &NameChoice) -> Rule {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    match choice {
        NameChoice::Simple => Rule::Simple,
        NameChoice::Weighted(weight) => Rule::Weighted(*weight),
        NameChoice::Latency(region) => {
            let home = places::home(region).map(|city| city as &City);
            let at = home.and_then(|home| CITIES.iter().position(|city| city == home));
            Rule::Latency(at)
        }
        NameChoice::Place { continent, country, subdivision } => Rule::Place {
            continent: text(continent),
            country: text(country),
            subdivision: text(subdivision),
        },
        NameChoice::Nearest { latitude, longitude, bias } => {
            Rule::Nearest { latitude: *latitude, longitude: *longitude, bias: *bias }
        }
        NameChoice::Network(blocks) => Rule::Network(blocks.clone()),
        NameChoice::Failover(first) => Rule::Failover(*first),
        NameChoice::Multivalue => Rule::Multivalue,
    }
}
