//! DeleteParameter, DeleteParameters.

use crate::model::refuse;
use crate::model::{Parameter, Version, plain, version_key};
use api_ssm::{
    DeleteParameterRequest, DeleteParameterResult, DeleteParametersRequest, DeleteParametersResult,
};
use region::{Call, Refusal, serve};

fn delete(call: &mut Call, text: &str) -> Result<(), Refusal> {
    let name = plain(text, &call.scope).ok_or_else(|| refuse::not_found(text))?;
    let found = call.find::<Parameter>(&name).ok_or_else(|| refuse::not_found(text))?;
    for number in found.oldest..=found.latest {
        call.forget_at::<Version>(&version_key(&call.scope, &name, number));
    }
    call.forget::<Parameter>(&name);
    Ok(())
}

/// docs: API_DeleteParameter
pub(crate) fn delete_parameter(
    call: &mut Call,
    input: DeleteParameterRequest,
) -> Result<DeleteParameterResult, Refusal> {
    serve!(call, DeleteParameterRequest { name } = input);
    delete(call, &name)?;
    Ok(DeleteParameterResult::default())
}

/// docs: API_DeleteParameters
pub(crate) fn delete_parameters(
    call: &mut Call,
    input: DeleteParametersRequest,
) -> Result<DeleteParametersResult, Refusal> {
    serve!(call, DeleteParametersRequest { names } = input);
    let (mut deleted, mut invalid) = (Vec::new(), Vec::new());
    for name in names {
        match delete(call, &name) {
            Ok(()) => deleted.push(name),
            Err(_) => invalid.push(name),
        }
    }
    let (deleted_parameters, invalid_parameters) = (Some(deleted), Some(invalid));
    Ok(DeleteParametersResult { deleted_parameters, invalid_parameters })
}
