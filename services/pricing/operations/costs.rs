//! GetCostAndUsage.

use super::dimension::{dimension, known};
use super::expression::Filter;
use super::period::{self, parts};
use crate::model::bill::{Line, lines};
use api_ce::{
    GetCostAndUsageRequest, GetCostAndUsageResponse, Group, GroupDefinition, MetricValue,
    ResultByTime,
};
use region::{Call, Refusal, serve};
use std::collections::BTreeMap;

/// What can be asked for, and what of a line that is. One account: blended is unblended; and
/// nobody has a discount besides reservations: net is gross.
const METRICS: &[(&str, Part)] = &[
    ("AmortizedCost", |line| line.amortized),
    ("BlendedCost", |line| line.cost),
    ("NetAmortizedCost", |line| line.amortized),
    ("NetUnblendedCost", |line| line.cost),
    ("NormalizedUsageAmount", |line| line.quantity * line.units()),
    ("UnblendedCost", |line| line.cost),
    ("UsageQuantity", |line| line.quantity),
];
type Part = fn(&Line) -> f64;
/// Groups in an answer at most; more come in further pages.
const PAGE: usize = 5_000;

/// docs: API_GetCostAndUsage
pub(super) fn get_cost_and_usage(
    call: &mut Call,
    input: GetCostAndUsageRequest,
) -> Result<GetCostAndUsageResponse, Refusal> {
    serve!(
        call,
        GetCostAndUsageRequest {
            filter,
            granularity,
            group_by,
            metrics,
            next_page_token,
            time_period,
        } = input
    );
    if metrics.is_empty() {
        return Err(Refusal::new("ValidationException", "At least one metric must be specified"));
    }
    if let Some(metric) = metrics.iter().find(|one| !METRICS.iter().any(|(name, _)| name == one)) {
        let known: Vec<&str> = METRICS.iter().map(|(name, _)| *name).collect();
        let message = format!("Invalid metric: {metric}. Valid are {}", known.join(", "));
        return Err(Refusal::new("ValidationException", message));
    }
    let filter = filter.map(|one| Filter::read(call, one)).transpose()?;
    let mut keys = Vec::new();
    for group in group_by.clone().unwrap_or_default() {
        serve!(call, GroupDefinition { key, r#type } = group);
        keys.push(group_key(r#type.as_deref(), key)?);
    }
    if keys.len() > 2 {
        let message = "At most two groups can be asked for";
        return Err(Refusal::new("ValidationException", message));
    }
    let account = call.scope.account.to_string();
    let mut results = Vec::new();
    let (mut size, mut next) = (0, None);
    let begin = page(next_page_token.as_deref())?;
    for (at, part) in parts(&time_period, &granularity)?.into_iter().enumerate().skip(begin) {
        if size >= PAGE {
            next = Some(format!("p{at}"));
            break;
        }
        let period::Part { shown, from, to } = part;
        let mut all = lines(&call.view(), &account, from, to);
        all.retain(|line| filter.as_ref().is_none_or(|one| one.passes(&account, line)));
        let (total, groups) = match keys.is_empty() {
            true => (sums(&all, &metrics), Vec::new()),
            false => (BTreeMap::new(), grouped(&all, &keys, &account, &metrics)),
        };
        size += groups.len();
        results.push(ResultByTime {
            estimated: Some(true),
            groups: Some(groups),
            time_period: Some(shown),
            total: Some(total),
        });
    }
    Ok(GetCostAndUsageResponse {
        dimension_value_attributes: Some(Vec::new()),
        group_definitions: group_by,
        next_page_token: next,
        results_by_time: Some(results),
    })
}

/// The number of the part with which a page begins.
fn page(token: Option<&str>) -> Result<usize, Refusal> {
    let Some(token) = token else { return Ok(0) };
    let number = token.strip_prefix('p').and_then(|number| number.parse().ok());
    number.ok_or_else(|| Refusal::new("InvalidNextTokenException", "Invalid next page token."))
}

/// By what lines are put together.
pub(super) enum By {
    Dimension(String),
    Tag(String),
}

pub(super) fn group_key(kind: Option<&str>, key: Option<String>) -> Result<By, Refusal> {
    let key = key.unwrap_or_default();
    match kind.unwrap_or("DIMENSION") {
        "DIMENSION" => {
            known(&key)?;
            Ok(By::Dimension(key))
        }
        "TAG" => Ok(By::Tag(key)),
        other => Err(Refusal::not_implemented(format!("Groups by {other}"))),
    }
}

fn grouped(lines: &[Line], keys: &[By], account: &str, metrics: &[String]) -> Vec<Group> {
    let mut groups: BTreeMap<Vec<String>, Vec<Line>> = BTreeMap::new();
    for line in lines {
        let key = |by: &By| match by {
            By::Dimension(name) => dimension(name, account, line),
            // docs: API_GetCostAndUsage: the key, a dollar sign, the value.
            By::Tag(name) => {
                format!("{name}${}", line.tags.get(name).cloned().unwrap_or_default())
            }
        };
        groups.entry(keys.iter().map(key).collect()).or_default().push(line.clone());
    }
    let group = |(keys, lines): (Vec<String>, Vec<Line>)| Group {
        keys: Some(keys),
        metrics: Some(sums(&lines, metrics)),
    };
    groups.into_iter().map(group).collect()
}

fn sums(lines: &[Line], metrics: &[String]) -> BTreeMap<String, MetricValue> {
    let one = |name: &String| {
        let money = name.ends_with("Cost");
        let part = METRICS.iter().find(|(known, _)| known == name).map(|(_, part)| part);
        let amount: f64 = part.map_or(0.0, |part| lines.iter().map(part).sum());
        let mut units: Vec<&str> = lines.iter().map(|line| line.unit.as_str()).collect();
        units.sort_unstable();
        units.dedup();
        let unit = match (money, units.as_slice()) {
            (true, _) => "USD",
            (false, [one]) => one,
            (false, _) => "N/A",
        };
        let value = MetricValue { amount: Some(number(amount)), unit: Some(unit.to_owned()) };
        (name.clone(), value)
    };
    metrics.iter().map(one).collect()
}

/// Ten digits, as Cost Explorer writes them.
pub(super) fn number(value: f64) -> String {
    // An empty sum is minus zero.
    let text = format!("{:.10}", value + 0.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text.is_empty() { "0".to_owned() } else { text.to_owned() }
}
