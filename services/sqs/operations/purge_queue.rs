//! PurgeQueue.

use crate::dataplane::{Entry, Mailbox};
use crate::model::find;
use api_sqs::{PurgeQueueOutput, PurgeQueueRequest};
use region::{Call, Refusal, serve};
use world::Span;

/// A queue can be purged once in this time (AWS: API_PurgeQueue).
const ONCE_IN: Span = Span::seconds(60);

/// docs: API_PurgeQueue
pub fn purge_queue(call: &mut Call, input: PurgeQueueRequest) -> Result<PurgeQueueOutput, Refusal> {
    serve!(call, PurgeQueueRequest { queue_url } = input);
    let (key, queue) = find(call, &queue_url)?;
    if queue.purged.is_some_and(|at| at + ONCE_IN > call.now) {
        let name = &queue.name;
        let message =
            format!("Only one PurgeQueue operation on {name} is allowed every 60 seconds.");
        return Err(Refusal::new("PurgeQueueInProgress", message));
    }
    let mut purged = (*queue).clone();
    purged.purged = Some(call.now);
    call.put_at(key.clone(), purged);
    call.record::<Mailbox>(&key, &Entry::Purged { at: call.now });
    Ok(PurgeQueueOutput::default())
}
