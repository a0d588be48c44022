//! The refusals that several operations share, in SNS's words.

use region::Refusal;
use std::fmt;

/// A parameter that cannot be so.
pub(crate) fn invalid(what: impl fmt::Display) -> Refusal {
    Refusal::new("InvalidParameter", format!("Invalid parameter: {what}"))
}

pub(crate) fn no_topic() -> Refusal {
    Refusal::new("NotFound", "Topic does not exist")
}

pub(crate) fn no_subscription() -> Refusal {
    Refusal::new("NotFound", "Subscription does not exist")
}
