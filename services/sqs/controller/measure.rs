//! A queue's metrics, each minute (paced). docs: sqs-available-cloudwatch-metrics.
//! NumberOfEmptyReceives and SentMessageSize are not among them.

use crate::dataplane::{Mailbox, Tally};
use crate::model::{Measured, Queue};
use region::meter::{Measure, aligned};
use region::{Key, Plan, View};
use world::{Amount, Span};

/// A queue that nobody uses and that is empty is silent after this long.
const ACTIVE: Span = Span::seconds(6 * 3600);

/// Publishes what a minute that is over brought. The record moves on in the same step, so that
/// none is published twice.
pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(before) = view.store.get::<Measured>(key) else { return };
    if view.store.get::<Queue>(key).is_none() {
        return plan.forget::<Measured>(key.clone());
    }
    let Some(mailbox) = view.store.plane::<Mailbox>(key) else { return };
    let minute = view.paced(Span::seconds(60));
    let begun = aligned(view.now, minute);
    plan.again(begun + minute);
    if before.at >= begun {
        return;
    }
    let (tally, counts) = (mailbox.tally(), mailbox.counts(view.now));
    let used = tally != before.tally || mailbox.oldest().is_some();
    let active = if used { view.now } else { before.active };
    if active + view.paced(ACTIVE) < view.now {
        return;
    }
    let Tally { sent, received, deleted } = tally;
    let age = mailbox.oldest().map_or(0, |oldest| view.now.since(oldest).0 / 1_000_000);
    let values = [
        ("NumberOfMessagesSent", "Count", sent - before.tally.sent.min(sent)),
        ("NumberOfMessagesReceived", "Count", received - before.tally.received.min(received)),
        ("NumberOfMessagesDeleted", "Count", deleted - before.tally.deleted.min(deleted)),
        ("ApproximateNumberOfMessagesVisible", "Count", counts.visible as u64),
        ("ApproximateNumberOfMessagesNotVisible", "Count", counts.in_flight as u64),
        ("ApproximateNumberOfMessagesDelayed", "Count", counts.delayed as u64),
        ("ApproximateAgeOfOldestMessage", "Seconds", age),
    ];
    for (name, unit, value) in values {
        #[expect(clippy::cast_precision_loss, reason = "nobody has so many messages")]
        let amount = Amount::once(value as f64);
        let of = [("QueueName", key.id.as_str())];
        let at = begun - minute;
        plan.measure(&key.scope, Measure::of("AWS/SQS", name, of, unit, at, minute, amount));
    }
    plan.want(key.clone(), Measured { at: begun, tally, active });
}
