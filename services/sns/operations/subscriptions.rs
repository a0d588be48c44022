//! ListSubscriptions and ListSubscriptionsByTopic.

use crate::model::topic::find;
use crate::model::{Subscription, refuse, subscription};
use api_sns::{
    ListSubscriptionsByTopicInput, ListSubscriptionsByTopicResponse, ListSubscriptionsInput,
    ListSubscriptionsResponse,
};
use region::{Call, Key, Refusal, listing, serve};
use std::sync::Arc;

/// A page. docs: API_ListSubscriptions
const PAGE: usize = 100;

/// What lists show of those that have not agreed yet.
pub(super) const PENDING: &str = "PendingConfirmation";

type Page = (Vec<api_sns::Subscription>, Option<String>);

fn page(all: Vec<(Key, Arc<Subscription>)>, token: Option<&str>) -> Result<Page, Refusal> {
    let id = |one: &(Key, Arc<Subscription>)| one.0.id.to_string();
    let page = listing::page(all, id, token, Some(PAGE));
    let (page, next) = page.map_err(|_| refuse::invalid("NextToken"))?;
    let shown = page.iter().map(|(key, one)| api_sns::Subscription {
        subscription_arn: Some(match one.confirmed {
            true => subscription::arn(key, one),
            false => PENDING.to_owned(),
        }),
        topic_arn: Some(key.scope.arn("sns", &one.topic)),
        owner: Some(one.owner.clone()),
        protocol: Some(one.protocol.as_str().to_owned()),
        endpoint: Some(one.endpoint.clone()),
    });
    Ok((shown.collect(), next))
}

/// docs: API_ListSubscriptions
pub fn list_subscriptions(
    call: &mut Call,
    input: ListSubscriptionsInput,
) -> Result<ListSubscriptionsResponse, Refusal> {
    serve!(call, ListSubscriptionsInput { next_token } = input);
    let all = call.list::<Subscription>().into_iter();
    let all = all.map(|(id, one)| (call.key(id), one)).collect();
    let (subscriptions, next_token) = page(all, next_token.as_deref())?;
    Ok(ListSubscriptionsResponse { subscriptions: Some(subscriptions), next_token })
}

/// docs: API_ListSubscriptionsByTopic
pub fn list_subscriptions_by_topic(
    call: &mut Call,
    input: ListSubscriptionsByTopicInput,
) -> Result<ListSubscriptionsByTopicResponse, Refusal> {
    serve!(call, ListSubscriptionsByTopicInput { topic_arn, next_token } = input);
    let (_, topic) = find(call, &topic_arn)?;
    let all = subscription::of_topic(call, &topic.name);
    let (subscriptions, next_token) = page(all, next_token.as_deref())?;
    Ok(ListSubscriptionsByTopicResponse { subscriptions: Some(subscriptions), next_token })
}
