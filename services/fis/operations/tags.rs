//! TagResource, UntagResource, ListTagsForResource, of templates and experiments.

use super::{invalid, missing};
use crate::model::{Experiment, Template, Words, id_of};
use api_fis::{
    ListTagsForResourceRequest, ListTagsForResourceResponse, TagResourceRequest,
    TagResourceResponse, UntagResourceRequest, UntagResourceResponse,
};
use region::{Call, Refusal, TAGS_PER_RESOURCE, Tags, serve};

/// Tags as they may be.
pub(super) fn checked(tags: Words) -> Result<Words, Refusal> {
    for (key, value) in &tags {
        Tags::check(key, value).map_err(|bad| invalid(bad.message))?;
    }
    if tags.len() > TAGS_PER_RESOURCE {
        return Err(invalid("A resource can have at most 50 tags."));
    }
    Ok(tags)
}

fn change(call: &mut Call, arn: &str, change: impl FnOnce(&mut Words)) -> Result<Words, Refusal> {
    let id = id_of(arn);
    if let Some(found) = call.find::<Template>(id.as_str()) {
        let mut found = (*found).clone();
        change(&mut found.tags);
        let tags = checked(found.tags.clone())?;
        call.put(id, found);
        return Ok(tags);
    }
    let found = call.find::<Experiment>(id.as_str()).ok_or_else(|| missing("Resource", arn))?;
    let mut found = (*found).clone();
    change(&mut found.tags);
    let tags = checked(found.tags.clone())?;
    call.put(id, found);
    Ok(tags)
}

/// docs: API_TagResource
pub(super) fn tag(
    call: &mut Call,
    input: TagResourceRequest,
) -> Result<TagResourceResponse, Refusal> {
    serve!(call, TagResourceRequest { resource_arn, tags } = input);
    change(call, &resource_arn, |present| present.extend(tags))?;
    Ok(TagResourceResponse::default())
}

/// docs: API_UntagResource
pub(super) fn untag(
    call: &mut Call,
    input: UntagResourceRequest,
) -> Result<UntagResourceResponse, Refusal> {
    serve!(call, UntagResourceRequest { resource_arn, tag_keys } = input);
    let keys = tag_keys.unwrap_or_default();
    change(call, &resource_arn, |present| present.retain(|key, _| !keys.contains(key)))?;
    Ok(UntagResourceResponse::default())
}

/// docs: API_ListTagsForResource
pub(super) fn list(
    call: &mut Call,
    input: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse, Refusal> {
    serve!(call, ListTagsForResourceRequest { resource_arn } = input);
    Ok(ListTagsForResourceResponse { tags: Some(change(call, &resource_arn, |_| {})?) })
}
