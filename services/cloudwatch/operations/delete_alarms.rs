//! DeleteAlarms.

use crate::controller;
use crate::dataplane::{Event, History};
use crate::model::{Alarm, AlarmState, Rule, refuse};
use api_cloudwatch::{DeleteAlarmsInput, DeleteAlarmsOutput};
use region::{Call, Refusal, serve};

/// docs: API_DeleteAlarms
pub fn delete_alarms(
    call: &mut Call,
    input: DeleteAlarmsInput,
) -> Result<DeleteAlarmsOutput, Refusal> {
    serve!(call, DeleteAlarmsInput { alarm_names } = input);
    let mut items = Vec::new();
    for name in &alarm_names {
        let parents = call.list::<Alarm>().into_iter().filter(|(_, alarm)| match &alarm.rule {
            Rule::Composite(rule) => rule.names().contains(&name.as_str()),
            Rule::Metric(_) => false,
        });
        let mut parents = parents.map(|(_, alarm)| alarm.name.clone());
        if let Some(parent) = parents.find(|parent| !alarm_names.contains(parent)) {
            let message = format!(
                "Cannot delete {name} as there are composite alarm(s) depending on it: {parent}"
            );
            return Err(refuse::invalid(message));
        }
        // AWS: an alarm that does not exist makes no error when others do.
        let Some(alarm) = call.find::<Alarm>(name) else {
            if alarm_names.len() == 1 {
                let message = format!("Alarm {name} does not exist.");
                return Err(Refusal::new("ResourceNotFound", message));
            }
            continue;
        };
        items.push(controller::deleted(&call.key(name), &alarm, call.now));
    }
    for name in &alarm_names {
        call.forget::<Alarm>(name);
        call.forget::<AlarmState>(name);
    }
    call.record::<History>(&History::key(&call.scope), &Event::Added(items));
    Ok(DeleteAlarmsOutput::default())
}
