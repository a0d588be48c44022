//! SendMessage and SendMessageBatch.

use super::batch;
use super::compose::{Composed, Sending, compose, size_sent};
use crate::dataplane::digest;
use crate::dataplane::{Content, Entry, Letter, Mailbox, REMEMBERED, Seen, sequence_number};
use crate::model::{Queue, find};
use api_sqs::{
    SendMessageBatchRequest, SendMessageBatchRequestEntry, SendMessageBatchResult,
    SendMessageBatchResultEntry, SendMessageRequest, SendMessageResult,
};
use region::{Call, Key, Refusal, serve};
use std::sync::Arc;
use world::Span;

/// The messages of one batch have this many bytes together at most (AWS: message quotas).
const BATCH_BYTES: usize = 1 << 20;

/// docs: API_SendMessage
pub fn send_message(
    call: &mut Call,
    input: SendMessageRequest,
) -> Result<SendMessageResult, Refusal> {
    serve!(
        call,
        SendMessageRequest {
            queue_url,
            message_body,
            delay_seconds,
            message_attributes,
            message_system_attributes,
            message_deduplication_id,
            message_group_id
        } = input
    );
    let (key, queue) = find(call, &queue_url)?;
    let sending = Sending {
        body: message_body,
        delay: delay_seconds,
        group: message_group_id,
        deduplication: message_deduplication_id,
        attributes: message_attributes,
        system: message_system_attributes,
    };
    let composed = compose(call, &queue, sending)?;
    let mut post = Post::new(call, &queue, &key);
    let sent = post.take(call, composed);
    post.send(call);
    Ok(SendMessageResult {
        message_id: Some(sent.message_id),
        md5_of_message_body: Some(sent.body_md5),
        md5_of_message_attributes: sent.attributes_md5,
        md5_of_message_system_attributes: sent.system_md5,
        sequence_number: sent.sequence,
    })
}

/// docs: API_SendMessageBatch
pub fn send_message_batch(
    call: &mut Call,
    input: SendMessageBatchRequest,
) -> Result<SendMessageBatchResult, Refusal> {
    serve!(call, SendMessageBatchRequest { queue_url, entries } = input);
    let (key, queue) = find(call, &queue_url)?;
    batch::check(entries.iter().map(|entry| &*entry.id), "SendMessageBatchRequestEntry")?;
    let sendings =
        entries.into_iter().map(|entry| sending(call, entry)).collect::<Result<Vec<_>, _>>()?;
    let bytes: usize = sendings.iter().map(|(_, sending)| size_sent(sending)).sum();
    if bytes > BATCH_BYTES {
        let message = format!(
            "Batch requests cannot be longer than {BATCH_BYTES} bytes. You have sent {bytes} \
             bytes."
        );
        return Err(Refusal::new("BatchRequestTooLong", message));
    }
    let mut post = Post::new(call, &queue, &key);
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for (id, sending) in sendings {
        match compose(call, &queue, sending) {
            Ok(composed) => {
                let sent = post.take(call, composed);
                successful.push(SendMessageBatchResultEntry {
                    id: Some(id),
                    message_id: Some(sent.message_id),
                    md5_of_message_body: Some(sent.body_md5),
                    md5_of_message_attributes: sent.attributes_md5,
                    md5_of_message_system_attributes: sent.system_md5,
                    sequence_number: sent.sequence,
                });
            }
            Err(refusal) => failed.push(batch::failed(id, refusal)),
        }
    }
    post.send(call);
    Ok(SendMessageBatchResult { successful: batch::some(successful), failed: batch::some(failed) })
}

fn sending(
    call: &mut Call,
    entry: SendMessageBatchRequestEntry,
) -> Result<(String, Sending), Refusal> {
    serve!(
        call,
        SendMessageBatchRequestEntry {
            id,
            message_body,
            delay_seconds,
            message_attributes,
            message_system_attributes,
            message_deduplication_id,
            message_group_id
        } = entry
    );
    let sending = Sending {
        body: message_body,
        delay: delay_seconds,
        group: message_group_id,
        deduplication: message_deduplication_id,
        attributes: message_attributes,
        system: message_system_attributes,
    };
    Ok((id, sending))
}

/// What a sender is told of a message.
struct Sent {
    message_id: String,
    body_md5: String,
    attributes_md5: Option<String>,
    system_md5: Option<String>,
    sequence: Option<String>,
}

/// Messages on their way into one queue.
struct Post<'a> {
    queue: &'a Queue,
    key: &'a Key,
    next: u64,
    letters: Vec<Letter>,
    seen: Vec<Seen>,
}

impl<'a> Post<'a> {
    fn new(call: &Call, queue: &'a Queue, key: &'a Key) -> Post<'a> {
        let next = queue.mailbox(call, key).next_number();
        Post { queue, key, next, letters: Vec::new(), seen: Vec::new() }
    }

    /// Takes a message, or recognises it as one that was sent in the last five minutes: then the
    /// sender gets the same answer as for that one.
    fn take(&mut self, call: &mut Call, composed: Composed) -> Sent {
        let Composed { content, delay } = composed;
        if let Some((number, id)) = self.duplicate(call, &content) {
            return self.sent(number, id, &content);
        }
        let (number, id) = (self.next, (call.chance(), call.chance()));
        self.next += 1;
        let sent = self.sent(number, id, &content);
        if let Some(deduplication) = content.deduplication.clone() {
            let group = self.deduplication_group(&content).cloned();
            let until = call.now + REMEMBERED;
            self.seen.push(Seen { group, deduplication, until, number, id });
        }
        self.letters.push(Letter {
            number,
            id,
            content: Arc::new(content),
            enqueued: call.now,
            visible_at: call.now + Span::seconds(u64::from(delay)),
            receives: 0,
            receives_before: 0,
            first_received: None,
            last_received: None,
            dead_from: None,
        });
        sent
    }

    /// The group within which deduplication ids are compared; `None`: the whole queue.
    fn deduplication_group<'b>(&self, content: &'b Content) -> Option<&'b Arc<str>> {
        content.group.as_ref().filter(|_| self.queue.settings.group_deduplication)
    }

    fn duplicate(&self, call: &Call, content: &Content) -> Option<(u64, (u64, u64))> {
        let deduplication = content.deduplication.as_ref()?;
        let group = self.deduplication_group(content);
        let here = self
            .seen
            .iter()
            .find(|seen| seen.deduplication == *deduplication && seen.group.as_ref() == group);
        let mailbox = self.queue.mailbox(call, self.key);
        let seen = here.or_else(|| mailbox.seen(group, deduplication, call.now))?;
        Some((seen.number, seen.id))
    }

    fn sent(&self, number: u64, id: (u64, u64), content: &Content) -> Sent {
        let trace = content.trace.as_deref().map(|trace| ("AWSTraceHeader".to_owned(), trace));
        Sent {
            message_id: crate::dataplane::message_id(id),
            body_md5: digest::md5_hex(content.body.as_bytes()),
            attributes_md5: digest::attributes_md5(&content.attributes),
            system_md5: digest::attributes_md5(trace.iter().map(|(name, value)| (name, *value))),
            sequence: self.queue.settings.fifo.then(|| sequence_number(number)),
        }
    }

    fn send(self, call: &mut Call) {
        let (at, letters, seen) = (call.now, self.letters, self.seen);
        if !letters.is_empty() {
            call.record::<Mailbox>(self.key, &Entry::Sent { at, letters, seen });
        }
    }
}
