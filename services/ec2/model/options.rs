//! What can be chosen about an instance besides its parts.

use serde::{Deserialize, Serialize};
use std::fmt;
use world::Time;

/// Choices that a launch makes and that can be changed later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Whether a guest that switches itself off is terminated, not stopped.
    pub shutdown_terminates: bool,
    /// TerminateInstances is refused.
    pub protect_termination: bool,
    /// StopInstances is refused.
    pub protect_stop: bool,
    /// Detailed monitoring; recorded.
    pub monitoring: bool,
    /// Recorded.
    pub ebs_optimized: bool,
    /// `standard` or `unlimited`, for burstable types; recorded: processors here do not tire.
    pub credits: Option<String>,
    /// The metadata service.
    pub metadata: Metadata,
    /// The instance profile.
    pub profile: Option<Profile>,
    /// `ip-name` or `resource-name`.
    pub hostname_type: String,
    /// Recorded.
    pub resource_name_a: bool,
    /// `default` or `disabled`: whether a crash is followed by a boot.
    pub auto_recovery: String,
}

/// How the metadata service answers an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Whether at all.
    pub enabled: bool,
    /// Whether only with a session token.
    pub tokens_required: bool,
    /// 1 to 64.
    pub hop_limit: u8,
    /// Whether it shows the instance's tags.
    pub tags: bool,
}

/// An instance profile in an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// `arn:aws:iam::000000000000:instance-profile/NAME`.
    pub arn: String,
    /// `AIPA…`.
    pub id: String,
    /// `iip-assoc-…`.
    pub association: String,
    /// Since when.
    pub since: Time,
    /// What the credentials of its role are made from.
    pub seed: Seed,
}

/// 256 random bits as hexadecimal text. Debugging does not show them.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(pub String);

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed")
    }
}
