//! Reusable delegation sets: create, get, list, delete.

use super::answer::{self, cut, page_size};
use super::changes;
use crate::model::{DelegationSet, HostedZone, bare, name_servers, refuse};
use api_route53::{
    CreateReusableDelegationSetRequest, CreateReusableDelegationSetResponse,
    DeleteReusableDelegationSetRequest, DeleteReusableDelegationSetResponse,
    GetReusableDelegationSetRequest, GetReusableDelegationSetResponse,
    ListReusableDelegationSetsRequest, ListReusableDelegationSetsResponse,
};
use region::{Call, Key, Refusal, serve};
use std::sync::Arc;

/// Reusable delegation sets of one account (Route 53 quotas).
pub(super) const SETS: usize = 100;

/// The delegation set of this id.
pub(super) fn find(call: &Call, id: &str) -> Result<(Key, Arc<DelegationSet>), Refusal> {
    let key = Key::new(&call.scope.global(), bare(id));
    let set = call.get::<DelegationSet>(&key);
    set.map(|set| (key, set)).ok_or_else(|| refuse::no_set(bare(id)))
}

/// docs: API_CreateReusableDelegationSet
pub(crate) fn create_reusable_delegation_set(
    call: &mut Call,
    input: CreateReusableDelegationSetRequest,
) -> Result<CreateReusableDelegationSetResponse, Refusal> {
    serve!(call, CreateReusableDelegationSetRequest { caller_reference, hosted_zone_id } = input);
    let global = call.scope.global();
    let sets = || call.store().list::<DelegationSet>(&global);
    if sets().any(|(_, set)| set.caller_reference == caller_reference) {
        let message = "A delegation set with the same owner and caller reference combination has \
                       already been created.";
        return Err(Refusal::new("DelegationSetAlreadyCreated", message));
    }
    if sets().count() >= SETS {
        let message = format!("The limit of {SETS} reusable delegation sets is reached.");
        return Err(Refusal::new("LimitsExceeded", message));
    }
    let id = format!("N{}", changes::letters(call, 16));
    let zone = hosted_zone_id.map(|id| of_zone(call, &id)).transpose()?;
    let name_servers = match &zone {
        Some((_, zone)) => zone.name_servers.clone(),
        None => name_servers(call.chance()),
    };
    if let Some((key, zone)) = zone {
        let delegation_set = Some(id.clone());
        call.put_at(key, HostedZone { delegation_set, ..(*zone).clone() });
    }
    let set = DelegationSet { caller_reference, name_servers };
    let shown = answer::delegation_set(&id, &set);
    call.put_at(Key::new(&global, &id), set);
    Ok(CreateReusableDelegationSetResponse {
        delegation_set: Some(shown),
        location: Some(format!("{}/delegationset/{id}", answer::ROOT)),
    })
}

/// The zone whose name servers shall be reusable.
fn of_zone(call: &Call, id: &str) -> Result<(Key, Arc<HostedZone>), Refusal> {
    let missing = |_| {
        let message = format!("The specified HostedZone {} can't be found.", bare(id));
        Refusal::new("HostedZoneNotFound", message)
    };
    let (key, zone) = HostedZone::find(call, id).map_err(missing)?;
    if zone.delegation_set.is_some() {
        let message = "The specified delegation set has already been marked as reusable.";
        return Err(Refusal::new("DelegationSetAlreadyReusable", message));
    }
    if zone.private {
        let message = "The name servers of a private hosted zone cannot be reused.";
        return Err(Refusal::new("InvalidArgument", message));
    }
    Ok((key, zone))
}

/// docs: API_GetReusableDelegationSet
pub(crate) fn get_reusable_delegation_set(
    call: &mut Call,
    input: GetReusableDelegationSetRequest,
) -> Result<GetReusableDelegationSetResponse, Refusal> {
    serve!(call, GetReusableDelegationSetRequest { id } = input);
    let (key, set) = find(call, &id)?;
    let delegation_set = Some(answer::delegation_set(key.id.as_str(), &set));
    Ok(GetReusableDelegationSetResponse { delegation_set })
}

/// docs: API_ListReusableDelegationSets
pub(crate) fn list_reusable_delegation_sets(
    call: &mut Call,
    input: ListReusableDelegationSetsRequest,
) -> Result<ListReusableDelegationSetsResponse, Refusal> {
    serve!(call, ListReusableDelegationSetsRequest { marker, max_items } = input);
    let size = page_size(max_items.as_deref(), 100)?;
    let first = Key::new(&call.scope.global(), marker.as_deref().map(bare).unwrap_or_default());
    let (page, next) = cut(call.store().list_from::<DelegationSet>(&first), size);
    let shown = page.iter().map(|(key, set)| answer::delegation_set(key.id.as_str(), set));
    Ok(ListReusableDelegationSetsResponse {
        delegation_sets: Some(shown.collect()),
        is_truncated: Some(next.is_some()),
        next_marker: next.map(|(key, _)| key.id.to_string()),
        max_items: Some(size.to_string()),
        marker,
    })
}

/// docs: API_DeleteReusableDelegationSet
pub(crate) fn delete_reusable_delegation_set(
    call: &mut Call,
    input: DeleteReusableDelegationSetRequest,
) -> Result<DeleteReusableDelegationSetResponse, Refusal> {
    serve!(call, DeleteReusableDelegationSetRequest { id } = input);
    let (key, _) = find(call, &id)?;
    let global = call.scope.global();
    let mut zones = call.store().list::<HostedZone>(&global);
    if zones.any(|(_, zone)| zone.delegation_set.as_deref() == Some(key.id.as_str())) {
        let message = "The specified delegation set contains associated hosted zones which must \
                       be deleted before the reusable delegation set can be deleted.";
        return Err(Refusal::new("DelegationSetInUse", message));
    }
    drop(zones);
    call.forget_at::<DelegationSet>(&key);
    Ok(DeleteReusableDelegationSetResponse {})
}
