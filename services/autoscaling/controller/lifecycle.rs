//! The life of an instance in its group, stage by stage (Auto Scaling user guide, "Amazon EC2 Auto
//! Scaling instance lifecycle"; "Amazon EC2 Auto Scaling lifecycle hooks").

use super::group::about;
use super::turn::Turn;
use super::{balancers, hear, launch, letters, refresh};
use crate::model::{Hook, Member, Process, Purpose, Stage, Status, Wait, text};
use api_ec2::operation::TerminateInstances;
use ec2::model::State;
use region::Tags;
use std::collections::{BTreeMap, BTreeSet};
use world::{Id, Span, Time};

/// A hook waits this long at most, whatever heartbeats come: 48 hours, or 100 timeouts.
const LONGEST: u64 = 172_800;

/// Moves every member on as far as it goes now.
pub(super) fn advance(turn: &mut Turn) {
    let ids: Vec<Id> = turn.group.members.keys().cloned().collect();
    for id in ids {
        // A stage may follow at once from the one before.
        for _ in 0..4 {
            let before = turn.group.members.get(&id).map(|member| member.stage);
            step(turn, &id);
            if turn.group.members.get(&id).map(|member| member.stage) == before {
                break;
            }
        }
    }
}

fn step(turn: &mut Turn, id: &Id) {
    let Some(member) = turn.group.members.get(id) else { return };
    match member.stage {
        Stage::Pending => {
            if !wait_for_hooks(turn, id, true) {
                into_service(turn, id);
            }
        }
        Stage::PendingWait => {
            if waited(turn, id) {
                set(turn, id, Stage::PendingProceed);
            }
        }
        Stage::PendingProceed => into_service(turn, id),
        Stage::InService => warmed(turn, id),
        Stage::Terminating => {
            if !balancers::released(turn, id) {
                return draining(turn, id);
            }
            let gone = turn.group.members.get(id).is_some_and(|member| member.gone);
            if gone || !wait_for_hooks(turn, id, false) {
                set(turn, id, Stage::TerminatingProceed);
            }
        }
        Stage::TerminatingWait => {
            if waited(turn, id) {
                set(turn, id, Stage::TerminatingProceed);
            }
        }
        Stage::TerminatingProceed => terminate(turn, id),
        Stage::Detaching if balancers::released(turn, id) => detached(turn, id),
        Stage::EnteringStandby if balancers::released(turn, id) => {
            set(turn, id, Stage::Standby);
            let number = turn.group.members.get(id).and_then(|member| member.activity);
            turn.end(number, Status::Successful, None);
        }
        Stage::Detaching | Stage::EnteringStandby | Stage::Standby => {}
    }
}

fn set(turn: &mut Turn, id: &Id, stage: Stage) {
    let Some(member) = turn.group.members.get_mut(id) else { return };
    member.stage = stage;
    let number = member.activity;
    let status = match stage {
        Stage::PendingWait | Stage::TerminatingWait => Status::MidLifecycleAction,
        _ => Status::InProgress,
    };
    let activity = number.and_then(|number| turn.activity(number));
    if let Some(activity) = activity.filter(|one| !one.status.is_over()) {
        activity.status = status;
    }
}

/// Begins to wait for the group's hooks; false when there are none.
fn wait_for_hooks(turn: &mut Turn, id: &Id, launching: bool) -> bool {
    let hooks = turn.group.hooks.clone().into_iter();
    let hooks: BTreeMap<String, Hook> =
        hooks.filter(|(_, one)| one.launching == launching).collect();
    let ended = turn.instance(id).is_none_or(|one| !one.state.is_on());
    if hooks.is_empty() || ended {
        return false;
    }
    for (name, hook) in hooks {
        let number = turn.group.number();
        let wait = Wait {
            token: text::uuid(&turn.key, "token", number),
            began: turn.now(),
            until: turn.now() + turn.view.paced(Span::seconds(u64::from(hook.heartbeat))),
        };
        letters::of_hook(turn, id, &name, &hook, &wait);
        if let Some(member) = turn.group.members.get_mut(id) {
            member.waits.insert(name, wait);
        }
    }
    set(turn, id, if launching { Stage::PendingWait } else { Stage::TerminatingWait });
    true
}

