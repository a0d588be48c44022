//! A hosted zone as the world holds it.

use crate::model::{HostedZone, RecordSet, Routing, Target, owned};
use region::{Key, Store};
use world::{Id, NameAnswer, NameChoice, NameRecord, NameZone};

/// The zone with all its records. An alias to something that is gone answers nothing.
pub(crate) fn zone(store: &Store, key: &Key, zone: &HostedZone) -> NameZone {
    NameZone::new(
        &zone.name,
        HostedZone::sets(store, key).filter_map(|set| record(store, key, set)),
    )
}

fn record(store: &Store, zone: &Key, set: &RecordSet) -> Option<NameRecord> {
    Some(NameRecord {
        name: set.name.clone(),
        kind: set.kind.clone(),
        choice: choice(&set.routing)?,
        check: set.check.as_ref().map(Id::from),
        answer: answer(store, zone, set)?,
    })
}

fn choice(routing: &Routing) -> Option<NameChoice> {
    Some(match routing {
        Routing::Simple => NameChoice::Simple,
        Routing::Weighted(weight) => NameChoice::Weighted(*weight),
        Routing::Latency(region) => NameChoice::Latency(region.clone()),
        Routing::Failover(primary) => NameChoice::Failover(*primary),
        Routing::Multivalue => NameChoice::Multivalue,
        Routing::Geolocation(place) => NameChoice::Place {
            continent: place.continent.clone(),
            country: place.country.clone(),
            subdivision: place.subdivision.clone(),
        },
        Routing::Geoproximity(position) => {
            let (latitude, longitude) = position.place()?;
            let bias = position.bias.unwrap_or_default();
            NameChoice::Nearest { latitude, longitude, bias }
        }
    })
}

fn answer(store: &Store, zone: &Key, set: &RecordSet) -> Option<NameAnswer> {
    match &set.target {
        Target::Values { ttl, values } => {
            let values = values.iter().map(|value| absolute(&set.kind, value)).collect();
            Some(NameAnswer::Values { ttl: *ttl, values })
        }
        Target::Alias { zone: target_zone, name, evaluate }
            if *target_zone == *zone.id.as_str() =>
        {
            Some(NameAnswer::Alias { name: name.clone(), look: *evaluate })
        }
        // What AWS owns here has IPv4 addresses only: other types have no data.
        Target::Alias { .. } if set.kind != "A" => None,
        Target::Alias { zone: target_zone, name, evaluate } => {
            let answer = owned::alias(store, target_zone, name)?;
            match answer {
                NameAnswer::Addresses { ttl, addresses, well } => {
                    let well = well.filter(|_| *evaluate);
                    Some(NameAnswer::Addresses { ttl, addresses, well })
                }
                other => Some(other),
            }
        }
    }
}

/// Route 53 takes names in values as whole ones, with or without their last dot.
fn absolute(kind: &str, value: &str) -> String {
    let fields = match kind {
        "CNAME" | "NS" | "PTR" | "MX" | "SRV" | "NAPTR" => 1,
        "SOA" => 7,
        _ => return value.to_owned(),
    };
    let mut words: Vec<String> = value.split_whitespace().map(str::to_owned).collect();
    let dot = |word: &mut String| {
        if !word.ends_with('.') {
            word.push('.');
        }
    };
    match fields {
        7 => words.iter_mut().take(2).for_each(dot),
        _ => words.iter_mut().rev().take(1).for_each(dot),
    }
    words.join(" ")
}
