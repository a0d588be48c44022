//! ChangeMessageVisibility and ChangeMessageVisibilityBatch.

use super::batch;
use crate::dataplane::{Entry, Mailbox};
use crate::model::refuse;
use crate::model::{Queue, find};
use api_sqs::{
    ChangeMessageVisibilityBatchRequest, ChangeMessageVisibilityBatchRequestEntry,
    ChangeMessageVisibilityBatchResult, ChangeMessageVisibilityBatchResultEntry,
    ChangeMessageVisibilityOutput, ChangeMessageVisibilityRequest,
};
use region::{Call, Key, Refusal, serve};
use world::{Span, Time};

/// A message stays in flight this long at most, counted from its receive (AWS: visibility
/// timeout).
const LONGEST: u32 = 43_200;

/// docs: API_ChangeMessageVisibility
pub fn change_message_visibility(
    call: &mut Call,
    input: ChangeMessageVisibilityRequest,
) -> Result<ChangeMessageVisibilityOutput, Refusal> {
    serve!(
        call,
        ChangeMessageVisibilityRequest { queue_url, receipt_handle, visibility_timeout } = input
    );
    let (key, queue) = find(call, &queue_url)?;
    let change = changed(call, &queue, &key, &receipt_handle, visibility_timeout)?;
    hide(call, &key, vec![change]);
    Ok(ChangeMessageVisibilityOutput::default())
}

/// docs: API_ChangeMessageVisibilityBatch
pub fn change_message_visibility_batch(
    call: &mut Call,
    input: ChangeMessageVisibilityBatchRequest,
) -> Result<ChangeMessageVisibilityBatchResult, Refusal> {
    serve!(call, ChangeMessageVisibilityBatchRequest { queue_url, entries } = input);
    let (key, queue) = find(call, &queue_url)?;
    let shape = "ChangeMessageVisibilityBatchRequestEntry";
    batch::check(entries.iter().map(|entry| &*entry.id), shape)?;
    let (mut successful, mut failed, mut changes) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        serve!(
            call,
            ChangeMessageVisibilityBatchRequestEntry { id, receipt_handle, visibility_timeout } =
                entry
        );
        let timeout = visibility_timeout.ok_or_else(|| refuse::missing("VisibilityTimeout"));
        let change =
            timeout.and_then(|timeout| changed(call, &queue, &key, &receipt_handle, timeout));
        match change {
            Ok(change) => {
                changes.push(change);
                successful.push(ChangeMessageVisibilityBatchResultEntry { id: Some(id) });
            }
            Err(refusal) => failed.push(batch::failed(id, refusal)),
        }
    }
    hide(call, &key, changes);
    Ok(ChangeMessageVisibilityBatchResult {
        successful: batch::some(successful),
        failed: batch::some(failed),
    })
}

fn changed(
    call: &Call,
    queue: &Queue,
    key: &Key,
    handle: &str,
    timeout: i32,
) -> Result<(u64, Time), Refusal> {
    let timeout = refuse::range(timeout, "VisibilityTimeout", 0..=LONGEST as i32)?;
    let mailbox = queue.mailbox(call, key);
    let receipt = mailbox.receipt(handle).ok_or_else(|| refuse::handle(handle))?;
    let held = |letter: &&crate::dataplane::Letter| letter.receives == receipt.receive;
    let Some(letter) = mailbox.letter(receipt.number).filter(held) else {
        let reason = "Message does not exist or is not available for visibility timeout change.";
        return Err(refuse::value(handle, "ReceiptHandle", reason));
    };
    if !letter.in_flight(call.now) {
        let message = "The specified message isn't in flight.";
        return Err(Refusal::new("MessageNotInflight", message));
    }
    let until = call.now + Span::seconds(u64::from(timeout));
    let received = letter.last_received.unwrap_or(call.now);
    if until > received + Span::seconds(u64::from(LONGEST)) {
        let reason = format!(
            "Total VisibilityTimeout for the message is beyond the limit [{LONGEST} seconds]."
        );
        return Err(refuse::value(timeout, "VisibilityTimeout", &reason));
    }
    Ok((letter.number, until))
}

fn hide(call: &mut Call, key: &Key, letters: Vec<(u64, Time)>) {
    if !letters.is_empty() {
        call.record::<Mailbox>(key, &Entry::Hidden { at: call.now, letters });
    }
}
