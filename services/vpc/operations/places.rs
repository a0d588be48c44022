//! Regions, Availability Zones and what an account may have.

use crate::form::{self, invalid, list, text};
use crate::model::{self, find};
use api_ec2::*;
use region::zone::{REGIONS, RegionInfo};
use region::{Call, Refusal, listing, serve};

/// No region of Maquette needs to be opted into, and so no zone.
const OPT_IN: &str = "opt-in-not-required";

/// Keeps what matches; these lists have no tags.
fn filter<T>(
    all: Vec<T>,
    filters: Option<Vec<Filter>>,
    fields: &[listing::Field<T>],
) -> Result<Vec<T>, Refusal> {
    let filters = form::filters(filters)?;
    if let Some(tag) = filters.iter().find(|filter| filter.name.starts_with("tag")) {
        return Err(invalid(format!("The filter '{}' is invalid", tag.name)));
    }
    listing::filter(all, &filters, fields, |_| Vec::new())
}

/// docs: API_DescribeRegions
pub fn describe_regions(
    call: &mut Call,
    input: DescribeRegionsRequest,
) -> Result<DescribeRegionsResult, Refusal> {
    serve!(call, DescribeRegionsRequest { region_names, filters } unheeded { all_regions } = input);
    const FIELDS: &[listing::Field<api_ec2::Region>] = &[
        ("endpoint", |region| list(&region.endpoint)),
        ("opt-in-status", |region| list(&region.opt_in_status)),
        ("region-name", |region| list(&region.region_name)),
    ];
    let names = region_names.unwrap_or_default();
    let unknown: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| RegionInfo::named(name).is_none()).collect();
    if !unknown.is_empty() {
        return Err(invalid(format!("Invalid region names: [{}]", unknown.join(", "))));
    }
    let wanted =
        |info: &&RegionInfo| names.is_empty() || names.iter().any(|name| name == info.name);
    let shown = |info: &RegionInfo| api_ec2::Region {
        endpoint: text(format!("ec2.{}.amazonaws.com", info.name)),
        opt_in_status: text(OPT_IN),
        region_name: text(info.name),
        ..Default::default()
    };
    let all = REGIONS.iter().filter(wanted).map(shown).collect();
    Ok(DescribeRegionsResult { regions: Some(filter(all, filters, FIELDS)?) })
}

/// docs: API_DescribeAvailabilityZones
pub fn describe_availability_zones(
    call: &mut Call,
    input: DescribeAvailabilityZonesRequest,
) -> Result<DescribeAvailabilityZonesResult, Refusal> {
    serve!(call, DescribeAvailabilityZonesRequest { zone_names, zone_ids, filters }
        unheeded { all_availability_zones } = input);
    const FIELDS: &[listing::Field<AvailabilityZone>] = &[
        ("group-long-name", |zone| list(&zone.group_long_name)),
        ("group-name", |zone| list(&zone.group_name)),
        ("message", |_| Vec::new()),
        ("opt-in-status", |zone| list(&zone.opt_in_status)),
        ("parent-zone-id", |_| Vec::new()),
        ("parent-zone-name", |_| Vec::new()),
        ("region-name", |zone| list(&zone.region_name)),
        ("state", |zone| list(&zone.state)),
        ("zone-id", |zone| list(&zone.zone_id)),
        ("zone-name", |zone| list(&zone.zone_name)),
        ("zone-type", |zone| list(&zone.zone_type)),
    ];
    let Some(info) = RegionInfo::named(&call.scope.region) else {
        return Ok(DescribeAvailabilityZonesResult { availability_zones: Some(Vec::new()) });
    };
    let mut all: Vec<AvailabilityZone> = info.zones().map(|name| zone(info, &name)).collect();
    for (wanted, id) in [(zone_names, false), (zone_ids, true)] {
        let wanted = wanted.unwrap_or_default();
        let own = |zone: &AvailabilityZone| {
            if id { zone.zone_id.clone() } else { zone.zone_name.clone() }
        };
        let has = |name: &String| all.iter().any(|zone| own(zone).as_ref() == Some(name));
        let unknown: Vec<String> = wanted.iter().filter(|name| !has(name)).cloned().collect();
        if !unknown.is_empty() {
            let message = format!("Invalid availability zones: [{}]", unknown.join(", "));
            return Err(invalid(message));
        }
        if !wanted.is_empty() {
            all.retain(|zone| own(zone).is_some_and(|name| wanted.contains(&name)));
        }
    }
    let zones = filter(all, filters, FIELDS)?;
    Ok(DescribeAvailabilityZonesResult { availability_zones: Some(zones) })
}

fn zone(info: &RegionInfo, name: &str) -> AvailabilityZone {
    AvailabilityZone {
        group_long_name: text(format!("{} 1", info.title)),
        group_name: text(format!("{}-zg-1", info.name)),
        messages: Some(Vec::new()),
        network_border_group: text(info.name),
        opt_in_status: text(OPT_IN),
        region_name: text(info.name),
        // What a zone's machines are like is not the API's to say: AWS shows `available` during
        // an outage too.
        state: text("available"),
        zone_id: info.zone_id(name),
        zone_name: text(name),
        zone_type: text("availability-zone"),
        ..Default::default()
    }
}

/// docs: API_DescribeAccountAttributes
pub fn describe_account_attributes(
    call: &mut Call,
    input: DescribeAccountAttributesRequest,
) -> Result<DescribeAccountAttributesResult, Refusal> {
    serve!(call, DescribeAccountAttributesRequest { attribute_names } = input);
    let vpc = find::default_vpc(call.store(), &call.scope);
    let vpc = vpc.map_or("none".to_owned(), |(id, _)| id.to_string());
    let addresses = super::addresses::ADDRESSES_PER_REGION.to_string();
    let all = [
        ("supported-platforms", "VPC".to_owned()),
        ("default-vpc", vpc),
        ("vpc-max-security-groups-per-interface", model::GROUPS_PER_INTERFACE.to_string()),
        ("max-elastic-ips", addresses.clone()),
        ("vpc-max-elastic-ips", addresses),
    ];
    let names = attribute_names.unwrap_or_default();
    let known = |name: &&String| !all.iter().any(|(one, _)| one == name);
    if let Some(unknown) = names.iter().find(known) {
        if unknown == "max-instances" {
            return Err(Refusal::not_implemented("The attribute max-instances"));
        }
        let message = format!("Value ({unknown}) for parameter attributeName is invalid.");
        return Err(invalid(message));
    }
    let wanted = |name: &str| names.is_empty() || names.iter().any(|one| one == name);
    let shown = all.into_iter().filter(|(name, _)| wanted(name)).map(|(name, value)| {
        let value = AccountAttributeValue { attribute_value: Some(value) };
        AccountAttribute { attribute_name: text(name), attribute_values: Some(vec![value]) }
    });
    Ok(DescribeAccountAttributesResult { account_attributes: Some(shown.collect()) })
}
