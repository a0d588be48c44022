//! Recurrences: five fields as in Unix cron (Auto Scaling user guide, "Recurring schedules"), in
//! UTC or a time zone of the regions that are modelled.

use world::Time;

/// A parsed recurrence: which minutes, hours, days, months and days of the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    any_day: bool,
    any_weekday: bool,
}

/// A time zone: its distance from UTC, and the rule of its summer time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zoned {
    minutes: i64,
    summer: Summer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Summer {
    None,
    /// From the last Sunday of March to that of October, at 01:00 UTC.
    European,
    /// From the second Sunday of March to the first of November, at 02:00 local time.
    American,
}

/// Zones by name: those of the four regions, and some that people use.
const ZONES: &[(&str, i64, Summer)] = &[
    ("UTC", 0, Summer::None),
    ("Etc/UTC", 0, Summer::None),
    ("GMT", 0, Summer::None),
    ("Etc/GMT", 0, Summer::None),
    ("Asia/Seoul", 540, Summer::None),
    ("Asia/Tokyo", 540, Summer::None),
    ("Asia/Singapore", 480, Summer::None),
    ("Asia/Shanghai", 480, Summer::None),
    ("Asia/Hong_Kong", 480, Summer::None),
    ("Asia/Kolkata", 330, Summer::None),
    ("Europe/London", 0, Summer::European),
    ("Europe/Dublin", 0, Summer::European),
    ("Europe/Lisbon", 0, Summer::European),
    ("Europe/Paris", 60, Summer::European),
    ("Europe/Berlin", 60, Summer::European),
    ("Europe/Madrid", 60, Summer::European),
    ("Europe/Rome", 60, Summer::European),
    ("Europe/Amsterdam", 60, Summer::European),
    ("Europe/Brussels", 60, Summer::European),
    ("Europe/Vienna", 60, Summer::European),
    ("Europe/Zurich", 60, Summer::European),
    ("Europe/Stockholm", 60, Summer::European),
    ("Europe/Athens", 120, Summer::European),
    ("Europe/Helsinki", 120, Summer::European),
    ("America/New_York", -300, Summer::American),
    ("US/Eastern", -300, Summer::American),
    ("America/Chicago", -360, Summer::American),
    ("America/Denver", -420, Summer::American),
    ("America/Los_Angeles", -480, Summer::American),
    ("US/Pacific", -480, Summer::American),
    ("America/Sao_Paulo", -180, Summer::None),
];

/// A recurrence is looked for this many days ahead: a leap day comes within eight years.
const HORIZON: i64 = 8 * 366;

impl Cron {
    /// Reads `minute hour day month weekday`.
    pub fn parse(text: &str) -> Option<Cron> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields[..] else { return None };
        let weekdays = field(weekday, 0, 7, DAYS)?;
        Some(Cron {
            minutes: field(minute, 0, 59, &[])?,
            hours: field(hour, 0, 23, &[])?,
            days: field(day, 1, 31, &[])?,
            months: field(month, 1, 12, MONTHS)?,
            // Seven is Sunday too.
            weekdays: (weekdays | weekdays >> 7) & 0x7F,
            any_day: day.starts_with('*'),
            any_weekday: weekday.starts_with('*'),
        })
    }

    fn on(&self, days: i64) -> bool {
        let (_, month, day) = date(days);
        // 1970-01-01 was a Thursday.
        let weekday = (days + 4).rem_euclid(7);
        let by_day = self.days >> day & 1 == 1;
        let by_weekday = self.weekdays >> weekday & 1 == 1;
        // As cron does: when both are restricted, either is enough.
        let fits = match (self.any_day, self.any_weekday) {
            (false, false) => by_day || by_weekday,
            _ => by_day && by_weekday,
        };
        fits && self.months >> month & 1 == 1
    }

    /// The first moment after `after` at which it is due.
    pub fn after(&self, after: Time, zone: Zoned) -> Option<Time> {
        let next = after.seconds() as i64 / 60 + 1;
        let local = next + zone.offset(next);
        let first = local.div_euclid(1440);
        for days in first..first + HORIZON {
            if !self.on(days) {
                continue;
            }
            for minute in 0..1440 {
                let due =
                    self.hours >> (minute / 60) & 1 == 1 && self.minutes >> (minute % 60) & 1 == 1;
                let at = days * 1440 + minute;
                if !due || at < local - 120 {
                    continue;
                }
                let utc = zone.utc(at);
                if utc >= next {
                    return Some(Time::from_millis(utc as u64 * 60_000));
                }
            }
        }
        None
    }
}

const DAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const MONTHS: &[&str] =
    &["", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// One field as a set of bits.
fn field(text: &str, least: u32, most: u32, names: &[&str]) -> Option<u64> {
    let number = |word: &str| {
        let named =
            names.iter().position(|name| !name.is_empty() && name.eq_ignore_ascii_case(word));
        let number = named.map(|at| at as u32).or_else(|| word.parse().ok())?;
        (least..=most).contains(&number).then_some(number)
    };
    let mut bits = 0;
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse::<u32>().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (least, most),
            Some((from, to)) => (number(from)?, number(to)?),
            None if part.contains('/') => (number(range)?, most),
            None => (number(range)?, number(range)?),
        };
        if from > to {
            return None;
        }
        (from..=to).step_by(step as usize).for_each(|one| bits |= 1u64 << one);
    }
    Some(bits)
}

impl Zoned {
    /// The zone of this name, when it is known here.
    pub fn named(name: &str) -> Option<Zoned> {
        let found = ZONES.iter().find(|(known, _, _)| *known == name);
        found.map(|(_, minutes, summer)| Zoned { minutes: *minutes, summer: *summer })
    }

    /// Minutes ahead of UTC at a minute of UTC since 1970.
    fn offset(self, utc: i64) -> i64 {
        let (year, _, _) = date((utc + self.minutes).div_euclid(1440));
        let (from, to) = match self.summer {
            Summer::None => return self.minutes,
            Summer::European => (sunday(year, 3, -1) * 1440 + 60, sunday(year, 10, -1) * 1440 + 60),
            Summer::American => (
                sunday(year, 3, 2) * 1440 + 120 - self.minutes,
                sunday(year, 11, 1) * 1440 + 60 - self.minutes,
            ),
        };
        self.minutes + if (from..to).contains(&utc) { 60 } else { 0 }
    }

    /// The minute of UTC at which a clock there shows `local`; a moment that summer time skips is
    /// that much later.
    fn utc(self, local: i64) -> i64 {
        let guess = local - self.offset(local - self.minutes);
        if guess + self.offset(guess) == local { guess } else { local - self.minutes }
    }
}

/// The day (since 1970) of the n-th Sunday of a month; -1: the last one.
fn sunday(year: i64, month: i64, nth: i64) -> i64 {
    let first = days(year, month, 1);
    let next = first + (3 - first).rem_euclid(7);
    if nth > 0 {
        return next + (nth - 1) * 7;
    }
    let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    let end = days(year, month, 1) - 1;
    end - (end + 4).rem_euclid(7)
}

/// Days since 1970 of a date (H. Hinnant's algorithm, from its description).
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of days since 1970.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days - era * 146_097;
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}
