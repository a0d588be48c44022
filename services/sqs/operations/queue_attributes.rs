//! GetQueueAttributes and SetQueueAttributes.

use crate::dataplane::{Entry, Mailbox};
use crate::model::refuse;
use crate::model::{KNOWN, Queue, find, set, shown};
use crate::operations::receive_message::forget_expired;
use api_sqs::{
    GetQueueAttributesRequest, GetQueueAttributesResult, SetQueueAttributesOutput,
    SetQueueAttributesRequest,
};
use region::{Call, Key, Refusal, serve};
use world::Span;

/// docs: API_GetQueueAttributes
pub fn get_queue_attributes(
    call: &mut Call,
    input: GetQueueAttributesRequest,
) -> Result<GetQueueAttributesResult, Refusal> {
    serve!(call, GetQueueAttributesRequest { queue_url, attribute_names } = input);
    let (key, queue) = find(call, &queue_url)?;
    let names = attribute_names.unwrap_or_default();
    if let Some(name) = names.iter().find(|name| *name != "All" && !KNOWN.contains(&&***name)) {
        return Err(refuse::unknown_attribute(name));
    }
    forget_expired(call, &queue, &key);
    let counts = queue.mailbox(call, &key).counts(call.now);
    let mut attributes = shown(&queue, &call.scope, counts);
    if !names.iter().any(|name| name == "All") {
        attributes.retain(|name, _| names.contains(name));
    }
    let attributes = Some(attributes).filter(|attributes| !attributes.is_empty());
    Ok(GetQueueAttributesResult { attributes })
}

/// docs: API_SetQueueAttributes
pub fn set_queue_attributes(
    call: &mut Call,
    input: SetQueueAttributesRequest,
) -> Result<SetQueueAttributesOutput, Refusal> {
    serve!(call, SetQueueAttributesRequest { queue_url, attributes } = input);
    let (key, queue) = find(call, &queue_url)?;
    let mut changed = (*queue).clone();
    set(&mut changed.settings, &attributes)?;
    if let Some(redrive) =
        changed.settings.redrive.as_ref().filter(|_| attributes.contains_key("RedrivePolicy"))
    {
        redrive.check(call, &queue.name, queue.settings.fifo)?;
    }
    changed.modified = call.now;
    let (before, after) = (&queue.settings, &changed.settings);
    let delay = Some(after.delay).filter(|delay| before.fifo && *delay != before.delay);
    call.put_at(key.clone(), changed);
    if let Some(delay) = delay {
        delay_again(call, &queue, &key, delay);
    }
    Ok(SetQueueAttributesOutput::default())
}

/// The delay of a FIFO queue holds for messages that it has already (AWS: delay queues); that of
/// a standard queue does not.
fn delay_again(call: &mut Call, queue: &Queue, key: &Key, delay: u32) {
    let delay = Span::seconds(u64::from(delay));
    let waiting = queue.mailbox(call, key).never_received();
    let letters: Vec<_> = waiting.map(|one| (one.number, one.enqueued + delay)).collect();
    if !letters.is_empty() {
        call.record::<Mailbox>(key, &Entry::Hidden { at: call.now, letters });
    }
}
