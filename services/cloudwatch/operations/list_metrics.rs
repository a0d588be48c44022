//! ListMetrics: which metrics there are.

use super::query;
use crate::model::refuse;
use api_cloudwatch::{DimensionFilter, ListMetricsInput, ListMetricsOutput};
use region::meter::{self, Metric, Metrics};
use region::{Call, Refusal, serve};
use world::Span;

/// A page. docs: API_ListMetrics
const PAGE: usize = 500;

/// Metrics without values for so long are not listed.
const LISTED: Span = Span::seconds(14 * 24 * 3600);

/// RecentlyActive `PT3H`.
const RECENT: Span = Span::seconds(3 * 3600);

/// docs: API_ListMetrics
pub fn list_metrics(
    call: &mut Call,
    input: ListMetricsInput,
) -> Result<ListMetricsOutput, Refusal> {
    serve!(call, ListMetricsInput {
        namespace, metric_name, dimensions, next_token, recently_active, owning_account
    } unheeded { include_linked_accounts } = input);
    if owning_account.as_deref().is_some_and(|account| *account != *call.scope.account) {
        return Err(Refusal::not_implemented("The parameter OwningAccount of another account"));
    }
    let age = if recently_active.is_some() { RECENT } else { LISTED };
    let since = call.now - age;
    let skip = match next_token.as_deref() {
        None | Some("") => 0,
        Some(token) => token
            .strip_prefix("m1")
            .and_then(|digits| digits.parse::<usize>().ok())
            .ok_or_else(|| refuse::value(next_token.as_deref().unwrap_or_default(), "NextToken"))?,
    };
    let filters = dimensions.unwrap_or_default();
    let fits = |metric: &Metric| filters.iter().all(|filter| fits(filter, metric));
    let metrics = call.plane::<Metrics>(&meter::key(&call.scope));
    let mut found: Vec<&Metric> = metrics
        .into_iter()
        .flat_map(|metrics| metrics.list(namespace.as_deref(), metric_name.as_deref()))
        .filter(|(metric, newest)| *newest >= since && fits(metric))
        .map(|(metric, _)| metric)
        .collect();
    // A metric in two units is listed once.
    found.dedup();
    let page: Vec<_> = found.iter().skip(skip).take(PAGE).map(|one| query::metric(one)).collect();
    let next_token = (skip + PAGE < found.len()).then(|| format!("m1{}", skip + PAGE));
    Ok(ListMetricsOutput { metrics: Some(page), next_token, owning_accounts: None })
}

fn fits(filter: &DimensionFilter, metric: &Metric) -> bool {
    let value = metric.dimensions.get(&filter.name);
    value.is_some_and(|value| filter.value.as_ref().is_none_or(|wanted| wanted == value))
}
