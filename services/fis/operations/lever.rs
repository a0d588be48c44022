//! GetSafetyLever, UpdateSafetyLeverState.

use super::missing;
use crate::model::{LEVER, Lever};
use api_fis::{
    GetSafetyLeverRequest, GetSafetyLeverResponse, SafetyLever, SafetyLeverState,
    UpdateSafetyLeverStateInput, UpdateSafetyLeverStateRequest, UpdateSafetyLeverStateResponse,
};
use region::{Call, Refusal, serve};

fn shown(call: &Call) -> SafetyLever {
    let lever = call.find::<Lever>(LEVER);
    let engaged = lever.as_ref().is_some_and(|lever| lever.engaged);
    SafetyLever {
        arn: Some(call.scope.arn("fis", &format!("safety-lever/{LEVER}"))),
        id: Some(LEVER.to_owned()),
        state: Some(SafetyLeverState {
            reason: lever.map(|lever| lever.reason.clone()),
            status: Some(if engaged { "engaged" } else { "disengaged" }.to_owned()),
        }),
    }
}

fn known(id: &str) -> Result<(), Refusal> {
    if id == LEVER { Ok(()) } else { Err(missing("Safety lever", id)) }
}

/// docs: API_GetSafetyLever
pub(super) fn get(
    call: &mut Call,
    input: GetSafetyLeverRequest,
) -> Result<GetSafetyLeverResponse, Refusal> {
    serve!(call, GetSafetyLeverRequest { id } = input);
    known(&id)?;
    Ok(GetSafetyLeverResponse { safety_lever: Some(shown(call)) })
}

/// docs: API_UpdateSafetyLeverState
pub(super) fn update(
    call: &mut Call,
    input: UpdateSafetyLeverStateRequest,
) -> Result<UpdateSafetyLeverStateResponse, Refusal> {
    serve!(call, UpdateSafetyLeverStateRequest { id, state } = input);
    serve!(call, UpdateSafetyLeverStateInput { reason, status } = state);
    known(&id)?;
    call.put(LEVER, Lever { reason, engaged: status == "engaged" });
    Ok(UpdateSafetyLeverStateResponse { safety_lever: Some(shown(call)) })
}
