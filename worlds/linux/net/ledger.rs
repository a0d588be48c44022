//! What was ordered, kept in the kernel itself: the specifications lie as user data on the
//! elements of one set of the `internet` namespace, and are gone exactly when the namespaces are.

use crate::rule::fnv;
use crate::ruleset::{Leads, Ruleset, Shape, Table, Type};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use world::{Filter, Id, Port, Router, Segment, Zone};

const SET: &str = "things";
/// The kernel keeps 256 bytes of user data; two are nft's type and length.
const CHUNK: usize = 250;
/// A type of user data that nft does not know and skips.
const UNKNOWN: u8 = 200;

/// One thing that was ordered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Order {
    Router(Router),
    Segment(Segment),
    Port(Port),
    Filter(Filter),
    Cut(Zone, Zone),
    Dark(Zone),
    /// The machine's ports also send from addresses of others, and get the answers.
    Foreign(Id),
}

/// An order under its name, with the number that stands for it in the kernel: link index, link
/// group, mark or routing table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub id: Id,
    pub number: u32,
    pub order: Order,
}

#[derive(Debug)]
pub(crate) struct Ledger {
    table: Table,
    written: BTreeMap<Id, Vec<Vec<u8>>>,
}

impl Ledger {
    /// Makes or reads the ledger of the namespace in which the table's socket lives.
    pub(crate) fn open(table: Table) -> io::Result<(Ledger, Vec<Record>)> {
        let mut ledger = Ledger { table, written: BTreeMap::new() };
        ledger.table.make()?;
        let mut new = Ruleset::default();
        new.set(SET, Shape { key: &[Type::Bytes(12)], ranges: false, leads: Leads::Nowhere });
        ledger.table.change(&Ruleset::default(), &new)?;
        let mut chunks: BTreeMap<Vec<u8>, BTreeMap<Vec<u8>, Vec<u8>>> = BTreeMap::new();
        for (key, remark) in ledger.table.remarks(SET)? {
            let Some((name, part)) = key.split_at_checked(8) else { continue };
            chunks.entry(name.into()).or_default().insert(part.into(), remark);
        }
        let mut records = Vec::new();
        for parts in chunks.into_values() {
            let parts: Vec<_> = parts.into_values().collect();
            let text: Vec<u8> = parts.iter().flat_map(|p| &p[2..]).copied().collect();
            let record: Record = serde_json::from_slice(&text).map_err(io::Error::other)?;
            ledger.written.insert(record.id.clone(), parts);
            records.push(record);
        }
        Ok((ledger, records))
    }

    /// Writes a record, or only what changed of it.
    pub(crate) fn write(&mut self, record: &Record) -> io::Result<()> {
        let text = serde_json::to_vec(record).map_err(io::Error::other)?;
        let parts: Vec<Vec<u8>> = text
            .chunks(CHUNK)
            .map(|chunk| [&[UNKNOWN, chunk.len() as u8], chunk].concat())
            .collect();
        self.replace(&record.id, parts)
    }

    pub(crate) fn erase(&mut self, id: &Id) -> io::Result<()> {
        self.replace(id, Vec::new())
    }

    fn replace(&mut self, id: &Id, new: Vec<Vec<u8>>) -> io::Result<()> {
        let old = self.written.get(id).map_or(&[][..], Vec::as_slice);
        let mut gone = Vec::new();
        let mut fresh = Vec::new();
        for place in 0..old.len().max(new.len()) {
            let (before, after) = (old.get(place), new.get(place));
            if before == after {
                continue;
            }
            let mut key = fnv(id.as_str().as_bytes()).to_be_bytes().to_vec();
            key.extend_from_slice(&(place as u32).to_be_bytes());
            if let Some(after) = after {
                fresh.push((key.clone(), after.clone()));
            }
            if before.is_some() {
                gone.push(key);
            }
        }
        if gone.is_empty() && fresh.is_empty() {
            return Ok(());
        }
        self.table.remark(SET, &gone, &fresh)?;
        if new.is_empty() {
            self.written.remove(id);
        } else {
            self.written.insert(id.clone(), new);
        }
        Ok(())
    }
}
