//! The refusals that several operations share, in CloudWatch's words.

use region::Refusal;
use std::fmt;

/// A parameter with a value that cannot be.
pub(crate) fn value(value: impl fmt::Display, parameter: &str) -> Refusal {
    let message = format!("The value {value} for parameter {parameter} is invalid.");
    Refusal::new("InvalidParameterValue", message)
}

/// A parameter that cannot be so; the message says all.
pub(crate) fn wrong(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidParameterValue", message)
}

/// Parameters that do not go together.
pub(crate) fn combination(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidParameterCombination", message)
}

/// Two parameters of which only one may be there.
pub(crate) fn exclusive(one: &str, other: &str) -> Refusal {
    combination(format!(
        "The parameters {one} and {other} are mutually exclusive and you have specified both."
    ))
}

/// A parameter that must be there.
pub(crate) fn missing(parameter: &str) -> Refusal {
    Refusal::new("MissingParameter", format!("The parameter {parameter} is required."))
}

/// What CloudWatch calls a validation error.
pub(crate) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationError", message).status(400)
}

pub(crate) fn token() -> Refusal {
    Refusal::new("InvalidNextToken", "The value for parameter NextToken is invalid.")
}