/// Whether the member waits no longer: hooks were completed, or their time is over.
fn waited(turn: &mut Turn, id: &Id) -> bool {
    let Some(member) = turn.group.members.get(id).cloned() else { return false };
    let mut left = BTreeMap::new();
    let mut abandoned = member.abandoned;
    for (name, wait) in member.waits {
        let hook = turn.group.hooks.get(&name);
        let heartbeat = hook.map_or(3600, |hook| hook.heartbeat);
        let longest = Span::seconds(LONGEST.min(u64::from(heartbeat) * 100));
        let until = wait.until.min(wait.began + turn.view.paced(longest));
        if until > turn.now() && hook.is_some() {
            turn.plan.again(until);
            left.insert(name, wait);
        } else if hook.is_some_and(|hook| !hook.goes_on) {
            abandoned = true;
            abandon(turn, id, &wait.token, "Heartbeat Timeout");
        }
    }
    let over = left.is_empty() || abandoned;
    if let Some(member) = turn.group.members.get_mut(id) {
        member.waits = if over { BTreeMap::new() } else { left };
        member.abandoned = abandoned;
    }
    if over && abandoned && member.stage == Stage::PendingWait {
        failed(turn, id);
        return false;
    }
    over
}

/// Notes in the activity of a launch that a hook was abandoned.
pub(crate) fn abandoned_text(token: &str, why: &str) -> String {
    format!(
        "Instance failed to complete user's Lifecycle Action: Lifecycle Action with token {token} \
         was abandoned: {why}"
    )
}

fn abandon(turn: &mut Turn, id: &Id, token: &str, why: &str) {
    let number = turn.group.members.get(id).and_then(|member| member.activity);
    if let Some(activity) = number.and_then(|number| turn.activity(number)) {
        activity.message = Some(abandoned_text(token, why));
    }
}

/// A launch whose hook was abandoned: the instance goes, and the next launch waits a while.
fn failed(turn: &mut Turn, id: &Id) {
    let number = turn.group.members.get(id).and_then(|member| member.activity);
    let message = number.and_then(|number| turn.activity(number)?.message.clone());
    turn.end(number, Status::Failed, message);
    letters::notice(turn, "autoscaling:EC2_INSTANCE_LAUNCH_ERROR", id, number);
    hear::trouble(turn, "*");
    let sentence = turn
        .at(&format!("instance {id} was taken out of service in response to a launch failure."));
    begin_end(turn, id, sentence);
    // Its end waits for no hook.
    set(turn, id, Stage::TerminatingProceed);
}

/// The instance runs: it serves.
fn into_service(turn: &mut Turn, id: &Id) {
    let Some(instance) = turn.instance(id) else { return };
    if instance.state != State::Running {
        return;
    }
    let crashes = instance.crashes;
    // For a refresh it must be warm first.
    let refreshing = refresh::active(turn).is_some();
    let now = turn.now();
    let passed = match turn.group.may(Process::AddToLoadBalancer) {
        true => BTreeSet::new(),
        false => turn.group.attached.keys().cloned().collect(),
    };
    let Some(member) = turn.group.members.get_mut(id) else { return };
    member.passed = passed;
    member.stage = Stage::InService;
    member.served = Some(now);
    if !refreshing {
        member.purpose = Purpose::Plain;
    }
    member.crashes = crashes;
    let number = member.activity;
    turn.group.troubles.remove("*");
    launch::calm(&mut turn.group, id);
    if warm_after(turn) == Span(0) {
        turn.end(number, Status::Successful, None);
        letters::notice(turn, "autoscaling:EC2_INSTANCE_LAUNCH", id, number);
        clear(turn, id);
    } else if let Some(activity) = number.and_then(|number| turn.activity(number)) {
        activity.status = Status::WaitingForInstanceWarmup;
        activity.progress = 60;
    }
}

