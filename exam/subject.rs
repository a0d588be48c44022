//! A region under examination: the real binary, a state directory and a port of its own. When a
//! test ends, however it ends, nothing of the region is left.

use crate::audit::Audit;
use crate::process::Process;
use linux::State;
use serde_json::Value as Json;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// No command of the binary may take longer.
const PATIENCE: Duration = Duration::from_secs(90);

/// A region that is examined.
pub struct Subject {
    /// The state directory.
    pub root: PathBuf,
    /// The API's port.
    pub port: u16,
    /// How many times shorter than AWS's own its waits are; for the next start.
    pub pace: u32,
    /// The leak audit, begun before the first start.
    pub audit: Audit,
    program: PathBuf,
    control: Option<Process>,
    finished: bool,
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    /// Its exit code; -1 when a signal ended it.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// A new empty directory below the temporary one; whoever asks removes it.
pub fn scratch(name: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("maquette-exam-{name}-{}-{number}", std::process::id());
    let path = std::env::temp_dir().join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("the temporary directory can be written");
    path
}

/// A port that is free, outside the range from which the kernel takes ports for clients: while
/// the control plane is away, no client may get its port.
fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = 10_000 + (std::process::id().wrapping_mul(61) + step) % 20_000;
        let port = u16::try_from(port).expect("below 30000");
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}

/// The binary that the test command has built, or `MAQUETTE_BINARY`.
fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("MAQUETTE_BINARY") {
        return named.into();
    }
    let own = std::env::current_exe().expect("a test has a path");
    let found = own.ancestors().map(|folder| folder.join("maquette")).find(|path| path.is_file());
    found.expect("no maquette beside the tests; build it first: cargo build -p maquette")
}

impl Subject {
    /// A region that is not started yet, with the audit's baseline taken.
    pub fn new(name: &str) -> Subject {
        Subject::of(scratch(name))
    }

    /// The same, of a state directory that has been used.
    pub fn of(root: PathBuf) -> Subject {
        let state = State::open(&root).expect("a state directory can be made");
        let root = state.root().to_owned();
        let audit = Audit::begin(&root, &state.tag());
        let (program, port) = (program(), free_port());
        Subject { root, port, pace: 1, audit, program, control: None, finished: false }
    }

    /// A region that runs.
    pub fn up(name: &str) -> Subject {
        let mut subject = Subject::new(name);
        subject.start();
        subject
    }

    /// Starts the region; how long it took until the API answered.
    pub fn start(&mut self) -> Duration {
        let begun = Instant::now();
        let said = self.try_start();
        assert!(said.code == 0, "`up` failed: {said:?}\n{}", self.log_tail());
        begun.elapsed()
    }

    /// Starts the region and says what the command said.
    pub fn try_start(&mut self) -> Said {
        let port = self.port.to_string();
        let pace = self.pace.to_string();
        let said = self.maquette(&["up", "--detach", "--port", &port, "--pace", &pace]);
        if said.code == 0 {
            let pid = self.status()["control_plane"]["pid"].as_u64().expect("a process id");
            self.control = Process::of(u32::try_from(pid).expect("a process id is small"));
        }
        self.audit.look();
        said
    }

    /// The control plane's process, as of the last start.
    pub fn control(&self) -> &Process {
        self.control.as_ref().expect("it was started")
    }

    /// Kills the control plane as nothing can be killed harder, and waits until it is gone.
    pub fn kill(&mut self) {
        let control = self.control().clone();
        self.audit.look();
        control.signal(libc::SIGKILL);
        wait_until("the control plane is gone", || !control.alive());
    }

    /// Kills every process of the region: control plane, anchor, zones, machines.
    pub fn kill_everything(&mut self) {
        self.audit.look();
        for process in self.audit.still_running() {
            process.signal(libc::SIGKILL);
        }
        let audit = self.audit.clone();
        wait_until("everything is gone", || audit.still_running().is_empty());
    }

    /// Runs the binary with this region's `--state`.
    pub fn maquette(&self, words: &[&str]) -> Said {
        let mut command = Command::new(&self.program);
        let split = words.iter().position(|word| *word == "--").unwrap_or(words.len());
        command.args(&words[..split]).arg("--state").arg(&self.root).args(&words[split..]);
        command.stdin(Stdio::null()).env("HOME", &self.root);
        finish(command)
    }

