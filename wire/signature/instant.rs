//! Points in time as signatures write them: `YYYYMMDDTHHMMSSZ`, and RFC 7231 dates on input.
//! Reads no clock.

const DAY_S: i64 = 86_400;

/// `20150830T123600Z` for milliseconds since the epoch (fractions are cut).
pub fn stamp_of(at_ms: i64) -> String {
    let seconds = at_ms.div_euclid(1000);
    let (year, month, day) = civil(seconds.div_euclid(DAY_S));
    let rest = seconds.rem_euclid(DAY_S);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// `20150830` for milliseconds since the epoch.
pub fn date_of(at_ms: i64) -> String {
    let (year, month, day) = civil(at_ms.div_euclid(1000 * DAY_S));
    format!("{year:04}{month:02}{day:02}")
}

/// Milliseconds since the epoch of `YYYYMMDDTHHMMSSZ`; `None` for anything else.
pub(crate) fn parse_stamp(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() != 16 || bytes[8] != b'T' || bytes[15] != b'Z' {
        return None;
    }
    let days = parse_day(&text[..8])?;
    clock(days, number(&bytes[9..11])?, number(&bytes[11..13])?, number(&bytes[13..15])?)
}

/// Milliseconds since the epoch of `Sun, 30 Aug 2015 12:36:00 GMT` (RFC 7231, section 7.1.1.1).
pub(crate) fn parse_http_date(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let bytes = text.as_bytes();
    if bytes.len() != 29 || !text.is_ascii() || &text[3..5] != ", " || &text[25..] != " GMT" {
        return None;
    }
    let month = MONTHS.iter().position(|name| *name == &text[8..11])? as i64 + 1;
    let days = days(number(&bytes[12..16])?, month, number(&bytes[5..7])?)?;
    clock(days, number(&bytes[17..19])?, number(&bytes[20..22])?, number(&bytes[23..25])?)
}

/// Days since the epoch of `YYYYMMDD`; `None` when that day does not exist.
pub(crate) fn parse_day(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() != 8 {
        return None;
    }
    days(number(&bytes[..4])?, number(&bytes[4..6])?, number(&bytes[6..8])?)
}

fn clock(days: i64, hour: i64, minute: i64, second: i64) -> Option<i64> {
    // 60 is a leap second; it lands on the next minute's first.
    (hour < 24 && minute < 60 && second <= 60)
        .then(|| (days * DAY_S + hour * 3600 + minute * 60 + second) * 1000)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, digit| {
        digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0'))
    })
}

/// Days since the epoch; the calendar is computed in years that begin in March, so that the leap
/// day is a year's last.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || day < 1 || year < 1 {
        return None;
    }
    let (shifted_year, shifted_month) =
        if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let cycle = shifted_year.div_euclid(400);
    let year_of_cycle = shifted_year.rem_euclid(400);
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
    let days = cycle * 146_097 + day_of_cycle - 719_468;
    (civil(days) == (year, month, day)).then_some(days)
}

fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let cycle = shifted.div_euclid(146_097);
    let day_of_cycle = shifted.rem_euclid(146_097);
    let year_of_cycle =
        (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year =
        day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (cycle * 400 + year_of_cycle + i64::from(month <= 2), month, day)
}
