//! Publish and PublishBatch.

use super::deliver;
use super::message::Message;
use crate::model::refuse;
use crate::model::topic::find;
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
            message_attributes
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
    let (key, _) = find(call, &arn)?;
    let structure = message_structure.as_deref();
    let message = Message::read(call, message, subject, structure, message_attributes)?;
    let message_id = deliver::publish(call, &key, &message);
    Ok(PublishResponse { message_id: Some(message_id), sequence_number: None })
}

/// docs: API_PublishBatch
pub fn publish_batch(
    call: &mut Call,
    input: PublishBatchInput,
) -> Result<PublishBatchResponse, Refusal> {
    serve!(call, PublishBatchInput { topic_arn, publish_batch_request_entries } = input);
    let entries = publish_batch_request_entries;
    let (key, _) = find(call, &topic_arn)?;
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
        let (id, read) = read(call, entry)?;
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
    if messages.iter().map(|(_, message)| message.bytes()).sum::<usize>() > LONGEST {
        let message = "The length of all the batch messages put together is more than the limit.";
        return Err(Refusal::new("BatchRequestTooLong", message));
    }
    let sent = messages.into_iter().map(|(id, message)| PublishBatchResultEntry {
        id: Some(id),
        message_id: Some(deliver::publish(call, &key, &message)),
        sequence_number: None,
    });
    let successful = Some(sent.collect());
    Ok(PublishBatchResponse { successful, failed: Some(failed) })
}

type Read = (String, Result<Message, Refusal>);

fn read(call: &mut Call, entry: PublishBatchRequestEntry) -> Result<Read, Refusal> {
    serve!(
        call,
        PublishBatchRequestEntry { id, message, subject, message_structure, message_attributes } =
            entry
    );
    let structure = message_structure.as_deref();
    Ok((id, Message::read(call, message, subject, structure, message_attributes)))
}
