//! GetConsoleOutput, GetPasswordData.

use crate::operations::rules;
use api_ec2::{
    GetConsoleOutputRequest, GetConsoleOutputResult, GetPasswordDataRequest, GetPasswordDataResult,
};
use region::{Call, Refusal, serve};
use vpc::form::text;
use world::Id;

/// docs: API_GetConsoleOutput. The output is always the latest.
pub(super) fn get_console_output(
    call: &mut Call,
    input: GetConsoleOutputRequest,
) -> Result<GetConsoleOutputResult, Refusal> {
    serve!(call, GetConsoleOutputRequest { instance_id } unheeded { latest } = input);
    rules::instance(call, &instance_id)?;
    let bytes = call.console(&Id::from(&instance_id));
    Ok(GetConsoleOutputResult {
        instance_id: text(instance_id),
        output: Some(shape::base64::encode(&bytes)),
        timestamp: Some(crate::operations::answer::second(call.now)),
    })
}

/// docs: API_GetPasswordData. Linux has no such password; AWS answers with nothing too.
pub(super) fn get_password_data(
    call: &mut Call,
    input: GetPasswordDataRequest,
) -> Result<GetPasswordDataResult, Refusal> {
    serve!(call, GetPasswordDataRequest { instance_id } = input);
    rules::instance(call, &instance_id)?;
    Ok(GetPasswordDataResult {
        instance_id: text(instance_id),
        password_data: text(""),
        timestamp: Some(crate::operations::answer::second(call.now)),
    })
}
