//! An instance refresh, step by step (Auto Scaling user guide, "Use an instance refresh"): old
//! instances go, as many at once as the healthy percentages allow; new ones come in their place.

use super::decide::{self, Why};
use super::turn::Turn;
use super::{launch, lifecycle};
use crate::model::{
    Checkpoint, Member, Preferences, Process, Purpose, Refresh, RefreshState, Stage,
};
use crate::operations::reverse;
use cloudwatch::model::{AlarmState, State};
use world::{Id, Span, Time};

/// Without progress for this long a refresh fails (user guide: one hour).
const STUCK: Span = Span::seconds(3600);

/// The group's active refresh.
pub(super) fn active(turn: &Turn) -> Option<(Id, Refresh)> {
    let mut all = turn.view.store.list::<Refresh>(&turn.key.scope);
    let found = all.find(|(_, one)| one.arn == turn.group.arn && one.state.is_active());
    found.map(|(key, one)| (key.id.clone(), (**one).clone()))
}

/// Moves the refresh on; what must be launched for it.
pub(super) fn advance(turn: &mut Turn) -> Option<Refresh> {
    let (id, before) = active(turn)?;
    let mut refresh = before.clone();
    settle_newcomers(turn, &refresh);
    let group = turn.group.members.clone();
    let counted = |id: &Id| {
        group.get(id).is_some_and(|one| one.stage.counts() || one.stage == Stage::Standby)
    };
    refresh.left.retain(counted);
    if turn.group.may(Process::InstanceRefresh) {
        step(turn, &mut refresh);
    }
    if refresh != before {
        let key = turn.beside(id.as_str());
        turn.plan.want(key, refresh.clone());
    }
    refresh.state.is_active().then_some(refresh)
}

fn warm(turn: &Turn, refresh: &Refresh, served: Option<Time>) -> Option<Time> {
    let span = turn.view.paced(Span::seconds(u64::from(refresh.preferences.warmup)));
    served.map(|served| served + span)
}

/// Who came for an old one counts only once it is warm; then the old one goes.
fn settle_newcomers(turn: &mut Turn, refresh: &Refresh) {
    let ids: Vec<Id> = turn.group.members.keys().cloned().collect();
    for id in ids {
        let Some(member) = turn.group.members.get(&id) else { continue };
        if member.stage != Stage::InService || refresh.left.contains(&id) {
            continue;
        }
        let Some(at) = warm(turn, refresh, member.served) else { continue };
        if at > turn.now() {
            turn.plan.again(at);
        } else if let Some(member) = turn.group.members.get_mut(&id) {
            member.purpose = Purpose::Plain;
        }
    }
}

/// New instances that were not launched yet, do not serve yet, or not long enough.
fn under_way(turn: &Turn, refresh: &Refresh) -> u32 {
    let coming = turn.group.members.iter().filter(|(id, member)| {
        let fresh = member.stage == Stage::InService && !refresh.left.contains(*id);
        let cold = warm(turn, refresh, member.served).is_some_and(|at| at > turn.now());
        member.stage.is_pending() || (fresh && cold)
    });
    let counted = turn.group.capacity(|one| one.stage.counts());
    let missing = turn.group.desired.saturating_sub(counted) / launch::weight(&turn.group).max(1);
    coming.count() as u32 + missing
}

fn end(turn: &Turn, refresh: &mut Refresh, state: RefreshState, reason: Option<String>) {
    refresh.state = state;
    refresh.ended = Some(turn.now());
    refresh.reason = reason.or(refresh.reason.take());
}

fn step(turn: &mut Turn, refresh: &mut Refresh) {
    let busy = under_way(turn, refresh);
    match refresh.state {
        RefreshState::Pending => refresh.state = RefreshState::InProgress,
        RefreshState::Cancelling => {
            if busy == 0 {
                end(turn, refresh, RefreshState::Cancelled, None);
            }
            return;
        }
        _ => {}
    }
    if let Some(why) = broken(turn, refresh) {
        return fail(turn, refresh, &why);
    }
    let whole = turn.group.capacity(|one| one.stage.counts()) >= turn.group.desired;
    if refresh.left.is_empty() {
        if busy == 0 && whole {
            finish(turn, refresh);
        }
        return;
    }
    if !paused(turn, refresh, busy) {
        replace(turn, refresh, busy);
    }
}

/// Whether it waits at a checkpoint.
fn paused(turn: &mut Turn, refresh: &mut Refresh, busy: u32) -> bool {
    if let Some(stop) = &refresh.checkpoint {
        if stop.until > turn.now() {
            turn.plan.again(stop.until);
            return true;
        }
        refresh.passed.insert(stop.at);
        refresh.checkpoint = None;
        refresh.reason = None;
    }
    let percent = refresh.percent();
    let all = refresh.preferences.checkpoints.iter();
    let reached = all.copied().find(|at| *at <= percent && !refresh.passed.contains(at));
    let Some(at) = reached.filter(|_| refresh.reversal.is_none()) else { return false };
    if busy > 0 {
        return true;
    }
    let delay = Span::seconds(u64::from(refresh.preferences.checkpoint_delay));
    let until = turn.now() + turn.view.paced(delay);
    refresh.checkpoint = Some(Checkpoint { at, until });
    refresh.reason = Some(format!("Waiting at checkpoint of {at} %"));
    turn.plan.again(until);
    true
}

