//! The refusals that several operations share, in SQS's words.

use region::Refusal;
use std::fmt;

/// A parameter with a value that cannot be.
pub(crate) fn value(value: impl fmt::Display, parameter: &str, reason: &str) -> Refusal {
    let message = format!("Value {value} for parameter {parameter} is invalid. Reason: {reason}");
    Refusal::new("InvalidParameterValue", message)
}

/// A parameter that must be there.
pub(crate) fn missing(parameter: &str) -> Refusal {
    let message = format!("The request must contain the parameter {parameter}.");
    Refusal::new("MissingParameter", message)
}

pub(crate) fn no_queue() -> Refusal {
    Refusal::new("QueueDoesNotExist", "The specified queue does not exist.")
}

pub(crate) fn handle(handle: &str) -> Refusal {
    let message = format!("The input receipt handle \"{handle}\" is not a valid receipt handle.");
    Refusal::new("ReceiptHandleIsInvalid", message)
}

pub(crate) fn unknown_attribute(name: &str) -> Refusal {
    Refusal::new("InvalidAttributeName", format!("Unknown Attribute {name}."))
}

pub(crate) fn attribute(name: &str) -> Refusal {
    Refusal::new("InvalidAttributeValue", format!("Invalid value for the parameter {name}."))
}

/// A parameter with a number out of its range.
pub(crate) fn range(
    number: i32,
    parameter: &str,
    range: std::ops::RangeInclusive<i32>,
) -> Result<u32, Refusal> {
    if range.contains(&number) {
        return Ok(number.unsigned_abs());
    }
    let (least, most) = (range.start(), range.end());
    let reason = format!("Must be >= {least} and <= {most}, if provided.");
    Err(value(number, parameter, &reason))
}
