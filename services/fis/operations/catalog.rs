//! ListActions, GetAction, ListTargetResourceTypes, GetTargetResourceType.

use super::{missing, page};
use crate::model::catalog::{ACTIONS, Kind, TARGETS, action};
use api_fis::{
    Action, ActionParameter, ActionSummary, ActionTarget, GetActionRequest, GetActionResponse,
    GetTargetResourceTypeRequest, GetTargetResourceTypeResponse, ListActionsRequest,
    ListActionsResponse, ListTargetResourceTypesRequest, ListTargetResourceTypesResponse,
    TargetResourceType, TargetResourceTypeParameter, TargetResourceTypeSummary,
};
use region::{Call, Refusal, Scope, serve};
use std::collections::BTreeMap;

fn arn(scope: &Scope, kind: &Kind) -> String {
    // Actions belong to AWS, so their ARNs carry no account.
    format!("arn:aws:fis:{}::action/{}", scope.region, kind.id)
}

fn targets(kind: &Kind) -> Option<BTreeMap<String, ActionTarget>> {
    let one = |(role, kind): (&str, &str)| {
        (role.to_owned(), ActionTarget { resource_type: Some(kind.to_owned()) })
    };
    kind.target.map(|target| BTreeMap::from([one(target)]))
}

/// docs: API_GetAction
pub(super) fn get_action(
    call: &mut Call,
    input: GetActionRequest,
) -> Result<GetActionResponse, Refusal> {
    serve!(call, GetActionRequest { id } = input);
    let kind = action(&id).ok_or_else(|| missing("Action", &id))?;
    let parameters = kind.parameters.iter().map(|(name, required, text)| {
        let description = Some((*text).to_owned());
        ((*name).to_owned(), ActionParameter { description, required: Some(*required) })
    });
    let parameters = Some(parameters.collect()).filter(|all: &BTreeMap<_, _>| !all.is_empty());
    let action = Action {
        arn: Some(arn(&call.scope, kind)),
        description: Some(kind.description.to_owned()),
        id: Some(kind.id.to_owned()),
        parameters,
        tags: Some(BTreeMap::new()),
        targets: targets(kind),
    };
    Ok(GetActionResponse { action: Some(action) })
}

/// docs: API_ListActions
pub(super) fn list_actions(
    call: &mut Call,
    input: ListActionsRequest,
) -> Result<ListActionsResponse, Refusal> {
    serve!(call, ListActionsRequest { max_results, next_token } = input);
    let all = ACTIONS.iter().collect();
    let (kinds, next_token) =
        page(all, |kind: &&Kind| kind.id.to_owned(), next_token, max_results)?;
    let summary = |kind: &Kind| ActionSummary {
        arn: Some(arn(&call.scope, kind)),
        description: Some(kind.description.to_owned()),
        id: Some(kind.id.to_owned()),
        tags: Some(BTreeMap::new()),
        targets: targets(kind),
    };
    let actions = Some(kinds.into_iter().map(summary).collect());
    Ok(ListActionsResponse { actions, next_token })
}

/// docs: API_GetTargetResourceType
pub(super) fn get_target(
    call: &mut Call,
    input: GetTargetResourceTypeRequest,
) -> Result<GetTargetResourceTypeResponse, Refusal> {
    serve!(call, GetTargetResourceTypeRequest { resource_type } = input);
    let found = TARGETS.iter().find(|(name, ..)| *name == resource_type);
    let (name, text, parameters) =
        found.ok_or_else(|| missing("Target resource type", &resource_type))?;
    let parameter = |(name, text): &(&str, &str)| {
        let description = Some((*text).to_owned());
        let (required, name) = (Some(false), (*name).to_owned());
        (name, TargetResourceTypeParameter { description, required })
    };
    let shown = TargetResourceType {
        description: Some((*text).to_owned()),
        parameters: Some(parameters.iter().map(parameter).collect()),
        resource_type: Some((*name).to_owned()),
    };
    Ok(GetTargetResourceTypeResponse { target_resource_type: Some(shown) })
}

/// docs: API_ListTargetResourceTypes
pub(super) fn list_targets(
    call: &mut Call,
    input: ListTargetResourceTypesRequest,
) -> Result<ListTargetResourceTypesResponse, Refusal> {
    serve!(call, ListTargetResourceTypesRequest { max_results, next_token } = input);
    let mut all: Vec<(&str, &str)> = TARGETS.iter().map(|(name, text, _)| (*name, *text)).collect();
    all.sort_unstable();
    let (kinds, next_token) = page(all, |(name, _)| (*name).to_owned(), next_token, max_results)?;
    let summary = |(name, text): (&str, &str)| TargetResourceTypeSummary {
        description: Some(text.to_owned()),
        resource_type: Some(name.to_owned()),
    };
    let target_resource_types = Some(kinds.into_iter().map(summary).collect());
    Ok(ListTargetResourceTypesResponse { target_resource_types, next_token })
}
