//! Sets, chains and elements as data, the difference of two rulesets, and the one transaction that
//! leads from one to the other. Knows nothing of ports and groups.

use crate::netlink::{APPEND, Batch, CREATE, DUMP, Socket};
use crate::netlink::{attribute, attributes, text};
use crate::rule::{Rule, Verdict};
use std::collections::BTreeMap;
use std::io;

const NFTABLES: u16 = 10;
const NEW_TABLE: u16 = NFTABLES << 8;
const NEW_CHAIN: u16 = NEW_TABLE + 3;
const GET_CHAIN: u16 = NEW_TABLE + 4;
const DEL_CHAIN: u16 = NEW_TABLE + 5;
const NEW_RULE: u16 = NEW_TABLE + 6;
const GET_RULE: u16 = NEW_TABLE + 7;
const DEL_RULE: u16 = NEW_TABLE + 8;
const NEW_SET: u16 = NEW_TABLE + 9;
const GET_SET: u16 = NEW_TABLE + 10;
const DEL_SET: u16 = NEW_TABLE + 11;
const NEW_ELEMENT: u16 = NEW_TABLE + 12;
const GET_ELEMENT: u16 = NEW_TABLE + 13;
const DEL_ELEMENT: u16 = NEW_TABLE + 14;
const BATCH_BEGIN: u16 = 0x10;
const BATCH_END: u16 = 0x11;
/// An attribute holds 64 KiB at most; an element with its key, end and data some 100 bytes.
const ELEMENTS_A_MESSAGE: usize = 200;

/// The type of a field, by nft's number, and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Bytes(u32),
    Address,
    Protocol,
    Service,
    Mark,
    Link,
    Group,
}

impl Type {
    fn number(self) -> u32 {
        match self {
            Type::Bytes(_) => 4,
            Type::Address => 7,
            Type::Protocol => 12,
            Type::Service => 13,
            Type::Mark => 19,
            Type::Link => 20,
            Type::Group => 35,
        }
    }

    fn own_order(self) -> bool {
        matches!(self, Type::Mark | Type::Link | Type::Group)
    }

    fn length(self) -> u32 {
        match self {
            Type::Protocol => 1,
            Type::Service => 2,
            Type::Bytes(length) => length,
            _ => 4,
        }
    }
}

/// What a set's elements lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leads {
    Nowhere,
    Value(Type),
    Verdict,
}

impl Leads {
    fn value(self) -> Option<Type> {
        match self {
            Leads::Value(value) => Some(value),
            Leads::Nowhere | Leads::Verdict => None,
        }
    }
}

/// The shape of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub key: &'static [Type],
    pub ranges: bool,
    pub leads: Leads,
}

impl Shape {
    /// A key out of numbers, each in network order and as long as its field.
    pub(crate) fn key_of(&self, numbers: &[u32]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(4 * numbers.len());
        for (field, number) in self.key.iter().zip(numbers) {
            let length = field.length() as usize;
            bytes.extend_from_slice(&number.to_be_bytes()[4 - length..]);
            bytes.resize(bytes.len().next_multiple_of(4), 0);
        }
        bytes
    }
}

/// Where a chain is hooked in: chain type, hook, priority, and whether it drops by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hook {
    pub kind: &'static str,
    pub hook: u32,
    pub priority: i32,
    pub closed: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Chain {
    pub hook: Option<Hook>,
    pub rules: Vec<Rule>,
}

/// Set, first key and last key (empty where the set has no ranges).
pub(crate) type Element = (String, Vec<u8>, Vec<u8>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Data {
    None,
    Value(Vec<u8>),
    Verdict(Verdict),
}

/// A ruleset, or what one thing adds to it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Ruleset {
    /// The shape is not read back from the kernel.
    pub sets: BTreeMap<String, Option<Shape>>,
    pub chains: BTreeMap<String, Chain>,
    pub elements: BTreeMap<Element, Data>,
}

impl Ruleset {
    pub(crate) fn set(&mut self, name: &str, shape: Shape) {
        self.sets.insert(name.into(), Some(shape));
    }

    pub(crate) fn element(&mut self, set: &str, key: &[u8], data: Data) {
        self.elements.insert((set.into(), key.to_vec(), Vec::new()), data);
    }

    pub(crate) fn chain(&mut self, name: &str, hook: Option<Hook>, rules: Vec<Rule>) {
        self.chains.insert(name.into(), Chain { hook, rules });
    }

