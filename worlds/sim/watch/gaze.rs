//! One thing that is looked at again and again: when the next look is due, and what thresholds
//! make of what looks see. It rests while another look could change nothing.

use world::{Outcome, Probe, Span, Time};

/// How often, how long and how many looks count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rhythm {
    pub(crate) every: Span,
    pub(crate) patience: Span,
    /// Good looks in a row that make it well again; the first time one is enough.
    pub(crate) rise: u32,
    /// Bad looks in a row that make it unwell.
    pub(crate) fall: u32,
    /// One look, whatever it sees.
    pub(crate) once: bool,
}

/// What happens next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Due {
    /// A look begins.
    Look(Time),
    /// A look that began earlier ends without an answer.
    End(Time),
    /// Nothing, until something in the world changes.
    Rest,
}

#[derive(Debug)]
pub(crate) struct Gaze {
    pub(crate) rhythm: Rhythm,
    pub(crate) due: Due,
    pub(crate) probe: Probe,
    first: Time,
    last: Option<bool>,
    row: u32,
    /// The world changed while a look was under way.
    stale: bool,
}

impl Gaze {
    /// Looks first at this moment.
    pub(crate) fn new(rhythm: Rhythm, first: Time, now: Time) -> Gaze {
        let probe = Probe { well: None, outcome: Outcome::Nothing, since: now };
        let due = Due::Look(first);
        Gaze { rhythm, due, probe, first, last: None, row: 0, stale: false }
    }

    pub(crate) fn due(&self) -> Option<Time> {
        match self.due {
            Due::Look(at) | Due::End(at) => Some(at),
            Due::Rest => None,
        }
    }

    /// Something in the world changed: the next look may see something else.
    pub(crate) fn stir(&mut self, now: Time) {
        match self.due {
            Due::Rest if self.rhythm.once && self.last.is_some() => {}
            Due::Rest => self.due = Due::Look(self.next(now)),
            Due::End(_) => self.stale = true,
            Due::Look(_) => {}
        }
    }

    /// A look that began now saw this.
    pub(crate) fn saw(&mut self, outcome: Outcome, now: Time) {
        match outcome {
            Outcome::TimedOut => self.due = Due::End(now + self.rhythm.patience),
            seen => self.count(seen, now),
        }
    }

    /// A look ends now, and this is what it saw.
    pub(crate) fn count(&mut self, outcome: Outcome, now: Time) {
        let good = outcome == Outcome::Good;
        self.row = if self.last == Some(good) { self.row.saturating_add(1) } else { 1 };
        self.last = Some(good);
        let enough = match (self.probe.well, good) {
            (None, true) => 1,
            (_, true) => self.rhythm.rise,
            (_, false) => self.rhythm.fall,
        };
        if self.probe.well != Some(good) && self.row >= enough {
            self.probe.well = Some(good);
            self.probe.since = now;
        }
        self.probe.outcome = outcome;
        let done = self.probe.well == Some(good) && !self.stale;
        self.stale = false;
        self.due = if done { Due::Rest } else { Due::Look(self.next(now)) };
    }

    /// The next beat of the rhythm after now.
    fn next(&self, now: Time) -> Time {
        let every = self.rhythm.every.0.max(1);
        let beats = now.since(self.first).0 / every + 1;
        self.first + Span(beats.saturating_mul(every))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gaze() -> Gaze {
        let rhythm = Rhythm { every: Span(10), patience: Span(4), rise: 3, fall: 2, once: false };
        Gaze::new(rhythm, Time(100), Time(99))
    }

    #[test]
    fn one_good_look_is_enough_at_first() {
        let mut gaze = gaze();
        gaze.saw(Outcome::Good, Time(100));
        assert_eq!(
            gaze.probe,
            Probe { well: Some(true), outcome: Outcome::Good, since: Time(100) }
        );
        assert_eq!(gaze.due, Due::Rest);
    }

    #[test]
    fn thresholds_count_looks_in_a_row() {
        let mut gaze = gaze();
        gaze.saw(Outcome::Good, Time(100));
        gaze.stir(Time(117));
        assert_eq!(gaze.due, Due::Look(Time(120)), "the beat goes on");
        gaze.saw(Outcome::TimedOut, Time(120));
        assert_eq!(gaze.due, Due::End(Time(124)));
        gaze.count(Outcome::TimedOut, Time(124));
        assert_eq!((gaze.probe.well, gaze.due()), (Some(true), Some(Time(130))));
        gaze.saw(Outcome::Refused, Time(130));
        assert_eq!((gaze.probe.well, gaze.probe.since), (Some(false), Time(130)));
        for (at, well) in [(140, false), (150, false), (160, true)] {
            gaze.stir(Time(at - 5));
            gaze.saw(Outcome::Good, Time(at));
            assert_eq!(gaze.probe.well, Some(well), "at {at}");
        }
        assert_eq!(gaze.due, Due::Rest);
    }

    #[test]
    fn a_change_during_a_look_makes_another() {
        let mut gaze = gaze();
        for at in [100, 110] {
            gaze.saw(Outcome::TimedOut, Time(at));
            gaze.stir(Time(at + 1));
            gaze.count(Outcome::TimedOut, Time(at + 4));
        }
        assert_eq!((gaze.probe.well, gaze.due), (Some(false), Due::Look(Time(120))));
    }
}
