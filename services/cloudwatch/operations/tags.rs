//! Tags of alarms.

use crate::model::{Alarm, refuse};
use api_cloudwatch::{
    ListTagsForResourceInput, ListTagsForResourceOutput, Tag, TagResourceInput, TagResourceOutput,
    UntagResourceInput, UntagResourceOutput,
};
use region::{Arn, Call, Refusal, TAGS_PER_RESOURCE, Tags, serve};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Tags as a call gives them, checked.
pub(super) fn given(tags: Option<Vec<Tag>>) -> Result<BTreeMap<String, String>, Refusal> {
    let tags = tags.unwrap_or_default();
    tags.iter().try_for_each(|tag| Tags::check(&tag.key, &tag.value))?;
    Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
}

fn find(call: &Call, arn: &str) -> Result<Arc<Alarm>, Refusal> {
    let Some(parts) = Arn::parse(arn).filter(|arn| arn.service == "cloudwatch") else {
        return Err(refuse::value(arn, "ResourceARN"));
    };
    let own = parts.region == &*call.scope.region && parts.account == &*call.scope.account;
    let name = parts.resource.strip_prefix("alarm:").filter(|_| own);
    name.and_then(|name| call.find::<Alarm>(name)).ok_or_else(|| {
        let message = format!("Resource {arn} does not exist.");
        Refusal::new("ResourceNotFoundException", message)
    })
}

/// docs: API_TagResource
pub fn tag_resource(
    call: &mut Call,
    input: TagResourceInput,
) -> Result<TagResourceOutput, Refusal> {
    serve!(call, TagResourceInput { resource_arn, tags } = input);
    let mut alarm = (*find(call, &resource_arn)?).clone();
    alarm.tags.extend(given(Some(tags))?);
    if alarm.tags.len() > TAGS_PER_RESOURCE {
        return Err(refuse::wrong(format!("An alarm can have {TAGS_PER_RESOURCE} tags at most.")));
    }
    call.put(alarm.name.clone(), alarm);
    Ok(TagResourceOutput::default())
}

/// docs: API_UntagResource
pub fn untag_resource(
    call: &mut Call,
    input: UntagResourceInput,
) -> Result<UntagResourceOutput, Refusal> {
    serve!(call, UntagResourceInput { resource_arn, tag_keys } = input);
    let mut alarm = (*find(call, &resource_arn)?).clone();
    alarm.tags.retain(|name, _| !tag_keys.contains(name));
    call.put(alarm.name.clone(), alarm);
    Ok(UntagResourceOutput::default())
}

/// docs: API_ListTagsForResource
pub fn list_tags_for_resource(
    call: &mut Call,
    input: ListTagsForResourceInput,
) -> Result<ListTagsForResourceOutput, Refusal> {
    serve!(call, ListTagsForResourceInput { resource_arn } = input);
    let alarm = find(call, &resource_arn)?;
    let tags = alarm.tags.iter();
    let tags = tags.map(|(key, value)| Tag { key: key.clone(), value: value.clone() });
    Ok(ListTagsForResourceOutput { tags: Some(tags.collect()) })
}
