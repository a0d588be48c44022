//! ListHostedZones, ListHostedZonesByName, ListHostedZonesByVPC.

use super::answer::{self, cut, page_size};
use crate::model::{HostedZone, bare, name, refuse};
use api_route53::{
    HostedZoneOwner, HostedZoneSummary, ListHostedZonesByNameRequest,
    ListHostedZonesByNameResponse, ListHostedZonesByVPCRequest, ListHostedZonesByVPCResponse,
    ListHostedZonesRequest, ListHostedZonesResponse,
};
use region::{Call, Key, Refusal, listing, serve};
use std::sync::Arc;

/// Zones of one page (API_ListHostedZones).
const PAGE: usize = 100;

fn zones(call: &Call) -> Vec<(Key, Arc<HostedZone>)> {
    let global = call.scope.global();
    let all = call.store().list::<HostedZone>(&global);
    all.map(|(key, zone)| (key.clone(), zone.clone())).collect()
}

/// docs: API_ListHostedZones
pub(crate) fn list_hosted_zones(
    call: &mut Call,
    input: ListHostedZonesRequest,
) -> Result<ListHostedZonesResponse, Refusal> {
    serve!(
        call,
        ListHostedZonesRequest { marker, max_items, delegation_set_id, hosted_zone_type } = input
    );
    let size = page_size(max_items.as_deref(), PAGE)?;
    if let Some(set) = delegation_set_id.as_deref() {
        super::delegation_sets::find(call, set)?;
    }
    let set = delegation_set_id.as_deref().map(bare);
    let first = marker.as_deref().map(bare).unwrap_or_default();
    if !first.is_empty() {
        HostedZone::find(call, first)?;
    }
    let wanted = |(key, zone): &(Key, Arc<HostedZone>)| {
        key.id.as_str() >= first
            && set.is_none_or(|set| zone.delegation_set.as_deref() == Some(set))
            && (hosted_zone_type.is_none() || zone.private)
    };
    let (page, next) = cut(zones(call).into_iter().filter(wanted), size);
    let shown = page.iter().map(|(key, zone)| answer::zone(call, key, zone)).collect();
    Ok(ListHostedZonesResponse {
        hosted_zones: Some(shown),
        is_truncated: Some(next.is_some()),
        next_marker: next.map(|(key, _)| key.id.to_string()),
        max_items: Some(size.to_string()),
        marker,
    })
}

/// docs: API_ListHostedZonesByName
pub(crate) fn list_hosted_zones_by_name(
    call: &mut Call,
    input: ListHostedZonesByNameRequest,
) -> Result<ListHostedZonesByNameResponse, Refusal> {
    serve!(call, ListHostedZonesByNameRequest { dns_name, hosted_zone_id, max_items } = input);
    let size = page_size(max_items.as_deref(), PAGE)?;
    if hosted_zone_id.is_some() && dns_name.is_none() {
        let message = "You must specify DNSName when you specify HostedZoneId.";
        return Err(refuse::input(message));
    }
    let invalid = |message| Refusal::new("InvalidDomainName", message);
    let first = match &dns_name {
        Some(text) => name::sort_key(&name::normal(text).map_err(invalid)?),
        None => String::new(),
    };
    let first = (first, hosted_zone_id.as_deref().map(bare).unwrap_or_default().to_owned());
    let place =
        |(key, zone): &(Key, Arc<HostedZone>)| (name::sort_key(&zone.name), key.id.to_string());
    let mut all = zones(call);
    all.sort_by_key(place);
    let (page, next) = cut(all.into_iter().filter(|zone| place(zone) >= first), size);
    let shown = page.iter().map(|(key, zone)| answer::zone(call, key, zone)).collect();
    Ok(ListHostedZonesByNameResponse {
        hosted_zones: Some(shown),
        is_truncated: Some(next.is_some()),
        next_dns_name: next.as_ref().map(|(_, zone)| zone.name.clone()),
        next_hosted_zone_id: next.as_ref().map(|(key, _)| key.id.to_string()),
        max_items: Some(size.to_string()),
        dns_name,
        hosted_zone_id,
    })
}

/// docs: API_ListHostedZonesByVPC
pub(crate) fn list_hosted_zones_by_vpc(
    call: &mut Call,
    input: ListHostedZonesByVPCRequest,
) -> Result<ListHostedZonesByVPCResponse, Refusal> {
    serve!(call, ListHostedZonesByVPCRequest { vpc_id, vpc_region, max_items, next_token } = input);
    let size = page_size(max_items.as_deref(), PAGE)?;
    let place = super::associations::vpc_at(call, &vpc_region, &vpc_id)?;
    let all = call.store().all::<HostedZone>();
    let mut seen: Vec<(Key, Arc<HostedZone>)> = all
        .filter(|(_, zone)| zone.vpcs.contains(&place))
        .map(|(key, zone)| (key.clone(), zone.clone()))
        .collect();
    seen.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
    let wrong = |_| Refusal::new("InvalidPaginationToken", "The next token is not valid.");
    let id = |(key, _): &(Key, Arc<HostedZone>)| key.id.to_string();
    let (page, next_token) =
        listing::page(seen, id, next_token.as_deref(), Some(size)).map_err(wrong)?;
    let shown = page.into_iter().map(|(key, zone)| HostedZoneSummary {
        hosted_zone_id: Some(key.id.to_string()),
        name: Some(zone.name.clone()),
        owner: Some(HostedZoneOwner {
            owning_account: Some(key.scope.account.to_string()),
            owning_service: None,
        }),
    });
    Ok(ListHostedZonesByVPCResponse {
        hosted_zone_summaries: Some(shown.collect()),
        max_items: Some(size.to_string()),
        next_token,
    })
}
