//! What happened and why, line by line, for `maquette log`. Bounded memory; not the journal.

use std::collections::VecDeque;
use world::Time;

/// Lines kept in memory; older ones are only in the log file.
const LINES: usize = 10_000;

/// The newest lines of what happened.
#[derive(Debug, Default)]
pub struct Audit {
    lines: VecDeque<(Time, String)>,
    first: u64,
    written: u64,
}

impl Audit {
    /// Notes a line.
    pub(crate) fn note(&mut self, now: Time, line: String) {
        if self.lines.len() == LINES {
            self.lines.pop_front();
            self.first += 1;
        }
        self.lines.push_back((now, line));
    }

    /// The lines from number `from` on: number, time, text.
    pub fn from(&self, from: u64) -> impl Iterator<Item = (u64, Time, &str)> {
        let skip = from.saturating_sub(self.first) as usize;
        let numbered = self.lines.iter().enumerate().skip(skip);
        numbered.map(|(at, (time, text))| (self.first + at as u64, *time, text.as_str()))
    }

    /// The number that the next line will have.
    pub fn end(&self) -> u64 {
        self.first + self.lines.len() as u64
    }

    /// The lines that this has not returned before; for a log file.
    pub fn fresh(&mut self) -> Vec<(Time, String)> {
        let lines = self.from(self.written).map(|(_, time, text)| (time, text.to_owned()));
        let lines = lines.collect();
        self.written = self.first + self.lines.len() as u64;
        lines
    }
}
