//! What values say of an alarm's state, and how missing ones are treated. docs:
//! alarms-and-missing-data.

use crate::model::{MetricRule, Missing, State};

/// A judgement: the state, and how many missing values were treated as what to come to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    /// `None`: the alarm keeps its state.
    pub(super) state: Option<State>,
    /// How many values were made up.
    pub(super) filled: u32,
}

/// Judges by the values of the evaluation range, newest first.
pub(super) fn judge(rule: &MetricRule, range: &[Option<f64>]) -> Verdict {
    let (n, m) = (rule.periods, rule.datapoints_to_alarm());
    let missing = rule.missing.unwrap_or(Missing::Missing);
    let bad = |value: f64| rule.comparison.breaches(value, rule.threshold.0);
    let known = range.iter().flatten().take(n as usize);
    let breaching = count(known.clone().filter(|value| bad(**value)));
    let filled = n.saturating_sub(count(known.clone()));
    let verdict = |state| Verdict { state, filled };
    if breaching >= m {
        return verdict(Some(State::Alarm));
    }
    if filled == 0 {
        return verdict(Some(State::Ok));
    }
    let any_good = known.clone().any(|value| !bad(*value));
    let kept = match missing {
        Missing::Breaching if breaching + filled >= m => return verdict(Some(State::Alarm)),
        Missing::Breaching | Missing::NotBreaching => return verdict(Some(State::Ok)),
        _ if any_good => return verdict(Some(State::Ok)),
        Missing::Ignore => return verdict(None),
        Missing::Missing => State::InsufficientData,
    };
    // Nothing good: the oldest bad value decides when it is old enough.
    let oldest = range.iter().rposition(Option::is_some).map_or(0, |place| place + 1);
    verdict(Some(if oldest >= m as usize { State::Alarm } else { kept }))
}

fn count<'a>(values: impl Iterator<Item = &'a f64>) -> u32 {
    u32::try_from(values.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
