//! Topics.

use super::refuse;
use region::{Arn, Call, Key, Refusal, Scope, record};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A topic; its key is its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// Its name.
    pub name: String,
    /// What was set: `DisplayName`, `Policy`, `DeliveryPolicy`, …
    pub attributes: BTreeMap<String, String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// PutDataProtectionPolicy; recorded.
    pub data_protection: Option<String>,
    /// Subscriptions that were deleted.
    pub deleted: u64,
    /// The number of the last message of a FIFO topic.
    #[serde(default)]
    pub sequence: u64,
}

record!(Topic, "sns/topic", 1);

impl Topic {
    /// Whether it keeps order and recognises what was published before.
    pub fn is_fifo(&self) -> bool {
        self.attributes.get("FifoTopic").is_some_and(|fifo| fifo == "true")
    }
}

/// The key that a topic's ARN means, whosever topic it is.
pub(crate) fn key(arn: &str) -> Option<Key> {
    let arn = Arn::parse(arn).filter(|arn| arn.service == "sns")?;
    let plain = !arn.resource.is_empty() && !arn.resource.contains(':');
    plain.then(|| Key::new(&Scope::new(arn.account, arn.region), arn.resource))
}

/// The topic that an ARN names. Topics of other scopes are not told apart from missing ones.
pub(crate) fn find(call: &Call, arn: &str) -> Result<(Key, Arc<Topic>), Refusal> {
    let key = key(arn).ok_or_else(|| refuse::invalid("TopicArn"))?;
    let topic = call.get::<Topic>(&key).filter(|_| key.scope == call.scope);
    Ok((key, topic.ok_or_else(refuse::no_topic)?))
}

/// TopicArn.
pub(crate) fn arn(key: &Key) -> String {
    key.scope.arn("sns", key.id.as_str())
}
