//! EnableAlarmActions and DisableAlarmActions.

use crate::model::Alarm;
use api_cloudwatch::{
    DisableAlarmActionsInput, DisableAlarmActionsOutput, EnableAlarmActionsInput,
    EnableAlarmActionsOutput,
};
use region::{Call, Refusal, serve};

/// docs: API_EnableAlarmActions
pub fn enable_alarm_actions(
    call: &mut Call,
    input: EnableAlarmActionsInput,
) -> Result<EnableAlarmActionsOutput, Refusal> {
    serve!(call, EnableAlarmActionsInput { alarm_names } = input);
    set(call, &alarm_names, true);
    Ok(EnableAlarmActionsOutput::default())
}

/// docs: API_DisableAlarmActions
pub fn disable_alarm_actions(
    call: &mut Call,
    input: DisableAlarmActionsInput,
) -> Result<DisableAlarmActionsOutput, Refusal> {
    serve!(call, DisableAlarmActionsInput { alarm_names } = input);
    set(call, &alarm_names, false);
    Ok(DisableAlarmActionsOutput::default())
}

/// Alarms that do not exist are left out, as AWS does.
fn set(call: &mut Call, names: &[String], enabled: bool) {
    for name in names {
        if let Some(alarm) = call.find::<Alarm>(name) {
            call.put(name, Alarm { actions_enabled: enabled, ..(*alarm).clone() });
        }
    }
}
