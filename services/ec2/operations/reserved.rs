//! Reserved instances: what is on offer, buying it, and what was bought. Nothing is resold,
//! changed or exchanged.

use crate::model::reserved::{Offering, PRODUCT, Reserved, offerings, uuid};
use api_ec2::{
    DescribeReservedInstancesOfferingsRequest, DescribeReservedInstancesOfferingsResult,
    DescribeReservedInstancesRequest, DescribeReservedInstancesResult,
    PurchaseReservedInstancesOfferingRequest, PurchaseReservedInstancesOfferingResult,
    RecurringCharge, ReservedInstances, ReservedInstancesOffering,
};
use region::zone::RegionInfo;
use region::{Call, Refusal, listing, serve};
use shape::Timestamp;
use vpc::form::{filters, invalid, list, tag_set, text};
use world::{Id, Span, Time};

/// Instances that may be reserved in a month, for a region and for each zone. docs: EC2 guide,
/// "Reserved Instance quotas".
const QUOTA: u32 = 20;
const MONTH: Span = Span::seconds(30 * 86_400);
/// Offerings in an answer at most. docs: API_DescribeReservedInstancesOfferings, MaxResults.
const PAGE: usize = 100;

fn zones(call: &Call) -> Vec<String> {
    RegionInfo::named(&call.scope.region).map(|info| info.zones().collect()).unwrap_or_default()
}

fn scope(zone: Option<&String>) -> Option<String> {
    text(if zone.is_some() { "Availability Zone" } else { "Region" })
}

fn hourly(amount: f64) -> Option<Vec<RecurringCharge>> {
    let charge = RecurringCharge { amount: Some(amount), frequency: text("Hourly") };
    Some(if amount > 0.0 { vec![charge] } else { Vec::new() })
}

fn unknown_offering() -> Refusal {
    let message = "The specified Reserved Instances offering does not exist.";
    Refusal::new("InvalidReservedInstancesOfferingId", message)
}

fn offering(call: &Call, one: &Offering) -> ReservedInstancesOffering {
    let info = RegionInfo::named(&call.scope.region);
    let zone_id = one.zone.as_deref().and_then(|zone| info?.zone_id(zone));
    ReservedInstancesOffering {
        availability_zone: one.zone.clone(),
        availability_zone_id: zone_id,
        currency_code: text("USD"),
        duration: i64::try_from(one.span().0 / 1_000_000).ok(),
        fixed_price: Some(one.fees.upfront),
        instance_tenancy: text("default"),
        instance_type: text(one.kind),
        marketplace: Some(false),
        offering_class: text(one.terms.class),
        offering_type: text(one.terms.payment),
        pricing_details: Some(Vec::new()),
        product_description: text(PRODUCT),
        recurring_charges: hourly(one.fees.hourly),
        reserved_instances_offering_id: text(&one.id),
        scope: scope(one.zone.as_ref()),
        usage_price: Some(0.0),
    }
}

const OFFERED: &[listing::Field<ReservedInstancesOffering>] = &[
    ("availability-zone", |one| list(&one.availability_zone)),
    ("availability-zone-id", |one| list(&one.availability_zone_id)),
    ("duration", |one| list(&one.duration)),
    ("fixed-price", |one| list(&one.fixed_price)),
    ("instance-type", |one| list(&one.instance_type)),
    ("marketplace", |one| list(&one.marketplace)),
    ("product-description", |one| list(&one.product_description)),
    ("reserved-instances-offering-id", |one| list(&one.reserved_instances_offering_id)),
    ("scope", |one| list(&one.scope)),
    ("usage-price", |one| list(&one.usage_price)),
];

