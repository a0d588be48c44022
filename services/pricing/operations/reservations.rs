//! GetReservationPurchaseRecommendation: which instances run so steadily that reserving them
//! would be cheaper, and by how much.

use super::costs::number;
use crate::model::Run;
use crate::model::bill::crowd;
use crate::model::prices::{List, REGIONS, units};
use crate::model::service::COMPUTE;
use api_ce::{
    EC2InstanceDetails, GetReservationPurchaseRecommendationRequest,
    GetReservationPurchaseRecommendationResponse, InstanceDetails,
    ReservationPurchaseRecommendation, ReservationPurchaseRecommendationDetail,
    ReservationPurchaseRecommendationMetadata, ReservationPurchaseRecommendationSummary,
};
use api_pricing::reserved::Terms;
use region::{Call, Refusal, serve};
use shape::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use world::{Span, Time};

/// A month of AWS's price pages, in hours.
const MONTH: f64 = 730.0;

/// What is asked: for how long, how it is paid, and how far back it looks.
struct Asked {
    years: u32,
    payment: &'static str,
    since: Time,
}

/// docs: API_GetReservationPurchaseRecommendation
pub(super) fn get_recommendation(
    call: &mut Call,
    input: GetReservationPurchaseRecommendationRequest,
) -> Result<GetReservationPurchaseRecommendationResponse, Refusal> {
    serve!(
        call,
        GetReservationPurchaseRecommendationRequest {
            lookback_period_in_days,
            payment_option,
            service,
            term_in_years,
        } unheeded { account_scope, page_size } = input
    );
    if service != COMPUTE {
        return Err(Refusal::not_implemented(format!("Reservations of {service}")));
    }
    let back = lookback_period_in_days.as_deref().unwrap_or("SEVEN_DAYS");
    let term = term_in_years.as_deref().unwrap_or("ONE_YEAR");
    let option = payment_option.as_deref().unwrap_or("NO_UPFRONT");
    let days = match back {
        "SIXTY_DAYS" => 60,
        "THIRTY_DAYS" => 30,
        _ => 7,
    };
    let payment = match option {
        "NO_UPFRONT" => "No Upfront",
        "PARTIAL_UPFRONT" => "Partial Upfront",
        "ALL_UPFRONT" => "All Upfront",
        other => return Err(Refusal::not_implemented(format!("The payment option {other}"))),
    };
    let years = if term == "THREE_YEARS" { 3 } else { 1 };
    let since = Time(call.now.0.saturating_sub(Span::seconds(days * 86_400).0));
    let details = details(call, &Asked { years, payment, since });
    let sum = |pick: fn(&ReservationPurchaseRecommendationDetail) -> &Option<String>| -> f64 {
        details.iter().filter_map(|one| pick(one).as_ref()?.parse::<f64>().ok()).sum()
    };
    let saved = sum(|one| &one.estimated_monthly_savings_amount);
    let spent = sum(|one| &one.estimated_monthly_on_demand_cost);
    let share = if spent > 0.0 { saved * 100.0 / spent } else { 0.0 };
    let summary = ReservationPurchaseRecommendationSummary {
        currency_code: Some("USD".to_owned()),
        total_estimated_monthly_savings_amount: Some(number(saved)),
        total_estimated_monthly_savings_percentage: Some(number(share)),
    };
    let recommendation = ReservationPurchaseRecommendation {
        account_scope: Some("PAYER".to_owned()),
        lookback_period_in_days: Some(back.to_owned()),
        payment_option: Some(option.to_owned()),
        recommendation_details: Some(details),
        recommendation_summary: Some(summary),
        service_specification: None,
        term_in_years: Some(term.to_owned()),
    };
    let millis = call.now.millis() as i64;
    Ok(GetReservationPurchaseRecommendationResponse {
        metadata: Some(ReservationPurchaseRecommendationMetadata {
            additional_metadata: None,
            generation_timestamp: Some(Timestamp(millis).iso8601()),
            recommendation_id: Some(call.request_id.clone()),
        }),
        next_page_token: None,
        recommendations: Some(vec![recommendation]),
    })
}

