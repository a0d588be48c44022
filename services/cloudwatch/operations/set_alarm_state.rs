//! SetAlarmState: for tests of actions; lasts until the next look.

use crate::controller;
use crate::dataplane::{Event, History};
use crate::model::{Alarm, AlarmState, State, refuse};
use api_cloudwatch::{SetAlarmStateInput, SetAlarmStateOutput};
use region::{Call, Refusal, serve};

/// docs: API_SetAlarmState
pub fn set_alarm_state(
    call: &mut Call,
    input: SetAlarmStateInput,
) -> Result<SetAlarmStateOutput, Refusal> {
    serve!(
        call,
        SetAlarmStateInput { alarm_name, state_value, state_reason, state_reason_data } = input
    );
    let value =
        State::parse(&state_value).ok_or_else(|| refuse::value(&state_value, "StateValue"))?;
    if let Some(data) = &state_reason_data
        && serde_json::from_str::<serde_json::Value>(data).is_err()
    {
        let message = "StateReasonData is not valid JSON.";
        return Err(Refusal::new("InvalidFormat", message));
    }
    let key = call.key(&*alarm_name);
    let (Some(alarm), Some(state)) = (call.get::<Alarm>(&key), call.get::<AlarmState>(&key)) else {
        let message = format!("Alarm {alarm_name} does not exist.");
        return Err(Refusal::new("ResourceNotFound", message));
    };
    let pace = call.view().pace;
    let why = (state_reason, state_reason_data);
    let (state, item) = controller::updated(&key, &alarm, &state, value, why, call.now, pace);
    call.put_at(key, state);
    call.record::<History>(&History::key(&call.scope), &Event::Added(vec![item]));
    Ok(SetAlarmStateOutput::default())
}