    /// The command to run the binary otherwise.
    pub fn command(&self) -> Command {
        Command::new(&self.program)
    }

    /// A client of this region. It reads no file of the user's: neither credentials nor a proxy.
    pub fn client(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", &self.root).env("AWS_ENDPOINT_URL", self.endpoint());
        for (name, value) in [
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_DEFAULT_REGION", "ap-northeast-2"),
            ("AWS_REGION", "ap-northeast-2"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_CONFIG_FILE", "/dev/null"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
            ("AWS_PAGER", ""),
            ("NO_PROXY", "*"),
        ] {
            command.env(name, value);
        }
        command
    }

    /// `status --json`.
    pub fn status(&self) -> Json {
        let said = self.maquette(&["status", "--json"]);
        assert!(said.code == 0, "`status` failed: {said:?}");
        serde_json::from_str(&said.out).expect("`status --json` prints JSON")
    }

    /// Where the API is.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Everything that was logged.
    pub fn log(&self) -> String {
        fs::read(self.root.join("log"))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    fn log_tail(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().rev().take(12).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// Stops the region, and asserts that nothing of it is left but its records.
    pub fn down(&mut self) {
        self.audit.look();
        let said = self.maquette(&["down"]);
        assert!(said.code == 0, "`down` failed: {said:?}\n{}", self.log_tail());
        self.clean();
    }

    /// Asserts that nothing is left of the region but its records. The kernel takes a moment to
    /// take namespaces and control groups apart after the last process has gone.
    pub fn clean(&self) {
        let end = Instant::now() + Duration::from_secs(5);
        loop {
            let leaks = self.audit.leaks();
            if leaks.is_empty() {
                return;
            }
            assert!(Instant::now() < end, "left behind:\n{}", leaks.join("\n"));
            sleep(Duration::from_millis(50));
        }
    }

    /// `down`, the leak audit, and the state directory is removed.
    pub fn finish(mut self) {
        self.down();
        self.finished = true;
        remove(&self.root).expect("a state directory can be removed");
        drop(self);
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        if std::thread::panicking() {
            eprintln!("the region's log ends with:\n{}", self.log_tail());
        }
        self.audit.look();
        self.maquette(&["down"]);
        self.audit.look();
        for process in self.audit.still_running() {
            eprintln!("killing what is left: {} {}", process.pid, process.command);
            process.signal(libc::SIGKILL);
        }
        if std::env::var_os("EXAM_KEEP").is_none() {
            let _ = remove(&self.root);
        }
    }
}

/// An ordinary user's overlays leave directories that not even their owner may look into.
fn remove(root: &Path) -> std::io::Result<()> {
    fs::remove_dir_all(root).or_else(|_| {
        Command::new("chmod").args(["-R", "u+rwX"]).arg(root).status()?;
        fs::remove_dir_all(root)
    })
}

/// Waits for something that must come soon.
fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < end, "in 20 s it did not happen that {what}");
        sleep(Duration::from_millis(2));
    }
}

/// Runs a command to its end, which must come.
fn finish(mut command: Command) -> Said {
    let folder = scratch("said");
    let open = |name: &str| fs::File::create(folder.join(name)).expect("a file can be made");
    // Into files: what stays running may hold the output open for ever.
    let child = command.stdout(open("out")).stderr(open("err")).spawn();
    let mut child = child.expect("the binary can be started");
    let end = Instant::now() + PATIENCE;
    let status = loop {
        match child.try_wait().expect("a child can be waited for") {
            Some(status) => break status,
            None if Instant::now() > end => {
                child.kill().expect("a child can be killed");
                panic!("{command:?} did not end in {PATIENCE:?}");
            }
            None => sleep(Duration::from_millis(1)),
        }
    };
    let text = |name: &str| read_text(&folder.join(name));
    let said = Said { code: status.code().unwrap_or(-1), out: text("out"), err: text("err") };
    let _ = fs::remove_dir_all(&folder);
    said
}

fn read_text(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
}

impl From<Output> for Said {
    fn from(output: Output) -> Said {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let code = output.status.code().unwrap_or(-1);
        Said { code, out: text(&output.stdout), err: text(&output.stderr) }
    }
}
