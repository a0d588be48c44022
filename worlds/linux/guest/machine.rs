//! One machine in the eyes of its zone process: what was ordered, what runs, what is plugged in.

use crate::boot::{self, Booting};
use crate::console::{self, Console};
use crate::kernel;
use crate::limits::Limits;
use crate::message::{MachineOrder, Plugged, Seen};
use crate::supervise::Source;
use crate::zone::Watch;
use linux_store::Loop;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Instant;
use world::Health;

/// The processes of a machine, by their first one.
pub struct Process {
    pub pid: i32,
    pub started: u64,
    pub fd: OwnedFd,
    pub token: u64,
    /// Until it has said how its boot went.
    pub report: Option<(UnixStream, u64)>,
    pub kill_at: Option<Instant>,
    pub frozen: bool,
    pub asked: Option<Asked>,
}

/// Where a machine's mounts are asked about: waited for, or attended by a child.
pub struct Asked {
    pub listener: OwnedFd,
    pub token: Option<u64>,
    pub child: Option<i32>,
}

/// What happens when the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Stay,
    Boot,
    Forget,
}

/// A machine as its zone process knows it.
pub struct Machine {
    pub order: MachineOrder,
    /// The boot number that it runs or ran with.
    pub booted: u32,
    pub process: Option<Process>,
    pub then: Then,
    /// When no process runs.
    pub rest: Health,
    pub console: Option<(Console, u64)>,
    pub disks: Vec<(Plugged, Loop)>,
    pub shortfalls: Vec<String>,
}

impl Machine {
    pub fn new(order: MachineOrder) -> Machine {
        Machine {
            booted: order.boot,
            order,
            process: None,
            then: Then::Stay,
            rest: Health::Coming,
            console: None,
            disks: Vec::new(),
            shortfalls: Vec::new(),
        }
    }

    pub fn start(&mut self, run: &Path, limits: &Limits, watch: &mut Watch) -> io::Result<()> {
        let id = self.order.id.clone();
        let directory = console::directory(run, &id);
        let Booting { pid, process: fd, report } = boot::boot(&self.order, &directory, limits)?;
        let started = kernel::start_time(pid).unwrap_or_default();
        let token = watch.add(fd.as_fd(), Source::Process(id.clone()))?;
        let report_token = watch.add(report.as_fd(), Source::Report(id))?;
        let report = Some((report, report_token));
        self.rest = Health::Off(false);
        self.process = Some(Process {
            pid,
            started,
            fd,
            token,
            report,
            kill_at: None,
            frozen: false,
            asked: None,
        });
        Ok(())
    }

    pub fn health(&self, dark: bool) -> Health {
        match &self.process {
            _ if dark => Health::Dark,
            Some(process) if process.report.is_some() || self.then != Then::Stay => Health::Coming,
            Some(_) => Health::Ready,
            None => self.rest.clone(),
        }
    }

    pub fn seen(&self, dark: bool) -> Seen {
        Seen {
            id: self.order.id.clone(),
            boot: self.booted,
            health: self.health(dark),
            process: self.process.as_ref().map(|process| (process.pid, process.started)),
            shortfalls: self.shortfalls.clone(),
        }
    }
}
