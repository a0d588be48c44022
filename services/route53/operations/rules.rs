//! What Route 53 does not let be in a zone: record sets that are wrong by themselves, and those
//! that are wrong beside others. Its words, one message for each.

use super::change::{RECORDS, of_name};
use super::draft::Action;
use crate::model::{HealthCheck, HostedZone, RecordSet, Routing, Target, data, name};
use region::{Call, Key};
use std::collections::BTreeSet;

/// Values of one record set (Route 53 quotas).
const VALUES: usize = 400;

/// Record sets of one name, type and policy (Route 53 quotas).
const ALIKE: usize = 100;

/// What is wrong with a record set by itself.
pub(super) fn alone(call: &Call, key: &Key, zone: &HostedZone, set: &RecordSet) -> Vec<String> {
    let (kind, domain) = (&set.kind, &set.name);
    let mut wrong = Vec::new();
    if !name::within(domain, &zone.name) {
        wrong.push(format!("RRSet with DNS name {domain} is not permitted in zone {}", zone.name));
    }
    let apex = *domain == zone.name;
    if kind == "CNAME" && apex {
        wrong.push(format!(
            "RRSet of type CNAME with DNS name {domain} is not permitted at apex in zone {}",
            zone.name
        ));
    }
    if kind == "SOA" && !apex {
        wrong.push(format!(
            "RRSet of type SOA with DNS name {domain} is only permitted at apex in zone {}",
            zone.name
        ));
    }
    if matches!(&**kind, "NS" | "SOA") && set.routing != Routing::Simple {
        wrong.push(format!(
            "RRSet of type {kind} with DNS name {domain} cannot have the routing policy {}",
            set.routing.word()
        ));
    }
    if let Some(check) = &set.check {
        let at = Key::new(&key.scope, check);
        if call.get::<HealthCheck>(&at).is_none() {
            wrong.push(format!("The specified health check {check} does not exist"));
        }
        if set.routing == Routing::Simple {
            wrong.push(format!(
                "RRSet with DNS name {domain}, type {kind} cannot have a health check without a \
                 routing policy other than simple"
            ));
        }
    }
    match &set.target {
        Target::Values { values, .. } => wrong.extend(written(set, values)),
        Target::Alias { .. } => wrong.extend(alias(call, key, zone, set)),
    }
    wrong
}

/// What is wrong with the values of a record set.
fn written(set: &RecordSet, values: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    if values.len() > VALUES {
        wrong.push(format!(
            "RRSet with DNS name {}, type {} has more than {VALUES} values",
            set.name, set.kind
        ));
    }
    let single = matches!(&*set.kind, "CNAME" | "SOA") || set.routing == Routing::Multivalue;
    if single && values.len() > 1 {
        wrong.push(format!(
            "RRSet with DNS name {}, type {} must have exactly one value",
            set.name, set.kind
        ));
    }
    let mut seen = BTreeSet::new();
    for value in values {
        if let Err(problem) = data::check(&set.kind, value) {
            wrong.push(format!("Invalid Resource Record: 'FATAL problem: {problem}'"));
        } else if !seen.insert(value) {
            wrong.push(format!("Duplicate Resource Record: '{value}'"));
        }
    }
    if set.kind == "CNAME" && set.routing == Routing::Multivalue {
        wrong.push("RRSet of type CNAME cannot be a multivalue answer record set".into());
    }
    wrong
}

/// What is wrong with an alias.
fn alias(call: &Call, key: &Key, zone: &HostedZone, set: &RecordSet) -> Vec<String> {
    let Target::Alias { zone: target_zone, name: target, .. } = &set.target else {
        return Vec::new();
    };
    let kind = &set.kind;
    if matches!(&**kind, "NS" | "SOA") {
        return vec![format!("RRSet of type {kind} cannot be an alias")];
    }
    if set.routing == Routing::Multivalue {
        return vec![format!(
            "RRSet with DNS name {}, type {kind} cannot be an alias and a multivalue answer",
            set.name
        )];
    }
    let tried = format!(
        "Tried to create an alias that targets {target}, type {kind} in zone {target_zone}"
    );
    if *target_zone != *key.id.as_str() {
        return crate::model::owned::alias_fault(call.store(), target_zone, target, kind)
            .map(|fault| vec![format!("{tried}, but {fault}")])
            .unwrap_or_default();
    }
    if !name::within(target, &zone.name) {
        return vec![format!(
            "{tried}, but the alias target name does not lie within the target zone"
        )];
    }
    if *target == set.name && set.identifier.is_none() {
        return vec![format!("{tried}, but an alias cannot target itself")];
    }
    Vec::new()
}

