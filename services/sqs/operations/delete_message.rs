//! DeleteMessage and DeleteMessageBatch.

use super::batch;
use crate::dataplane::{Entry, Mailbox};
use crate::model::refuse;
use crate::model::{Queue, find};
use api_sqs::{
    DeleteMessageBatchRequest, DeleteMessageBatchRequestEntry, DeleteMessageBatchResult,
    DeleteMessageBatchResultEntry, DeleteMessageOutput, DeleteMessageRequest,
};
use region::{Call, Key, Refusal, serve};

/// docs: API_DeleteMessage
pub fn delete_message(
    call: &mut Call,
    input: DeleteMessageRequest,
) -> Result<DeleteMessageOutput, Refusal> {
    serve!(call, DeleteMessageRequest { queue_url, receipt_handle } = input);
    let (key, queue) = find(call, &queue_url)?;
    let number = deletable(call, &queue, &key, &receipt_handle)?;
    delete(call, &key, number.into_iter().collect());
    Ok(DeleteMessageOutput::default())
}

/// docs: API_DeleteMessageBatch
pub fn delete_message_batch(
    call: &mut Call,
    input: DeleteMessageBatchRequest,
) -> Result<DeleteMessageBatchResult, Refusal> {
    serve!(call, DeleteMessageBatchRequest { queue_url, entries } = input);
    let (key, queue) = find(call, &queue_url)?;
    batch::check(entries.iter().map(|entry| &*entry.id), "DeleteMessageBatchRequestEntry")?;
    let (mut successful, mut failed, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        serve!(call, DeleteMessageBatchRequestEntry { id, receipt_handle } = entry);
        match deletable(call, &queue, &key, &receipt_handle) {
            Ok(number) => {
                numbers.extend(number);
                successful.push(DeleteMessageBatchResultEntry { id: Some(id) });
            }
            Err(refusal) => failed.push(batch::failed(id, refusal)),
        }
    }
    delete(call, &key, numbers);
    Ok(DeleteMessageBatchResult {
        successful: batch::some(successful),
        failed: batch::some(failed),
    })
}

/// The message that a handle deletes. A message that is gone, or was received again since, is not
/// there to be deleted, and that is no error; in a FIFO queue a handle lives as long as its
/// visibility timeout.
fn deletable(call: &Call, queue: &Queue, key: &Key, handle: &str) -> Result<Option<u64>, Refusal> {
    let mailbox = queue.mailbox(call, key);
    let receipt = mailbox.receipt(handle).ok_or_else(|| refuse::handle(handle))?;
    let Some(letter) = mailbox.letter(receipt.number) else { return Ok(None) };
    let newest = letter.receives == receipt.receive;
    if queue.settings.fifo && !(newest && letter.in_flight(call.now)) {
        return Err(refuse::value(handle, "ReceiptHandle", "The receipt handle has expired."));
    }
    Ok(newest.then_some(letter.number))
}

fn delete(call: &mut Call, key: &Key, numbers: Vec<u64>) {
    if !numbers.is_empty() {
        call.record::<Mailbox>(key, &Entry::Deleted { at: call.now, numbers });
    }
}
