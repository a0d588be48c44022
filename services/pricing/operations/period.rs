//! Time periods as Cost Explorer says them, cut into hours, days or months of UTC.

use crate::model::month;
use api_ce::DateInterval;
use region::Refusal;
use shape::Timestamp;
use world::Time;

const DAY: i64 = 86_400;

/// A part of a period: its two ends as they are shown, and as moments.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    pub(super) shown: DateInterval,
    pub(super) from: Time,
    pub(super) to: Time,
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationException", message.into())
}

/// Seconds since 1970 of `2026-11-21` or `2026-11-21T03:00:00Z`.
fn seconds(text: &str) -> Result<i64, Refusal> {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let parsed = Timestamp::parse(&whole).filter(|at| at.0 >= 0);
    parsed.map(Timestamp::seconds).ok_or_else(|| {
        invalid(format!("{text} is not a date of the form YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ"))
    })
}

fn moment(seconds: i64) -> Time {
    Time::from_millis(seconds.unsigned_abs() * 1_000)
}

/// Whole, from its start to its end.
pub(super) fn whole(period: &DateInterval) -> Result<(Time, Time), Refusal> {
    let (start, end) = (seconds(&period.start)?, seconds(&period.end)?);
    if start >= end {
        return Err(invalid("Start date (and hour) should be before end date (and hour)"));
    }
    Ok((moment(start), moment(end)))
}

/// The parts of a period.
pub(super) fn parts(period: &DateInterval, granularity: &str) -> Result<Vec<Part>, Refusal> {
    whole(period)?;
    let (start, end) = (seconds(&period.start)?, seconds(&period.end)?);
    let hourly = granularity == "HOURLY";
    let most = if hourly { 14 * 24 } else { 14 * 31 };
    let mut parts = Vec::new();
    let mut from = start;
    while from < end {
        let to = match granularity {
            "HOURLY" => from + 3_600,
            "DAILY" => (from / DAY + 1) * DAY,
            // Not AWS's word: for answers that are not cut.
            "WHOLE" => end,
            _ => month::next(from),
        };
        let to = to.min(end);
        let date = |at: i64| {
            let text = Timestamp::from_seconds(at).iso8601();
            if hourly { text } else { text[..10].to_owned() }
        };
        let shown = DateInterval { start: date(from), end: date(to) };
        parts.push(Part { shown, from: moment(from), to: moment(to) });
        if parts.len() > most {
            return Err(invalid("The time period is too long for this granularity"));
        }
        from = to;
    }
    Ok(parts)
}
