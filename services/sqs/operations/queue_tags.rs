//! Tags of queues: TagQueue, UntagQueue, ListQueueTags.

use crate::model::find;
use api_sqs::{
    ListQueueTagsRequest, ListQueueTagsResult, TagQueueOutput, TagQueueRequest, UntagQueueOutput,
    UntagQueueRequest,
};
use region::{Call, Refusal, TAGS_PER_RESOURCE, Tags, serve};
use std::collections::BTreeMap;

/// docs: API_TagQueue
pub fn tag_queue(call: &mut Call, input: TagQueueRequest) -> Result<TagQueueOutput, Refusal> {
    serve!(call, TagQueueRequest { queue_url, tags } = input);
    let (key, queue) = find(call, &queue_url)?;
    let mut tagged = (*queue).clone();
    tagged.tags.extend(tags);
    check_tags(&tagged.tags)?;
    call.put_at(key, tagged);
    Ok(TagQueueOutput::default())
}

/// docs: API_UntagQueue
pub fn untag_queue(call: &mut Call, input: UntagQueueRequest) -> Result<UntagQueueOutput, Refusal> {
    serve!(call, UntagQueueRequest { queue_url, tag_keys } = input);
    let (key, queue) = find(call, &queue_url)?;
    let mut untagged = (*queue).clone();
    untagged.tags.retain(|name, _| !tag_keys.contains(name));
    call.put_at(key, untagged);
    Ok(UntagQueueOutput::default())
}

/// docs: API_ListQueueTags
pub fn list_queue_tags(
    call: &mut Call,
    input: ListQueueTagsRequest,
) -> Result<ListQueueTagsResult, Refusal> {
    serve!(call, ListQueueTagsRequest { queue_url } = input);
    let (_, queue) = find(call, &queue_url)?;
    Ok(ListQueueTagsResult { tags: Some(queue.tags.clone()).filter(|tags| !tags.is_empty()) })
}

/// Refuses tags that a queue cannot have.
pub(crate) fn check_tags(tags: &BTreeMap<String, String>) -> Result<(), Refusal> {
    tags.iter().try_for_each(|(key, value)| Tags::check(key, value))?;
    if tags.len() > TAGS_PER_RESOURCE {
        let message = format!("A queue can have {TAGS_PER_RESOURCE} tags at most.");
        return Err(Refusal::new("InvalidParameterValue", message));
    }
    Ok(())
}
