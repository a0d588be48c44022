//! GetParameterHistory.

use super::answer;
use super::{page, version};
use crate::model::refuse;
use crate::model::{Parameter, plain};
use api_ssm::{GetParameterHistoryRequest, GetParameterHistoryResult, ParameterHistory};
use region::{Call, Refusal, serve};

/// Versions of one page.
const PAGE: usize = 50;

/// docs: API_GetParameterHistory
pub(crate) fn get_parameter_history(
    call: &mut Call,
    input: GetParameterHistoryRequest,
) -> Result<GetParameterHistoryResult, Refusal> {
    serve!(call, GetParameterHistoryRequest { name, max_results, next_token }
        unheeded { with_decryption } = input);
    let found = plain(&name, &call.scope).and_then(|name| call.find::<Parameter>(&name));
    let found = found.ok_or_else(|| refuse::not_found(&name))?;
    let kept = (found.oldest..=found.latest).filter_map(|number| version(call, &found, number));
    let lines: Vec<ParameterHistory> = kept.map(|one| answer::history(&found, &one)).collect();
    let place = |one: &ParameterHistory| format!("{:012}", one.version.unwrap_or_default());
    let (lines, next_token) = page(lines, place, next_token, max_results, PAGE)?;
    Ok(GetParameterHistoryResult { parameters: Some(lines), next_token })
}