/// What is wrong with a zone after a batch, in the names that the batch touched.
pub(super) fn together(
    call: &Call,
    key: &Key,
    zone: &HostedZone,
    drafts: &[(Action, RecordSet)],
) -> Vec<String> {
    let mut wrong = Vec::new();
    for (action, set) in drafts {
        if *action == Action::Delete {
            wrong.extend(missing(call, key, set));
            continue;
        }
        let all: Vec<&RecordSet> = of_name(call, key, &set.name).collect();
        if !all.contains(&set) {
            continue;
        }
        wrong.extend(names(zone, set, &all));
        wrong.extend(policies(set, &all));
        wrong.extend(found(call, key, set));
    }
    let apex = |kind: &str| {
        of_name(call, key, &zone.name).any(|set| set.kind == kind && set.name == zone.name)
    };
    if !apex("NS") {
        wrong.push("A HostedZone must contain at least one NS record for the zone itself.".into());
    }
    if !apex("SOA") {
        wrong.push("A HostedZone must contain exactly one SOA record.".into());
    }
    if HostedZone::sets(call.store(), key).nth(RECORDS).is_some() {
        wrong.push(format!("Number of records limit of {RECORDS} exceeded."));
    }
    wrong
}

/// An alias leads to something that is there.
fn found(call: &Call, key: &Key, set: &RecordSet) -> Option<String> {
    let Target::Alias { zone, name, .. } = &set.target else { return None };
    if *zone != *key.id.as_str() {
        return None;
    }
    let kind = &set.kind;
    let there = of_name(call, key, name).any(|one| one.kind == *kind && one != set);
    (!there).then(|| {
        format!(
            "Tried to create an alias that targets {name}, type {kind} in zone {zone}, but that \
             target was not found"
        )
    })
}

/// Nothing leads to what is gone.
fn missing(call: &Call, key: &Key, gone: &RecordSet) -> Option<String> {
    if of_name(call, key, &gone.name).any(|one| one.kind == gone.kind) {
        return None;
    }
    let leads = |set: &RecordSet| match &set.target {
        Target::Alias { zone, name, .. } => {
            *zone == *key.id.as_str() && *name == gone.name && set.kind == gone.kind
        }
        Target::Values { .. } => false,
    };
    let mut all = HostedZone::sets(call.store(), key);
    all.any(|set| leads(set)).then(|| {
        format!(
            "Tried to delete resource record set {} but it is the target of an alias",
            gone.title()
        )
    })
}

/// A CNAME is alone at its name.
fn names(zone: &HostedZone, set: &RecordSet, all: &[&RecordSet]) -> Option<String> {
    let (kind, domain, zone) = (&set.kind, &set.name, &zone.name);
    let others = all.iter().any(|one| one.kind != *kind);
    let cname = all.iter().any(|one| one.kind == "CNAME");
    match (&**kind, others, cname) {
        ("CNAME", true, _) => Some(format!(
            "RRSet of type CNAME with DNS name {domain} is not permitted as it conflicts with \
             other records with the same DNS name in zone {zone}"
        )),
        (_, true, true) => Some(format!(
            "RRSet of type {kind} with DNS name {domain} is not permitted because a conflicting \
             RRSet of type CNAME with the same DNS name already exists in zone {zone}"
        )),
        _ => None,
    }
}

/// Record sets of one name and type have one policy, and do not say the same twice.
fn policies(set: &RecordSet, all: &[&RecordSet]) -> Option<String> {
    let title = format!(
        "RRSet with DNS name {}, type {}, SetIdentifier {}",
        set.name,
        set.kind,
        set.identifier.as_deref().unwrap_or("null")
    );
    let alike = || all.iter().filter(|one| one.kind == set.kind && **one != set);
    let word = set.routing.word();
    if let Some(other) = alike().find(|one| one.routing.word() != word) {
        return Some(format!(
            "{title} cannot be created because a {} RRSet with the same name and type already \
             exists; all must have the same routing policy",
            other.routing.word()
        ));
    }
    if alike().count() >= ALIKE {
        return Some(format!("{title} cannot be created because there are {ALIKE} already"));
    }
    let same = match &set.routing {
        Routing::Latency(_)
        | Routing::Geolocation(_)
        | Routing::Geoproximity(_)
        | Routing::Failover(_) => alike().any(|one| one.routing == set.routing),
        _ => false,
    };
    let what = match &set.routing {
        Routing::Latency(region) => format!("region {region}"),
        Routing::Geolocation(_) => "geolocation".to_owned(),
        Routing::Geoproximity(_) => "geoproximity location".to_owned(),
        Routing::Failover(primary) => {
            format!("failover {}", if *primary { "PRIMARY" } else { "SECONDARY" })
        }
        _ => String::new(),
    };
    same.then(|| {
        format!(
            "{title} cannot be created because an RRSet with the same name, type and {what} \
             already exists"
        )
    })
}
