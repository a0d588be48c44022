//! What changes by itself with time: messages expire, names are free again, tasks move messages.

mod measure;

use crate::dataplane::digest;
use crate::dataplane::{Entry, Letter, Mailbox};
use crate::model::{Deleted, Measured, MoveTask, Queue, Status, arn_key};
use crate::operations::NAME_RESTS;
use region::{Controller, Key, Plan, View, deaf};
use std::collections::BTreeMap;
use world::Span;

/// The room's controllers.
pub(crate) const CONTROLLERS: &[Controller] = &[
    Controller { kind: "sqs/queue", plan: expire, wakes: &[], hear: deaf },
    Controller { kind: "sqs/measured", plan: measure::plan, wakes: &[], hear: deaf },
    Controller { kind: "sqs/deleted", plan: free_name, wakes: &[], hear: deaf },
    Controller { kind: "sqs/move-task", plan: move_messages, wakes: &[], hear: deaf },
];

/// Expired messages are never seen; their memory is freed this often at most.
const EXPIRY: Span = Span::seconds(60);

fn expire(view: &View, key: &Key, plan: &mut Plan) {
    let Some(queue) = view.store.get::<Queue>(key) else { return };
    if view.store.get::<Measured>(key).is_none() {
        plan.want(key.clone(), Measured::new(view.now));
    }
    let (at, sent_until) = (view.now, queue.expired(view.now));
    let oldest = view.store.plane::<Mailbox>(key).and_then(Mailbox::oldest);
    if oldest.is_some_and(|oldest| oldest <= sent_until) {
        plan.record::<Mailbox>(key.clone(), Entry::Expired { at, sent_until });
        plan.again(at + EXPIRY);
        return;
    }
    let retention = Span::seconds(u64::from(queue.settings.retention));
    let next = oldest.unwrap_or(at) + retention;
    plan.again(next.max(at + EXPIRY));
}

fn free_name(view: &View, key: &Key, plan: &mut Plan) {
    let Some(deleted) = view.store.get::<Deleted>(key) else { return };
    let free = deleted.at + NAME_RESTS;
    if free <= view.now {
        plan.forget::<Deleted>(key.clone());
    } else {
        plan.again(free);
    }
}

/// A task moves messages in steps of this length, so that its rate holds in every second.
const STEP: Span = Span::millis(100);

/// Messages a second that a task moves when nothing else was said (AWS: redrive, at most 500).
const RATE: u32 = 500;

/// A task runs this long at most (AWS: dead-letter queue redrive).
const LONGEST: Span = Span::seconds(36 * 3600);

fn move_messages(view: &View, key: &Key, plan: &mut Plan) {
    let Some(task) = view.store.get::<MoveTask>(key) else { return };
    match task.status {
        Status::Running => {}
        Status::Cancelling => return end(plan, key, task, Status::Cancelled, None),
        Status::Cancelled | Status::Completed | Status::Failed => return,
    }
    if task.next > view.now {
        return plan.again(task.next);
    }
    let source_key = Key::new(&key.scope, &task.source);
    let Some(queue) = view.store.get::<Queue>(&source_key) else { return };
    let Some(mailbox) = view.store.plane::<Mailbox>(&source_key) else { return };
    let (step, count) = pace(task.rate.unwrap_or(RATE));
    let expired = queue.expired(view.now);
    let letters: Vec<&Letter> =
        mailbox.movable(view.now, expired, task.boundary).take(count).collect();
    if letters.is_empty() {
        if !mailbox.more_before(task.boundary, 0) {
            return end(plan, key, task, Status::Completed, None);
        }
        if task.started + LONGEST <= view.now {
            let why = "The task ran for 36 hours".to_owned();
            return end(plan, key, task, Status::Failed, Some(why));
        }
        // Somebody holds what is left, or it expires.
        let next = mailbox.next_visible(view.now).unwrap_or(view.now + EXPIRY);
        return plan.again(next.min(view.now + EXPIRY));
    }
    let Load { moves, numbers, failure } = load(view, key, task, letters);
    let done = !mailbox.more_before(task.boundary, numbers.len());
    let mut task = (**task).clone();
    task.moved += numbers.len() as u64;
    task.next = view.now + step;
    let at = view.now;
    for (to, letters) in moves {
        plan.record::<Mailbox>(to, Entry::Sent { at, letters, seen: Vec::new() });
    }
    if !numbers.is_empty() {
        plan.record::<Mailbox>(source_key, Entry::Deleted { at, numbers });
    }
    if failure.is_some() {
        return end(plan, key, &task, Status::Failed, failure);
    }
    if done {
        return end(plan, key, &task, Status::Completed, None);
    }
    plan.again(task.next);
    plan.want(key.clone(), task);
}

/// What one step carries.
#[derive(Default)]
struct Load {
    moves: BTreeMap<Key, Vec<Letter>>,
    numbers: Vec<u64>,
    failure: Option<String>,
}

fn load(view: &View, key: &Key, task: &MoveTask, letters: Vec<&Letter>) -> Load {
    let mut load = Load::default();
    for letter in letters {
        match destination(view, key, task, letter) {
            Ok(to) => {
                let place = load.moves.get(&to).map_or(0, Vec::len);
                let moved = renewed(view, key, letter, &to, place);
                load.moves.entry(to).or_default().push(moved);
                load.numbers.push(letter.number);
            }
            Err(why) => {
                load.failure = Some(why.to_owned());
                break;
            }
        }
    }
    load
}

/// How long a step takes and how many messages it moves.
fn pace(rate: u32) -> (Span, usize) {
    if rate >= 10 {
        (STEP, (rate / 10) as usize)
    } else {
        (Span(1_000_000_u64.div_ceil(u64::from(rate))), 1)
    }
}

fn end(plan: &mut Plan, key: &Key, task: &MoveTask, status: Status, failure: Option<String>) {
    plan.want(key.clone(), MoveTask { status, failure, ..task.clone() });
}

/// Where a letter goes; or AWS's word for why it cannot.
fn destination(
    view: &View,
    key: &Key,
    task: &MoveTask,
    letter: &Letter,
) -> Result<Key, &'static str> {
    let to = match (&task.destination, &letter.dead_from) {
        (Some(name), _) => Some(Key::new(&key.scope, name)),
        (None, Some(arn)) => arn_key(&key.scope, arn),
        (None, None) => None,
    };
    let to = to.ok_or("CouldNotDetermineMessageSource")?;
    let exists = view.store.get::<Queue>(&to).is_some();
    exists.then_some(to).ok_or("AWS.SimpleQueueService.NonExistentQueue")
}

/// The letter as it arrives: to its new queue it is a new message (AWS: redrive gives new ids and
/// timestamps).
fn renewed(view: &View, key: &Key, letter: &Letter, to: &Key, place: usize) -> Letter {
    let next = view.store.plane::<Mailbox>(to).map_or(0, Mailbox::next_number);
    let task = key
        .id
        .as_str()
        .bytes()
        .fold(0u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let (a, b) = letter.id;
    let half = |which| digest::mix(&[task, a, b, which]);
    Letter {
        number: next + place as u64,
        id: (half(0), half(1)),
        content: letter.content.clone(),
        enqueued: view.now,
        visible_at: view.now,
        receives: 0,
        receives_before: 0,
        first_received: None,
        last_received: None,
        dead_from: None,
    }
}
