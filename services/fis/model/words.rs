//! Durations of ISO 8601, and ids in ARNs.

use world::{Id, Span};

/// Reads `PT1H30M`, `P1D`, `PT90S`; none when it is not a duration of ISO 8601.
pub fn duration(text: &str) -> Option<Span> {
    let rest = text.strip_prefix('P')?;
    let (days, time) = rest.split_once('T').unwrap_or((rest, ""));
    let part = |text: &mut &str, unit: char| -> Option<u64> {
        let Some(at) = text.find(unit) else { return Some(0) };
        let number = text[..at].parse().ok()?;
        *text = &text[at + 1..];
        Some(number)
    };
    let (mut days, mut time) = (days, time);
    let days_count = part(&mut days, 'D')?;
    let (hours, minutes) = (part(&mut time, 'H')?, part(&mut time, 'M')?);
    let seconds = part(&mut time, 'S')?;
    if !days.is_empty() || !time.is_empty() || rest.is_empty() || rest.ends_with('T') {
        return None;
    }
    Some(Span::seconds(days_count * 86_400 + hours * 3_600 + minutes * 60 + seconds))
}

/// What AWS lets actions take: a minute to twelve hours.
pub const DURATIONS: (Span, Span) = (Span::seconds(60), Span::seconds(12 * 3_600));

/// What AWS lets a pause of a volume take at least.
pub const SHORTEST_PAUSE: Span = Span::seconds(1);

/// The id at the end of an ARN, or the id itself.
pub fn id_of(arn: &str) -> Id {
    // A group's name may have slashes of its own.
    if let Some((_, name)) = arn.split_once(":autoScalingGroupName/") {
        return Id::from(name);
    }
    Id::from(arn.rsplit_once('/').map_or(arn, |(_, id)| id))
}
