//! The refusals that several operations share, in Route 53's words.

use region::Refusal;

/// Something in the input that the model does not forbid.
pub(crate) fn input(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidInput", message)
}

pub(crate) fn no_zone(id: &str) -> Refusal {
    Refusal::new("NoSuchHostedZone", format!("No hosted zone found with ID: {id}")).status(404)
}

pub(crate) fn no_check(id: &str) -> Refusal {
    let message = format!("No health check found with ID: {id}");
    Refusal::new("NoSuchHealthCheck", message).status(404)
}

pub(crate) fn no_set(id: &str) -> Refusal {
    let message = format!("The specified delegation set {id} could not be found.");
    Refusal::new("NoSuchDelegationSet", message)
}

/// Several things that are wrong with a batch, as one list in brackets.
pub(crate) fn batch(messages: &[String]) -> Refusal {
    Refusal::new("InvalidChangeBatch", format!("[{}]", messages.join(", ")))
}
