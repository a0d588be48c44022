//! Names of things and of zones: short text, cheap to clone, ordered.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// The name of a thing, unique in a world: `vpc-0a1b…`, `i-0c2d…`, `eni-…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(Arc<str>);

/// The name of a failure domain: `ap-northeast-2a`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Zone(Arc<str>);

/// The zone of what belongs to no zone: the internet's own machines. They have no ports, and run
/// in the internet's own network.
pub const EDGE: &str = "internet";

macro_rules! text {
    ($name:ident) => {
        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl<T: AsRef<str>> From<T> for $name {
            fn from(text: T) -> Self {
                Self(Arc::from(text.as_ref()))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

text!(Id);
text!(Zone);
