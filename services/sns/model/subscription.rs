//! Subscriptions: where a topic's messages go.

use super::{Filter, refuse};
use region::{Arn, Call, Key, Refusal, Scope, record};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How messages go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Protocol {
    /// To a queue.
    Sqs,
    /// By HTTP POST.
    Http,
}

/// A subscription; its key is the last part of its ARN.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subscription {
    /// The topic's name.
    pub topic: String,
    /// How messages go.
    pub protocol: Protocol,
    /// Where: a queue's ARN, a URL.
    pub endpoint: String,
    /// The account that subscribed.
    pub owner: String,
    /// Where the region's API was for whoever subscribed: `http://HOST`.
    #[serde(default)]
    pub origin: String,
    /// Whether the endpoint has agreed.
    pub confirmed: bool,
    /// What the endpoint must show to agree.
    pub token: String,
    /// AuthenticateOnUnsubscribe.
    pub authenticated: bool,
    /// RawMessageDelivery.
    pub raw: bool,
    /// FilterPolicy, read.
    pub filter: Option<Filter>,
    /// The queue for messages that cannot be delivered: its ARN, from RedrivePolicy.
    pub dead: Option<String>,
    /// What was set, as text: `FilterPolicy`, `RedrivePolicy`, …
    pub attributes: BTreeMap<String, String>,
}

record!(Subscription, "sns/subscription", 1);

impl Protocol {
    /// AWS's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Protocol::Sqs => "sqs",
            Protocol::Http => "http",
        }
    }
}

/// SubscriptionArn.
pub(crate) fn arn(key: &Key, subscription: &Subscription) -> String {
    key.scope.arn("sns", &format!("{}:{}", subscription.topic, key.id))
}

/// The key that a subscription's ARN means.
pub(crate) fn key(arn: &str) -> Option<Key> {
    let arn = Arn::parse(arn).filter(|arn| arn.service == "sns")?;
    let (_, id) = arn.resource.split_once(':')?;
    Some(Key::new(&Scope::new(arn.account, arn.region), id))
}

/// The subscription that an ARN names.
pub(crate) fn find(call: &Call, arn: &str) -> Result<(Key, Arc<Subscription>), Refusal> {
    let key = key(arn).ok_or_else(|| refuse::invalid("SubscriptionArn"))?;
    let found = call.get::<Subscription>(&key).filter(|_| key.scope == call.scope);
    Ok((key, found.ok_or_else(refuse::no_subscription)?))
}

/// The subscriptions of a topic.
pub(crate) fn of_topic(call: &Call, topic: &str) -> Vec<(Key, Arc<Subscription>)> {
    let all = call.list::<Subscription>().into_iter();
    all.filter(|(_, one)| one.topic == topic).map(|(id, one)| (call.key(id), one)).collect()
}
