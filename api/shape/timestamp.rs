//! Points in time as AWS writes them. No clock: only text and numbers, both ways.

use std::fmt::Write;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

/// How a timestamp is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeFormat {
    /// `2014-06-15T00:00:00Z`, with three fractional digits where they are not zero.
    Iso8601,
    /// Seconds as a number, with at most three decimals.
    Epoch,
    /// `Sun, 15 Jun 2014 00:00:00 GMT` (RFC 7231).
    HttpDate,
}

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

struct Parts {
    year: i64,
    month: i64,
    day: i64,
    second_of_day: i64,
    milliseconds: i64,
    days: i64,
}

// === impl Timestamp ===

impl Timestamp {
    /// From whole seconds.
    pub fn from_seconds(seconds: i64) -> Self {
        Timestamp(seconds.saturating_mul(1000))
    }

    /// Whole seconds, rounded down.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// In one of the three formats.
    pub fn format(self, format: TimeFormat) -> String {
        match format {
            TimeFormat::Iso8601 if self.0 % 1000 == 0 => self.iso8601(),
            TimeFormat::Iso8601 => self.iso8601_millis(),
            TimeFormat::Epoch => self.epoch(),
            TimeFormat::HttpDate => self.http_date(),
        }
    }

    /// `2014-06-15T00:00:00Z`; milliseconds are dropped.
    pub fn iso8601(self) -> String {
        let mut text = self.date_time();
        text.push('Z');
        text
    }

    /// `2014-06-15T00:00:00.000Z`: always three digits, which EC2 and S3 clients count on.
    pub fn iso8601_millis(self) -> String {
        let mut text = self.date_time();
        let _ = write!(text, ".{:03}Z", self.parts().milliseconds);
        text
    }

    /// Seconds, with three decimals where the milliseconds are not zero.
    pub fn epoch(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (seconds, rest) = (self.0.unsigned_abs() / 1000, self.0.unsigned_abs() % 1000);
        match rest {
            0 => format!("{sign}{seconds}"),
            _ => format!("{sign}{seconds}.{rest:03}"),
        }
    }

    /// `Sun, 15 Jun 2014 00:00:00 GMT`
    pub fn http_date(self) -> String {
        let at = self.parts();
        let weekday = DAYS[at.days.rem_euclid(7) as usize];
        let month = MONTHS[(at.month - 1) as usize];
        let (hour, minute, second) = clock(at.second_of_day);
        let Parts { day, year, .. } = at;
        format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
    }

    /// Any of the three formats, by its looks; AWS accepts all of them from clients.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        match text.as_bytes() {
            [b'+' | b'-' | b'0'..=b'9', ..] if !text[1..].contains(['-', ':', 'T']) => {
                parse_epoch(text)
            }
            [b'0'..=b'9', ..] => parse_iso8601(text),
            [_, ..] => parse_http_date(text),
            [] => None,
        }
    }

    /// From seconds with a fraction, rounded to milliseconds.
    pub fn from_float(seconds: f64) -> Option<Self> {
        let millis = (seconds * 1000.0).round();
        (millis.abs() < 9.0e15).then_some(Timestamp(millis as i64))
    }

    fn date_time(self) -> String {
        let Parts { year, month, day, second_of_day, .. } = self.parts();
        let (hour, minute, second) = clock(second_of_day);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }

    fn parts(self) -> Parts {
        let days = self.0.div_euclid(86_400_000);
        let rest = self.0.rem_euclid(86_400_000);
        let (year, month, day) = civil(days);
        let (second_of_day, milliseconds) = (rest / 1000, rest % 1000);
        Parts { year, month, day, second_of_day, milliseconds, days }
    }
}

fn clock(second_of_day: i64) -> (i64, i64, i64) {
    (second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60)
}

/// Year, month and day of a day number: eras of 400 years, years that begin in March.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn day_number(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=longest).contains(&day) || !(0..=9999).contains(&year) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let march_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

fn parse_epoch(text: &str) -> Option<Timestamp> {
    match text.parse::<i64>() {
        Ok(seconds) => seconds.checked_mul(1000).map(Timestamp),
        Err(_) => Timestamp::from_float(text.parse::<f64>().ok()?),
    }
}

fn digits(text: &str) -> Option<i64> {
    let all = !text.is_empty() && text.len() <= 9 && text.bytes().all(|it| it.is_ascii_digit());
    if all { text.parse().ok() } else { None }
}

fn parse_iso8601(text: &str) -> Option<Timestamp> {
    let date = text.get(..10)?;
    let mut fields = date.split('-');
    let (year, month, day) = (fields.next()?, fields.next()?, fields.next()?);
    let days = day_number(digits(year)?, digits(month)?, digits(day)?)?;
    let rest = &text[10..];
    if rest.is_empty() {
        return Some(Timestamp(days * 86_400_000));
    }
    let time = rest.strip_prefix(['T', 't', ' '])?;
    let zone_at = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (time, zone) = time.split_at(zone_at);
    let offset = match zone {
        "" | "Z" | "z" => 0,
        _ => {
            let (hours, minutes) = match zone[1..].split_once(':') {
                Some(pair) => pair,
                None => (zone.get(1..3)?, zone.get(3..)?),
            };
            let minutes = if minutes.is_empty() { 0 } else { digits(minutes)? };
            let away = digits(hours)? * 60 + minutes;
            if zone.starts_with('-') { -away } else { away }
        }
    };
    let millis = parse_clock(time)?;
    Some(Timestamp(days * 86_400_000 + millis - offset * 60_000))
}

/// `10:20`, `10:20:30` or `10:20:30.123456`, in milliseconds.
fn parse_clock(time: &str) -> Option<i64> {
    let mut fields = time.split(':');
    let (hour, minute) = (digits(fields.next()?)?, digits(fields.next()?)?);
    let (second, fraction) = match fields.next() {
        None => (0, 0),
        Some(text) => {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
            let fraction = fraction.get(..fraction.len().min(3))?;
            let scale = [100, 10, 1].get(fraction.len().checked_sub(1)?)?;
            (digits(whole)?, digits(fraction)? * scale)
        }
    };
    // A leap second (60) counts as the next minute's first.
    let sound = fields.next().is_none() && hour < 24 && minute < 60 && second <= 60;
    sound.then_some((hour * 3600 + minute * 60 + second) * 1000 + fraction)
}

/// RFC 7231, and with a fraction of the second.
fn parse_http_date(text: &str) -> Option<Timestamp> {
    let (_, rest) = text.split_once(", ")?;
    let mut fields = rest.split_ascii_whitespace();
    let (day, month, year) = (fields.next()?, fields.next()?, fields.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
    let days = day_number(digits(year)?, month, digits(day)?)?;
    let millis = parse_clock(fields.next()?)?;
    let zone = fields.next()?;
    (zone == "GMT" || zone == "UTC").then_some(Timestamp(days * 86_400_000 + millis))
}
