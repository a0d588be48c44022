//! One delivery to a queue: asked until the queue has taken it or never will.

use crate::model::{Content, Delivery, Subscription, measure};
use api_sqs::operation::SendMessage;
use api_sqs::{MessageAttributeValue, SendMessageRequest};
use region::{Arn, Heard, Key, Plan, Scope, View};
use world::{Amount, Span};

/// A queue that is there and refuses is asked again after this long. docs: sns-message-delivery-
/// retries, AWS managed endpoints
const AGAIN: Span = Span::seconds(20);

/// And so often: 23 days.
const TRIES: u32 = 100_015;

pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(delivery) = view.store.get::<Delivery>(key) else { return };
    let Content::Queue(queue) = &delivery.content else { return };
    if delivery.next > view.now {
        return plan.again(delivery.next);
    }
    let attributes = delivery.attributes.iter().map(|(name, attribute)| {
        let binary = attribute.kind.starts_with("Binary");
        let (string_value, binary_value) = match binary {
            true => (None, shape::base64::decode(&attribute.value)),
            false => (Some(attribute.value.clone()), None),
        };
        let data_type = attribute.kind.clone();
        let value = MessageAttributeValue {
            data_type,
            string_value,
            binary_value,
            ..MessageAttributeValue::default()
        };
        (name.clone(), value)
    });
    let attributes: std::collections::BTreeMap<_, _> = attributes.collect();
    // A standard queue keeps no order.
    let order = delivery.order.as_ref().filter(|_| queue.ends_with(".fifo"));
    let input = SendMessageRequest {
        queue_url: format!("/{}/{queue}", key.scope.account),
        message_body: delivery.body.clone(),
        message_attributes: Some(attributes).filter(|all| !all.is_empty()),
        message_group_id: order.map(|(group, _)| group.clone()),
        message_deduplication_id: order.map(|(_, id)| id.clone()),
        ..SendMessageRequest::default()
    };
    plan.ask::<SendMessage>(key, "send", input);
}

pub(super) fn hear(view: &View, key: &Key, heard: &Heard, plan: &mut Plan) {
    let Heard::Answer(_, answer) = heard else { return };
    let Some(delivery) = view.store.get::<Delivery>(key) else { return };
    match answer {
        Ok(_) => done(view, key, delivery, plan),
        Err(refusal) if refusal.sender || delivery.tries >= TRIES => {
            give_up(view, key, delivery, plan);
        }
        Err(_) => {
            let (tries, next) = (delivery.tries + 1, view.now + view.paced(AGAIN));
            plan.want(key.clone(), Delivery { tries, next, ..(**delivery).clone() });
        }
    }
}

/// Takes a value of one of the topic's metrics in.
fn count(view: &View, delivery: &Delivery, name: &str, plan: &mut Plan) {
    let of = &delivery.subscription;
    if let Some(subscription) = view.store.get::<Subscription>(of) {
        let one = measure::measure(view, &subscription.topic, name, Amount::once(1.0));
        plan.measure(&of.scope, one);
    }
}

/// How the ids of letters to dead-letter queues end.
const DEAD: &str = "-dead";

/// It was taken.
pub(super) fn done(view: &View, key: &Key, delivery: &Delivery, plan: &mut Plan) {
    plan.forget::<Delivery>(key.clone());
    let name = match key.id.as_str().ends_with(DEAD) {
        true => "NumberOfNotificationsRedrivenToDlq",
        false => "NumberOfNotificationsDelivered",
    };
    count(view, delivery, name, plan);
}

/// What cannot be delivered goes to the dead-letter queue, once, or is gone.
pub(super) fn give_up(view: &View, key: &Key, delivery: &Delivery, plan: &mut Plan) {
    plan.forget::<Delivery>(key.clone());
    let name = match key.id.as_str().ends_with(DEAD) {
        true => "NumberOfNotificationsFailedToRedriveToDlq",
        false => "NumberOfNotificationsFailed",
    };
    count(view, delivery, name, plan);
    let dead = delivery.dead.as_deref().and_then(Arn::parse);
    let Some(dead) = dead else { return };
    let scope = Scope::new(dead.account, dead.region);
    let letter = Delivery {
        content: Content::Queue(dead.resource.to_owned()),
        dead: None,
        tries: 0,
        next: world::Time::PAST,
        ..delivery.clone()
    };
    plan.want(Key::new(&scope, format!("{}{DEAD}", key.id)), letter);
}
