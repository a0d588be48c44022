//! Composite alarms look at the states of others when one of these changes.

use super::{describe, suppress, watch};
use crate::model::{Alarm, AlarmState, CompositeRule, State};
use region::{Key, Plan, View};
use serde_json::json;
use std::sync::Arc;

pub(super) fn look(
    view: &View,
    key: &Key,
    alarm: &Alarm,
    rule: &CompositeRule,
    state: &mut AlarmState,
    plan: &mut Plan,
) {
    judge(view, key, alarm, rule, state, plan);
    suppress::look(view, key, rule, state, plan);
}

fn judge(
    view: &View,
    key: &Key,
    alarm: &Alarm,
    rule: &CompositeRule,
    state: &mut AlarmState,
    plan: &mut Plan,
) {
    let of = |name: &str| view.store.get::<AlarmState>(&Key::new(&key.scope, name));
    let below: Vec<(&str, &Arc<AlarmState>)> =
        rule.rule.names().into_iter().filter_map(|name| Some((name, of(name)?))).collect();
    let changes = 1 + below.iter().map(|(_, state)| state.transitions).sum::<u64>();
    if state.below == changes {
        return;
    }
    (state.below, state.evaluated) = (changes, view.now);
    let holds = rule.rule.holds(&|name| of(name).map(|state| state.value));
    let value = if holds { State::Alarm } else { State::Ok };
    if value == state.value {
        return;
    }
    let before = state.clone();
    state.value = value;
    let latest = below.iter().max_by_key(|(_, state)| state.transitioned);
    let arn = |name: &str| describe::arn(&key.scope, name);
    state.reason = match latest {
        Some((name, one)) => format!(
            "{} transitioned to {} at {}",
            arn(name),
            one.value,
            describe::spoken(one.transitioned)
        ),
        None => format!("{} is always in this state", arn(&alarm.name)),
    };
    let triggering = below.iter().map(|(name, one)| {
        let at = describe::long(one.transitioned);
        json!({ "arn": arn(name), "state": { "value": one.value.as_str(), "timestamp": at } })
    });
    let data = json!({ "triggeringAlarms": triggering.collect::<Vec<_>>() });
    state.reason_data = Some(data.to_string());
    // What is due already stays due; only what this change brings is held back.
    let due = std::mem::take(&mut state.due);
    watch::turn(key, alarm, &before, state, view.now, plan);
    suppress::hold(view, rule, before.value, state);
    state.due.splice(0..0, due);
}
