//! One alarm: when it looks, what it sees, and what changes then.

use super::describe;
use super::judge::{Verdict, judge};
use crate::dataplane::maths::{Frame, Line, answers};
use crate::dataplane::{Event, History, Item};
use crate::model::{Alarm, AlarmState, Due, LOWEST_RANGE, MetricRule, Rule, Source, State};
use region::meter::{self, Exact, Metrics, Statistic, aligned};
use region::{Key, Plan, View};
use world::{Span, Time};

/// Values arrive this long after their window's end.
const LATE: Span = Span::millis(500);

/// And when nothing has come by then, this long is waited for it.
const LATEST: Span = Span::millis(900);

pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(alarm) = view.store.get::<Alarm>(key) else { return };
    let Some(before) = view.store.get::<AlarmState>(key) else { return };
    let mut state = (**before).clone();
    match &alarm.rule {
        Rule::Metric(rule) => look(view, key, alarm, rule, &mut state, plan),
        Rule::Composite(rule) => super::composite::look(view, key, alarm, rule, &mut state, plan),
    }
    state.actions = match alarm.actions_enabled {
        true => alarm.actions(state.value).to_vec(),
        false => Vec::new(),
    };
    if state == **before {
        super::act::plan(view, key, alarm, &state, plan);
    } else {
        plan.want(key.clone(), state);
    }
}

/// Looks at a metric alarm's windows when a new one has ended.
fn look(
    view: &View,
    key: &Key,
    alarm: &Alarm,
    rule: &MetricRule,
    state: &mut AlarmState,
    plan: &mut Plan,
) {
    let metrics = view.store.plane::<Metrics>(&meter::key(&key.scope));
    let frame = Frame { metrics, pace: view.pace, ..Frame::default() };
    let period = frame.period(rule.period());
    let end = aligned(view.now - LATE, period);
    plan.again(end + period + LATE);
    if end <= state.evaluated {
        return;
    }
    let seen = see(&frame, rule, end, period);
    let newest_is_there = seen.values.first().is_some_and(Option::is_some);
    if !newest_is_there && view.now < end + LATEST {
        return plan.again(end + LATEST);
    }
    state.evaluated = end;
    state.threshold = rule.threshold;
    let known = seen.values.iter().zip(&seen.begins);
    let known = known.filter_map(|(value, begin)| Some((*begin, Exact((*value)?))));
    let looked: Vec<(Time, Exact)> = known.take(rule.periods as usize).collect();
    let Verdict { state: verdict, filled } = judge(rule, &seen.values);
    let too_few = seen.too_few(rule);
    state.datapoints = looked;
    let Some(value) = verdict.filter(|_| !too_few) else { return };
    if value != state.value {
        let before = state.clone();
        state.value = value;
        state.reason = describe::reason(rule, value, &state.datapoints, filled);
        let data = describe::reason_data(rule, view.now, &state.datapoints, &seen.counts);
        state.reason_data = Some(data);
        turn(key, alarm, &before, state, view.now, plan);
    }
}

/// What an alarm sees of its windows, newest first.
struct Seen {
    begins: Vec<Time>,
    values: Vec<Option<f64>>,
    /// Of single metrics: how many samples the windows have.
    counts: Vec<(Time, f64)>,
}

impl Seen {
    /// Whether a percentile of so few samples means nothing, and the alarm shall heed that. docs:
    /// percentiles-with-low-samples.
    fn too_few(&self, rule: &MetricRule) -> bool {
        let Some(percent) = rule.percentile().filter(|_| rule.low_samples.is_some()) else {
            return false;
        };
        let ignores = rule.low_samples.as_deref() == Some("ignore");
        let share = percent / 100.0;
        let enough = if share >= 0.5 { 10.0 / (1.0 - share) } else { 10.0 / share };
        let samples: f64 = self.counts.iter().take(rule.periods as usize).map(|(_, n)| n).sum();
        ignores && samples < enough
    }
}

fn see(frame: &Frame, rule: &MetricRule, end: Time, period: Span) -> Seen {
    let range = rule.periods + LOWEST_RANGE;
    let begins: Vec<Time> =
        (1..=u64::from(range)).map(|back| end - Span(period.0 * back)).collect();
    let from = begins.last().copied().unwrap_or(end);
    let frame = Frame { from, to: end, ..*frame };
    let mut lines = answers(&frame, &rule.queries)
        .unwrap_or_default()
        .into_iter()
        .flat_map(|answer| answer.lines);
    let line: Option<Line> = lines.next();
    let at = |begin: &Time| line.as_ref()?.points.get(begin).copied();
    let values = begins.iter().map(at).collect();
    let counts = counts(&frame, rule, period);
    Seen { begins, values, counts }
}

fn counts(frame: &Frame, rule: &MetricRule, period: Span) -> Vec<(Time, f64)> {
    let Some(Source::Stat { metric, unit, .. }) = rule.single().map(|query| &query.source) else {
        return Vec::new();
    };
    let Some(metrics) = frame.metrics else { return Vec::new() };
    let windows = metrics.windows(metric, unit.as_deref(), frame.from, frame.to, period);
    let count = |(at, values): (Time, meter::Summary)| {
        values.value(&Statistic::SampleCount).map(|count| (at, count))
    };
    windows.into_iter().rev().filter_map(count).collect()
}

/// What a change of state brings with it: times, history, and what is to be done.
pub(super) fn turn(
    key: &Key,
    alarm: &Alarm,
    before: &AlarmState,
    state: &mut AlarmState,
    now: Time,
    plan: &mut Plan,
) {
    (state.updated, state.transitioned) = (now, now);
    state.transitions += 1;
    let item = describe::changed(alarm, now, before, state);
    plan.record::<History>(History::key(&key.scope), Event::Added(vec![item]));
    act_on(key, alarm, before, state);
}

/// Notes what is to be done after a change of state.
fn act_on(key: &Key, alarm: &Alarm, before: &AlarmState, state: &mut AlarmState) {
    if !alarm.actions_enabled {
        return;
    }
    let (subject, message) = describe::notification(key, alarm, before, state);
    for action in alarm.actions(state.value) {
        let number = state.next_due;
        state.next_due += 1;
        let (subject, message) = (subject.clone(), message.clone());
        state.due.push(Due { number, action: action.clone(), subject, message });
    }
}

/// What SetAlarmState makes of a state: it lasts until the next look.
pub(crate) fn updated(
    key: &Key,
    alarm: &Alarm,
    before: &AlarmState,
    value: State,
    why: (String, Option<String>),
    now: Time,
    pace: u32,
) -> (AlarmState, Item) {
    let mut state = before.clone();
    (state.value, (state.reason, state.reason_data)) = (value, why);
    state.updated = now;
    if let Rule::Metric(rule) = &alarm.rule {
        let frame = Frame { pace, ..Frame::default() };
        state.evaluated = aligned(now - LATE, frame.period(rule.period()));
    }
    let item = describe::changed(alarm, now, before, &state);
    if value != before.value {
        state.transitioned = now;
        state.transitions += 1;
        act_on(key, alarm, before, &mut state);
    }
    (state, item)
}

/// The history item of an alarm that was made or changed.
pub(crate) fn created_now(key: &Key, alarm: &Alarm, new: bool) -> Item {
    let what = if new { "created" } else { "updated" };
    describe::configured(&key.scope, alarm, alarm.configured, what)
}

/// The history item of an alarm that was deleted.
pub(crate) fn deleted(key: &Key, alarm: &Alarm, now: Time) -> Item {
    describe::configured(&key.scope, alarm, now, "deleted")
}
