//! Whom to terminate when a group shrinks (Auto Scaling user guide, "Configure termination
//! policies"): the zone first, then the policies in order. Where AWS lets chance decide, the name.

use super::{Age, Demand, Unit};
use world::{Span, Time};

const HOUR: Span = Span::seconds(3600);

/// The one of `candidates` that goes first, of a group whose instances are `all`.
pub(crate) fn pick<'a>(
    candidates: &[&'a Unit],
    all: &[&'a Unit],
    demand: &Demand,
) -> Option<&'a Unit> {
    // The unhealthy first, then those that are being replaced anyway.
    let first = |which: fn(&Unit) -> bool| {
        let some: Vec<&Unit> = candidates.iter().filter(|unit| which(unit)).copied().collect();
        (!some.is_empty()).then_some(some)
    };
    let open = first(|unit| unit.sick || unit.gone)
        .or_else(|| first(|unit| unit.stale && !unit.protected))
        .or_else(|| first(|unit| !unit.protected))?;
    let weight_of = |zone: &str| {
        let stray = !demand.places.iter().any(|place| place.name == zone);
        (stray, all.iter().filter(|unit| unit.zone == zone).count())
    };
    let fullest = open.iter().map(|unit| weight_of(&unit.zone)).max()?;
    let mut left = open;
    left.retain(|unit| weight_of(&unit.zone) == fullest);
    match demand.policies.is_empty() {
        true => narrow("Default", &mut left, demand.now),
        false => demand.policies.iter().for_each(|policy| narrow(policy, &mut left, demand.now)),
    }
    left.into_iter().min_by(|one, other| one.id.cmp(&other.id))
}

/// Keeps those that a policy would take.
fn narrow(policy: &str, left: &mut Vec<&Unit>, now: Time) {
    match policy {
        "OldestInstance" => keep(left, |unit| unit.launched),
        "NewestInstance" => keep(left, |unit| std::cmp::Reverse(unit.launched)),
        "OldestLaunchConfiguration" => {
            let class = |unit: &Unit| matches!(unit.age, Age::Configuration(_));
            narrow_within(left, class);
        }
        "OldestLaunchTemplate" => {
            let class = |unit: &Unit| !matches!(unit.age, Age::Configuration(_));
            narrow_within(left, class);
        }
        "ClosestToNextInstanceHour" => keep(left, |unit| until_next_hour(unit, now)),
        "AllocationStrategy" => keep(left, |unit| std::cmp::Reverse(unit.priority)),
        _ => {
            keep(left, |unit| std::cmp::Reverse(unit.priority));
            keep(left, |unit| unit.age);
            keep(left, |unit| until_next_hour(unit, now));
        }
    }
}

/// The oldest of a class, where there is any of it.
fn narrow_within(left: &mut Vec<&Unit>, class: impl Fn(&Unit) -> bool) {
    if left.iter().any(|unit| class(unit)) {
        left.retain(|unit| class(unit));
        keep(left, |unit| unit.age);
    }
}

/// Keeps those with the least value.
fn keep<V: Ord>(left: &mut Vec<&Unit>, value: impl Fn(&Unit) -> V) {
    if let Some(least) = left.iter().map(|unit| value(unit)).min() {
        left.retain(|unit| value(unit) == least);
    }
}

/// Microseconds to the end of the hour that was begun.
fn until_next_hour(unit: &Unit, now: Time) -> u64 {
    HOUR.0 - now.since(unit.launched).0 % HOUR.0
}