/// Takes out as many old ones as may go now. With a maximum above a hundred the new ones come
/// first: see [`launches`].
fn replace(turn: &mut Turn, refresh: &mut Refresh, busy: u32) {
    let preferences = refresh.preferences.clone();
    let desired = turn.group.desired;
    if decide::ceiling(desired, preferences.max_healthy) > desired {
        return;
    }
    let ready =
        turn.group.capacity(|one| one.stage == Stage::InService && one.sick.is_none() && !one.gone);
    let cold = turn.group.members.iter().filter(|(id, member)| {
        let fresh = member.stage == Stage::InService && !refresh.left.contains(*id);
        fresh && warm(turn, refresh, member.served).is_some_and(|at| at > turn.now())
    });
    let cold = cold.count() as u32;
    let least = (desired * preferences.min_healthy).div_ceil(100);
    let spare = ready.saturating_sub(cold).saturating_sub(least);
    let mut allowed = if busy == 0 { spare.max(1) } else { spare };
    let old: Vec<Id> = refresh.left.iter().cloned().collect();
    for id in old {
        let Some(member) = turn.group.members.get(&id) else { continue };
        if allowed == 0 || held(member, &preferences) {
            continue;
        }
        allowed -= 1;
        let sentence =
            turn.at("an instance was taken out of service in response to an instance refresh.");
        lifecycle::begin_end(turn, &id, sentence);
    }
}

/// Whether a member waits for its protection or standby to end.
fn held(member: &Member, preferences: &Preferences) -> bool {
    (member.protected && preferences.protected != "Refresh")
        || (member.stage == Stage::Standby && preferences.standby != "Terminate")
}

/// The launches that come before old ones go.
pub(super) fn launches(turn: &mut Turn, refresh: &Refresh) {
    let desired = turn.group.desired;
    let ceiling = decide::ceiling(desired, refresh.preferences.max_healthy);
    let paused = refresh.checkpoint.is_some() || refresh.state == RefreshState::Cancelling;
    if ceiling <= desired || paused || !turn.group.may(Process::InstanceRefresh) {
        return;
    }
    let total = turn.group.capacity(|one| one.stage.counts());
    let extras = turn.group.members.values();
    let extras = extras.filter(|one| one.purpose == Purpose::Extra && one.stage.counts()).count();
    let due = refresh.left.iter().filter(|id| {
        let member = turn.group.members.get(*id);
        member.is_some_and(|member| !held(member, &refresh.preferences))
    });
    let due = (due.count() as u32).saturating_sub(extras as u32);
    let room = ceiling.saturating_sub(total) / launch::weight(&turn.group).max(1);
    let demand = super::group::demand(turn);
    let moves = decide::spread(&demand, due.min(room));
    for (zone, count) in moves {
        launch::ask(turn, &zone, count, Why::Refresh);
    }
}

/// What ends a refresh before its end: an alarm, or an hour without progress.
fn broken(turn: &mut Turn, refresh: &Refresh) -> Option<String> {
    let alarmed = refresh.preferences.alarms.iter().find(|name| {
        let state = turn.view.store.get::<AlarmState>(&turn.beside(name));
        state.is_some_and(|one| one.value == State::Alarm)
    });
    if let Some(name) = alarmed {
        return Some(format!("The alarm {name} is in ALARM state"));
    }
    let newest = turn.group.members.values().filter_map(|one| one.served).max();
    let stop = refresh.checkpoint.as_ref().map(|stop| stop.until);
    let warmup = turn.view.paced(Span::seconds(u64::from(refresh.preferences.warmup)));
    let moved = refresh.began.max(newest.map_or(refresh.began, |at| at + warmup));
    let until = moved.max(stop.unwrap_or(moved)) + turn.view.paced(STUCK);
    if until <= turn.now() && !refresh.left.is_empty() {
        return Some("The instance refresh made no progress for an hour".to_owned());
    }
    turn.plan.again(until.max(turn.now() + Span::seconds(1)));
    None
}

fn fail(turn: &mut Turn, refresh: &mut Refresh, why: &str) {
    if refresh.reversal.is_some() {
        return end(turn, refresh, RefreshState::RollbackFailed, Some(why.to_owned()));
    }
    if refresh.preferences.auto_rollback {
        let now = turn.now();
        return reverse(&mut turn.group, refresh, why, now);
    }
    end(turn, refresh, RefreshState::Failed, Some(why.to_owned()));
}

fn finish(turn: &mut Turn, refresh: &mut Refresh) {
    if refresh.reversal.is_some() {
        return end(turn, refresh, RefreshState::RollbackSuccessful, None);
    }
    let bake = turn.view.paced(Span::seconds(u64::from(refresh.preferences.bake)));
    let since = *refresh.bakes.get_or_insert(turn.now());
    if since + bake > turn.now() {
        refresh.state = RefreshState::Baking;
        turn.plan.again(since + bake);
        return;
    }
    end(turn, refresh, RefreshState::Successful, None);
}
