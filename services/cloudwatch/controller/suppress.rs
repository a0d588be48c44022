//! What holds a composite alarm's actions back: another alarm, and the waits around it. docs:
//! alarm-suppression

use crate::model::{AlarmState, By, CompositeRule, Due, Held, State};
use region::{Key, Plan, View};
use world::{Span, Time};

/// Puts what a change of state would do behind the suppressor, where there is one. Actions of a
/// state that was left again before they were carried out are never carried out.
pub(super) fn hold(view: &View, rule: &CompositeRule, before: State, state: &mut AlarmState) {
    let Some(suppressor) = &rule.suppressor else { return };
    let due: Vec<Due> = std::mem::take(&mut state.due);
    match &mut state.held {
        Some(held) if held.from == state.value => {
            held.due.clear();
            if held.by == By::WaitPeriod {
                state.held = None;
            }
        }
        Some(held) => held.due = due,
        None => {
            let until = view.now + view.paced(Span::seconds(suppressor.wait.into()));
            let until = Some(until);
            state.held = Some(Held { by: By::WaitPeriod, until, from: before, due });
        }
    }
}

/// Looks at the suppressor: what was held back is let go when its time is over.
pub(super) fn look(
    view: &View,
    key: &Key,
    rule: &CompositeRule,
    state: &mut AlarmState,
    plan: &mut Plan,
) {
    let Some(held) = &mut state.held else { return };
    let Some(suppressor) = &rule.suppressor else { return release(state) };
    let other = view.store.get::<AlarmState>(&Key::new(&key.scope, &suppressor.alarm));
    let suppresses = other.is_some_and(|other| other.value == State::Alarm);
    match (held.by, suppresses) {
        (By::Alarm, true) => {}
        (_, true) => (held.by, held.until) = (By::Alarm, None),
        (By::Alarm, false) => {
            held.by = By::ExtensionPeriod;
            held.until = Some(view.now + view.paced(Span::seconds(suppressor.extension.into())));
        }
        (By::WaitPeriod | By::ExtensionPeriod, false) => {}
    }
    match held.until {
        Some(until) if until <= view.now => release(state),
        Some(until) => plan.again(until),
        None => {}
    }
}

fn release(state: &mut AlarmState) {
    if let Some(Held { due, .. }) = state.held.take() {
        state.due.extend(due);
    }
}

/// ActionsSuppressedReason.
pub(crate) fn reason(held: &Held, suppressor: &str) -> String {
    let until = |until: Option<Time>| until.map(super::describe::long).unwrap_or_default();
    match held.by {
        By::Alarm => format!("Actions suppressed by {suppressor}, which is in ALARM"),
        By::WaitPeriod => {
            let at = until(held.until);
            format!("Waiting for {suppressor} to go into ALARM, until {at} at the latest")
        }
        By::ExtensionPeriod => {
            let at = until(held.until);
            format!("Waiting after {suppressor} went out of ALARM, until {at}")
        }
    }
}