/// docs: API_DescribeReservedInstancesOfferings. AWS sells some terms for Windows and for
/// dedicated tenancy too; the answer for those is empty here.
pub(super) fn describe_reserved_instances_offerings(
    call: &mut Call,
    input: DescribeReservedInstancesOfferingsRequest,
) -> Result<DescribeReservedInstancesOfferingsResult, Refusal> {
    serve!(call, DescribeReservedInstancesOfferingsRequest {
        availability_zone, availability_zone_id, filters, instance_tenancy, instance_type,
        max_duration, max_results, min_duration, next_token, offering_class, offering_type,
        product_description, reserved_instances_offering_ids,
    } unheeded { include_marketplace, max_instance_count } = input);
    let wanted = reserved_instances_offering_ids.unwrap_or_default();
    let zones = zones(call);
    if let Some(zone) = availability_zone.as_ref().filter(|zone| !zones.contains(zone)) {
        return Err(invalid(format!("Invalid availability zone: [{zone}]")));
    }
    let all = offerings(&call.scope.region, &zones);
    if wanted.iter().any(|id| !all.iter().any(|one| one.id == *id)) {
        return Err(unknown_offering());
    }
    let same = |given: &Option<String>, found: &Option<String>| given.is_none() || given == found;
    // Clients name Linux in both ways; outside EC2-Classic both are one.
    let product = product_description.map(|one| one.replace(" (Amazon VPC)", ""));
    let fits = |one: &ReservedInstancesOffering| {
        let id = one.reserved_instances_offering_id.as_ref();
        same(&availability_zone, &one.availability_zone)
            && same(&availability_zone_id, &one.availability_zone_id)
            && same(&instance_tenancy, &one.instance_tenancy)
            && same(&instance_type, &one.instance_type)
            && same(&offering_class, &one.offering_class)
            && same(&offering_type, &one.offering_type)
            && same(&product, &one.product_description)
            && min_duration.is_none_or(|least| one.duration >= Some(least))
            && max_duration.is_none_or(|most| one.duration <= Some(most))
            && (wanted.is_empty() || id.is_some_and(|id| wanted.contains(id)))
    };
    let found = all.iter().map(|one| offering(call, one)).filter(fits).collect();
    let mut found = listing::filter(found, &self::filters(filters)?, OFFERED, |_| Vec::new())?;
    let name = |one: &ReservedInstancesOffering| list(&one.reserved_instances_offering_id).concat();
    found.sort_by_key(name);
    let limit = max_results.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE);
    let limit = Some(limit.clamp(1, PAGE));
    let (page, next_token) = listing::page(found, name, next_token.as_deref(), limit)?;
    Ok(DescribeReservedInstancesOfferingsResult {
        next_token,
        reserved_instances_offerings: Some(page),
    })
}

/// docs: API_PurchaseReservedInstancesOffering. Paid at once: it is active when this is answered.
pub(super) fn purchase_reserved_instances_offering(
    call: &mut Call,
    input: PurchaseReservedInstancesOfferingRequest,
) -> Result<PurchaseReservedInstancesOfferingResult, Refusal> {
    serve!(
        call,
        PurchaseReservedInstancesOfferingRequest {
            instance_count,
            reserved_instances_offering_id
        } = input
    );
    let count = u32::try_from(instance_count).ok().filter(|count| *count > 0);
    let count = count.ok_or_else(|| {
        invalid(format!("Value ({instance_count}) for parameter instanceCount is invalid."))
    })?;
    let all = offerings(&call.scope.region, &zones(call));
    let one = all.into_iter().find(|one| one.id == reserved_instances_offering_id);
    let one = one.ok_or_else(unknown_offering)?;
    let lately = Time(call.now.0.saturating_sub(MONTH.0));
    let bought = call.list::<Reserved>();
    let recent = |old: &Reserved| old.zone == one.zone && old.start > lately;
    let bought: u32 = bought.iter().filter(|(_, old)| recent(old)).map(|(_, old)| old.count).sum();
    if bought.saturating_add(count) > QUOTA {
        let message = format!(
            "Your current quota does not allow you to purchase the required number of reserved \
             instances ({QUOTA} a month)"
        );
        return Err(Refusal::new("ReservedInstancesLimitExceeded", message));
    }
    let id = uuid([call.chance(), call.chance()]);
    let reserved = Reserved {
        kind: one.kind.to_owned(),
        count,
        class: one.terms.class.to_owned(),
        payment: one.terms.payment.to_owned(),
        upfront: one.fees.upfront,
        hourly: one.fees.hourly,
        start: call.now,
        end: call.now + one.span(),
        zone: one.zone,
    };
    call.put(Id::from(id.clone()), reserved);
    Ok(PurchaseReservedInstancesOfferingResult { reserved_instances_id: Some(id) })
}

