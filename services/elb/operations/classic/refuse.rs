//! Refusals in AWS's words, and looking balancers up by name.

use crate::model::Classic;
use region::{Call, Refusal};

/// `ValidationError`.
pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationError", message)
}

/// `InvalidConfigurationRequest`.
pub(super) fn configuration(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidConfigurationRequest", message)
}

/// A balancer by its name.
pub(super) fn find(call: &Call, name: &str) -> Result<Classic, Refusal> {
    let found = call.find::<Classic>(name).map(|one| (*one).clone());
    found.ok_or_else(|| {
        let message = format!("There is no ACTIVE Load Balancer named '{name}'");
        Refusal::new("LoadBalancerNotFound", message)
    })
}
