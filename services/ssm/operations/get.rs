//! GetParameter, GetParameters, GetParametersByPath.

use super::answer;
use super::filter::{BY_PATH, checked, labelled, passes, under};
use super::{page, version};
use crate::model::{Parameter, wanted};
use crate::model::{public, refuse};
use api_ssm::{
    GetParameterRequest, GetParameterResult, GetParametersByPathRequest, GetParametersByPathResult,
    GetParametersRequest, GetParametersResult,
};
use region::{Call, Refusal, serve};

/// Parameters of one page of GetParametersByPath.
const PAGE: usize = 10;

/// The parameter that a name, with or without a selector, means.
fn one(call: &Call, text: &str) -> Result<api_ssm::Parameter, Refusal> {
    let asked = wanted(text, &call.scope).ok_or_else(|| refuse::not_found(text))?;
    let selector = asked.selector.as_ref();
    if let Some(public) = public::find(&call.scope, &asked.name) {
        let mut shown = answer::public(&call.scope, &public);
        shown.selector = selector.map(|text| format!(":{text}"));
        return match selector {
            Some(text) if text != "1" => Err(refuse::no_version(text, &asked.name)),
            _ => Ok(shown),
        };
    }
    let found = call.find::<Parameter>(&asked.name).ok_or_else(|| refuse::not_found(text))?;
    let number = match selector {
        None => Some(found.latest),
        Some(text) => text.parse().ok().or_else(|| found.labels.get(text).copied()),
    };
    let number = number.ok_or_else(|| no_selector(selector, &asked.name))?;
    let kept = version(call, &found, number);
    let version = kept.ok_or_else(|| no_selector(selector, &asked.name))?;
    Ok(answer::parameter(&call.scope, &asked.name, &version, selector))
}

fn no_selector(selector: Option<&String>, name: &str) -> Refusal {
    refuse::no_version(selector.map_or("", String::as_str), name)
}

/// docs: API_GetParameter. Nothing is encrypted, so WithDecryption changes nothing.
pub(crate) fn get_parameter(
    call: &mut Call,
    input: GetParameterRequest,
) -> Result<GetParameterResult, Refusal> {
    serve!(call, GetParameterRequest { name } unheeded { with_decryption } = input);
    Ok(GetParameterResult { parameter: Some(one(call, &name)?) })
}

/// docs: API_GetParameters
pub(crate) fn get_parameters(
    call: &mut Call,
    input: GetParametersRequest,
) -> Result<GetParametersResult, Refusal> {
    serve!(call, GetParametersRequest { names } unheeded { with_decryption } = input);
    let (mut parameters, mut invalid) = (Vec::new(), Vec::new());
    for name in names {
        match one(call, &name) {
            Ok(found) => parameters.push(found),
            Err(_) => invalid.push(name),
        }
    }
    parameters.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(GetParametersResult { parameters: Some(parameters), invalid_parameters: Some(invalid) })
}

/// docs: API_GetParametersByPath
pub(crate) fn get_parameters_by_path(
    call: &mut Call,
    input: GetParametersByPathRequest,
) -> Result<GetParametersByPathResult, Refusal> {
    serve!(call, GetParametersByPathRequest {
        path, recursive, parameter_filters, max_results, next_token,
    } unheeded { with_decryption } = input);
    let fine = |c: char| c.is_ascii_alphanumeric() || "_.-/".contains(c);
    if !path.starts_with('/') || !path.chars().all(fine) {
        return Err(refuse::validation(
            "The parameter doesn't meet the parameter name requirements. The parameter name must \
             begin with a forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" \
             (case-insensitive). It must use only letters, numbers, or the following symbols: . \
             (period), - (hyphen), _ (underscore). Special characters are not allowed. All \
             sub-paths, if specified, must use the forward slash symbol \"/\". Valid example: \
             /get/parameters2-/by1./path0_.",
        ));
    }
    let filters = checked(parameter_filters.unwrap_or_default(), BY_PATH)?;
    let deep = recursive == Some(true);
    let mut found: Vec<api_ssm::Parameter> = Vec::new();
    if format!("{path}/").starts_with(public::PREFIX) {
        let all = public::all(&call.scope).into_iter();
        let chosen = all.filter(|one| filters.is_empty() && under(&one.name, &path, deep));
        found.extend(chosen.map(|one| answer::public(&call.scope, &one)));
    }
    for (_, parameter) in call.list::<Parameter>() {
        if !under(&parameter.name, &path, deep) {
            continue;
        }
        // A filter by label finds the version that has it, which need not be the latest.
        let first = if labelled(&filters) { parameter.oldest } else { parameter.latest };
        let mut versions =
            (first..=parameter.latest).rev().filter_map(|number| version(call, &parameter, number));
        let hit = versions.find(|one| passes(&filters, &parameter, one));
        found.extend(hit.map(|one| answer::parameter(&call.scope, &parameter.name, &one, None)));
    }
    let name = |one: &api_ssm::Parameter| one.name.clone().unwrap_or_default();
    let (parameters, next_token) = page(found, name, next_token, max_results, PAGE)?;
    Ok(GetParametersByPathResult { parameters: Some(parameters), next_token })
}
