//! What the model's own name servers answer to who asks for an address: the first choice only,
//! without weights and places.

use crate::Sim;
use std::net::Ipv4Addr;
use std::sync::Arc;
use world::{NameAnswer, NameRecord, NameZone, Names, Program, Thing};

/// Aliases and canonical names lead on so often.
const DEPTH: u8 = 8;

impl Sim {
    /// The addresses of a name, as the internet's name servers answer now.
    pub fn resolve(&self, name: &str) -> Vec<Ipv4Addr> {
        let mut name = name.to_ascii_lowercase();
        if !name.ends_with('.') {
            name.push('.');
        }
        let servers = self.watch.watchers.iter().filter_map(|(id, watcher)| {
            let entry = self.matter.entries.get(id).filter(|entry| entry.run.up)?;
            match &entry.actual {
                Some(Thing::Machine(machine)) => match &machine.program {
                    Program::Names(names) => Some((names, watcher)),
                    _ => None,
                },
                _ => None,
            }
        });
        for (names, watcher) in servers {
            let well = |check: &world::Id| watcher.check(names, check);
            let found = addresses(names, &name, &well, DEPTH);
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }
}

fn addresses(
    names: &Names,
    name: &str,
    well: &dyn Fn(&world::Id) -> bool,
    depth: u8,
) -> Vec<Ipv4Addr> {
    let within =
        |zone: &&Arc<NameZone>| name == zone.name || name.ends_with(&format!(".{}", zone.name));
    let zone = names.zones.values().filter(within).max_by_key(|zone| zone.name.len());
    let Some(zone) = zone.filter(|_| depth > 0) else { return Vec::new() };
    let wild = name.split_once('.').map(|(_, rest)| format!("*.{rest}"));
    let named = |wanted: &str| -> Vec<&NameRecord> {
        let kind = |kind: &str| kind == "A" || kind == "CNAME";
        let all = zone.records.iter().map(Arc::as_ref);
        all.filter(|r| r.name == wanted && kind(&r.kind)).collect()
    };
    let mut records = named(name);
    if records.is_empty() {
        records = named(&wild.unwrap_or_default());
    }
    let good = |record: &&&NameRecord| record.check.as_ref().is_none_or(well) && sound(record);
    let mut chosen: Vec<&NameRecord> = records.iter().filter(good).copied().collect();
    if chosen.is_empty() {
        chosen = records;
    }
    let several = |r: &NameRecord| matches!(r.choice, world::NameChoice::Multivalue);
    let first = |r: &NameRecord| !matches!(r.choice, world::NameChoice::Failover(false));
    chosen.sort_by_key(|record| !first(record));
    let count = if chosen.first().is_some_and(|r| several(r)) { 8 } else { 1 };
    let mut out = Vec::new();
    for record in chosen.into_iter().take(count) {
        match &record.answer {
            NameAnswer::Values { values, .. } if record.kind == "CNAME" => {
                let next = values.first().map(String::as_str).unwrap_or_default();
                out.extend(addresses(names, next, well, depth - 1));
            }
            NameAnswer::Values { values, .. } => {
                out.extend(values.iter().filter_map(|value| value.parse::<Ipv4Addr>().ok()));
            }
            NameAnswer::Alias { name, .. } => out.extend(addresses(names, name, well, depth - 1)),
            NameAnswer::Addresses { addresses, .. } => {
                let some = addresses.iter().any(|(_, well)| *well);
                let good = addresses.iter().filter(|(_, well)| *well || !some);
                out.extend(good.map(|(address, _)| *address));
            }
        }
    }
    out
}

/// What it stands for works, as far as its own answer says.
fn sound(record: &NameRecord) -> bool {
    !matches!(record.answer, NameAnswer::Addresses { well: Some(false), .. })
}