fn shown(call: &Call, id: &str, one: &Reserved) -> ReservedInstances {
    let info = RegionInfo::named(&call.scope.region);
    let time = |at: Time| Some(Timestamp(i64::try_from(at.millis()).unwrap_or(i64::MAX)));
    ReservedInstances {
        availability_zone: one.zone.clone(),
        availability_zone_id: one.zone.as_deref().and_then(|zone| info?.zone_id(zone)),
        currency_code: text("USD"),
        duration: i64::try_from(one.end.since(one.start).0 / 1_000_000).ok(),
        end: time(one.end),
        fixed_price: Some(one.upfront),
        instance_count: i32::try_from(one.count).ok(),
        instance_tenancy: text("default"),
        instance_type: text(&one.kind),
        offering_class: text(&one.class),
        offering_type: text(&one.payment),
        product_description: text(PRODUCT),
        recurring_charges: hourly(one.hourly),
        reserved_instances_id: text(id),
        scope: scope(one.zone.as_ref()),
        start: time(one.start),
        state: text(if one.end > call.now { "active" } else { "retired" }),
        tags: tag_set(call.store(), &call.scope, id),
        usage_price: Some(0.0),
    }
}

const BOUGHT: &[listing::Field<ReservedInstances>] = &[
    ("availability-zone", |one| list(&one.availability_zone)),
    ("availability-zone-id", |one| list(&one.availability_zone_id)),
    ("duration", |one| list(&one.duration)),
    ("end", |one| one.end.iter().map(|at| at.iso8601_millis()).collect()),
    ("fixed-price", |one| list(&one.fixed_price)),
    ("instance-type", |one| list(&one.instance_type)),
    ("product-description", |one| list(&one.product_description)),
    ("reserved-instances-id", |one| list(&one.reserved_instances_id)),
    ("scope", |one| list(&one.scope)),
    ("start", |one| one.start.iter().map(|at| at.iso8601_millis()).collect()),
    ("state", |one| list(&one.state)),
    ("usage-price", |one| list(&one.usage_price)),
];

/// docs: API_DescribeReservedInstances
pub(super) fn describe_reserved_instances(
    call: &mut Call,
    input: DescribeReservedInstancesRequest,
) -> Result<DescribeReservedInstancesResult, Refusal> {
    serve!(
        call,
        DescribeReservedInstancesRequest {
            filters,
            offering_class,
            offering_type,
            reserved_instances_ids
        } = input
    );
    let wanted = reserved_instances_ids.unwrap_or_default();
    let all = call.list::<Reserved>();
    let all: Vec<_> = all.iter().map(|(id, one)| shown(call, id.as_str(), one)).collect();
    let id = |one: &ReservedInstances| list(&one.reserved_instances_id).concat();
    if let Some(id) = wanted.iter().find(|wanted| !all.iter().any(|one| id(one) == **wanted)) {
        let message = format!("The specified Reserved Instance {id} does not exist.");
        return Err(Refusal::new("InvalidReservedInstancesId", message));
    }
    let fits = |one: &ReservedInstances| {
        (wanted.is_empty() || wanted.contains(&id(one)))
            && (offering_class.is_none() || offering_class == one.offering_class)
            && (offering_type.is_none() || offering_type == one.offering_type)
    };
    let found = all.into_iter().filter(fits).collect();
    let tags = |one: &ReservedInstances| {
        let all = one.tags.iter().flatten();
        all.map(|tag| (list(&tag.key).concat(), list(&tag.value).concat())).collect()
    };
    let found = listing::filter(found, &self::filters(filters)?, BOUGHT, tags)?;
    Ok(DescribeReservedInstancesResult { reserved_instances: Some(found) })
}
