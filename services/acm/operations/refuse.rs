//! Refusals in AWS's words, and looking certificates up.

use crate::model::{self, Certificate};
use region::{Call, Key, Refusal};
use std::sync::Arc;

/// `ValidationException`.
pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationException", message).status(400)
}

/// The certificate of an ARN in the caller's account and region.
pub(super) fn find(call: &Call, arn: &str) -> Result<(Key, Arc<Certificate>), Refusal> {
    let Some(key) = model::key(arn) else {
        let message = format!("The provided ARN '{arn}' is not valid");
        return Err(Refusal::new("InvalidArnException", message));
    };
    let found = call.get::<Certificate>(&key).filter(|_| key.scope == call.scope);
    let unknown = || {
        let message = format!("Could not find certificate {arn}.");
        Refusal::new("ResourceNotFoundException", message)
    };
    found.map(|certificate| (key, certificate)).ok_or_else(unknown)
}

/// A moment as the API says it.
pub(super) fn stamp(at: world::Time) -> shape::Timestamp {
    shape::Timestamp(at.millis() as i64)
}

/// A UUID of version 4.
pub(super) fn uuid(call: &mut Call) -> String {
    let (a, b) = (call.chance(), call.chance());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        a >> 32,
        a >> 16 & 0xFFFF,
        a & 0xFFF,
        b >> 48 & 0x3FFF | 0x8000,
        b & 0xFFFF_FFFF_FFFF
    )
}
