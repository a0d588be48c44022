//! The table of contents: every operation that this room serves.

mod answer;
mod catalog;
mod design;
mod experiments;
mod lever;
mod tags;
mod targets;
mod templates;

use region::{Call, Operation, Refusal, operations};
use world::Id;

/// What is served.
pub(crate) const OPERATIONS: &[Operation] = operations![
    CreateExperimentTemplate => templates::create,
    DeleteExperimentTemplate => templates::delete,
    GetAction => catalog::get_action,
    GetExperiment => experiments::get,
    GetExperimentTemplate => templates::get,
    GetSafetyLever => lever::get,
    GetTargetResourceType => catalog::get_target,
    ListActions => catalog::list_actions,
    ListExperimentResolvedTargets => experiments::resolved,
    ListExperimentTemplates => templates::list,
    ListExperiments => experiments::list,
    ListTagsForResource => tags::list,
    ListTargetResourceTypes => catalog::list_targets,
    StartExperiment => experiments::start,
    StopExperiment => experiments::stop,
    TagResource => tags::tag,
    UntagResource => tags::untag,
    UpdateExperimentTemplate => templates::update,
    UpdateSafetyLeverState => lever::update,
];

/// What is not as the model alone can say.
pub(crate) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationException", message.into())
}

/// Nothing has this name.
pub(crate) fn missing(what: &str, id: &str) -> Refusal {
    Refusal::new("ResourceNotFoundException", format!("{what} {id} does not exist."))
}

/// It is not the moment.
pub(crate) fn conflict(message: impl Into<String>) -> Refusal {
    Refusal::new("ConflictException", message.into())
}

/// `EXT` or `EXP` and 14 letters and digits.
pub(crate) fn fresh_id(call: &mut Call, prefix: &str) -> Id {
    const LETTERS: &[u8; 32] = b"123456789ABCDEFGHJKLMNPQRSTUVWXY";
    let mut number = u128::from(call.chance()) << 64 | u128::from(call.chance());
    let mut text = prefix.to_owned();
    for _ in 0..14 {
        text.push(char::from(LETTERS[(number % 32) as usize]));
        number /= 32;
    }
    Id::from(text)
}

/// One page of a list that is sorted by `name`.
pub(crate) fn page<T>(
    items: Vec<T>,
    name: impl Fn(&T) -> String,
    token: Option<String>,
    most: Option<i32>,
) -> Result<(Vec<T>, Option<String>), Refusal> {
    let limit = most.and_then(|most| usize::try_from(most).ok()).unwrap_or(100);
    region::listing::page(items, name, token.as_deref(), Some(limit))
        .map_err(|_| invalid("The nextToken is not valid."))
}
