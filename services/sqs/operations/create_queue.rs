//! CreateQueue.

use crate::dataplane::{Entry, Mailbox};
use crate::model::refuse;
use crate::model::{Deleted, Queue, Settings, check_name, set, url};
use crate::operations::queue_tags::check_tags;
use api_sqs::{CreateQueueRequest, CreateQueueResult};
use region::{Call, Refusal, serve};
use std::collections::BTreeMap;
use world::Span;

/// So long after a queue was deleted its name cannot be used (AWS: API_CreateQueue).
pub(crate) const NAME_RESTS: Span = Span::seconds(60);

/// docs: API_CreateQueue
pub fn create_queue(
    call: &mut Call,
    input: CreateQueueRequest,
) -> Result<CreateQueueResult, Refusal> {
    serve!(call, CreateQueueRequest { queue_name, attributes, tags } = input);
    let attributes = attributes.unwrap_or_default();
    let tags = tags.unwrap_or_default();
    let fifo = match attributes.get("FifoQueue").map(String::as_str) {
        None => false,
        Some("true") => true,
        Some("false") => return Err(refuse::unknown_attribute("FifoQueue")),
        Some(_) => return Err(refuse::attribute("FifoQueue")),
    };
    check_name(&queue_name, fifo)?;
    let mut settings = Settings { fifo, ..Settings::default() };
    set(&mut settings, &attributes)?;
    check_tags(&tags)?;
    let created = CreateQueueResult { queue_url: Some(url(call, &queue_name)) };
    if let Some(queue) = call.find::<Queue>(&queue_name) {
        same(&queue, &attributes)?;
        return Ok(created);
    }
    let rests = |deleted: &Deleted| deleted.at + NAME_RESTS > call.now;
    if call.find::<Deleted>(&queue_name).is_some_and(|deleted| rests(&deleted)) {
        let message = "You must wait 60 seconds after deleting a queue before you can create \
                       another with the same name.";
        return Err(Refusal::new("QueueDeletedRecently", message));
    }
    if let Some(redrive) = &settings.redrive {
        redrive.check(call, &queue_name, fifo)?;
    }
    call.forget::<Deleted>(&queue_name);
    let (name, now) = (queue_name.clone(), call.now);
    let queue = Queue { name, created: now, modified: now, settings, tags, purged: None };
    let key = call.key(&queue_name);
    call.put_at(key.clone(), queue);
    let salt = call.chance();
    call.record::<Mailbox>(&key, &Entry::Opened { fifo, salt, next: 0 });
    Ok(created)
}

/// Refuses attributes that differ from those of the queue that has this name. Those that were not
/// given are not compared.
fn same(queue: &Queue, attributes: &BTreeMap<String, String>) -> Result<(), Refusal> {
    for (name, value) in attributes {
        let mut settings = queue.settings.clone();
        let one = BTreeMap::from([(name.clone(), value.clone())]);
        // The throughput limit can be set only with the scope that is set beside it.
        let differs = set(&mut settings, &one).is_err() || settings != queue.settings;
        if differs {
            let message = format!(
                "A queue already exists with the same name and a different value for attribute \
                 {name}"
            );
            return Err(Refusal::new("QueueNameExists", message));
        }
    }
    Ok(())
}
