//! GetDimensionValues, GetTags.

use super::dimension::{dimension as value_of, known};
use super::expression::Filter;
use super::period::whole;
use crate::model::bill::{Line, lines};
use api_ce::{
    DateInterval, DimensionValuesWithAttributes, Expression, GetDimensionValuesRequest,
    GetDimensionValuesResponse, GetTagsRequest, GetTagsResponse,
};
use region::{Call, Refusal, listing, serve};
use std::collections::BTreeSet;

fn filtered(
    call: &mut Call,
    period: &DateInterval,
    filter: Option<Expression>,
) -> Result<Vec<Line>, Refusal> {
    let (from, to) = whole(period)?;
    let filter = filter.map(|one| Filter::read(call, one)).transpose()?;
    let account = call.scope.account.to_string();
    let mut all = lines(&call.view(), &account, from, to);
    all.retain(|line| filter.as_ref().is_none_or(|one| one.passes(&account, line)));
    Ok(all)
}

/// Values in an answer at most. docs: API_GetDimensionValues, MaxResults.
const PAGE: usize = 1_000;

/// One page of values, which are in order.
fn page(
    values: Vec<String>,
    token: Option<String>,
    most: Option<i32>,
) -> Result<(Vec<String>, Option<String>), Refusal> {
    let most = most.and_then(|most| usize::try_from(most).ok()).unwrap_or(PAGE);
    listing::page(values, Clone::clone, token.as_deref(), Some(most.clamp(1, PAGE)))
        .map_err(|_| Refusal::new("InvalidNextTokenException", "Invalid next page token."))
}

fn searched(values: BTreeSet<String>, part: Option<&str>) -> Vec<String> {
    let wanted = |value: &String| part.is_none_or(|part| value.contains(part));
    values.into_iter().filter(wanted).collect()
}

/// docs: API_GetDimensionValues
pub(super) fn get_dimension_values(
    call: &mut Call,
    input: GetDimensionValuesRequest,
) -> Result<GetDimensionValuesResponse, Refusal> {
    serve!(
        call,
        GetDimensionValuesRequest {
            dimension,
            filter,
            max_results,
            next_page_token,
            search_string,
            time_period,
        } unheeded { context } = input
    );
    known(&dimension)?;
    let account = call.scope.account.to_string();
    let all = filtered(call, &time_period, filter)?;
    let values = all.iter().map(|line| value_of(&dimension, &account, line)).collect();
    let values = searched(values, search_string.as_deref());
    let total_size = i32::try_from(values.len()).ok();
    let (values, next_page_token) = page(values, next_page_token, max_results)?;
    let return_size = i32::try_from(values.len()).ok();
    let shown = |value: String| DimensionValuesWithAttributes {
        attributes: Some(Default::default()),
        value: Some(value),
    };
    Ok(GetDimensionValuesResponse {
        dimension_values: Some(values.into_iter().map(shown).collect()),
        next_page_token,
        return_size,
        total_size,
    })
}

/// docs: API_GetTags
pub(super) fn get_tags(call: &mut Call, input: GetTagsRequest) -> Result<GetTagsResponse, Refusal> {
    serve!(
        call,
        GetTagsRequest {
            filter,
            max_results,
            next_page_token,
            search_string,
            tag_key,
            time_period,
        } = input
    );
    let all = filtered(call, &time_period, filter)?;
    let values = match &tag_key {
        Some(key) => all.iter().filter_map(|line| line.tags.get(key).cloned()).collect(),
        None => all.iter().flat_map(|line| line.tags.keys().cloned()).collect(),
    };
    let tags = searched(values, search_string.as_deref());
    let total_size = i32::try_from(tags.len()).ok();
    let (tags, next_page_token) = page(tags, next_page_token, max_results)?;
    let return_size = i32::try_from(tags.len()).ok();
    Ok(GetTagsResponse { next_page_token, return_size, tags: Some(tags), total_size })
}
