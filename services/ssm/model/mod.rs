//! What the room keeps: parameters, and each of their versions as a record of its own.

mod name;
mod parameter;
pub(crate) mod public;
pub(crate) mod refuse;

pub use parameter::{Kind, Parameter, Tier, Version};

pub(crate) use name::{check_new, plain, wanted};
pub(crate) use parameter::{VERSIONS, version_key};
