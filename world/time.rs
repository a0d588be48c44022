//! Time and spans of time, in microseconds. Reads no clock.

use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};

/// A moment: microseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Time(pub u64);

/// A span of time in microseconds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Span(pub u64);

impl Time {
    /// Before everything.
    pub const PAST: Time = Time(0);
    /// After everything.
    pub const NEVER: Time = Time(u64::MAX);

    /// From milliseconds since 1970.
    pub const fn from_millis(millis: u64) -> Time {
        Time(millis * 1_000)
    }

    /// Whole milliseconds since 1970.
    pub const fn millis(self) -> u64 {
        self.0 / 1_000
    }

    /// Whole seconds since 1970.
    pub const fn seconds(self) -> u64 {
        self.0 / 1_000_000
    }

    /// The span since `earlier`; zero when `earlier` is later.
    pub const fn since(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// A span of microseconds.
    pub const fn micros(micros: u64) -> Span {
        Span(micros)
    }

    /// A span of milliseconds.
    pub const fn millis(millis: u64) -> Span {
        Span(millis * 1_000)
    }

    /// A span of seconds.
    pub const fn seconds(seconds: u64) -> Span {
        Span(seconds * 1_000_000)
    }
}

impl Add<Span> for Time {
    type Output = Time;
    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Time {
    type Output = Time;
    fn sub(self, span: Span) -> Time {
        Time(self.0.saturating_sub(span.0))
    }
}
