//! What changes by itself with time: messages expire, names are free again, tasks move messages.

mod measure;
mod redrive;

use crate::dataplane::{Entry, Mailbox};
use crate::model::{Deleted, Measured, Queue};
use crate::operations::NAME_RESTS;
use region::{Controller, Key, Plan, View, deaf};
use world::Span;

/// The room's controllers.
pub(crate) const CONTROLLERS: &[Controller] = &[
    Controller { kind: "sqs/queue", plan: expire, wakes: &[], hear: deaf },
    Controller { kind: "sqs/measured", plan: measure::plan, wakes: &[], hear: deaf },
    Controller { kind: "sqs/deleted", plan: free_name, wakes: &[], hear: deaf },
    Controller { kind: "sqs/move-task", plan: redrive::plan, wakes: &[], hear: deaf },
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
