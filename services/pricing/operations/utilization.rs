//! GetReservationUtilization: how much of what is reserved was used.

use super::costs::number;
use super::expression::Filter;
use super::period::{Part, parts};
use crate::model::bill::{Charge, Line, Reservation, bill};
use crate::model::prices::{List, prefix};
use crate::model::reserved::{Use, overlap};
use crate::model::service::COMPUTE;
use api_ce::{
    GetReservationUtilizationRequest, GetReservationUtilizationResponse, GroupDefinition,
    ReservationAggregates, ReservationUtilizationGroup, UtilizationByTime,
};
use region::{Call, Refusal, serve};
use shape::Timestamp;
use std::collections::BTreeMap;
use world::Time;

/// docs: API_GetReservationUtilization
pub(super) fn get_reservation_utilization(
    call: &mut Call,
    input: GetReservationUtilizationRequest,
) -> Result<GetReservationUtilizationResponse, Refusal> {
    serve!(
        call,
        GetReservationUtilizationRequest { filter, granularity, group_by, time_period }
            unheeded { max_results } = input
    );
    let filter = filter.map(|one| Filter::read(call, one)).transpose()?;
    let groups = group_by.unwrap_or_default();
    for group in &groups {
        serve!(call, GroupDefinition { key, r#type } = group.clone());
        if key.as_deref() != Some("SUBSCRIPTION_ID") || r#type.is_some_and(|t| t != "DIMENSION") {
            let message = "Reservation utilization can be grouped by SUBSCRIPTION_ID only";
            return Err(Refusal::new("ValidationException", message));
        }
    }
    if !groups.is_empty() && granularity.is_some() {
        let message = "Granularity cannot be set when GroupBy is";
        return Err(Refusal::new("ValidationException", message));
    }
    // docs: as above: grouped answers are of the whole period.
    let cut = match &granularity {
        _ if !groups.is_empty() => parts(&time_period, "WHOLE")?,
        Some(granularity) => parts(&time_period, granularity)?,
        None => parts(&time_period, "MONTHLY")?,
    };
    let account = call.scope.account.to_string();
    let used = |from: Time, to: Time| -> Vec<(Use, Time, Time)> {
        let (_, uses) = bill(&call.view(), &account, from, to);
        let to = to.min(call.now);
        let passes =
            |one: &Use| filter.as_ref().is_none_or(|filter| filter.passes(&account, &line(one)));
        uses.into_iter().filter(passes).map(|one| (one, from, to)).collect()
    };
    let mut all = Vec::new();
    let mut times = Vec::new();
    for Part { shown, from, to } in cut {
        let uses = used(from, to);
        let group = |one: &(Use, Time, Time)| ReservationUtilizationGroup {
            attributes: Some(attributes(&account, &one.0, call.now)),
            key: Some("SUBSCRIPTION_ID".to_owned()),
            utilization: Some(aggregates(std::slice::from_ref(one))),
            value: Some(one.0.key.id.to_string()),
        };
        let grouped = if groups.is_empty() { Vec::new() } else { uses.iter().map(group).collect() };
        times.push(UtilizationByTime {
            groups: Some(grouped),
            time_period: Some(shown),
            total: Some(aggregates(&uses)),
        });
        all.extend(uses);
    }
    let total = Some(aggregates(&all));
    Ok(GetReservationUtilizationResponse {
        next_page_token: None,
        total,
        utilizations_by_time: Some(times),
    })
}

/// A reservation as filters see it.
fn line(one: &Use) -> Line {
    let Use { key, reserved, .. } = one;
    Line {
        key: format!("HeavyUsage:{}", reserved.kind),
        charge: Charge::Recurring,
        reservation: Some(Reservation {
            id: key.id.to_string(),
            class: reserved.class.clone(),
            regional: reserved.zone.is_none(),
        }),
        id: key.id.to_string(),
        service: COMPUTE.to_owned(),
        usage_type: format!("{}HeavyUsage:{}", prefix(&key.scope.region), reserved.kind),
        instance_type: Some(reserved.kind.clone()),
        region: key.scope.region.to_string(),
        zone: reserved.zone.clone(),
        tags: BTreeMap::new(),
        quantity: one.hours,
        unit: "Hrs".to_owned(),
        cost: 0.0,
        amortized: 0.0,
    }
}

fn attributes(account: &str, one: &Use, now: Time) -> BTreeMap<String, String> {
    let Use { key, reserved, .. } = one;
    let time = |at: Time| Timestamp(i64::try_from(at.millis()).unwrap_or(i64::MAX)).iso8601();
    let years = (reserved.end.since(reserved.start).0 / (365 * 86_400_000_000)).max(1);
    let zone = reserved.zone.clone().unwrap_or_default();
    let scope = if reserved.zone.is_some() { "Availability Zone" } else { "Region" };
    let count = reserved.count.to_string();
    let all = [
        ("accountId", account.to_owned()),
        ("availabilityZone", zone),
        ("cancellationDateTime", time(reserved.end)),
        ("endDateTime", time(reserved.end)),
        ("instanceType", reserved.kind.clone()),
        ("leaseId", key.id.to_string()),
        ("modificationStatus", String::new()),
        ("numberOfInstances", count),
        ("offeringType", reserved.class.clone()),
        ("platform", "Linux/UNIX".to_owned()),
        ("region", key.scope.region.to_string()),
        ("scope", scope.to_owned()),
        ("service", COMPUTE.to_owned()),
        ("sizeFlexibility", if reserved.zone.is_none() { "FlexRI" } else { "NonFlexRI" }.into()),
        ("startDateTime", time(reserved.start)),
        ("subscriptionId", key.id.to_string()),
        ("subscriptionStatus", if reserved.end > now { "Active" } else { "Expired" }.into()),
        ("subscriptionType", reserved.payment.clone()),
        ("tenancy", "Shared".to_owned()),
        ("term", format!("{years}yr")),
    ];
    all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Sums over reservations, each between two moments.
fn aggregates(uses: &[(Use, Time, Time)]) -> ReservationAggregates {
    let sum = |of: &dyn Fn(&(Use, Time, Time)) -> f64| uses.iter().map(of).sum::<f64>();
    let hours = sum(&|(one, ..)| one.hours);
    let used = sum(&|(one, ..)| one.used);
    let units = sum(&|(one, ..)| one.hours * one.reserved.units());
    let used_units = sum(&|(one, ..)| one.used * one.reserved.units());
    let demand = sum(&|(one, ..)| one.demand);
    let recurring = sum(&|(one, ..)| one.hours * one.reserved.hourly);
    let fee = sum(&|(one, ..)| one.hours * one.reserved.effective());
    let spent = sum(&|(one, ..)| one.used * one.reserved.effective());
    let potential = sum(&|(one, from, to)| {
        let price = List::of(&one.key.scope.region).hour(&one.reserved.kind).unwrap_or_default();
        let hours = overlap(&one.reserved, *from, *to) * f64::from(one.reserved.count);
        hours * (price - one.reserved.effective())
    });
    let percent = |part: f64, whole: f64| if whole > 0.0 { part * 100.0 / whole } else { 0.0 };
    let text = |value: f64| Some(number(value));
    ReservationAggregates {
        amortized_recurring_fee: text(recurring),
        amortized_upfront_fee: text(fee - recurring),
        net_ri_savings: text(demand - fee),
        on_demand_cost_of_ri_hours_used: text(demand),
        purchased_hours: text(hours),
        purchased_units: text(units),
        ri_cost_for_unused_hours: text(fee - spent),
        realized_savings: text(demand - spent),
        total_actual_hours: text(used),
        total_actual_units: text(used_units),
        total_amortized_fee: text(fee),
        total_potential_ri_savings: text(potential),
        unrealized_savings: text((potential - (demand - spent)).max(0.0)),
        unused_hours: text(hours - used),
        unused_units: text(units - used_units),
        utilization_percentage: text(percent(used, hours)),
        utilization_percentage_in_units: text(percent(used_units, units)),
    }
}
