//! What an alarm does itself: notify a topic, stop or restart an instance. Scaling policies wake
//! by themselves on an alarm's state.

use super::describe;
use crate::dataplane::{Event, History};
use crate::model::{Alarm, AlarmState, Due, Source};
use api_ec2::operation::{RebootInstances, StopInstances, TerminateInstances};
use api_ec2::{RebootInstancesRequest, StopInstancesRequest, TerminateInstancesRequest};
use api_sns::PublishInput;
use api_sns::operation::Publish;
use region::{Arn, Heard, Key, Plan, View};

/// What an action's ARN says is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action<'a> {
    /// Publish to this topic.
    Notify(&'a str),
    /// `stop`, `terminate`, `reboot` or `recover` the instance.
    Instance(&'a str),
    /// A scaling policy.
    Scale,
}

/// What an action is; `None` when it is none that Maquette has.
pub(crate) fn action(arn: &str) -> Option<Action<'_>> {
    let parts = Arn::parse(arn)?;
    match (parts.service, parts.resource) {
        ("sns", _) => Some(Action::Notify(arn)),
        ("autoscaling", resource) if resource.starts_with("scalingPolicy:") => Some(Action::Scale),
        ("automate", resource) => {
            let verb = resource.strip_prefix("ec2:").or(Some(parts.account)
                .filter(|part| {
                    // `arn:aws:automate:REGION:ec2:stop` has no account.
                    *part == "ec2"
                })
                .map(|_| resource))?;
            let known = ["stop", "terminate", "reboot", "recover"];
            known.contains(&verb).then_some(Action::Instance(verb))
        }
        ("swf", resource) if resource.starts_with("action/actions/AWS_EC2.InstanceId.") => {
            let verb = resource.strip_prefix("action/actions/AWS_EC2.InstanceId.")?;
            match verb.strip_suffix("/1.0")? {
                "Stop" => Some(Action::Instance("stop")),
                "Terminate" => Some(Action::Instance("terminate")),
                "Reboot" => Some(Action::Instance("reboot")),
                _ => None,
            }
        }
        _ => None,
    }
}

pub(super) fn plan(view: &View, key: &Key, alarm: &Alarm, state: &AlarmState, plan: &mut Plan) {
    let scaling = |due: &&Due| matches!(action(&due.action), Some(Action::Scale) | None);
    if let Some(due) = state.due.iter().find(scaling) {
        // Nothing is asked: the policy has seen the state. One at a time, since each changes it.
        return done(view, key, alarm, due.number, None, plan);
    }
    for due in &state.due {
        let tag = due.number.to_string();
        match action(&due.action) {
            Some(Action::Notify(topic)) => {
                let input = PublishInput {
                    topic_arn: Some(topic.to_owned()),
                    subject: Some(due.subject.clone()),
                    message: due.message.clone(),
                    ..PublishInput::default()
                };
                plan.ask::<Publish>(key, tag, input);
            }
            Some(Action::Instance(verb)) => ask_ec2(key, alarm, verb, tag, plan),
            Some(Action::Scale) | None => {}
        }
    }
}

fn ask_ec2(key: &Key, alarm: &Alarm, verb: &str, tag: String, plan: &mut Plan) {
    let single = alarm.metric().and_then(|rule| rule.single());
    let instance = match single.map(|query| &query.source) {
        Some(Source::Stat { metric, .. }) => metric.dimensions.get("InstanceId").cloned(),
        _ => None,
    };
    let instance_ids: Vec<String> = instance.into_iter().collect();
    match verb {
        "stop" => {
            let input = StopInstancesRequest { instance_ids, ..StopInstancesRequest::default() };
            plan.ask::<StopInstances>(key, tag, input);
        }
        "terminate" => {
            let input = TerminateInstancesRequest { instance_ids, ..Default::default() };
            plan.ask::<TerminateInstances>(key, tag, input);
        }
        // A machine of the model has no other host to be recovered on: it starts anew.
        _ => {
            let input = RebootInstancesRequest { instance_ids, ..Default::default() };
            plan.ask::<RebootInstances>(key, tag, input);
        }
    }
}

pub(super) fn hear(view: &View, key: &Key, heard: &Heard, plan: &mut Plan) {
    let Heard::Answer(tag, answer) = heard else { return };
    let Some(alarm) = view.store.get::<Alarm>(key) else { return };
    let Ok(number) = tag.parse() else { return };
    let failure = answer.as_ref().err().map(|refusal| refusal.message.clone());
    done(view, key, alarm, number, failure.as_deref(), plan);
}

/// Strikes a due action off and writes down what became of it.
fn done(
    view: &View,
    key: &Key,
    alarm: &Alarm,
    number: u64,
    failure: Option<&str>,
    plan: &mut Plan,
) {
    let Some(state) = view.store.get::<AlarmState>(key) else { return };
    let mut state = (**state).clone();
    let Some(place) = state.due.iter().position(|due| due.number == number) else { return };
    let due: Due = state.due.remove(place);
    let item = describe::acted(alarm, view.now, &due, failure);
    plan.record::<History>(History::key(&key.scope), Event::Added(vec![item]));
    plan.want(key.clone(), state);
}
