//! Tags of topics.

use crate::model::Topic;
use crate::model::topic::key;
use api_sns::{
    ListTagsForResourceRequest, ListTagsForResourceResponse, Tag, TagResourceRequest,
    TagResourceResponse, UntagResourceRequest, UntagResourceResponse,
};
use region::{Call, Key, Refusal, TAGS_PER_RESOURCE, Tags, serve};
use std::collections::BTreeMap;

/// Tags as a call gives them, checked.
pub(super) fn given(tags: Vec<Tag>) -> Result<BTreeMap<String, String>, Refusal> {
    tags.iter().try_for_each(|tag| Tags::check(&tag.key, &tag.value))?;
    Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
}

fn find(call: &Call, arn: &str) -> Result<(Key, Topic), Refusal> {
    let key = key(arn).filter(|key| key.scope == call.scope);
    let found = key.and_then(|key| Some((key.clone(), (*call.get::<Topic>(&key)?).clone())));
    found.ok_or_else(|| Refusal::new("ResourceNotFound", "Resource does not exist"))
}

/// docs: API_TagResource
pub fn tag_resource(
    call: &mut Call,
    input: TagResourceRequest,
) -> Result<TagResourceResponse, Refusal> {
    serve!(call, TagResourceRequest { resource_arn, tags } = input);
    let (key, mut topic) = find(call, &resource_arn)?;
    topic.tags.extend(given(tags)?);
    if topic.tags.len() > TAGS_PER_RESOURCE {
        let message = "Could not complete request: tag quota of per resource exceeded";
        return Err(Refusal::new("TagLimitExceeded", message));
    }
    call.put_at(key, topic);
    Ok(TagResourceResponse::default())
}

/// docs: API_UntagResource
pub fn untag_resource(
    call: &mut Call,
    input: UntagResourceRequest,
) -> Result<UntagResourceResponse, Refusal> {
    serve!(call, UntagResourceRequest { resource_arn, tag_keys } = input);
    let (key, mut topic) = find(call, &resource_arn)?;
    topic.tags.retain(|name, _| !tag_keys.contains(name));
    call.put_at(key, topic);
    Ok(UntagResourceResponse::default())
}

/// docs: API_ListTagsForResource
pub fn list_tags_for_resource(
    call: &mut Call,
    input: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse, Refusal> {
    serve!(call, ListTagsForResourceRequest { resource_arn } = input);
    let (_, topic) = find(call, &resource_arn)?;
    let tags = topic.tags.into_iter().map(|(key, value)| Tag { key, value });
    Ok(ListTagsForResourceResponse { tags: Some(tags.collect()) })
}
