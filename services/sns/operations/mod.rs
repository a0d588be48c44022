//! The table of contents: every operation of SNS.

mod deliver;
mod fifo;
mod message;
mod permission;
mod publish;
mod subscribe;
mod subscription_attributes;
mod subscriptions;
mod tags;
mod topic_attributes;
mod topics;

use region::{Operation, operations};

/// What the room serves.
pub const OPERATIONS: &[Operation] = operations![
    AddPermission => permission::add_permission,
    ConfirmSubscription => subscribe::confirm_subscription,
    CreateTopic => topics::create_topic,
    DeleteTopic => topics::delete_topic,
    GetDataProtectionPolicy => permission::get_data_protection_policy,
    GetSubscriptionAttributes => subscription_attributes::get_subscription_attributes,
    GetTopicAttributes => topic_attributes::get_topic_attributes,
    ListSubscriptions => subscriptions::list_subscriptions,
    ListSubscriptionsByTopic => subscriptions::list_subscriptions_by_topic,
    ListTagsForResource => tags::list_tags_for_resource,
    ListTopics => topics::list_topics,
    Publish => publish::publish,
    PublishBatch => publish::publish_batch,
    PutDataProtectionPolicy => permission::put_data_protection_policy,
    RemovePermission => permission::remove_permission,
    SetSubscriptionAttributes => subscription_attributes::set_subscription_attributes,
    SetTopicAttributes => topic_attributes::set_topic_attributes,
    Subscribe => subscribe::subscribe,
    TagResource => tags::tag_resource,
    Unsubscribe => subscribe::unsubscribe,
    UntagResource => tags::untag_resource,
];
