//! From a message to what has to be delivered.

use super::message::Message;
use super::subscribe::uuid;
use crate::model::{
    Content, Courier, Delivery, Envelope, Kind, Protocol, Sequence, Subscription, subscription,
    topic,
};
use region::{Arn, Call, Key, Scope};
use std::collections::BTreeMap;
use world::Time;

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
    put(call, key.clone(), subscription, content, body, BTreeMap::new());
}

/// Sends a message to everybody who wants it. Returns its id.
pub(super) fn publish(call: &mut Call, topic_key: &Key, message: &Message) -> String {
    let id = uuid(call.chance(), call.chance());
    let arn = topic::arn(topic_key);
    for (key, one) in subscription::of_topic(call, topic_key.id.as_str()) {
        let text = message.text(one.protocol.as_str());
        let wanted = |filter: &crate::model::Filter| filter.wants(&message.attributes, text);
        if !one.confirmed || !one.filter.as_ref().is_none_or(wanted) {
            continue;
        }
        let subscription_arn = subscription::arn(&key, &one);
        let url = format!(
            "{}/?Action=Unsubscribe&Version=2010-03-31&SubscriptionArn={subscription_arn}",
            call.origin
        );
        let envelope = Envelope {
            id: id.clone(),
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
        put(call, key, &one, content, body, attributes);
    }
    id
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

fn put(
    call: &mut Call,
    key: Key,
    subscription: &Subscription,
    content: Content,
    body: String,
    attributes: BTreeMap<String, crate::model::Attribute>,
) {
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
    };
    call.put_at(Key::new(&scope, id), delivery);
}
