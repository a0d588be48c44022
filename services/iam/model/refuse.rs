//! The refusals that several operations share, in IAM's words.

use region::Refusal;

pub(crate) fn missing(message: impl Into<String>) -> Refusal {
    Refusal::new("NoSuchEntity", message).status(404)
}

pub(crate) fn taken(message: impl Into<String>) -> Refusal {
    Refusal::new("EntityAlreadyExists", message).status(409)
}

/// Something else must go first.
pub(crate) fn conflict(message: impl Into<String>) -> Refusal {
    Refusal::new("DeleteConflict", message).status(409)
}

pub(crate) fn quota(name: &str, limit: usize) -> Refusal {
    limit_exceeded(format!("Cannot exceed quota for {name}: {limit}"))
}

pub(crate) fn limit_exceeded(message: impl Into<String>) -> Refusal {
    Refusal::new("LimitExceeded", message).status(409)
}

pub(crate) fn input(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidInput", message).status(400)
}

pub(crate) fn validation(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationError", message).status(400)
}

pub(crate) fn malformed(message: impl Into<String>) -> Refusal {
    Refusal::new("MalformedPolicyDocument", message).status(400)
}

/// A name of `[\w+=,.@-]`.
pub(crate) fn name(name: &str, parameter: &str) -> Result<(), Refusal> {
    let fine = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if !name.is_empty() && name.chars().all(fine) {
        return Ok(());
    }
    Err(validation(format!(
        "The specified value for {parameter} is invalid. It must contain only alphanumeric \
         characters and/or the following: +=,.@_-"
    )))
}

/// The path that was given, or `/`.
pub(crate) fn path(path: Option<String>) -> Result<String, Refusal> {
    let Some(path) = path else { return Ok("/".into()) };
    let fine = path.starts_with('/')
        && path.ends_with('/')
        && path.chars().all(|c| ('!'..='~').contains(&c));
    if fine {
        return Ok(path);
    }
    Err(validation(
        "The specified value for path is invalid. It must begin and end with / and contain only \
         alphanumeric characters and/or / characters.",
    ))
}
