//! Holds a decoded input against the model, in the codes and words of its protocol. Changes
//! nothing, and says no more of a wrong input than a person would read.

use crate::form::failure;
use region::Refusal;
use shape::{Api, Checks, Fault, FaultKind, Protocol, Record, Value};
use wire::Failure;

/// Some enums have more than a thousand values.
const VALUES_SAID: usize = 20;
/// A list of a thousand wrong items has a thousand faults.
const FAULTS_SAID: usize = 10;
/// A wrong value may be as long as the body.
const LETTERS_SAID: usize = 256;

/// Refuses what the model does not allow.
pub(crate) fn check(
    protocol: Protocol,
    api: Option<&'static Api>,
    input: &Record,
) -> Result<(), Failure> {
    if let Some(name) = holed(input) {
        let message = format!("{name}: NULL_VALUE where a value belongs");
        return Err(failure(Refusal::new("SerializationException", message).status(400)));
    }
    let Err(faults) = shape::validate_with(input, Checks { enums: true, limits: true }) else {
        return Ok(());
    };
    let compatible = api.is_some_and(|api| api.query_compatible) || protocol == Protocol::Ec2;
    if !compatible {
        let code = match protocol {
            Protocol::RestXml if api.is_some_and(has_invalid_input) => INVALID_INPUT,
            Protocol::Query | Protocol::RestXml => "ValidationError",
            _ => "ValidationException",
        };
        return Err(failure(Refusal::new(code, sentence(&faults))));
    }
    if let Some(fault) = faults.iter().find(|fault| fault.kind == FaultKind::Missing) {
        let message = format!("The request must contain the parameter {}.", fault.member);
        return Err(failure(Refusal::new("MissingParameter", message)));
    }
    let unlisted = |fault: &&Fault| matches!(fault.kind, FaultKind::NotInEnum { .. });
    let message = match faults.iter().find(unlisted) {
        Some(fault) if protocol == Protocol::Ec2 => {
            format!("Invalid value '{}' for {}.", clipped(&fault.value), fault.member)
        }
        _ => sentence(&faults),
    };
    Err(failure(Refusal::new("InvalidParameterValue", message)))
}

/// Route 53 says it of every constraint.
const INVALID_INPUT: &str = "InvalidInput";

fn has_invalid_input(api: &Api) -> bool {
    api.errors.iter().any(|error| error.code == INVALID_INPUT)
}

/// The member in which a list or a map has a hole (JSON's null), if one has. No API here has
/// sparse lists, so a hole fits no type.
fn holed(record: &Record) -> Option<&'static str> {
    fn has(value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::List(items) => items.iter().any(has),
            Value::Map(items) => items.values().any(has),
            Value::Struct(record) => record.members.iter().flatten().any(has),
            _ => false,
        }
    }
    let mut members = record.schema.members().iter().zip(&record.members);
    members.find(|(_, value)| value.as_ref().is_some_and(has)).map(|(member, _)| member.name)
}

/// AWS's: `2 validation errors detected: Value ... at ... failed to satisfy constraint: ...; ...`.
fn sentence(faults: &[Fault]) -> String {
    let mut said: Vec<String> = faults.iter().take(FAULTS_SAID).map(text).collect();
    if faults.len() > FAULTS_SAID {
        said.push(format!("and {} more", faults.len() - FAULTS_SAID));
    }
    let word = if faults.len() == 1 { "error" } else { "errors" };
    format!("{} validation {word} detected: {}", faults.len(), said.join("; "))
}

fn text(fault: &Fault) -> String {
    let shown = |kind: FaultKind| {
        let (path, value) = (clipped(&fault.path), clipped(&fault.value));
        Fault { path, value, kind, member: fault.member }.to_string()
    };
    match &fault.kind {
        FaultKind::NotInEnum { values } if values.len() > VALUES_SAID => {
            let text = shown(FaultKind::NotInEnum { values: &values[..VALUES_SAID] });
            let open = text.strip_suffix(']').unwrap_or(&text);
            format!("{open}, and {} more]", values.len() - VALUES_SAID)
        }
        kind => shown(kind.clone()),
    }
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(LETTERS_SAID) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
