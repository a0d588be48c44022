//! Short ways to write zones down.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::sync::Arc;
use world::{NameAnswer, NameChoice, NameRecord, NameZone};

pub fn zone(name: &str, records: Vec<NameRecord>) -> Arc<NameZone> {
    Arc::new(NameZone::new(name, records))
}

pub fn record(name: &str, kind: &str, answer: NameAnswer) -> NameRecord {
    let (name, kind) = (name.to_owned(), kind.to_owned());
    NameRecord { name, kind, choice: NameChoice::Simple, check: None, answer }
}

pub fn values(ttl: u32, values: &[&str]) -> NameAnswer {
    NameAnswer::Values { ttl, values: values.iter().map(|v| (*v).to_owned()).collect() }
}

pub fn alias(name: &str, look: bool) -> NameAnswer {
    NameAnswer::Alias { name: name.to_owned(), look }
}

pub fn country(code: &str) -> NameChoice {
    NameChoice::Place { continent: None, country: Some(code.to_owned()), subdivision: None }
}
