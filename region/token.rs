//! Idempotency tokens: the same request with the same token has one effect and one answer.

use crate::{Call, Key, Refusal, record};
use serde::{Deserialize, Serialize};
use shape::{Record, Value};
use world::{Span, Time};

/// Tokens are remembered this long (AWS: EC2 user guide, "Ensuring idempotency": 24 hours).
const REMEMBERED: Span = Span::seconds(24 * 3600);

/// The answer that a token already got.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    input: serde_json::Value,
    output: serde_json::Value,
    /// When it may be forgotten.
    pub until: Time,
}

record!(Spent, "region/token", 1);

/// The token of an input: the member that the model marks so, when the client sent it.
pub(crate) fn of(input: &Record) -> Option<&str> {
    let members = input.schema.members().iter().zip(&input.members);
    let token = members.filter(|(member, _)| member.idempotency_token);
    token.filter_map(|(_, value)| value.as_ref()).find_map(|value| match value {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    })
}

/// The key under which the answer to a token is remembered.
pub(crate) fn key(call: &Call, operation: &str, token: &str) -> Key {
    call.key(format!("{operation}/{token}"))
}

/// The answer that this token already got; refuses the token with other parameters.
pub(crate) fn spent(
    call: &Call,
    key: &Key,
    input: &Record,
    output: &'static shape::Structure,
) -> Result<Option<Record>, Refusal> {
    let Some(spent) = call.get::<Spent>(key).filter(|spent| spent.until > call.now) else {
        return Ok(None);
    };
    if spent.input != shape::to_json(input) {
        let message = "The client token was used before with other parameters; use a new one.";
        return Err(Refusal::new("IdempotentParameterMismatch", message));
    }
    shape::from_json(output, &spent.output).map(Some).map_err(Refusal::bug)
}

/// Remembers an answer.
pub(crate) fn spend(call: &mut Call, key: Key, input: serde_json::Value, output: &Record) {
    let until = call.now + REMEMBERED;
    call.put_at(key, Spent { input, output: shape::to_json(output), until });
}