    pub(crate) fn merge(&mut self, other: &Ruleset) {
        self.sets.extend(other.sets.iter().map(|(k, v)| (k.clone(), *v)));
        self.chains.extend(other.chains.iter().map(|(k, v)| (k.clone(), v.clone())));
        self.elements.extend(other.elements.iter().map(|(k, v)| (k.clone(), v.clone())));
    }
}

/// A key of several fields, each filled up to four bytes.
pub(crate) fn key(fields: &[&[u8]]) -> Vec<u8> {
    let mut key = Vec::new();
    for field in fields {
        key.extend_from_slice(field);
        key.resize(key.len().next_multiple_of(4), 0);
    }
    key
}

/// One table of the namespace in which the socket lives.
#[derive(Debug)]
pub(crate) struct Table {
    pub socket: Socket,
    pub name: &'static str,
}

impl Table {
    fn begin(&self, batch: &mut Batch, kind: u16, flags: u16, family: i32) {
        batch.message(kind, flags, &[family as u8, 0, 0, 0]).text(1, self.name);
    }

    fn begin4(&self, batch: &mut Batch, kind: u16, flags: u16) {
        self.begin(batch, kind, flags, libc::AF_INET);
    }

    /// Makes the table where there is none, and one for IPv6 that lets nothing through.
    pub(crate) fn make(&self) -> io::Result<()> {
        let mut batch = transaction();
        self.begin4(&mut batch, NEW_TABLE, CREATE);
        commit(&self.socket, batch)?;
        let mut batch = transaction();
        self.begin(&mut batch, NEW_TABLE, CREATE, libc::AF_INET6);
        for hook in [1, 2, 3] {
            let name = format!("closed{hook}");
            self.begin(&mut batch, NEW_CHAIN, CREATE, libc::AF_INET6);
            let hook = Hook { kind: "filter", hook, priority: -300, closed: true };
            write_chain(&mut batch, &name, Some(hook));
        }
        batch.message(BATCH_END, 0, &[0, 0, 0, NFTABLES as u8]);
        // A kernel without IPv6 has nothing to close.
        self.socket.run_but(&mut batch, &[libc::EAFNOSUPPORT, libc::EOPNOTSUPP])
    }

    /// Leads from `old` to `new`, at once for every packet.
    pub(crate) fn change(&self, old: &Ruleset, new: &Ruleset) -> io::Result<()> {
        let mut batch = transaction();
        let empty = batch.count();
        self.add_sets_and_chains(&mut batch, old, new);
        self.replace_rules(&mut batch, old, new);
        let stays = |set: &String| !old.sets.contains_key(set) || new.sets.contains_key(set);
        let gone = old.elements.iter().filter(|(element, data)| {
            stays(&element.0) && new.elements.get(*element) != Some(data)
        });
        self.write_elements(&mut batch, DEL_ELEMENT, 0, gone);
        let fresh = new.elements.iter().filter(|(e, data)| old.elements.get(*e) != Some(data));
        self.write_elements(&mut batch, NEW_ELEMENT, CREATE, fresh);
        for name in old.chains.keys().filter(|name| !new.chains.contains_key(*name)) {
            self.begin4(&mut batch, DEL_CHAIN, 0);
            batch.text(3, name);
        }
        for name in old.sets.keys().filter(|name| !new.sets.contains_key(*name)) {
            self.begin4(&mut batch, DEL_SET, 0);
            batch.text(2, name);
        }
        if batch.count() == empty { Ok(()) } else { commit(&self.socket, batch) }
    }

    fn add_sets_and_chains(&self, batch: &mut Batch, old: &Ruleset, new: &Ruleset) {
        let mut number = 0;
        for (name, shape) in &new.sets {
            if let (Some(shape), false) = (shape, old.sets.contains_key(name)) {
                number += 1;
                self.begin4(batch, NEW_SET, CREATE);
                batch.text(2, name).big(10, number);
                write_shape(batch, *shape);
            }
        }
        for (name, chain) in &new.chains {
            if !old.chains.contains_key(name) {
                self.begin4(batch, NEW_CHAIN, CREATE);
                write_chain(batch, name, chain.hook);
            }
        }
    }