fn clear(turn: &mut Turn, id: &Id) {
    if let Some(member) = turn.group.members.get_mut(id) {
        member.activity = None;
    }
}

/// The group's default warm-up.
fn warm_after(turn: &Turn) -> Span {
    turn.view.paced(Span::seconds(u64::from(turn.group.warmup.unwrap_or(0))))
}

/// When a member is warm; none before it serves.
pub(super) fn warm_at(turn: &Turn, member: &Member) -> Option<Time> {
    member.served.map(|served| served + warm_after(turn))
}

/// The end of a launch's activity when there is a default warm-up.
fn warmed(turn: &mut Turn, id: &Id) {
    let Some(member) = turn.group.members.get(id) else { return };
    let (Some(number), Some(at)) = (member.activity, warm_at(turn, member)) else { return };
    if at > turn.now() {
        return turn.plan.again(at);
    }
    turn.end(Some(number), Status::Successful, None);
    letters::notice(turn, "autoscaling:EC2_INSTANCE_LAUNCH", id, Some(number));
    clear(turn, id);
}

/// A member begins to end.
pub(super) fn begin_end(turn: &mut Turn, id: &Id, cause: String) {
    let Some(member) = turn.group.members.get(id) else { return };
    let (details, launch) = (about(member), member.activity);
    // A launch that had not ended is cancelled.
    if launch.and_then(|number| turn.activity(number)).is_some_and(|one| !one.status.is_over()) {
        let served = turn.group.members.get(id).is_some_and(|member| member.served.is_some());
        turn.end(launch, if served { Status::Successful } else { Status::Cancelled }, None);
    }
    let number = turn.open(format!("Terminating EC2 instance: {id}"), cause, details);
    turn.group.shrunk = Some(turn.view.now);
    let Some(member) = turn.group.members.get_mut(id) else { return };
    member.stage = Stage::Terminating;
    member.activity = Some(number);
    member.waits.clear();
}

/// Its balancers still serve it.
fn draining(turn: &mut Turn, id: &Id) {
    let number = turn.group.members.get(id).and_then(|member| member.activity);
    let Some(activity) = number.and_then(|number| turn.activity(number)) else { return };
    if activity.status == Status::InProgress {
        activity.status = Status::WaitingForELBConnectionDraining;
        activity.description += " - Waiting For ELB Connection Draining.";
    }
}

/// Ends the instance, and then the member.
fn terminate(turn: &mut Turn, id: &Id) {
    let state = turn.instance(id).map(|instance| instance.state);
    if state.is_none_or(|state| state == State::Terminated) {
        let number = turn.group.members.get(id).and_then(|member| member.activity);
        turn.end(number, Status::Successful, None);
        letters::notice(turn, "autoscaling:EC2_INSTANCE_TERMINATE", id, number);
        turn.group.members.remove(id);
        return;
    }
    let again = turn.group.members.get(id).and_then(|member| member.again);
    if let Some(again) = again.filter(|again| *again > turn.now()) {
        return turn.plan.again(again);
    }
    if state.is_some_and(|state| !state.is_over()) {
        let input = api_ec2::TerminateInstancesRequest {
            instance_ids: vec![id.to_string()],
            ..Default::default()
        };
        let key = turn.key.clone();
        turn.plan.ask::<TerminateInstances>(&key, format!("terminate|{id}"), input);
    }
}

/// The instance is its owner's again.
fn detached(turn: &mut Turn, id: &Id) {
    let number = turn.group.members.get(id).and_then(|member| member.activity);
    turn.end(number, Status::Successful, None);
    turn.group.members.remove(id);
    let key = region::Key::new(&turn.key.scope, id.clone());
    if let Some(tags) = turn.view.store.get::<Tags>(&key) {
        let mut tags = (**tags).clone();
        tags.tags.remove("aws:autoscaling:groupName");
        turn.plan.want(key, tags);
    }
}
