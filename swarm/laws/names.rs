//! Names at rest: every record set is answered as it was stated, an alias as its balancer is now,
//! and nothing that is gone is answered.

use elb::model::find::{Named, by_dns};
use region::{Key, Store};
use route53::model::{HostedZone, NAMES, RecordSet, Target};
use std::collections::BTreeMap;
use std::sync::Arc;
use world::{Id, NameAnswer, NameZone, Program, Thing};

/// Looks at all hosted zones.
pub fn hold<'a>(
    store: &Store,
    mut ordered: impl Iterator<Item = (&'a Id, &'a Thing)>,
) -> Result<(), String> {
    let empty = BTreeMap::new();
    let served: &BTreeMap<Id, Arc<NameZone>> = match ordered.find(|(id, _)| id.as_str() == NAMES) {
        Some((_, Thing::Machine(machine))) => match &machine.program {
            Program::Names(names) => &names.zones,
            _ => return Err("the name servers run something else".to_owned()),
        },
        _ => &empty,
    };
    let live: BTreeMap<Id, (&Key, &str)> = store
        .all::<HostedZone>()
        .map(|(key, zone)| (key.id.clone(), (key, zone.name.as_str())))
        .collect();
    if let Some((id, _)) = served.iter().find(|(id, zone)| {
        zone.name.ends_with(".example.com.")
            && id.as_str().starts_with('Z')
            && !live.contains_key(*id)
    }) {
        return Err(format!("the name servers answer for {id}, which is gone"));
    }
    for (id, (key, name)) in &live {
        match served.get(id) {
            Some(zone) => answered(store, key, zone)?,
            None if !served.values().any(|zone| zone.name == *name) => {
                return Err(format!("nobody answers for {name}"));
            }
            None => {}
        }
    }
    Ok(())
}

fn answered(store: &Store, key: &Key, zone: &NameZone) -> Result<(), String> {
    let mut left: Vec<_> = zone.records.iter().collect();
    for set in HostedZone::sets(store, key) {
        let (name, kind) = (&set.name, &set.kind);
        let right = |answer: &NameAnswer| agrees(store, set, answer);
        let place = left.iter().position(|one| {
            one.name == *name
                && one.kind == *kind
                && one.check.as_ref().map(Id::as_str) == set.check.as_deref()
                && right(&one.answer)
        });
        match place {
            Some(place) => drop(left.remove(place)),
            None if gone(store, set) => {}
            None => return Err(format!("{name} {kind} is not answered as {:?}", set.target)),
        }
    }
    match left.first() {
        Some(one) => Err(format!("{one:?} is answered, nobody stated it")),
        None => Ok(()),
    }
}

/// Whether an alias leads to a balancer that is not there any more.
fn gone(store: &Store, set: &RecordSet) -> bool {
    matches!(&set.target, Target::Alias { name, .. } if by_dns(store, name).is_none())
}

fn agrees(store: &Store, set: &RecordSet, answer: &NameAnswer) -> bool {
    match (&set.target, answer) {
        (Target::Values { ttl, values }, NameAnswer::Values { ttl: shown, values: all }) => {
            // Names in values are shown with their last dot.
            let same = |(one, other): (&String, &String)| {
                let words = |text: &str| text.replace(". ", " ").trim_end_matches('.').to_owned();
                words(one) == words(other)
            };
            ttl == shown && values.len() == all.len() && values.iter().zip(all).all(same)
        }
        (Target::Alias { .. }, NameAnswer::Alias { .. }) => true,
        (Target::Alias { name, evaluate, .. }, NameAnswer::Addresses { addresses, well, .. }) => {
            by_dns(store, name).is_some_and(|balancer| {
                let nodes = addresses.len() == balancer.nodes.len()
                    && addresses
                        .iter()
                        .zip(&balancer.nodes)
                        .all(|((_, seen), one)| *seen == one.well);
                nodes && *well == evaluated(&balancer, *evaluate)
            })
        }
        _ => false,
    }
}

/// What evaluating an alias's target finds.
fn evaluated(balancer: &Named, evaluate: bool) -> Option<bool> {
    evaluate.then_some(balancer.healthy)
}