fn details(call: &Call, terms: &Asked) -> Vec<ReservationPurchaseRecommendationDetail> {
    let mut by_region: BTreeMap<&str, Vec<&Run>> = BTreeMap::new();
    for (key, run) in call.store().all::<Run>() {
        if key.scope.account == call.scope.account && REGIONS.contains(&&*key.scope.region) {
            by_region.entry(&key.scope.region).or_default().push(run);
        }
    }
    let mut details = Vec::new();
    for (region, runs) in by_region {
        let list = List::of(region);
        let spans = runs.iter().flat_map(|run| &run.spans);
        let kinds: BTreeSet<&str> =
            spans.filter_map(|one| one.item.key.strip_prefix("BoxUsage:")).collect();
        for kind in kinds {
            let hours = crowd(&runs, kind, terms.since, call.now);
            details.extend(detail(call, &list, (region, kind), &hours, terms));
        }
    }
    details
}

/// How many of one type are worth it: those that run a larger share of the time than they cost of
/// the price on demand.
fn detail(
    call: &Call,
    list: &List,
    (region, kind): (&str, &str),
    hours: &BTreeMap<usize, f64>,
    terms: &Asked,
) -> Option<ReservationPurchaseRecommendationDetail> {
    let (price, _) = list.price(&format!("BoxUsage:{kind}"))?;
    let fees = list.fees(kind, Terms::find(terms.years, "standard", terms.payment)?)?;
    let months = 12.0 * f64::from(terms.years);
    let hour = fees.upfront / (months * MONTH) + fees.hourly;
    let share = hour / price;
    let all: f64 = hours.values().sum();
    let busy = |number: usize| -> f64 {
        let at_least = hours.range(number..).map(|(_, hours)| hours).sum::<f64>();
        if all > 0.0 { at_least / all } else { 0.0 }
    };
    let count = (1..).take_while(|number| busy(*number) > share).count();
    if count == 0 {
        return None;
    }
    let used: f64 = (1..=count).map(busy).sum();
    let demand = used * price * MONTH;
    let reserved = count as f64 * hour * MONTH;
    let saved = demand - reserved;
    let average: f64 = hours.iter().map(|(n, hours)| *n as f64 * hours).sum::<f64>() / all;
    let (family, size) = kind.split_once('.')?;
    let normal = units(size)?;
    let upfront = count as f64 * fees.upfront;
    let monthly = count as f64 * fees.hourly * MONTH;
    let text = |value: f64| Some(number(value));
    let (least, most) = (hours.keys().min(), hours.keys().max());
    let edge = |edge: Option<&usize>| edge.map_or(0.0, |edge| *edge as f64);
    Some(ReservationPurchaseRecommendationDetail {
        account_id: Some(call.scope.account.to_string()),
        average_normalized_units_used_per_hour: text(average * normal),
        average_number_of_instances_used_per_hour: text(average),
        average_utilization: text(used * 100.0 / count as f64),
        currency_code: Some("USD".to_owned()),
        estimated_break_even_in_months: text(if saved > 0.0 { upfront / saved } else { 0.0 }),
        estimated_monthly_on_demand_cost: text(demand),
        estimated_monthly_savings_amount: text(saved),
        estimated_monthly_savings_percentage: text(saved * 100.0 / demand),
        instance_details: Some(InstanceDetails {
            ec2_instance_details: Some(EC2InstanceDetails {
                availability_zone: None,
                current_generation: Some(true),
                family: Some(family.to_owned()),
                instance_type: Some(kind.to_owned()),
                platform: Some("Linux/UNIX".to_owned()),
                region: Some(region.to_owned()),
                size_flex_eligible: Some(true),
                tenancy: Some("Shared".to_owned()),
            }),
            ..Default::default()
        }),
        maximum_normalized_units_used_per_hour: text(edge(most) * normal),
        maximum_number_of_instances_used_per_hour: text(edge(most)),
        minimum_normalized_units_used_per_hour: text(edge(least) * normal),
        minimum_number_of_instances_used_per_hour: text(edge(least)),
        recommended_normalized_units_to_purchase: text(count as f64 * normal),
        recommended_number_of_instances_to_purchase: Some(count.to_string()),
        recurring_standard_monthly_cost: text(monthly),
        upfront_cost: text(upfront),
        ..Default::default()
    })
}
