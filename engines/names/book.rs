//! Zones made ready for answering: names in wire form, values encoded, places and checks numbered.

use crate::name::{Name, ancestors};
use crate::places::{self, CITIES, City};
use crate::rdata::{Data, kind, kind_of};
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use world::{Id, Ipv4Net, NameAnswer, NameChoice, NameRecord, NameZone};

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

pub(crate) type Map<V> = HashMap<Arc<[u8]>, V, BuildHasherDefault<Fnv>>;

/// Numbers checks.
pub(crate) type Number<'n> = &'n mut dyn FnMut(&Id) -> usize;

/// All zones. Immutable: a new configuration is a new book, which shares with the one before what
/// stayed the same.
#[derive(Debug, Default)]
pub struct Book {
    pub(crate) zones: Vec<Arc<Zone>>,
    apexes: Map<usize>,
    checks: Vec<Id>,
    /// Places in `checks`; stay the same from book to book.
    numbers: BTreeMap<Id, usize>,
    /// From what each zone was made.
    stated: BTreeMap<Id, (Arc<NameZone>, Arc<Zone>)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Zone {
    pub apex: Name,
    pub nodes: Map<Arc<Node>>,
    pub soa: Data,
    pub soa_ttl: u32,
    /// There are NS records below its top.
    pub cuts: bool,
}

/// All of one name; nothing for a name that exists only because there are names below it.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub sets: Vec<Set>,
    /// From what they were made.
    pub records: Vec<Arc<NameRecord>>,
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
    /// What cannot be understood is left out.
    pub fn new(records: Vec<Arc<NameRecord>>, number: Number) -> Node {
        let mut node = Node::default();
        for record in records {
            let Some((entry, kind)) = entry(&record, number) else { continue };
            node.records.push(record);
            match node.sets.iter_mut().find(|set| set.kind == kind) {
                Some(set) => set.entries.push(entry),
                None => node.sets.push(Set { kind, entries: vec![entry] }),
            }
        }
        node
    }

    pub fn set(&self, kind: u16) -> Option<&Set> {
        self.sets.iter().find(|set| set.kind == kind)
    }
}

impl Book {
    /// What cannot be understood in a record (see [`Data::parse`]) is left out: whoever takes
    /// records from customers refuses it before.
    pub fn new(zones: &BTreeMap<Id, Arc<NameZone>>) -> Book {
        Book::default().next(zones)
    }

    /// The book of these zones; what is as in this one is taken over.
    pub fn next(&self, zones: &BTreeMap<Id, Arc<NameZone>>) -> Book {
        let mut numbers = self.numbers.clone();
        let mut number = |id: &Id| {
            let next = numbers.len();
            *numbers.entry(id.clone()).or_insert(next)
        };
        let mut book = Book::default();
        for (id, stated) in zones {
            let Some(apex) = Name::parse(&stated.name) else { continue };
            if book.apexes.contains_key(apex.wire()) {
                continue;
            }
            book.apexes.insert(apex.wire().into(), book.zones.len());
            let before = self.stated.get(id).filter(|(was, _)| was.name == stated.name);
            let changed = before.and_then(|(was, zone)| zone.changed(was, stated, &mut number));
            let zone = changed.unwrap_or_else(|| Arc::new(Zone::new(apex, stated, &mut number)));
            book.stated.insert(id.clone(), (stated.clone(), zone.clone()));
            book.zones.push(zone);
        }
        book.checks = vec![Id::from(""); numbers.len()];
        for (id, number) in &numbers {
            book.checks[*number] = id.clone();
        }
        book.numbers = numbers;
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
        self.zones.get(*at).map(Arc::as_ref)
    }

    /// Whether any zone holds this name (wire form, lower case).
    pub fn holds(&self, wire: &[u8]) -> bool {
        self.zone_of(wire).is_some()
    }
}

fn entry(record: &NameRecord, number: Number) -> Option<(Entry, u16)> {
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
    Some((Entry { check, rule: rule(&record.choice), body }, kind))
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
