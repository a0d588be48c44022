//! Alarms look at their metrics at each period's end, change state, and act.

mod act;
mod composite;
mod describe;
mod judge;
mod suppress;
mod watch;

use crate::model::{Alarm, AlarmState, Rule};
pub(crate) use act::{Action, action};
pub(crate) use describe::arn;
use region::{Changed, Controller, Key, View, Wake};
pub(crate) use suppress::reason as suppressed;
pub(crate) use watch::{created_now, deleted, updated};

/// The room's controllers.
pub(crate) const CONTROLLERS: &[Controller] = &[Controller {
    kind: "cloudwatch/alarm",
    plan: watch::plan,
    wakes: &[Wake { kind: "cloudwatch/alarm-state", find: concerned }],
    hear: act::hear,
}];

/// A state concerns its own alarm, and the composite alarms whose rules speak of it.
fn concerned(view: &View, changed: &Changed) -> Vec<Key> {
    let mut keys = vec![changed.key.clone()];
    let now = view.store.get::<AlarmState>(&changed.key).map(|state| state.transitions);
    if now == changed.before::<AlarmState>().map(|state| state.transitions) {
        return keys;
    }
    for (key, alarm) in view.store.list::<Alarm>(&changed.key.scope) {
        if let Rule::Composite(composite) = &alarm.rule
            && composite.names().contains(&changed.key.id.as_str())
        {
            keys.push(key.clone());
        }
    }
    keys
}
