//! The first program of a machine: reaps, runs the boot scripts and the user data, starts the SSH
//! server, and switches off when told to. It is the clone itself, so any image can run it.

use crate::boot::Never;
use crate::identity;
use crate::kernel::{self, End};
use crate::message::MachineOrder;
use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The exit codes of a first program, which tell the zone process what to do.
pub const EXIT_OFF: i32 = 0;
pub const EXIT_REBOOT: i32 = 10;
/// How long programs may take to end before they are killed.
pub const GRACE: Duration = Duration::from_secs(5);
/// The search path of programs, as Debian and Amazon Linux give it to root.
pub const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// systemd's meanings of signals to the first program: 34 is the first real-time one.
const HALT: i32 = 34 + 3;
const POWEROFF: i32 = 34 + 4;
const REBOOT: i32 = 34 + 5;
const INITCTL: &str = "/run/initctl";
/// struct init_request of System V init, which `systemctl` also speaks.
const REQUEST_SIZE: usize = 384;
const REQUEST_MAGIC: u32 = 0x0309_1969;
/// Rewards the out-of-memory killer for choosing a program before the first one.
const OOM_SCORE: &str = "100";

/// Blocks the signals that [`Init`] reads; the others get their default action back.
pub fn take_signals() -> io::Result<OwnedFd> {
    for signal in 1..32 {
        // SAFETY: the default action is no code of ours.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    kernel::signal_descriptor(&[
        libc::SIGCHLD,
        libc::SIGTERM,
        libc::SIGINT,
        libc::SIGPWR,
        libc::SIGPIPE,
        HALT,
        POWEROFF,
        REBOOT,
    ])
}

/// The list of processes shows `init`, not how the zone process was called on the host.
pub fn take_name() {
    let _ = fs::write("/proc/self/comm", "init");
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let Some((_, fields)) = stat.rsplit_once(')') else { return };
    let fields: Vec<usize> = fields.split_whitespace().map(|f| f.parse().unwrap_or(0)).collect();
    // Fields 48 and 49 of proc(5), counted from the third.
    let (Some(&start), Some(&end)) = (fields.get(45), fields.get(46)) else { return };
    let name = b"/sbin/init\0";
    if start == 0 || end < start + name.len() {
        return;
    }
    // SAFETY: the kernel says that this process's own arguments are there, in writable memory, and
    // this process, a clone, reads them no more.
    unsafe {
        std::ptr::write_bytes(start as *mut u8, 0, end - start);
        std::ptr::copy_nonoverlapping(name.as_ptr(), start as *mut u8, name.len());
    }
}

/// Standard output and error become the console, input the null device. Returns an end to read
/// from, which must be held until another reader has it.
pub fn take_console() -> io::Result<File> {
    let null = File::open("/dev/null")?;
    let reader = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(libc::O_NONBLOCK)
        .open("/dev/console")?;
    let console = OpenOptions::new().write(true).open("/dev/console")?;
    // SAFETY: open descriptors.
    unsafe {
        kernel::done(libc::dup2(null.as_raw_fd(), 0).into())?;
        kernel::done(libc::dup2(console.as_raw_fd(), 1).into())?;
        kernel::done(libc::dup2(console.as_raw_fd(), 2).into())?;
    }
    Ok(reader)
}

/// Something to run at boot, one after the other.
struct Step {
    words: Vec<PathBuf>,
    /// Its output goes to this file too.
    log: Option<PathBuf>,
}

/// The first program's state.
pub struct Init {
    signals: OwnedFd,
    initctl: Option<File>,
    console: File,
    steps: VecDeque<Step>,
    /// The step that runs.
    step: Option<i32>,
    /// The output of steps that have a log.
    taps: Vec<(File, File)>,
    /// The exit code, and when patience ends.
    ending: Option<(i32, Instant)>,
    killed: bool,
}