    fn replace_rules(&self, batch: &mut Batch, old: &Ruleset, new: &Ruleset) {
        // Rules that go with their chain are flushed too: they may refer to chains that also go.
        for (name, before) in &old.chains {
            let changed = new.chains.get(name).is_none_or(|after| after.rules != before.rules);
            if changed && !before.rules.is_empty() {
                self.begin4(batch, DEL_RULE, 0);
                batch.text(2, name);
            }
        }
        for (name, after) in &new.chains {
            if old.chains.get(name).is_some_and(|before| before.rules == after.rules) {
                continue;
            }
            for rule in &after.rules {
                self.begin4(batch, NEW_RULE, CREATE | APPEND);
                batch.text(2, name).nest(4, |batch| batch.raw(&rule.expressions));
                batch.attr(7, &remark(rule.hash));
            }
        }
    }

    fn write_elements<'a>(
        &self,
        batch: &mut Batch,
        kind: u16,
        flags: u16,
        elements: impl Iterator<Item = (&'a Element, &'a Data)>,
    ) {
        let mut sets: BTreeMap<&str, Vec<(&Element, &Data)>> = BTreeMap::new();
        for (element, data) in elements {
            sets.entry(&element.0).or_default().push((element, data));
        }
        for (set, elements) in sets {
            for part in elements.chunks(ELEMENTS_A_MESSAGE) {
                self.begin4(batch, kind, flags);
                batch.text(2, set).nest(3, |batch| {
                    part.iter().fold(batch, |batch, (e, data)| write_element(batch, e, data))
                });
            }
        }
    }

    /// Everything that is in the table now. Rules come back as their hashes only.
    pub(crate) fn read(&self) -> io::Result<Ruleset> {
        let mut found = Ruleset::default();
        for body in self.dump(GET_CHAIN, None)? {
            found.chains.insert(text(attribute(&body, 3)), Chain::default());
        }
        for body in self.dump(GET_RULE, None)? {
            let hash = recognise(attribute(&body, 7));
            let chain = found.chains.entry(text(attribute(&body, 2))).or_default();
            chain.rules.push(Rule { expressions: Vec::new(), hash });
        }
        for body in self.dump(GET_SET, None)? {
            found.sets.insert(text(attribute(&body, 2)), None);
        }
        for name in found.sets.keys() {
            for body in self.dump(GET_ELEMENT, Some(name))? {
                for (_, element) in attributes(attribute(&body, 3)) {
                    let (first, last) = (attribute(element, 1), attribute(element, 10));
                    let first = attribute(first, 1).to_vec();
                    let last = attribute(last, 1).to_vec();
                    found.elements.insert((name.clone(), first, last), read_data(element));
                }
            }
        }
        Ok(found)
    }

    /// The bytes that a chain's rules have counted.
    pub(crate) fn counted(&self, chain: &str) -> io::Result<u64> {
        let mut bytes = 0;
        for body in self.dump(GET_RULE, Some(chain))? {
            let ours = text(attribute(&body, 2)) == chain;
            for (_, expression) in attributes(attribute(&body, 4)).filter(|_| ours) {
                let count = attribute(attribute(expression, 2), 1);
                if text(attribute(expression, 1)) == "counter" {
                    bytes += count.try_into().map_or(0, u64::from_be_bytes);
                }
            }
        }
        Ok(bytes)
    }

    /// Attributes of everything of one kind that belongs to this table.
    /// Of elements and rules: only those of this set or chain.
    fn dump(&self, kind: u16, within: Option<&str>) -> io::Result<Vec<Vec<u8>>> {
        let mut batch = Batch::default();
        self.begin4(&mut batch, kind, DUMP);
        if let Some(name) = within {
            batch.text(2, name);
        }
        let mut found = self.socket.dump(&mut batch)?;
        for body in &mut found {
            body.drain(..4.min(body.len()));
        }
        found.retain(|body| text(attribute(body, 1)) == self.name);
        Ok(found)
    }

    /// The user data of every element of a set, with the key.
    pub(crate) fn remarks(&self, set: &str) -> io::Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let mut found = Vec::new();
        for body in self.dump(GET_ELEMENT, Some(set))? {
            for (_, element) in attributes(attribute(&body, 3)) {
                let key = attribute(attribute(element, 1), 1).to_vec();
                found.push((key, attribute(element, 6).to_vec()));
            }
        }
        Ok(found)
    }

    /// Replaces elements of a set that carry user data.
    pub(crate) fn remark(
        &self,
        set: &str,
        gone: &[Vec<u8>],
        fresh: &[(Vec<u8>, Vec<u8>)],
    ) -> io::Result<()> {
        let mut batch = transaction();
        for part in gone.chunks(ELEMENTS_A_MESSAGE) {
            self.begin4(&mut batch, DEL_ELEMENT, 0);
            batch.text(2, set).nest(3, |batch| {
                part.iter().fold(batch, |batch, key| {
                    batch.nest(1, |batch| batch.nest(1, |batch| batch.attr(1, key)))
                })
            });
        }
        for part in fresh.chunks(ELEMENTS_A_MESSAGE / 2) {
            self.begin4(&mut batch, NEW_ELEMENT, CREATE);
            batch.text(2, set).nest(3, |batch| {
                part.iter().fold(batch, |batch, (key, remark)| {
                    batch.nest(1, |batch| batch.nest(1, |b| b.attr(1, key)).attr(6, remark))
                })
            });
        }
        commit(&self.socket, batch)
    }
}

