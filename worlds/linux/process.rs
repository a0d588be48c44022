//! Processes named so that no stranger is ever taken for one of ours: process id *and* start time.

use serde::{Deserialize, Serialize};
use std::{fs, io, process, thread, time};

/// A process, for good: a recycled id has another start time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Process id.
    pub pid: u32,
    /// When it started, in clock ticks since the machine booted (`proc_pid_stat(5)`, field 22).
    pub started: u64,
}

impl Identity {
    /// This process.
    pub fn own() -> io::Result<Identity> {
        Identity::of(process::id()).ok_or_else(|| io::Error::other("/proc does not show us"))
    }

    /// The process that has this id now.
    pub fn of(pid: u32) -> Option<Identity> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name is in parentheses and may hold blanks and parentheses itself.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
        let state = fields.next()?;
        let started = fields.nth(18)?.parse().ok()?;
        (state != "Z" && state != "X").then_some(Identity { pid, started })
    }

    /// Whether this very process still runs.
    pub fn alive(self) -> bool {
        Identity::of(self.pid) == Some(self)
    }

    /// Sends a signal, if this very process still runs.
    pub fn signal(self, signal: i32) {
        if self.alive() {
            // SAFETY: kill takes no pointers.
            unsafe { libc::kill(self.pid as i32, signal) };
        }
    }

    /// Waits until it is gone. `false` when that takes longer than `patience`.
    pub fn wait_gone(self, patience: time::Duration) -> bool {
        let end = time::Instant::now() + patience;
        while self.alive() {
            if time::Instant::now() > end {
                return false;
            }
            // Not our child: there is nothing to wait on but time.
            thread::sleep(time::Duration::from_millis(5));
        }
        true
    }
}