impl Init {
    /// Writes the machine's own files and plans its boot.
    pub fn new(order: &MachineOrder, signals: OwnedFd) -> io::Result<Init> {
        let console =
            OpenOptions::new().write(true).custom_flags(libc::O_NONBLOCK).open("/dev/console")?;
        let _ = fs::remove_file(INITCTL);
        let initctl = kernel::make_fifo(Path::new(INITCTL), 0o600).and_then(|()| {
            // For writing too, so that it never ends.
            OpenOptions::new().read(true).write(true).custom_flags(libc::O_NONBLOCK).open(INITCTL)
        });
        let mut init = Init {
            signals,
            initctl: initctl.ok(),
            console,
            steps: VecDeque::new(),
            step: None,
            taps: Vec::new(),
            ending: None,
            killed: false,
        };
        init.say(&format!("boot {} of {}", order.boot, order.id));
        for line in identity::prepare(order) {
            init.say(&line);
        }
        init.plan(order);
        Ok(init)
    }

    fn plan(&mut self, order: &MachineOrder) {
        let runnable = |path: &Path| {
            path.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
        };
        let table = fs::read_to_string("/etc/fstab").unwrap_or_default();
        if table.lines().any(|line| line.starts_with("/dev/")) {
            let words = ["mount", "-a"].map(PathBuf::from).to_vec();
            self.steps.push_back(Step { words, log: None });
        }
        let local = PathBuf::from("/etc/rc.local");
        if runnable(&local) {
            self.steps.push_back(Step { words: vec![local], log: None });
        }
        let mut each_boot: Vec<PathBuf> = fs::read_dir("/var/lib/cloud/scripts/per-boot")
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| runnable(path))
            .collect();
        each_boot.sort();
        self.steps
            .extend(each_boot.into_iter().map(|program| Step { words: vec![program], log: None }));
        match identity::first_boot(order) {
            Ok(Some(program)) => {
                let log = Some(PathBuf::from("/var/log/cloud-init-output.log"));
                self.steps.push_back(Step { words: vec![program], log });
            }
            Ok(None) => {}
            Err(error) => self.say(&format!("user data: {error}")),
        }
    }

    /// Runs the machine until it is off.
    pub fn run(&mut self) -> io::Result<Never> {
        if let Some(server) = identity::ssh_server() {
            let _ = self.start(&server, None);
        }
        self.next_step();
        loop {
            self.wait();
            for signal in kernel::signals(&self.signals) {
                match signal {
                    libc::SIGTERM | libc::SIGPWR | HALT | POWEROFF => self.end(EXIT_OFF),
                    libc::SIGINT | REBOOT => self.end(EXIT_REBOOT),
                    _ => {}
                }
            }
            self.requests();
            self.pour();
            let alive = self.reap();
            if let Some((code, until)) = self.ending {
                if !alive {
                    self.pour();
                    // SAFETY: ends the machine.
                    unsafe { libc::_exit(code) };
                }
                if Instant::now() >= until && !self.killed {
                    self.killed = true;
                    // SAFETY: everybody in this pid namespace but ourselves.
                    unsafe { libc::kill(-1, libc::SIGKILL) };
                }
            }
        }
    }

    fn say(&mut self, line: &str) {
        let _ = writeln!(self.console, "maquette: {line}");
    }

    fn wait(&self) {
        let mut fds = vec![self.signals.as_raw_fd()];
        fds.extend(self.initctl.iter().map(File::as_raw_fd));
        fds.extend(self.taps.iter().map(|(tap, _)| tap.as_raw_fd()));
        let mut polls: Vec<libc::pollfd> = fds
            .iter()
            .map(|fd| libc::pollfd { fd: *fd, events: libc::POLLIN, revents: 0 })
            .collect();
        let patience = match self.ending {
            Some((_, until)) if !self.killed => {
                until.saturating_duration_since(Instant::now()).as_millis() as i32 + 1
            }
            _ => -1,
        };
        // SAFETY: as many entries as said.
        unsafe { libc::poll(polls.as_mut_ptr(), polls.len() as libc::nfds_t, patience) };
    }

    /// Reaps all that have ended; whether any program is left.
    fn reap(&mut self) -> bool {
        loop {
            match kernel::reap() {
                (Some((pid, end)), _) => {
                    if self.step == Some(pid) {
                        self.step = None;
                        self.pour();
                        if end != End::Exit(0) {
                            self.say(&format!("a boot script ended with {end:?}"));
                        }
                        self.next_step();
                    }
                }
                (None, alive) => return alive,
            }
        }
    }

    fn next_step(&mut self) {
        while self.ending.is_none() && self.step.is_none() {
            let Some(step) = self.steps.pop_front() else { return };
            self.step = self.start(&step.words, step.log.as_deref());
        }
    }

    /// Starts a program; a failure is said on the console.
    fn start(&mut self, words: &[impl AsRef<std::ffi::OsStr>], log: Option<&Path>) -> Option<i32> {
        let (program, arguments) = words.split_first()?;
        let mut command = Command::new(program);
        command.args(arguments).env_clear().envs(environment()).current_dir("/");
        command.stdin(Stdio::null());
        // SAFETY: only calls that are safe between fork and exec.
        unsafe {
            command.pre_exec(|| {
                libc::setsid();
                // What this program blocks for itself, programs shall hear.
                let none = std::mem::zeroed::<libc::sigset_t>();
                libc::sigprocmask(libc::SIG_SETMASK, &none, std::ptr::null_mut());
                let _ = fs::write("/proc/self/oom_score_adj", OOM_SCORE);
                Ok(())
            });
        }
        if let Some(log) = log {
            match self.tap(log) {
                Ok((out, err)) => {
                    command.stdout(out).stderr(err);
                }
                Err(error) => self.say(&format!("{}: {error}", log.display())),
            }
        }
        match command.spawn() {
            Ok(child) => Some(child.id() as i32),
            Err(error) => {
                let program = program.as_ref().display();
                self.say(&format!("{program}: {error}"));
                None
            }
        }
    }

    /// A pipe whose output goes to the console and to a file.
    fn tap(&mut self, log: &Path) -> io::Result<(Stdio, Stdio)> {
        fs::create_dir_all(log.parent().unwrap_or(log))?;
        let log = OpenOptions::new().append(true).create(true).open(log)?;
        let (read, write) = kernel::pipe()?;
        kernel::never_wait(&read)?;
        self.taps.push((File::from(read), log));
        Ok((Stdio::from(write.try_clone()?), Stdio::from(write)))
    }

    /// Carries output on; a tap ends when the last program that holds it has.
    fn pour(&mut self) {
        let mut buffer = [0; 4096];
        let console = &mut self.console;
        self.taps.retain_mut(|(tap, log)| {
            loop {
                match tap.read(&mut buffer) {
                    Ok(0) => return false,
                    Ok(n) => {
                        let _ = log.write_all(&buffer[..n]);
                        let _ = console.write_all(&buffer[..n]);
                    }
                    Err(error) => return error.kind() == io::ErrorKind::WouldBlock,
                }
            }
        });
    }

    /// Requests of System V's and systemd's `shutdown` programs.
    fn requests(&mut self) {
        let mut request = [0; REQUEST_SIZE];
        let Some(file) = &mut self.initctl else { return };
        let Ok(REQUEST_SIZE) = file.read(&mut request) else { return };
        let word = |at: usize| {
            u32::from_le_bytes([request[at], request[at + 1], request[at + 2], request[at + 3]])
        };
        let (magic, command, level) = (word(0), word(4), word(8));
        match (magic, command, char::from_u32(level)) {
            (REQUEST_MAGIC, 1, Some('0')) => self.end(EXIT_OFF),
            (REQUEST_MAGIC, 1, Some('6')) => self.end(EXIT_REBOOT),
            _ => {}
        }
    }

    fn end(&mut self, code: i32) {
        if self.ending.is_some() {
            return;
        }
        self.say(if code == EXIT_REBOOT { "rebooting" } else { "switching off" });
        self.ending = Some((code, Instant::now() + GRACE));
        self.steps.clear();
        // SAFETY: everybody in this pid namespace but ourselves.
        unsafe {
            libc::kill(-1, libc::SIGTERM);
            libc::kill(-1, libc::SIGCONT);
        }
    }
}

/// What programs of root find in their environment.
pub fn environment() -> [(&'static str, &'static str); 6] {
    [
        ("PATH", PATH),
        ("HOME", "/root"),
        ("USER", "root"),
        ("LOGNAME", "root"),
        ("SHELL", "/bin/bash"),
        ("LANG", "C.UTF-8"),
    ]
}
