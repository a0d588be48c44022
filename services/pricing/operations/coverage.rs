//! GetReservationCoverage: how much of what ran is paid by reservations.

use super::costs::number;
use super::dimension::dimension;
use super::expression::Filter;
use super::period::{Part, parts};
use crate::model::bill::{Charge, Line, lines};
use crate::model::prices::List;
use api_ce::{
    Coverage, CoverageByTime, CoverageCost, CoverageHours, CoverageNormalizedUnits,
    GetReservationCoverageRequest, GetReservationCoverageResponse, GroupDefinition,
    ReservationCoverageGroup,
};
use region::{Call, Refusal, serve};
use std::collections::BTreeMap;

/// By what coverage can be grouped, and how the answer names it. docs: API_GetReservationCoverage
const GROUPS: &[(&str, &str)] = &[
    ("AZ", "availabilityZone"),
    ("INSTANCE_TYPE", "instanceType"),
    ("LINKED_ACCOUNT", "linkedAccount"),
    ("PLATFORM", "platform"),
    ("REGION", "region"),
    ("TENANCY", "tenancy"),
];
/// What can be asked for.
const METRICS: &[&str] = &["Cost", "Hour", "Unit"];

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationException", message.into())
}

/// docs: API_GetReservationCoverage
pub(super) fn get_reservation_coverage(
    call: &mut Call,
    input: GetReservationCoverageRequest,
) -> Result<GetReservationCoverageResponse, Refusal> {
    serve!(
        call,
        GetReservationCoverageRequest { filter, granularity, group_by, metrics, time_period }
            unheeded { max_results } = input
    );
    let filter = filter.map(|one| Filter::read(call, one)).transpose()?;
    let metrics = metrics.unwrap_or_else(|| vec!["Hour".to_owned()]);
    if let Some(metric) = metrics.iter().find(|one| !METRICS.contains(&one.as_str())) {
        return Err(invalid(format!("Invalid metric: {metric}. Valid are {}", METRICS.join(", "))));
    }
    let mut groups = Vec::new();
    for group in group_by.unwrap_or_default() {
        serve!(call, GroupDefinition { key, r#type } = group);
        let known = GROUPS.iter().find(|(name, _)| Some(*name) == key.as_deref());
        let known = known.filter(|_| r#type.is_none_or(|kind| kind == "DIMENSION"));
        let message = || format!("Coverage cannot be grouped by {}", key.unwrap_or_default());
        groups.push(*known.ok_or_else(|| invalid(message()))?);
    }
    if !groups.is_empty() && granularity.is_some() {
        return Err(invalid("Granularity cannot be set when GroupBy is"));
    }
    let cut = match &granularity {
        _ if !groups.is_empty() => parts(&time_period, "WHOLE")?,
        Some(granularity) => parts(&time_period, granularity)?,
        None => parts(&time_period, "MONTHLY")?,
    };
    let account = call.scope.account.to_string();
    let (mut all, mut times) = (Vec::new(), Vec::new());
    for Part { shown, from, to } in cut {
        let mut found = lines(&call.view(), &account, from, to);
        found.retain(|line| line.key.starts_with("BoxUsage:"));
        found.retain(|line| filter.as_ref().is_none_or(|one| one.passes(&account, line)));
        let mut by: BTreeMap<Vec<String>, Vec<Line>> = BTreeMap::new();
        for line in found.iter().filter(|_| !groups.is_empty()) {
            let key = groups.iter().map(|(name, _)| dimension(name, &account, line)).collect();
            by.entry(key).or_default().push(line.clone());
        }
        let group = |(values, lines): (Vec<String>, Vec<Line>)| {
            let names = groups.iter().map(|(_, name)| (*name).to_owned());
            ReservationCoverageGroup {
                attributes: Some(names.zip(values).collect()),
                coverage: Some(coverage(&lines, &metrics)),
            }
        };
        times.push(CoverageByTime {
            groups: Some(by.into_iter().map(group).collect()),
            time_period: Some(shown),
            total: Some(coverage(&found, &metrics)),
        });
        all.extend(found);
    }
    Ok(GetReservationCoverageResponse {
        coverages_by_time: Some(times),
        next_page_token: None,
        total: Some(coverage(&all, &metrics)),
    })
}

fn coverage(lines: &[Line], metrics: &[String]) -> Coverage {
    let reserved = |line: &&Line| line.charge == Charge::Covered;
    let sum = |of: fn(&Line) -> f64| -> [f64; 2] {
        let all: f64 = lines.iter().map(of).sum();
        [all, lines.iter().filter(reserved).map(of).sum()]
    };
    let ([all, some], [all_units, some_units]) =
        (sum(|line| line.quantity), sum(|line| line.quantity * line.units()));
    let percent = |part: f64, whole: f64| if whole > 0.0 { part * 100.0 / whole } else { 0.0 };
    let text = |value: f64| Some(number(value));
    let on_demand = |line: &Line| {
        let kind = line.instance_type.as_deref().unwrap_or_default();
        line.quantity * List::of(&line.region).hour(kind).unwrap_or_default()
    };
    let cost: f64 = lines.iter().filter(|line| !reserved(line)).map(on_demand).sum();
    let wants = |metric: &str| metrics.iter().any(|one| one == metric);
    Coverage {
        coverage_cost: wants("Cost").then(|| CoverageCost { on_demand_cost: text(cost) }),
        coverage_hours: wants("Hour").then(|| CoverageHours {
            coverage_hours_percentage: text(percent(some, all)),
            on_demand_hours: text(all - some),
            reserved_hours: text(some),
            total_running_hours: text(all),
        }),
        coverage_normalized_units: wants("Unit").then(|| CoverageNormalizedUnits {
            coverage_normalized_units_percentage: text(percent(some_units, all_units)),
            on_demand_normalized_units: text(all_units - some_units),
            reserved_normalized_units: text(some_units),
            total_running_normalized_units: text(all_units),
        }),
    }
}
