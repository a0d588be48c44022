//! CreateTopic, DeleteTopic, ListTopics.

use super::{tags, topic_attributes};
use crate::model::topic::{arn, key};
use crate::model::{Delivery, Topic, refuse, subscription};
use api_sns::{
    CreateTopicInput, CreateTopicResponse, DeleteTopicInput, DeleteTopicOutput, ListTopicsInput,
    ListTopicsResponse,
};
use region::{Call, Refusal, listing, serve};
use std::collections::BTreeMap;

/// A page. docs: API_ListTopics
const PAGE: usize = 100;

/// An account has this many topics at most (SNS quotas).
const TOPICS: usize = 100_000;

/// docs: API_CreateTopic
pub fn create_topic(
    call: &mut Call,
    input: CreateTopicInput,
) -> Result<CreateTopicResponse, Refusal> {
    serve!(call, CreateTopicInput { name, attributes, tags, data_protection_policy } = input);
    let of = |name: &str| attributes.as_ref().and_then(|all| all.get(name));
    let fifo = of("FifoTopic").is_some_and(|fifo| fifo == "true");
    let plain = match (name.strip_suffix(".fifo"), fifo) {
        (Some(plain), true) => plain,
        (None, true) => {
            return Err(refuse::invalid(
                "Fifo Topic names must end with .fifo and must be made up of only uppercase and \
                 lowercase ASCII letters, numbers, underscores, and hyphens, and must be between \
                 1 and 256 characters long.",
            ));
        }
        (_, false) => &name,
    };
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if plain.is_empty() || name.len() > 256 || !plain.bytes().all(known) {
        return Err(refuse::invalid("Topic Name"));
    }
    if !fifo && (of("ContentBasedDeduplication").is_some_and(|on| on == "true")) {
        let reason = "Attributes Reason: Content-based deduplication can only be set for FIFO \
                      topics";
        return Err(refuse::invalid(reason));
    }
    let mut set = BTreeMap::new();
    for (name, value) in attributes.unwrap_or_default() {
        topic_attributes::check(&name, &value)?;
        set.insert(name, value);
    }
    let tags = tags::given(tags.unwrap_or_default())?;
    let key = call.key(&*name);
    if let Some(present) = call.find::<Topic>(&name) {
        let same = set.iter().all(|(name, value)| present.attributes.get(name) == Some(value));
        if !same {
            let reason = "Attributes Reason: Topic already exists with different attributes";
            return Err(refuse::invalid(reason));
        }
        if !tags.is_empty() && tags != present.tags {
            let reason = "Tags Reason: Topic already exists with different tags";
            return Err(refuse::invalid(reason));
        }
        return Ok(CreateTopicResponse { topic_arn: Some(arn(&key)) });
    }
    if call.list::<Topic>().len() >= TOPICS {
        let message = "Topic limit exceeded: 100000";
        return Err(Refusal::new("TopicLimitExceeded", message));
    }
    let topic = Topic {
        name,
        attributes: set,
        tags,
        data_protection: data_protection_policy,
        deleted: 0,
        sequence: 0,
    };
    call.put_at(key.clone(), topic);
    Ok(CreateTopicResponse { topic_arn: Some(arn(&key)) })
}

/// docs: API_DeleteTopic
pub fn delete_topic(
    call: &mut Call,
    input: DeleteTopicInput,
) -> Result<DeleteTopicOutput, Refusal> {
    serve!(call, DeleteTopicInput { topic_arn } = input);
    // AWS: deleting a topic that does not exist is no error.
    let key = key(&topic_arn).ok_or_else(|| refuse::invalid("TopicArn"))?;
    if key.scope != call.scope || call.get::<Topic>(&key).is_none() {
        return Ok(DeleteTopicOutput::default());
    }
    for (one, _) in subscription::of_topic(call, key.id.as_str()) {
        call.forget_at::<crate::model::Subscription>(&one);
        let late: Vec<_> = call
            .store()
            .all::<Delivery>()
            .filter(|(_, delivery)| delivery.subscription == one)
            .map(|(key, _)| key.clone())
            .collect();
        late.iter().for_each(|key| call.forget_at::<Delivery>(key));
    }
    call.forget_at::<Topic>(&key);
    Ok(DeleteTopicOutput::default())
}

/// docs: API_ListTopics
pub fn list_topics(call: &mut Call, input: ListTopicsInput) -> Result<ListTopicsResponse, Refusal> {
    serve!(call, ListTopicsInput { next_token } = input);
    let names: Vec<String> =
        call.list::<Topic>().into_iter().map(|(id, _)| id.to_string()).collect();
    let page = listing::page(names, String::clone, next_token.as_deref(), Some(PAGE));
    let (names, next_token) = page.map_err(|_| refuse::invalid("NextToken"))?;
    let topics = names.iter().map(|name| api_sns::Topic { topic_arn: Some(arn(&call.key(name))) });
    Ok(ListTopicsResponse { topics: Some(topics.collect()), next_token })
}
