//! DescribeParameters.

use super::answer;
use super::filter::{DESCRIBE, checked, older, passes};
use super::{page, version};
use crate::model::Parameter;
use crate::model::refuse;
use api_ssm::{DescribeParametersRequest, DescribeParametersResult, ParameterMetadata};
use region::{Call, Refusal, serve};

/// Parameters of one page.
const PAGE: usize = 50;

/// docs: API_DescribeParameters
pub(crate) fn describe_parameters(
    call: &mut Call,
    input: DescribeParametersRequest,
) -> Result<DescribeParametersResult, Refusal> {
    serve!(
        call,
        DescribeParametersRequest { filters, parameter_filters, max_results, next_token, shared } =
            input
    );
    if shared == Some(true) {
        return Err(Refusal::not_implemented("Parameters that other accounts share (Shared)"));
    }
    let filters = match (filters, parameter_filters) {
        (Some(old), Some(new)) if !old.is_empty() && !new.is_empty() => {
            let message = "You can use either Filters or ParameterFilters in a single request.";
            return Err(refuse::validation(message));
        }
        (Some(old), _) if !old.is_empty() => older(old)?,
        (_, new) => checked(new.unwrap_or_default(), DESCRIBE)?,
    };
    let mut found: Vec<ParameterMetadata> = Vec::new();
    for (_, parameter) in call.list::<Parameter>() {
        let latest = version(call, &parameter, parameter.latest);
        let latest = latest.filter(|latest| passes(&filters, &parameter, latest));
        found.extend(latest.map(|latest| answer::metadata(&call.scope, &parameter, &latest)));
    }
    let name = |one: &ParameterMetadata| one.name.clone().unwrap_or_default();
    let (parameters, next_token) = page(found, name, next_token, max_results, PAGE)?;
    Ok(DescribeParametersResult { parameters: Some(parameters), next_token })
}
