//! How an experiment goes on by itself: actions begin when those before them have ended, last as
//! long as they shall, and are undone.

use super::drive::{self, Drive, drive};
use crate::model::{Experiment, LEVER, Lever, Progress, Status, catalog, duration};
use cloudwatch::model::AlarmState;
use region::{Changed, Controller, Heard, Key, Plan, Record, View, Wake};
use world::Span;

pub(super) const CONTROLLER: Controller = Controller {
    kind: Experiment::KIND,
    plan,
    wakes: &[Wake { kind: Lever::KIND, find: all }, Wake { kind: AlarmState::KIND, find: all }],
    hear,
};

/// An experiment is shown this long (FIS quotas: experiment data is kept 120 days).
const SHOWN: Span = Span::seconds(120 * 86_400);

/// The lever and alarms may stop whatever runs in their scope.
fn all(view: &View, changed: &Changed) -> Vec<Key> {
    let here = view.store.list::<Experiment>(&changed.key.scope);
    here.filter(|(_, one)| !one.status.is_over()).map(|(key, _)| key.clone()).collect()
}

fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(experiment) = view.store.get::<Experiment>(key) else { return };
    if let Some(ended) = experiment.ended {
        if ended + SHOWN <= view.now {
            return plan.forget::<Experiment>(key.clone());
        }
        return plan.again(ended + SHOWN);
    }
    let mut next = (**experiment).clone();
    if next.status == Status::Initiating {
        (next.status, next.reason) = (Status::Running, "Experiment is running.".to_owned());
    }
    if next.status == Status::Running
        && let Some(why) = stops(view, key, &next)
    {
        (next.status, next.reason) = (Status::Stopping, why);
    }
    let failed = next.progress.values().find(|one| one.status == Status::Failed);
    if let Some(reason) = failed.map(|one| one.reason.clone()) {
        (next.status, next.reason) = (Status::Stopping, reason);
    }
    let names: Vec<String> = next.progress.keys().cloned().collect();
    for name in names {
        one_action(view, key, &mut next, &name, plan);
    }
    if next.progress.values().all(|one| one.status.is_over()) {
        end(view, &mut next);
        plan.again(view.now);
    }
    if next != **experiment {
        plan.want(key.clone(), next);
    }
}

fn stops(view: &View, key: &Key, experiment: &Experiment) -> Option<String> {
    let lever = view.store.get::<Lever>(&Key::new(&key.scope, LEVER));
    if lever.is_some_and(|lever| lever.engaged) {
        return Some("Experiment stopped by the safety lever.".to_owned());
    }
    let in_alarm = |arn: &&String| drive::in_alarm(view, &key.scope, arn);
    let arn = experiment.design.stops.iter().find(in_alarm)?;
    Some(format!("Experiment halted by stop condition {arn}."))
}

fn end(view: &View, next: &mut Experiment) {
    let failed = next.progress.values().find(|one| one.status == Status::Failed);
    (next.status, next.reason) = match (failed, next.status) {
        (Some(failed), _) => (Status::Failed, failed.reason.clone()),
        (None, Status::Stopping) => (Status::Stopped, "Experiment stopped.".to_owned()),
        _ => (Status::Completed, "Experiment completed.".to_owned()),
    };
    next.ended = Some(view.now);
}

/// Lets one action begin, go on or be undone.
fn one_action(view: &View, key: &Key, next: &mut Experiment, name: &str, plan: &mut Plan) {
    let stopping = next.status == Status::Stopping;
    let Some(action) = next.design.actions.get(name).cloned() else { return };
    let ready = action
        .after
        .iter()
        .all(|before| next.progress.get(before).is_some_and(|one| one.status.is_over()));
    let Some(progress) = next.progress.get_mut(name) else { return };
    match progress.status {
        Status::Pending if stopping => close(view, progress, Status::Cancelled),
        Status::Pending if ready => {
            progress.status = Status::Running;
            progress.reason = "Action is running.".to_owned();
            progress.began = Some(view.now);
        }
        _ => {}
    }
    if !matches!(progress.status, Status::Running | Status::Stopping) {
        return;
    }
    let lasts = ["duration", "startInstancesAfterDuration"];
    let lasts = lasts.iter().find_map(|name| duration(action.parameters.get(*name)?));
    let until = progress.began.unwrap_or(view.now) + lasts.unwrap_or(Span(0));
    let over = stopping || until <= view.now;
    if !over {
        plan.again(until);
    }
    let targets = next
        .resolved
        .iter()
        .filter(|(target, _)| action.targets.values().any(|aimed| aimed == *target));
    let targets: Vec<String> = targets.flat_map(|(_, arns)| arns.clone()).collect();
    let mut turn = Drive { view, key, name, action: &action, targets: &targets, progress, over };
    if drive(&mut turn, plan) {
        let word = if stopping { Status::Stopped } else { Status::Completed };
        close(view, progress, word);
    }
}

fn close(view: &View, progress: &mut Progress, status: Status) {
    progress.status = status;
    progress.reason = format!("Action was {}.", status.word());
    progress.ended = Some(view.now);
}

/// An answer to what an action asked, under `ACTION|STEP`.
fn hear(view: &View, key: &Key, heard: &Heard, plan: &mut Plan) {
    let (Some(experiment), Heard::Answer(tag, answer)) = (view.store.get::<Experiment>(key), heard)
    else {
        return;
    };
    let Some((name, step)) = tag.split_once('|') else { return };
    let mut next = (**experiment).clone();
    let Some(progress) = next.progress.get_mut(name) else { return };
    match answer {
        Ok(record) => {
            progress.done.insert(step.to_owned(), drive::made(record).unwrap_or_default());
        }
        // What cannot be undone any more was undone by somebody else.
        Err(_) if drive::undoes(step) => {
            progress.done.insert(step.to_owned(), String::new());
        }
        Err(refusal) => {
            progress.status = Status::Failed;
            progress.reason = format!("{}: {}", refusal.code, refusal.message);
            progress.ended = Some(view.now);
        }
    }
    plan.want(key.clone(), next);
}

/// The kinds of actions that only ask once.
pub(super) fn once(kind: &str) -> bool {
    catalog::action(kind).is_some_and(|kind| {
        matches!(kind.id, "aws:ec2:reboot-instances" | "aws:ec2:terminate-instances")
    })
}
