//! Months of UTC, in seconds since 1970.

use shape::Timestamp;
use world::Time;

const DAY: i64 = 86_400;

fn name(at: i64) -> String {
    Timestamp::from_seconds(at).iso8601()[..7].to_owned()
}

/// The first moment of the month after this one's.
pub(crate) fn next(at: i64) -> i64 {
    let here = name(at);
    let mut next = (at / DAY + 1) * DAY;
    while name(next) == here {
        next += DAY;
    }
    next
}

/// The first moment of this one's month.
fn first(at: i64) -> i64 {
    let here = name(at);
    let mut first = at / DAY * DAY;
    while first >= DAY && name(first - DAY) == here {
        first -= DAY;
    }
    first
}

/// The months that a time touches: the first moment of each and of the one after it.
pub(crate) fn touched(from: Time, to: Time) -> Vec<(Time, Time)> {
    let seconds = |at: Time| i64::try_from(at.seconds()).unwrap_or(i64::MAX);
    let moment = |at: i64| Time::from_millis(at.unsigned_abs() * 1_000);
    let mut all = Vec::new();
    let mut begin = first(seconds(from));
    while moment(begin) < to {
        let end = next(begin);
        all.push((moment(begin), moment(end)));
        begin = end;
    }
    all
}
