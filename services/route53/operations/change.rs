//! ChangeResourceRecordSets: all changes of a batch, or none.

use super::draft::{Action, draft};
use super::{changes, rules};
use crate::model::{HostedZone, RecordSet, Target, data, place, refuse};
use api_route53::{ChangeBatch, ChangeResourceRecordSetsRequest, ChangeResourceRecordSetsResponse};
use region::{Call, Key, Refusal, serve};
use std::collections::BTreeSet;

/// ResourceRecord elements of one request; those of an UPSERT count twice (Route 53 quotas).
const ELEMENTS: usize = 1000;

/// Characters in all Value elements of one request; those of an UPSERT count twice.
const CHARACTERS: usize = 32_000;

/// Records of one hosted zone (Route 53 quotas).
pub(super) const RECORDS: usize = 10_000;

/// docs: API_ChangeResourceRecordSets
pub(crate) fn change_resource_record_sets(
    call: &mut Call,
    input: ChangeResourceRecordSetsRequest,
) -> Result<ChangeResourceRecordSetsResponse, Refusal> {
    serve!(call, ChangeResourceRecordSetsRequest { hosted_zone_id, change_batch } = input);
    let (key, zone) = HostedZone::find(call, &hosted_zone_id)?;
    serve!(call, ChangeBatch { changes, comment } = change_batch);
    let drafts = changes.into_iter().map(|change| draft(call, change));
    let drafts = drafts.collect::<Result<Vec<_>, Refusal>>()?;
    limits(&drafts)?;
    let mut wrong = Vec::new();
    for (action, set) in &drafts {
        if *action != Action::Delete {
            wrong.extend(rules::alone(call, &key, &zone, set));
        }
    }
    refuse_all(wrong)?;
    let wrong = apply(call, &key, &drafts);
    refuse_all(wrong)?;
    refuse_all(rules::together(call, &key, &zone, &drafts))?;
    Ok(ChangeResourceRecordSetsResponse { change_info: Some(changes::submit(call, comment)) })
}

fn refuse_all(mut wrong: Vec<String>) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    wrong.retain(|message| seen.insert(message.clone()));
    if wrong.is_empty() { Ok(()) } else { Err(refuse::batch(&wrong)) }
}

fn limits(drafts: &[(Action, RecordSet)]) -> Result<(), Refusal> {
    let (mut elements, mut characters) = (0, 0);
    for (action, set) in drafts {
        let times = if *action == Action::Upsert { 2 } else { 1 };
        match &set.target {
            Target::Values { values, .. } => {
                elements += values.len() * times;
                characters +=
                    values.iter().map(|value| value.chars().count()).sum::<usize>() * times;
            }
            Target::Alias { .. } => elements += times,
        }
    }
    let over = |what: &str, most: usize| {
        Err(refuse::batch(&[format!("Number of {what} limit of {most} exceeded.")]))
    };
    if elements > ELEMENTS {
        return over("records", ELEMENTS);
    }
    if characters > CHARACTERS {
        return over("characters", CHARACTERS);
    }
    Ok(())
}

/// Applies the changes one after the other; what is said here undoes them all.
fn apply(call: &mut Call, zone: &Key, drafts: &[(Action, RecordSet)]) -> Vec<String> {
    let (mut wrong, mut put, mut gone) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for (action, set) in drafts {
        let at = set.key(zone);
        let present = call.get::<RecordSet>(&at);
        let seen = if *action == Action::Delete { &mut gone } else { &mut put };
        if !seen.insert(at.clone()) {
            wrong.push(format!(
                "The request contains an invalid set of changes for a resource record set '{} {}'",
                set.kind, set.name
            ));
            continue;
        }
        match (action, present) {
            (Action::Create, Some(_)) => wrong.push(format!(
                "Tried to create resource record set {} but it already exists",
                set.title()
            )),
            (Action::Delete, None) => wrong.push(format!(
                "Tried to delete resource record set {} but it was not found",
                set.title()
            )),
            (Action::Delete, Some(present)) if !equal(&present, set) => wrong.push(format!(
                "Tried to delete resource record set {} but the values provided do not match the \
                 current values",
                set.title()
            )),
            (Action::Delete, Some(_)) => call.forget_at::<RecordSet>(&at),
            (Action::Create | Action::Upsert, _) => call.put_at(at, set.clone()),
        }
    }
    wrong
}

/// Whether a deletion names exactly what is there; the order of values does not matter.
fn equal(present: &RecordSet, named: &RecordSet) -> bool {
    let target = match (&present.target, &named.target) {
        (
            Target::Values { ttl, values },
            Target::Values { ttl: named_ttl, values: named_values },
        ) => ttl == named_ttl && data::same(values, named_values),
        (present, named) => present == named,
    };
    target && present.routing == named.routing && present.check == named.check
}

/// All record sets of one name.
pub(super) fn of_name<'a>(
    call: &'a Call,
    zone: &Key,
    name: &str,
) -> impl Iterator<Item = &'a RecordSet> + use<'a> {
    let name = name.to_owned();
    let all = call.store().list_from::<RecordSet>(&place(zone, &name, "", ""));
    all.map(|(_, set)| &**set).take_while(move |set| set.name == name)
}
