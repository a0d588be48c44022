//! What a policy makes of a capacity, as numbers in and a number out (Auto Scaling user guide,
//! "Step and simple scaling policies", "Target tracking scaling policies").

use crate::model::{Adjust, Step};

/// An adjustment of a capacity, before the group's bounds.
pub(crate) fn adjusted(current: u32, adjust: &Adjust, by: i32) -> u32 {
    let current = i64::from(current);
    let after = match adjust.kind.as_str() {
        "ExactCapacity" => i64::from(by),
        "PercentChangeInCapacity" => current + percent(current, by, adjust.least),
        _ => current + i64::from(by),
    };
    u32::try_from(after.max(0)).unwrap_or(u32::MAX)
}

/// A percentage of a capacity: beyond one it is rounded toward zero, below one it is one; at
/// least the minimum adjustment magnitude.
fn percent(current: i64, by: i32, least: Option<u32>) -> i64 {
    let exact = current * i64::from(by);
    if exact == 0 {
        return 0;
    }
    let size = (exact.abs() / 100).max(1).max(i64::from(least.unwrap_or(0)));
    size * exact.signum()
}

/// The step that a breach falls into. Above the threshold the lower bound belongs to a step, below
/// it the upper one.
pub(crate) fn step(steps: &[Step], breach: f64) -> Option<&Step> {
    steps.iter().find(|step| {
        let lower = step.lower.unwrap_or(f64::NEG_INFINITY);
        let upper = step.upper.unwrap_or(f64::INFINITY);
        if breach >= 0.0 {
            lower <= breach && breach < upper
        } else {
            lower < breach && breach <= upper
        }
    })
}

/// The capacity that brings a metric to its target: rounded up, so that out is never too little
/// and in never too much.
pub(crate) fn tracked(serving: f64, metric: f64, target: f64) -> u32 {
    if target <= 0.0 {
        return 0;
    }
    // A hair of rounding noise is no instance.
    (serving * metric / target - 1e-9).ceil().clamp(0.0, f64::from(u32::MAX)) as u32
}
