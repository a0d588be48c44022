//! The table of contents: every operation that this room serves.

mod answer;
mod delete;
mod describe;
mod filter;
mod get;
mod history;
mod labels;
mod put_parameter;
mod tags;

use crate::model::{Parameter, Version, version_key};
use region::{Call, Operation, Refusal, listing, operations};
use std::sync::Arc;

/// What is served.
pub(crate) const OPERATIONS: &[Operation] = operations![
    AddTagsToResource => tags::add_tags_to_resource,
    DeleteParameter => delete::delete_parameter,
    DeleteParameters => delete::delete_parameters,
    DescribeParameters => describe::describe_parameters,
    GetParameter => get::get_parameter,
    GetParameterHistory => history::get_parameter_history,
    GetParameters => get::get_parameters,
    GetParametersByPath => get::get_parameters_by_path,
    LabelParameterVersion => labels::label_parameter_version,
    ListTagsForResource => tags::list_tags_for_resource,
    PutParameter => put_parameter::put_parameter,
    RemoveTagsFromResource => tags::remove_tags_from_resource,
    UnlabelParameterVersion => labels::unlabel_parameter_version,
];

/// A version of a parameter that is kept.
fn version(call: &Call, parameter: &Parameter, number: u64) -> Option<Arc<Version>> {
    call.get::<Version>(&version_key(&call.scope, &parameter.name, number))
}

/// One page of a list that is sorted by `name`.
fn page<T>(
    items: Vec<T>,
    name: impl Fn(&T) -> String,
    token: Option<String>,
    max_results: Option<i32>,
    usual: usize,
) -> Result<(Vec<T>, Option<String>), Refusal> {
    let limit = max_results.and_then(|most| usize::try_from(most).ok()).unwrap_or(usual);
    listing::page(items, name, token.as_deref(), Some(limit))
        .map_err(|_| Refusal::new("InvalidNextToken", "The specified token isn't valid."))
}
