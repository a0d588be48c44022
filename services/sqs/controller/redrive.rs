//! Tasks that move messages out of a dead-letter queue (AWS: redrive), step by step.

use super::EXPIRY;
use crate::dataplane::digest;
use crate::dataplane::{Entry, Letter, Mailbox};
use crate::model::{MoveTask, Queue, Status, arn_key};
use region::{Key, Plan, View};
use std::collections::BTreeMap;
use world::Span;

/// A task moves messages in steps of this length, so that its rate holds in every second.
const STEP: Span = Span::millis(100);

/// Messages a second that a task moves when nothing else was said (AWS: redrive, at most 500).
const RATE: u32 = 500;

/// A task runs this long at most (AWS: dead-letter queue redrive).
const LONGEST: Span = Span::seconds(36 * 3600);

pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
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
