//! Processes as `/proc` shows them, for good: process id and start time.

use std::fs;

/// A process.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Process {
    /// Process id.
    pub pid: u32,
    /// When it started, in clock ticks since boot.
    pub started: u64,
    /// Its parent.
    pub parent: u32,
    /// Its arguments, with blanks between them.
    pub command: String,
}

impl Process {
    /// The process that has this id now; zombies are none.
    pub fn of(pid: u32) -> Option<Process> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
        let state = fields.next()?;
        let parent = fields.next()?.parse().ok()?;
        let started = fields.nth(17)?.parse().ok()?;
        let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let command = String::from_utf8_lossy(&words).replace('\0', " ");
        (state != "Z" && state != "X").then_some(Process { pid, started, parent, command })
    }

    /// Whether this very process still runs.
    pub fn alive(&self) -> bool {
        Process::of(self.pid).is_some_and(|now| now.started == self.started)
    }

    /// Sends a signal to this very process, if it still runs.
    pub fn signal(&self, signal: i32) {
        if self.alive() {
            // SAFETY: kill takes no pointers.
            unsafe { libc::kill(self.pid as i32, signal) };
        }
    }

    /// What one of its namespaces is called: `net:[4026531840]`.
    pub fn namespace(&self, kind: &str) -> Option<String> {
        let link = fs::read_link(format!("/proc/{}/ns/{kind}", self.pid)).ok()?;
        Some(link.to_string_lossy().into_owned())
    }
}

/// All processes that are not zombies.
pub fn processes() -> Vec<Process> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter_map(|name| Process::of(name.parse().ok()?)).collect()
}

/// What a process has open, as the links below `/proc/PID/fd` say it.
pub fn descriptors(pid: u32) -> Vec<String> {
    let Ok(entries) = fs::read_dir(format!("/proc/{pid}/fd")) else { return Vec::new() };
    let links = entries.flatten().filter_map(|entry| fs::read_link(entry.path()).ok());
    links.map(|link| link.to_string_lossy().into_owned()).collect()
}

/// A line of `/proc/PID/status` in KiB: `VmRSS`, `VmHWM`.
pub fn memory_kib(pid: u32, what: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(&format!("{what}:")));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}
