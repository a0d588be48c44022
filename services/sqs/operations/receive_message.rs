//! ReceiveMessage: what can be had now, dead letters on their way out, and waiting for more.

use super::compose::identifier;
use super::returned::Wanted;
use super::{batch, returned};
use crate::dataplane::{Entry, Letter, Mailbox};
use crate::model::refuse;
use crate::model::{Queue, find};
use api_sqs::{ReceiveMessageRequest, ReceiveMessageResult};
use region::{Call, Key, Refusal, serve};
use std::sync::Arc;
use world::{Span, Time};

/// A queue has this many messages in flight at most (AWS: message quotas; FIFO since 2024).
const IN_FLIGHT: usize = 120_000;

/// One receive moves this many dead letters at most; a bound, AWS names none.
const MOVES: usize = 1000;

/// docs: API_ReceiveMessage
pub fn receive_message(
    call: &mut Call,
    input: ReceiveMessageRequest,
) -> Result<ReceiveMessageResult, Refusal> {
    serve!(
        call,
        ReceiveMessageRequest {
            queue_url,
            attribute_names,
            message_system_attribute_names,
            message_attribute_names,
            max_number_of_messages,
            visibility_timeout,
            wait_time_seconds,
            receive_request_attempt_id
        } = input
    );
    let (key, queue) = find(call, &queue_url)?;
    let wanted =
        Wanted::read(attribute_names, message_system_attribute_names, message_attribute_names)?;
    let limit = max_number_of_messages.unwrap_or(1);
    if !(1..=10).contains(&limit) {
        let reason = "Must be between 1 and 10, if provided.";
        return Err(refuse::value(limit, "MaxNumberOfMessages", reason));
    }
    let visibility = match visibility_timeout {
        Some(seconds) => refuse::range(seconds, "VisibilityTimeout", 0..=43_200)?,
        None => queue.settings.visibility,
    };
    let wait = match wait_time_seconds {
        Some(seconds) => refuse::range(seconds, "WaitTimeSeconds", 0..=20)?,
        None => queue.settings.wait,
    };
    let attempt = identifier(receive_request_attempt_id, "ReceiveRequestAttemptId")?;
    if let Some(id) = attempt.as_ref().filter(|_| !queue.settings.fifo) {
        let reason = "The request include parameter that is not valid for this queue type.";
        return Err(refuse::value(id, "ReceiveRequestAttemptId", reason));
    }
    let until = call.now + Span::seconds(u64::from(visibility));
    let deadline = call.arrived + Span::seconds(u64::from(wait));

    if let Some(numbers) = repeated(call, &queue, &key, attempt.as_deref(), until) {
        return Ok(answer(call, &queue, &key, &numbers, &wanted));
    }
    let in_flight = queue.mailbox(call, &key).counts(call.now).in_flight;
    let room = IN_FLIGHT.saturating_sub(in_flight);
    if room == 0 && wait == 0 && !queue.settings.fifo {
        let message = "The maximum number of in flight messages is reached.";
        return Err(Refusal::new("OverLimit", message));
    }
    let found = look(call, &queue, &key, room.min(limit as usize));
    forget_expired(call, &queue, &key);
    bury(call, &queue, &key, &found);
    let numbers = found.numbers;
    if !numbers.is_empty() {
        let entry = Entry::Received { at: call.now, until, numbers: numbers.clone(), attempt };
        call.record::<Mailbox>(&key, &entry);
    } else if call.now < deadline {
        let next = queue.mailbox(call, &key).next_visible(call.now);
        return call.park(key, next.map_or(deadline, |next| next.min(deadline)));
    }
    Ok(answer(call, &queue, &key, &numbers, &wanted))
}

/// Lets what has expired be gone.
pub(super) fn forget_expired(call: &mut Call, queue: &Queue, key: &Key) {
    let sent_until = queue.expired(call.now);
    if queue.mailbox(call, key).oldest().is_some_and(|oldest| oldest <= sent_until) {
        call.record::<Mailbox>(key, &Entry::Expired { at: call.now, sent_until });
    }
}

/// The messages that an earlier receive with the same attempt id returned: they are returned
/// again, with the same handles and hidden anew.
fn repeated(
    call: &mut Call,
    queue: &Queue,
    key: &Key,
    attempt: Option<&str>,
    until: Time,
) -> Option<Vec<u64>> {
    let numbers = queue.mailbox(call, key).attempted(attempt?, call.now)?;
    let letters = numbers.iter().map(|number| (*number, until)).collect();
    call.record::<Mailbox>(key, &Entry::Hidden { at: call.now, letters });
    Some(numbers)
}

/// What a receive finds.
struct Found {
    /// For the receiver.
    numbers: Vec<u64>,
    /// Received too often, and where they go.
    dead: Option<(Key, Vec<Letter>)>,
}

fn look(call: &Call, queue: &Queue, key: &Key, limit: usize) -> Found {
    let target = queue.settings.redrive.as_ref().and_then(|redrive| {
        let target = redrive.key(call)?;
        call.get::<Queue>(&target).map(|_| (target, redrive.max_receives))
    });
    let mut found = Found { numbers: Vec::new(), dead: None };
    if limit == 0 {
        return found;
    }
    for letter in queue.mailbox(call, key).available(call.now, queue.expired(call.now)) {
        match &target {
            Some((target, max)) if letter.receives_here() >= *max => {
                let (_, dead) = found.dead.get_or_insert_with(|| (target.clone(), Vec::new()));
                dead.push(letter.clone());
                if dead.len() == MOVES {
                    break;
                }
            }
            _ => {
                found.numbers.push(letter.number);
                if found.numbers.len() == limit {
                    break;
                }
            }
        }
    }
    found
}

/// Moves dead letters. They keep their ids; in standard queues also their age.
fn bury(call: &mut Call, queue: &Queue, key: &Key, found: &Found) {
    let Some((target, dead)) = &found.dead else { return };
    let Some(grave) = call.plane::<Mailbox>(target) else { return };
    let next = grave.next_number();
    let source: Arc<str> = call.scope.arn("sqs", &queue.name).into();
    let at = call.now;
    let moved = |(letter, number): (&Letter, u64)| Letter {
        number,
        enqueued: if queue.settings.fifo { at } else { letter.enqueued },
        visible_at: at,
        receives_before: letter.receives,
        last_received: None,
        dead_from: Some(source.clone()),
        ..letter.clone()
    };
    let letters = dead.iter().zip(next..).map(moved).collect();
    let numbers = dead.iter().map(|letter| letter.number).collect();
    call.record::<Mailbox>(key, &Entry::Deleted { at, numbers });
    call.record::<Mailbox>(target, &Entry::Sent { at, letters, seen: Vec::new() });
}

fn answer(
    call: &Call,
    queue: &Queue,
    key: &Key,
    numbers: &[u64],
    wanted: &Wanted,
) -> ReceiveMessageResult {
    let mailbox = queue.mailbox(call, key);
    let letters = numbers.iter().filter_map(|number| mailbox.letter(*number));
    let fifo = queue.settings.fifo;
    let messages =
        letters.map(|letter| returned::message(letter, mailbox.handle(letter), fifo, wanted));
    ReceiveMessageResult { messages: batch::some(messages.collect()) }
}
