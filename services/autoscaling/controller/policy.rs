//! What a policy does when an alarm speaks: a new capacity for its group. And the two alarms that
//! a target tracking policy makes for itself.

use super::scale;
use super::track;
use super::turn::Turn;
use crate::model::{Group, Kind, Policy, Process, Stage, text};
use cloudwatch::model::{AlarmState, State};
use region::{Changed, Controller, Heard, Key, Plan, Record, View, Wake};
use world::{Span, Time};

pub(super) const CONTROLLER: Controller = Controller {
    kind: Policy::KIND,
    plan,
    wakes: &[Wake { kind: AlarmState::KIND, find: concerned }],
    hear,
};

/// An alarm that could not be made is asked for again after this long.
const AGAIN: Span = Span::seconds(10);

fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(policy) = view.store.get::<Policy>(key) else { return };
    if policy.deleting {
        return match policy.alarms.is_empty() {
            true => plan.forget::<Policy>(key.clone()),
            false => track::unmake(key, policy, plan),
        };
    }
    let mut next = (**policy).clone();
    if !policy.made {
        match policy.again.filter(|again| *again > view.now) {
            Some(again) => plan.again(again),
            None => track::make(key, policy, plan),
        }
    }
    let alarms = view.store.list::<AlarmState>(&key.scope);
    let own = alarms.filter(|(_, alarm)| alarm.actions.contains(&policy.arn));
    let own: Vec<(String, AlarmState)> =
        own.map(|(key, alarm)| (key.id.to_string(), (**alarm).clone())).collect();
    next.heeded.retain(|name, _| own.iter().any(|(one, _)| one == name));
    for (name, alarm) in own {
        if next.heeded.get(&name).is_some_and(|at| *at >= alarm.evaluated) {
            continue;
        }
        next.heeded.insert(name.clone(), alarm.evaluated);
        if alarm.value != State::InsufficientData && policy.enabled {
            react(view, key, policy, &name, &alarm, plan);
        }
    }
    plan.want(key.clone(), next);
}

/// An alarm speaks.
fn react(view: &View, key: &Key, policy: &Policy, name: &str, alarm: &AlarmState, plan: &mut Plan) {
    let group = Key::new(&key.scope, &policy.group);
    let Some(mut turn) = Turn::begin(view, &group, plan) else { return };
    if turn.group.deleting || !turn.group.may(Process::AlarmNotification) {
        return;
    }
    let metric = alarm.value_of_metric();
    let breach = metric.map(|metric| metric - alarm.threshold.0);
    let wanted = match &policy.kind {
        Kind::Tracking(_) => track::wanted(&turn, policy, name, alarm),
        _ if cooling(view, &turn.group, policy) => None,
        _ => decide(&turn.group, policy, breach, warming(view, &turn.group, policy)),
    };
    let Some(wanted) = wanted else { return };
    let word = alarm.value.as_str();
    let reason = format!("a monitor alarm {name} in state {word} triggered policy {}", policy.name);
    resize(&mut turn.group, view.now, policy, wanted, &reason);
    turn.finish();
}

/// The group's desired capacity becomes this, within its bounds.
pub(crate) fn resize(group: &mut Group, now: Time, policy: &Policy, wanted: u32, reason: &str) {
    let wanted = wanted.clamp(group.min, group.max);
    if wanted == group.desired {
        return;
    }
    let from = group.desired;
    group.why.push(format!(
        "At {} {reason} changing the desired capacity from {from} to {wanted}.",
        text::at(now)
    ));
    group.desired = wanted;
    if let Kind::Simple { cooldown, .. } = policy.kind {
        group.scaling = Some(cooldown.unwrap_or(group.cooldown));
    }
}

/// Whether a simple policy must wait.
pub(crate) fn cooling(view: &View, group: &Group, policy: &Policy) -> bool {
    let Kind::Simple { .. } = policy.kind else { return false };
    let until =
        group.cooled.map(|(since, seconds)| since + view.paced(Span::seconds(u64::from(seconds))));
    group.scaling.is_some() || until.is_some_and(|until| until > view.now)
}

/// The capacity that a simple or step policy wants. Warming instances are what an earlier step
/// brought: a higher step adds only the difference, and nothing shrinks meanwhile.
pub(crate) fn decide(
    group: &Group,
    policy: &Policy,
    breach: Option<f64>,
    warming: u32,
) -> Option<u32> {
    match &policy.kind {
        Kind::Simple { adjust, by, .. } => Some(scale::adjusted(group.desired, adjust, *by)),
        Kind::Steps { adjust, steps, .. } => {
            let step = scale::step(steps, breach?)?;
            let settled = group.desired.saturating_sub(warming);
            let wanted = match adjust.kind.as_str() {
                "ExactCapacity" => scale::adjusted(group.desired, adjust, step.by),
                _ if step.by > 0 => scale::adjusted(settled, adjust, step.by).max(group.desired),
                _ => scale::adjusted(group.desired, adjust, step.by),
            };
            (warming == 0 || wanted >= group.desired).then_some(wanted)
        }
        Kind::Tracking(_) => None,
    }
}

/// Capacity that is on its way or still warming, as the policy says.
pub(crate) fn warming(view: &View, group: &Group, policy: &Policy) -> u32 {
    let span = view.paced(Span::seconds(u64::from(warmup(group, policy))));
    group.capacity(|member| {
        member.stage.is_pending()
            || (member.stage == Stage::InService
                && member.served.is_some_and(|served| served + span > view.now))
    })
}

/// The policy's own warm-up, or the group's, or its cooldown (API_PutScalingPolicy).
pub(crate) fn warmup(group: &Group, policy: &Policy) -> u32 {
    policy.warmup().or(group.warmup).unwrap_or(group.cooldown)
}

fn hear(view: &View, key: &Key, heard: &Heard, plan: &mut Plan) {
    let Heard::Answer(tag, result) = heard else { return };
    let Some(policy) = view.store.get::<Policy>(key) else { return };
    let mut next = (**policy).clone();
    match *tag {
        // An alarm that somebody has deleted already is gone too.
        "alarms-gone" => next.alarms.clear(),
        "alarm-last" if result.is_ok() => next.made = true,
        _ if result.is_err() => next.again = Some(view.now + view.paced(AGAIN)),
        _ => {}
    }
    plan.want(key.clone(), next);
}

/// The policies that an alarm names, now or before.
fn concerned(view: &View, changed: &Changed) -> Vec<Key> {
    let now = view.store.get::<AlarmState>(&changed.key);
    let both = [now.map(|row| &**row), changed.before::<AlarmState>()];
    let arns: Vec<&String> = both.into_iter().flatten().flat_map(|one| &one.actions).collect();
    let own = arns.iter().any(|arn| arn.contains(":scalingPolicy:"));
    let all = view.store.list::<Policy>(&changed.key.scope).filter(|_| own);
    all.filter(|(_, one)| arns.contains(&&one.arn)).map(|(key, _)| key.clone()).collect()
}
