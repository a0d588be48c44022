//! One turn of one action: what it still has to ask, and whether it has ended.

use super::experiment::once;
use super::{network, zone_named};
use crate::model::{Action, Progress, Status, catalog, id_of};
use api_ec2::operation::{RebootInstances, StartInstances, StopInstances, TerminateInstances};
use api_ec2::{
    RebootInstancesRequest, StartInstancesRequest, StopInstancesRequest, TerminateInstancesRequest,
};
use cloudwatch::model::AlarmState;
use ebs::model::Volume;
use ec2::model::{Instance, Shortage, State};
use region::{Key, Plan, Scope, View};
use shape::Value;
use world::{Fault, Form, Id, Span};

/// What a turn needs to know.
pub(super) struct Drive<'a, 'v> {
    pub(super) view: &'a View<'v>,
    pub(super) key: &'a Key,
    pub(super) name: &'a str,
    pub(super) action: &'a Action,
    /// ARNs.
    pub(super) targets: &'a [String],
    pub(super) progress: &'a mut Progress,
    /// Its time is up, or the experiment stops.
    pub(super) over: bool,
}

/// Whoever waits for instances to stop looks again after this long.
const LOOK_AGAIN: Span = Span::seconds(1);

impl Drive<'_, '_> {
    pub(super) fn did(&self, step: &str) -> bool {
        self.progress.done.contains_key(step)
    }

    pub(super) fn tag(&self, step: &str) -> String {
        format!("{}|{step}", self.name)
    }

    fn ids(&self) -> Vec<String> {
        self.targets.iter().map(|arn| id_of(arn).to_string()).collect()
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.action.parameters.get(name).map(String::as_str)
    }
}

/// Plans what comes next; whether the action has ended.
pub(super) fn drive(turn: &mut Drive, plan: &mut Plan) -> bool {
    match turn.action.kind.as_str() {
        "aws:fis:wait" => turn.over,
        "aws:ec2:stop-instances" => stop_instances(turn, plan),
        "aws:network:disrupt-connectivity" => network::drive(turn, plan),
        "aws:ebs:pause-volume-io" => pause(turn, plan),
        kind if once(kind) => ask_once(turn, plan),
        _ => shortage(turn, plan),
    }
}

/// Steps after whose refusal an action goes on: they undo.
pub(super) fn undoes(step: &str) -> bool {
    step == "start" || step.starts_with("back ") || step.starts_with("drop ")
}

/// The id of what an answer says was made.
pub(super) fn made(answer: &shape::Record) -> Option<String> {
    let Some(Value::Struct(acl)) = answer.get("NetworkAcl") else { return None };
    acl.get("NetworkAclId").and_then(Value::as_text).map(ToOwned::to_owned)
}

/// Whether an alarm is in ALARM now.
pub(super) fn in_alarm(view: &View, scope: &Scope, arn: &str) -> bool {
    let Some((_, name)) = arn.split_once(":alarm:") else { return false };
    let state = view.store.get::<AlarmState>(&Key::new(scope, name));
    state.is_some_and(|state| state.value == cloudwatch::model::State::Alarm)
}

fn ask_once(turn: &mut Drive, plan: &mut Plan) -> bool {
    if turn.did("ask") {
        return true;
    }
    let (tag, instance_ids) = (turn.tag("ask"), turn.ids());
    if turn.action.kind == "aws:ec2:reboot-instances" {
        let input = RebootInstancesRequest { instance_ids, ..Default::default() };
        plan.ask::<RebootInstances>(turn.key, tag, input);
    } else {
        let input = TerminateInstancesRequest { instance_ids, ..Default::default() };
        plan.ask::<TerminateInstances>(turn.key, tag, input);
    }
    false
}

fn stop_instances(turn: &mut Drive, plan: &mut Plan) -> bool {
    if !turn.did("stop") {
        let input = StopInstancesRequest { instance_ids: turn.ids(), ..Default::default() };
        plan.ask::<StopInstances>(turn.key, turn.tag("stop"), input);
        return false;
    }
    if turn.parameter("startInstancesAfterDuration").is_none() {
        return true;
    }
    if !turn.over {
        return false;
    }
    let scope = &turn.key.scope;
    let state = |id: &String| {
        let found = turn.view.store.get::<Instance>(&Key::new(scope, Id::from(id)));
        found.map_or(State::Terminated, |instance| instance.state)
    };
    let ids = turn.ids();
    if ids.iter().any(|id| state(id) == State::Stopping) {
        plan.again(turn.view.now + LOOK_AGAIN);
        return false;
    }
    // Also when the action fails for those that are gone, the others run again.
    let stopped = ids.iter().filter(|id| state(id) == State::Stopped);
    let instance_ids: Vec<String> = stopped.cloned().collect();
    if !instance_ids.is_empty() && !turn.did("start") {
        let input = StartInstancesRequest { instance_ids, ..Default::default() };
        plan.ask::<StartInstances>(turn.key, turn.tag("start"), input);
        return false;
    }
    let ended = ids.iter().find(|id| state(id).is_over());
    match ended.filter(|_| turn.parameter("completeIfInstancesTerminated") != Some("true")) {
        Some(id) => {
            let why = format!("The instance {id} was terminated and cannot be started again.");
            fail(turn, why)
        }
        None => true,
    }
}

/// Something is as the action cannot have it.
fn fail(turn: &mut Drive, why: String) -> bool {
    turn.progress.status = Status::Failed;
    turn.progress.reason = why;
    turn.progress.ended = Some(turn.view.now);
    false
}

/// Disks stall from the action's begin to its end.
fn pause(turn: &mut Drive, plan: &mut Plan) -> bool {
    if turn.over {
        return true;
    }
    let ids = turn.ids();
    let begins = turn.progress.began == Some(turn.view.now);
    for id in ids.iter().filter(|_| begins) {
        let volume = turn.view.store.get::<Volume>(&Key::new(&turn.key.scope, Id::from(id)));
        let Some(volume) = volume.filter(|volume| volume.attachment.is_some()) else {
            return fail(turn, format!("The volume {id} is not attached to an instance."));
        };
        if volume.form == Form::Tree {
            let why = format!("Pausing the I/O of the root volume {id} is not implemented here.");
            return fail(turn, why);
        }
    }
    ids.into_iter().for_each(|id| plan.fault(Fault::Stall(Id::from(id))));
    false
}

/// A shortage is there from the action's begin to its end.
fn shortage(turn: &mut Drive, plan: &mut Plan) -> bool {
    let key = Key::new(&turn.key.scope, format!("{}/{}", turn.key.id, turn.name));
    if turn.over {
        plan.forget::<Shortage>(key);
        return true;
    }
    let zones = turn.parameter("availabilityZoneIdentifiers").unwrap_or_default().split(',');
    let zones = zones.map(|text| zone_named(&key.scope, text.trim())).collect();
    let names = turn.targets.iter().map(|arn| id_of(arn).to_string()).collect();
    let of_groups = catalog::action(&turn.action.kind)
        .and_then(|kind| kind.target)
        .is_some_and(|(_, kind)| kind == catalog::GROUP);
    let (groups, roles) = if of_groups { (names, Vec::new()) } else { (Vec::new(), names) };
    let percent = turn.parameter("percentage").and_then(|text| text.parse().ok()).unwrap_or(100);
    plan.want(key, Shortage { zones, groups, roles, percent });
    false
}
