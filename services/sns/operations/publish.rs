//! Publish and PublishBatch.

use super::message::Message;
use super::{deliver, fifo};
use crate::model::topic::find;
use crate::model::{Topic, refuse};
use api_sns::{
    BatchResultErrorEntry, PublishBatchInput, PublishBatchRequestEntry, PublishBatchResponse,
    PublishBatchResultEntry, PublishInput, PublishResponse,
};
use region::{Call, Refusal, serve};
use std::collections::BTreeSet;

/// A batch has this many entries at most. docs: API_PublishBatch
const ENTRIES: usize = 10;

/// All of a batch, in bytes.
const LONGEST: usize = 262_144;

/// docs: API_Publish
pub fn publish(call: &mut Call, input: PublishInput) -> Result<PublishResponse, Refusal> {
    serve!(
        call,
        PublishInput {
            topic_arn,
            target_arn,
            message,
            subject,
            message_structure,
            message_attributes,
            message_group_id,
            message_deduplication_id
        } = input
    );
    let arn = match (topic_arn, target_arn) {
        (Some(arn), None) | (None, Some(arn)) => arn,
        _ => {
            return Err(refuse::invalid(
                "TopicArn or TargetArn Reason: exactly one of them must be there",
            ));
        }
    };
    let (key, topic) = find(call, &arn)?;
    let structure = message_structure.as_deref();
    let message = Message::read(call, message, subject, structure, message_attributes)?;
    let order = fifo::order(&topic, &message, message_group_id, message_deduplication_id)?;
    let (message_id, sequence_number) = deliver::publish(call, &key, &message, order);
    Ok(PublishResponse { message_id: Some(message_id), sequence_number })
}

/// docs: API_PublishBatch
pub fn publish_batch(
    call: &mut Call,
    input: PublishBatchInput,
) -> Result<PublishBatchResponse, Refusal> {
    serve!(call, PublishBatchInput { topic_arn, publish_batch_request_entries } = input);
    let entries = publish_batch_request_entries;
    let (key, topic) = find(call, &topic_arn)?;
    if entries.is_empty() {
        let message = "The batch request doesn't contain any entries.";
        return Err(Refusal::new("EmptyBatchRequest", message));
    }
    if entries.len() > ENTRIES {
        let message = "The batch request contains more entries than permissible.";
        return Err(Refusal::new("TooManyEntriesInBatchRequest", message));
    }
    let ids: BTreeSet<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    if ids.len() < entries.len() {
        let message = "Two or more batch entries in the request have the same Id.";
        return Err(Refusal::new("BatchEntryIdsNotDistinct", message));
    }
    let (mut messages, mut failed) = (Vec::new(), Vec::new());
    for entry in entries {
        let (id, read) = read(call, &topic, entry)?;
        match read {
            Ok(message) => messages.push((id, message)),
            Err(refusal) => failed.push(BatchResultErrorEntry {
                id: Some(id),
                code: Some(refusal.code),
                message: Some(refusal.message),
                sender_fault: Some(refusal.sender),
            }),
        }
    }
    if messages.iter().map(|(_, (message, _))| message.bytes()).sum::<usize>() > LONGEST {
        let message = "The length of all the batch messages put together is more than the limit.";
        return Err(Refusal::new("BatchRequestTooLong", message));
    }
    let sent = messages.into_iter().map(|(id, (message, order))| {
        let (message_id, sequence_number) = deliver::publish(call, &key, &message, order);
        PublishBatchResultEntry { id: Some(id), message_id: Some(message_id), sequence_number }
    });
    let successful = Some(sent.collect());
    Ok(PublishBatchResponse { successful, failed: Some(failed) })
}

type Read = (String, Result<(Message, Option<fifo::Order>), Refusal>);

fn read(call: &mut Call, topic: &Topic, entry: PublishBatchRequestEntry) -> Result<Read, Refusal> {
    serve!(
        call,
        PublishBatchRequestEntry {
            id,
            message,
            subject,
            message_structure,
            message_attributes,
            message_group_id,
            message_deduplication_id
        } = entry
    );
    let structure = message_structure.as_deref();
    let message = Message::read(call, message, subject, structure, message_attributes);
    let read = message.and_then(|message| {
        let order = fifo::order(topic, &message, message_group_id, message_deduplication_id)?;
        Ok((message, order))
    });
    Ok((id, read))
}
