//! Wall time that never goes back, and chance from the kernel.

use std::cell::Cell;
use std::time::{SystemTime, UNIX_EPOCH};
use world::{Span, Time};

/// The clock of a Linux world.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    last: Cell<Time>,
    ahead: Cell<Span>,
}

impl Clock {
    /// Now, and never before what it said last.
    pub(crate) fn now(&self) -> Time {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = Time(since.as_micros() as u64) + self.ahead.get();
        self.last.set(now.max(self.last.get()));
        self.last.get()
    }

    /// Jumps ahead.
    pub(crate) fn skew(&self, span: Span) {
        self.ahead.set(Span(self.ahead.get().0 + span.0));
    }
}

/// Sixty-four random bits.
pub(crate) fn chance() -> u64 {
    let mut bytes = [0u8; 8];
    // SAFETY: the buffer is as long as we say. Eight bytes are never given in part.
    let got = unsafe { libc::getrandom(bytes.as_mut_ptr().cast(), bytes.len(), 0) };
    assert_eq!(got, 8, "the kernel always has eight random bytes");
    u64::from_ne_bytes(bytes)
}
