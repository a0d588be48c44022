//! From a message to what has to be delivered.

use super::fifo::{self, Order};
use super::message::Message;
use super::subscribe::uuid;
use crate::model::{
    Attribute, Content, Courier, Delivery, Envelope, Kind, Protocol, Sequence, Subscription, Topic,
    measure, subscription, topic,
};
use region::meter::{self, Metrics};
use region::{Arn, Call, Key, Scope};
use std::collections::BTreeMap;
use world::{Amount, Time};

/// A letter about a subscription to its own endpoint.
pub(super) struct Post<'a> {
    pub(super) subscription: (&'a Key, &'a Subscription),
    pub(super) envelope: Envelope,
}

/// Asks an endpoint whether it agrees.
pub(super) fn confirmation(
    call: &mut Call,
    topic_key: &Key,
    subscription: &Subscription,
) -> Envelope {
    let arn = topic::arn(topic_key);
    let token = subscription.token.clone();
    let url = format!(
        "{}/?Action=ConfirmSubscription&Version=2010-03-31&TopicArn={arn}&Token={token}",
        call.origin
    );
    let message = format!(
        "You have chosen to subscribe to the topic {arn}.\nTo confirm the subscription, visit the \
         SubscribeURL included in this message."
    );
    Envelope {
        id: uuid(call.chance(), call.chance()),
        topic: arn,
        message,
        at: call.now,
        confirm: Some((token, url)),
        ..Envelope::default()
    }
}

/// Sends a letter about a subscription.
pub(super) fn post(call: &mut Call, post: Post) {
    let Post { subscription: (key, subscription), envelope } = post;
    let body = envelope.text(Kind::SubscriptionConfirmation);
    let headers = headers(&envelope, Kind::SubscriptionConfirmation, None, false);
    let content = Content::Post { url: subscription.endpoint.clone(), headers };
    let letter = Letter { content, body, attributes: BTreeMap::new(), order: None };
    put(call, key.clone(), subscription, letter);
}

/// Sends a message to everybody who wants it. Returns its id, and its SequenceNumber where the
/// topic keeps order.
pub(super) fn publish(
    call: &mut Call,
    topic_key: &Key,
    message: &Message,
    order: Option<Order>,
) -> (String, Option<String>) {
    let known = call.get::<Topic>(topic_key).zip(order.as_ref());
    if let Some((id, sequence)) = known.and_then(|(topic, one)| fifo::before(call, &topic, one)) {
        return (id, Some(sequence));
    }
    let id = uuid(call.chance(), call.chance());
    let sequence = order.as_ref().map(|order| fifo::next(call, topic_key, order, &id));
    let (arn, topic) = (topic::arn(topic_key), topic_key.id.to_string());
    #[expect(clippy::cast_precision_loss, reason = "messages are short")]
    let size = message.bytes() as f64;
    count(call, &topic, "NumberOfMessagesPublished", 1.0);
    count(call, &topic, "PublishSize", size);
    for (key, one) in subscription::of_topic(call, topic_key.id.as_str()) {
        let text = message.text(one.protocol.as_str());
        let wanted = |filter: &crate::model::Filter| filter.wants(&message.attributes, text);
        if !one.confirmed {
            continue;
        }
        if !one.filter.as_ref().is_none_or(wanted) {
            count(call, &topic, "NumberOfNotificationsFilteredOut", 1.0);
            continue;
        }
        let subscription_arn = subscription::arn(&key, &one);
        // Rooms know no address of the region; whoever subscribed did.
        let by_room = !call.principal.arn.starts_with("arn:") && !one.origin.is_empty();
        let origin = if by_room { &one.origin } else { &call.origin };
        let url = format!(
            "{origin}/?Action=Unsubscribe&Version=2010-03-31&SubscriptionArn={subscription_arn}"
        );
        let envelope = Envelope {
            id: id.clone(),
            sequence: sequence.clone(),
            topic: arn.clone(),
            subject: message.subject.clone(),
            message: text.to_owned(),
            at: call.now,
            confirm: None,
            unsubscribe: Some(url),
            attributes: message.attributes.clone(),
        };
        let kind = Kind::Notification;
        let body = if one.raw { text.to_owned() } else { envelope.text(kind) };
        let attributes = match one.raw {
            true => message.attributes.clone(),
            false => BTreeMap::new(),
        };
        let content = match one.protocol {
            Protocol::Sqs => {
                let queue = Arn::parse(&one.endpoint).map_or("", |arn| arn.resource);
                Content::Queue(queue.to_owned())
            }
            Protocol::Http => Content::Post {
                url: one.endpoint.clone(),
                headers: headers(&envelope, kind, Some(subscription_arn), one.raw),
            },
        };
        let letter = Letter { content, body, attributes, order: order.clone() };
        put(call, key, &one, letter);
    }
    (id, sequence)
}

/// Takes a value of one of the topic's metrics in.
fn count(call: &mut Call, topic: &str, name: &str, value: f64) {
    let measure = measure::measure(&call.view(), topic, name, Amount::once(value));
    let key = meter::key(&call.scope);
    let entry = Metrics::put(call.plane::<Metrics>(&key), call.now, [measure]);
    call.record::<Metrics>(&key, &entry);
}

/// What is put on its way.
struct Letter {
    content: Content,
    body: String,
    attributes: BTreeMap<String, Attribute>,
    order: Option<Order>,
}

fn headers(
    envelope: &Envelope,
    kind: Kind,
    subscription: Option<String>,
    raw: bool,
) -> Vec<(String, String)> {
    let mut headers = vec![
        ("x-amz-sns-message-type", kind.as_str().to_owned()),
        ("x-amz-sns-message-id", envelope.id.clone()),
        ("x-amz-sns-topic-arn", envelope.topic.clone()),
    ];
    headers.extend(subscription.map(|arn| ("x-amz-sns-subscription-arn", arn)));
    if raw {
        headers.push(("x-amz-sns-rawdelivery", "true".to_owned()));
    }
    headers.push(("Content-Type", "text/plain; charset=UTF-8".to_owned()));
    headers.push(("User-Agent", "Amazon Simple Notification Service Agent".to_owned()));
    headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn put(call: &mut Call, key: Key, subscription: &Subscription, letter: Letter) {
    let Letter { content, body, attributes, order } = letter;
    let sequence = Key::new(&key.scope, "sequence");
    let number = call.get::<Sequence>(&sequence).map_or(0, |sequence| sequence.next);
    call.put_at(sequence, Sequence { next: number + 1 });
    let scope = match &content {
        // In the scope of the queue: what is asked of a queue is asked there.
        Content::Queue(_) => Arn::parse(&subscription.endpoint)
            .map_or(key.scope.clone(), |arn| Scope::new(arn.account, arn.region)),
        Content::Post { .. } => {
            call.put_at(Courier::key(), Courier {});
            key.scope.clone()
        }
    };
    let id = format!("{number:016x}-{}", key.id);
    let delivery = Delivery {
        subscription: key,
        content,
        dead: subscription.dead.clone(),
        body,
        attributes,
        tries: 0,
        next: Time::PAST,
        order,
    };
    call.put_at(Key::new(&scope, id), delivery);
}
