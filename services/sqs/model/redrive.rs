//! RedrivePolicy and RedriveAllowPolicy: where dead letters go, and whose a queue takes.

use super::refuse;
use super::{Queue, arn_key};
use region::{Call, Key, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// A queue takes the dead letters of this many others by name (AWS: RedriveAllowPolicy).
const SOURCES: usize = 10;

/// RedrivePolicy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redrive {
    /// deadLetterTargetArn.
    pub target: String,
    /// maxReceiveCount, 1 to 1,000.
    pub max_receives: u32,
}

/// RedriveAllowPolicy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Allow {
    /// `allowAll`
    All,
    /// `denyAll`
    None,
    /// `byQueue`: the ARNs of sources.
    Sources(Vec<String>),
}

impl Redrive {
    /// Reads a policy as a customer writes it.
    pub(crate) fn read(text: &str) -> Result<Redrive, Refusal> {
        let refuse = |reason: &str| refuse::value(text, "RedrivePolicy", reason);
        let Ok(Json::Object(map)) = serde_json::from_str(text) else {
            return Err(refuse("Redrive policy is not a valid JSON map."));
        };
        let mandatory = |name: &str| {
            let reason = format!("Redrive policy does not contain mandatory attribute: {name}.");
            map.get(name).ok_or_else(|| refuse(&reason))
        };
        let target = mandatory("deadLetterTargetArn")?;
        let max = mandatory("maxReceiveCount")?;
        if let Some(other) =
            map.keys().find(|key| !["deadLetterTargetArn", "maxReceiveCount"].contains(&&***key))
        {
            return Err(refuse(&format!("Redrive policy contains unknown attribute: {other}.")));
        }
        let target = target.as_str().filter(|arn| region::Arn::parse(arn).is_some());
        let target = target.ok_or_else(|| refuse("Invalid value for deadLetterTargetArn."))?;
        let count = match max {
            Json::Number(number) => number.as_u64(),
            Json::String(text) => text.parse().ok(),
            _ => None,
        };
        let max_receives = count.filter(|count| (1..=1000).contains(count)).ok_or_else(|| {
            refuse(&format!(
                "Invalid value for maxReceiveCount: {max}, valid values are from 1 to 1000 both \
                 inclusive."
            ))
        })? as u32;
        Ok(Redrive { target: target.to_owned(), max_receives })
    }

    /// As GetQueueAttributes shows it: the count is a number, however it was written.
    pub(crate) fn show(&self) -> String {
        json!({"deadLetterTargetArn": self.target, "maxReceiveCount": self.max_receives})
            .to_string()
    }

    /// Refuses a target that cannot be the dead-letter queue of this queue.
    pub(crate) fn check(&self, call: &Call, source: &str, fifo: bool) -> Result<(), Refusal> {
        let show = self.show();
        let refuse = |reason: &str| refuse::value(&show, "RedrivePolicy", reason);
        let target = self.key(call).and_then(|key| call.get::<Queue>(&key));
        let target = target.ok_or_else(|| refuse("Dead letter target does not exist."))?;
        if target.settings.fifo != fifo {
            return Err(refuse("Dead-letter queue must be same type of queue as the source."));
        }
        let arn = call.scope.arn("sqs", source);
        let allowed = match &target.settings.allow {
            None | Some(Allow::All) => true,
            Some(Allow::None) => false,
            Some(Allow::Sources(sources)) => sources.contains(&arn),
        };
        if !allowed {
            return Err(refuse("The dead-letter queue's RedriveAllowPolicy does not allow it."));
        }
        Ok(())
    }

    /// The target, when it is in the caller's account and region.
    pub(crate) fn key(&self, call: &Call) -> Option<Key> {
        arn_key(&call.scope, &self.target)
    }
}

impl Allow {
    /// Reads a policy as a customer writes it.
    pub(crate) fn read(text: &str) -> Result<Allow, Refusal> {
        let refuse = |reason: &str| refuse::value(text, "RedriveAllowPolicy", reason);
        let Ok(Json::Object(map)) = serde_json::from_str(text) else {
            return Err(refuse("Redrive allow policy is not a valid JSON map."));
        };
        let sources = map.get("sourceQueueArns");
        match map.get("redrivePermission").and_then(Json::as_str) {
            Some("allowAll") if sources.is_none() => Ok(Allow::All),
            Some("denyAll") if sources.is_none() => Ok(Allow::None),
            Some("byQueue") => {
                let sources = sources.and_then(Json::as_array).cloned().unwrap_or_default();
                let arns: Option<Vec<String>> =
                    sources.iter().map(|arn| arn.as_str().map(str::to_owned)).collect();
                match arns {
                    Some(arns) if (1..=SOURCES).contains(&arns.len()) => Ok(Allow::Sources(arns)),
                    _ => Err(refuse("sourceQueueArns must hold 1 to 10 queue ARNs.")),
                }
            }
            Some("allowAll" | "denyAll") => {
                Err(refuse("sourceQueueArns is allowed only with redrivePermission byQueue."))
            }
            _ => Err(refuse("redrivePermission must be allowAll, denyAll or byQueue.")),
        }
    }

    /// As GetQueueAttributes shows it.
    pub(crate) fn show(&self) -> String {
        match self {
            Allow::All => json!({"redrivePermission": "allowAll"}),
            Allow::None => json!({"redrivePermission": "denyAll"}),
            Allow::Sources(arns) => {
                json!({"redrivePermission": "byQueue", "sourceQueueArns": arns})
            }
        }
        .to_string()
    }
}
