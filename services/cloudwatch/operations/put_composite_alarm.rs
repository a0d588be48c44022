//! PutCompositeAlarm: an alarm over other alarms.

use super::put_metric_alarm::{Actions, put};
use crate::model::{Alarm, AlarmRule, CompositeRule, Rule, Suppressor, refuse};
use api_cloudwatch::{PutCompositeAlarmInput, PutCompositeAlarmOutput};
use region::{Arn, Call, Refusal, serve};

/// A rule speaks of this many alarms at most. docs: API_PutCompositeAlarm
const CHILDREN: usize = 100;

/// docs: API_PutCompositeAlarm
pub fn put_composite_alarm(
    call: &mut Call,
    input: PutCompositeAlarmInput,
) -> Result<PutCompositeAlarmOutput, Refusal> {
    serve!(
        call,
        PutCompositeAlarmInput {
            alarm_name,
            alarm_description,
            alarm_rule,
            actions_enabled,
            ok_actions,
            alarm_actions,
            insufficient_data_actions,
            tags,
            actions_suppressor,
            actions_suppressor_wait_period,
            actions_suppressor_extension_period
        } = input
    );
    let rule = AlarmRule::parse(&alarm_rule)
        .map_err(|why| refuse::invalid(format!("Error in AlarmRule: {why}.")))?;
    if rule.names().len() > CHILDREN {
        return Err(refuse::invalid("AlarmRule can speak of 100 alarms at most."));
    }
    let waits = (actions_suppressor_wait_period, actions_suppressor_extension_period);
    let suppressor = actions_suppressor.map(|said| suppressor(call, said, waits)).transpose()?;
    let absent: Vec<&str> =
        rule.names().into_iter().filter(|name| call.find::<Alarm>(name).is_none()).collect();
    if !absent.is_empty() {
        let message = format!(
            "Could not save the composite alarm as alarms [{}] in the alarm rule do not exist",
            absent.join(", ")
        );
        return Err(refuse::invalid(message));
    }
    if reaches(call, &rule, &alarm_name) {
        let message = format!("The composite alarm {alarm_name} would depend on itself.");
        return Err(refuse::invalid(message));
    }
    let actions = Actions {
        enabled: actions_enabled,
        ok: ok_actions,
        alarm: alarm_actions,
        unknown: insufficient_data_actions,
    };
    let rule = Rule::Composite(CompositeRule { text: alarm_rule, rule, suppressor });
    put(call, alarm_name, alarm_description, actions, tags, rule)?;
    Ok(PutCompositeAlarmOutput::default())
}

fn suppressor(
    call: &Call,
    said: String,
    waits: (Option<i32>, Option<i32>),
) -> Result<Suppressor, Refusal> {
    let seconds = |wait: Option<i32>, name: &str| {
        let wait = wait.ok_or_else(|| {
            let message = format!("{name} is required when ActionsSuppressor is specified.");
            refuse::invalid(message)
        })?;
        u32::try_from(wait).map_err(|_| refuse::invalid(format!("{name} must not be negative.")))
    };
    let wait = seconds(waits.0, "ActionsSuppressorWaitPeriod")?;
    let extension = seconds(waits.1, "ActionsSuppressorExtensionPeriod")?;
    let name = Arn::parse(&said).and_then(|arn| arn.resource.strip_prefix("alarm:"));
    let alarm = name.unwrap_or(&said).to_owned();
    if call.find::<Alarm>(&alarm).is_none() {
        let message = format!("The ActionsSuppressor {said} does not exist.");
        return Err(refuse::invalid(message));
    }
    Ok(Suppressor { said, alarm, wait, extension })
}

/// Whether a rule speaks of an alarm, itself or through other composite alarms.
fn reaches(call: &Call, rule: &AlarmRule, target: &str) -> bool {
    let mut ahead: Vec<String> = rule.names().into_iter().map(str::to_owned).collect();
    let mut seen = std::collections::BTreeSet::new();
    while let Some(name) = ahead.pop() {
        if name == target {
            return true;
        }
        if !seen.insert(name.clone()) {
            continue;
        }
        if let Some(alarm) = call.find::<Alarm>(&name)
            && let Rule::Composite(composite) = &alarm.rule
        {
            ahead.extend(composite.rule.names().into_iter().map(str::to_owned));
        }
    }
    false
}
