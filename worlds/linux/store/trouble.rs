//! Says what was being done when a system call failed; the kind of the error stays.

use std::fmt::Display;
use std::io;

/// Adds what was being done to an I/O error.
pub trait During<T> {
    /// The same result; an error reads `doing: reason`.
    fn during(self, doing: impl Display) -> io::Result<T>;
}

impl<T> During<T> for io::Result<T> {
    fn during(self, doing: impl Display) -> io::Result<T> {
        self.map_err(|error| io::Error::new(error.kind(), format!("{doing}: {error}")))
    }
}
