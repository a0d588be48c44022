//! AddTagsToResource, RemoveTagsFromResource, ListTagsForResource, of parameters.

use crate::model::{Parameter, plain};
use api_ssm::{
    AddTagsToResourceRequest, AddTagsToResourceResult, ListTagsForResourceRequest,
    ListTagsForResourceResult, RemoveTagsFromResourceRequest, RemoveTagsFromResourceResult, Tag,
};
use region::{Call, Refusal, TAGS_PER_RESOURCE, Tags, serve};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Tags with those that are added.
pub(crate) fn checked(
    present: &BTreeMap<String, String>,
    added: Vec<Tag>,
) -> Result<BTreeMap<String, String>, Refusal> {
    let mut tags = present.clone();
    for Tag { key, value } in added {
        Tags::check(&key, &value).map_err(|bad| crate::model::refuse::validation(bad.message))?;
        tags.insert(key, value);
    }
    if tags.len() > TAGS_PER_RESOURCE {
        let message = "The Targets parameter includes too many tags. Remove one or more tags and \
                       try the command again.";
        return Err(Refusal::new("TooManyTagsError", message));
    }
    Ok(tags)
}

/// The parameter that a request is about; other resources are not here.
fn parameter(call: &Call, kind: &str, id: &str) -> Result<Arc<Parameter>, Refusal> {
    if kind != "Parameter" {
        return Err(Refusal::not_implemented(format!("The resource type {kind}")));
    }
    let found = plain(id, &call.scope).and_then(|name| call.find::<Parameter>(&name));
    found.ok_or_else(|| {
        let message = "The resource ID is not valid. Verify that you entered the correct ID and \
                       try again.";
        Refusal::new("InvalidResourceId", message)
    })
}

/// docs: API_AddTagsToResource
pub(crate) fn add_tags_to_resource(
    call: &mut Call,
    input: AddTagsToResourceRequest,
) -> Result<AddTagsToResourceResult, Refusal> {
    serve!(call, AddTagsToResourceRequest { resource_type, resource_id, tags } = input);
    let found = parameter(call, &resource_type, &resource_id)?;
    let tags = checked(&found.tags, tags)?;
    call.put(&found.name, Parameter { tags, ..(*found).clone() });
    Ok(AddTagsToResourceResult::default())
}

/// docs: API_RemoveTagsFromResource
pub(crate) fn remove_tags_from_resource(
    call: &mut Call,
    input: RemoveTagsFromResourceRequest,
) -> Result<RemoveTagsFromResourceResult, Refusal> {
    serve!(call, RemoveTagsFromResourceRequest { resource_type, resource_id, tag_keys } = input);
    let found = parameter(call, &resource_type, &resource_id)?;
    let mut changed = (*found).clone();
    changed.tags.retain(|key, _| !tag_keys.contains(key));
    call.put(&found.name, changed);
    Ok(RemoveTagsFromResourceResult::default())
}

/// docs: API_ListTagsForResource
pub(crate) fn list_tags_for_resource(
    call: &mut Call,
    input: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResult, Refusal> {
    serve!(call, ListTagsForResourceRequest { resource_type, resource_id } = input);
    let found = parameter(call, &resource_type, &resource_id)?;
    let tag = |(key, value): (&String, &String)| Tag { key: key.clone(), value: value.clone() };
    Ok(ListTagsForResourceResult { tag_list: Some(found.tags.iter().map(tag).collect()) })
}
