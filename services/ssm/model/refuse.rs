//! The refusals that several operations share, in Systems Manager's words.

use region::Refusal;

pub(crate) fn validation(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationException", message).status(400)
}

pub(crate) fn not_found(name: &str) -> Refusal {
    Refusal::new("ParameterNotFound", format!("Parameter {name} not found."))
}

pub(crate) fn no_version(version: &str, name: &str) -> Refusal {
    let message = format!(
        "Systems Manager could not find version {version} of {name}. Verify the version and try \
         again."
    );
    Refusal::new("ParameterVersionNotFound", message)
}

pub(crate) fn filter_key(key: &str) -> Refusal {
    let message = format!("The following filter key is not valid: {key}.");
    Refusal::new("InvalidFilterKey", message)
}

pub(crate) fn filter_option(key: &str, option: &str) -> Refusal {
    let message = format!("The following filter option is not valid: {option}, for key {key}.");
    Refusal::new("InvalidFilterOption", message)
}

pub(crate) fn filter_value(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidFilterValue", message)
}