fn transaction() -> Batch {
    let mut batch = Batch::default();
    batch.message(BATCH_BEGIN, 0, &[0, 0, 0, NFTABLES as u8]);
    batch
}

fn commit(socket: &Socket, mut batch: Batch) -> io::Result<()> {
    batch.message(BATCH_END, 0, &[0, 0, 0, NFTABLES as u8]);
    socket.run(&mut batch)
}

fn write_shape(batch: &mut Batch, shape: Shape) {
    let map = if shape.leads == Leads::Nowhere { 0 } else { 8 };
    let ranges = if shape.ranges { 4 } else { 0 };
    let several = if shape.key.len() > 1 { 0x80 } else { 0 };
    let kind = shape.key.iter().fold(0, |kind, field| kind << 6 | field.number());
    let length: u32 = shape.key.iter().map(|field| field.length().next_multiple_of(4)).sum();
    let length = if several == 0 { shape.key[0].length() } else { length };
    batch.big(3, map | ranges | several).big(4, kind).big(5, length);
    match shape.leads {
        Leads::Nowhere => {}
        Leads::Value(value) => {
            batch.big(6, value.number()).big(7, value.length());
        }
        Leads::Verdict => {
            batch.big(6, 0xffff_ff00).big(7, 16);
        }
    }
    // How nft shall print the numbers: key and data, in the machine's own order.
    let mut orders = Vec::new();
    for (kind, field) in [(0, Some(shape.key[0])), (1, shape.leads.value())] {
        if several == 0 && field.is_some_and(Type::own_order) {
            orders.extend_from_slice(&[kind, 4]);
            orders.extend_from_slice(&1u32.to_ne_bytes());
        }
    }
    if !orders.is_empty() {
        batch.attr(13, &orders);
    }
    if several != 0 {
        batch.nest(9, |batch| {
            batch.nest(2, |batch| {
                shape
                    .key
                    .iter()
                    .fold(batch, |batch, field| batch.nest(1, |batch| batch.big(1, field.length())))
            })
        });
    }
}

fn write_chain(batch: &mut Batch, name: &str, hook: Option<Hook>) {
    batch.text(3, name);
    if let Some(Hook { kind, hook, priority, closed }) = hook {
        batch.nest(4, |batch| batch.big(1, hook).big(2, priority as u32));
        batch.big(5, u32::from(!closed)).text(7, kind);
    }
}

fn write_element<'a>(
    batch: &'a mut Batch,
    (_, first, last): &Element,
    data: &Data,
) -> &'a mut Batch {
    batch.nest(1, |batch| {
        batch.nest(1, |batch| batch.attr(1, first));
        if !last.is_empty() {
            batch.nest(10, |batch| batch.attr(1, last));
        }
        match data {
            Data::None => batch,
            Data::Value(value) => batch.nest(2, |batch| batch.attr(1, value)),
            Data::Verdict(verdict) => batch.nest(2, |batch| verdict.write(batch)),
        }
    })
}

fn read_data(element: &[u8]) -> Data {
    let data = attribute(element, 2);
    let (value, verdict) = (attribute(data, 1), attribute(data, 2));
    if !verdict.is_empty() {
        let code = attribute(verdict, 1).try_into().map_or(0, u32::from_be_bytes);
        return Data::Verdict(Verdict::read(code, text(attribute(verdict, 2))));
    }
    if value.is_empty() { Data::None } else { Data::Value(value.to_vec()) }
}

/// A rule's hash as the comment that `nft list` shows.
fn remark(hash: u64) -> Vec<u8> {
    let text = format!("{hash:016x}\0");
    let mut bytes = vec![0, text.len() as u8];
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

fn recognise(remark: &[u8]) -> u64 {
    let digits = text(remark.get(2..).unwrap_or(&[]));
    u64::from_str_radix(&digits, 16).unwrap_or(0)
}
