//! Tags of hosted zones and health checks.

use crate::model::{HealthCheck, HostedZone, bare, refuse};
use api_route53::{
    ChangeTagsForResourceRequest, ChangeTagsForResourceResponse, ListTagsForResourceRequest,
    ListTagsForResourceResponse, ListTagsForResourcesRequest, ListTagsForResourcesResponse,
    ResourceTagSet, Tag,
};
use region::{Call, Key, Refusal, TAGS_PER_RESOURCE, Tags, serve};

/// docs: API_ChangeTagsForResource
pub(crate) fn change_tags_for_resource(
    call: &mut Call,
    input: ChangeTagsForResourceRequest,
) -> Result<ChangeTagsForResourceResponse, Refusal> {
    serve!(
        call,
        ChangeTagsForResourceRequest { resource_type, resource_id, add_tags, remove_tag_keys } =
            input
    );
    let key = resource(call, &resource_type, &resource_id)?;
    if add_tags.is_none() && remove_tag_keys.is_none() {
        return Err(refuse::input("You must specify AddTags or RemoveTagKeys."));
    }
    let mut tags = Tags::of(call.store(), &key.scope, key.id.as_str());
    for gone in remove_tag_keys.unwrap_or_default() {
        tags.remove(&gone);
    }
    for Tag { key, value } in add_tags.unwrap_or_default() {
        let (name, value) = (key.unwrap_or_default(), value.unwrap_or_default());
        Tags::check(&name, &value).map_err(|refusal| refuse::input(refusal.message))?;
        tags.insert(name, value);
    }
    if tags.len() > TAGS_PER_RESOURCE {
        let message = format!("A resource can have {TAGS_PER_RESOURCE} tags.");
        return Err(refuse::input(message));
    }
    match tags.is_empty() {
        true => call.forget_at::<Tags>(&key),
        false => call.put_at(key, Tags { resource_type, tags }),
    }
    Ok(ChangeTagsForResourceResponse {})
}

/// docs: API_ListTagsForResource
pub(crate) fn list_tags_for_resource(
    call: &mut Call,
    input: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse, Refusal> {
    serve!(call, ListTagsForResourceRequest { resource_type, resource_id } = input);
    let key = resource(call, &resource_type, &resource_id)?;
    Ok(ListTagsForResourceResponse { resource_tag_set: Some(shown(call, &key, &resource_type)) })
}

/// docs: API_ListTagsForResources
pub(crate) fn list_tags_for_resources(
    call: &mut Call,
    input: ListTagsForResourcesRequest,
) -> Result<ListTagsForResourcesResponse, Refusal> {
    serve!(call, ListTagsForResourcesRequest { resource_type, resource_ids } = input);
    let keys = resource_ids.iter().map(|id| resource(call, &resource_type, id));
    let keys = keys.collect::<Result<Vec<_>, Refusal>>()?;
    let sets = keys.iter().map(|key| shown(call, key, &resource_type)).collect();
    Ok(ListTagsForResourcesResponse { resource_tag_sets: Some(sets) })
}

/// The key of a resource that exists, and of its tags.
fn resource(call: &Call, kind: &str, id: &str) -> Result<Key, Refusal> {
    match kind {
        "healthcheck" => HealthCheck::find(call, bare(id)).map(|(key, _)| key),
        _ => HostedZone::find(call, id).map(|(key, _)| key),
    }
}

fn shown(call: &Call, key: &Key, kind: &str) -> ResourceTagSet {
    let tags = Tags::of(call.store(), &key.scope, key.id.as_str()).into_iter();
    let tags = tags.map(|(key, value)| Tag { key: Some(key), value: Some(value) });
    ResourceTagSet {
        resource_type: Some(kind.to_owned()),
        resource_id: Some(key.id.to_string()),
        tags: Some(tags.collect()),
    }
}
