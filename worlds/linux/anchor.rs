//! The anchor: the process that keeps a region's namespaces and is the parent of its processes.
//! It decides nothing. When it and all that joined it are gone, the kernel clears everything away.

use crate::process::Identity;
use crate::state::State;
use linux_store::seal;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Who keeps the namespaces, as written down in the state directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The process.
    pub process: Identity,
    /// Whether it has a user namespace of its own: an ordinary user's region.
    pub rootless: bool,
}

/// What the anchor is asked to start: arguments of this same program.
#[derive(Serialize, Deserialize)]
struct Start {
    arguments: Vec<String>,
}

/// A thread that is ending may take this long to be gone.
const LAST_THREAD: Duration = Duration::from_secs(2);

/// A program may take this long to be started.
const PATIENCE: Duration = Duration::from_secs(10);

impl Anchor {
    /// The anchor that runs, or a new one.
    pub fn ensure(state: &State) -> io::Result<Anchor> {
        if let Some(anchor) = Anchor::present(state) {
            return Ok(anchor);
        }
        let mut child = Command::new("/proc/self/exe")
            .arg("anchor")
            .arg("--state")
            .arg(state.root())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(state.open_log()?)
            .current_dir("/")
            .spawn()?;
        let mut said = String::new();
        if let Some(mut out) = child.stdout.take() {
            out.read_to_string(&mut said)?;
        }
        child.wait()?;
        Anchor::present(state).ok_or_else(|| {
            let log = state.log();
            io::Error::other(format!(
                "the region's namespaces cannot be made ({}); see {} and run `maquette doctor`",
                said.trim(),
                log.display()
            ))
        })
    }

    /// The anchor that runs, if one does.
    pub fn present(state: &State) -> Option<Anchor> {
        let bytes = fs::read(state.anchor()).ok()?;
        let anchor = seal::open::<Anchor>(&bytes).or_else(|| Anchor::found_again(state, &bytes))?;
        anchor.process.alive().then_some(anchor)
    }

    /// The anchor, when what was written of it is damaged: whoever listens at its socket.
    fn found_again(state: &State, damaged: &[u8]) -> Option<Anchor> {
        // Kept until a control plane has named it; if that fails, the log alone says so.
        let _ = state.write("anchor.json.damaged", damaged);
        let _ = fs::remove_file(state.anchor());
        let way = UnixStream::connect(socket(state)).ok()?;
        let mut peer = libc::ucred { pid: 0, uid: 0, gid: 0 };
        let mut length = size_of::<libc::ucred>() as libc::socklen_t;
        // SAFETY: both pointers are to values of this frame, and the length is theirs.
        succeed(unsafe {
            libc::getsockopt(
                way.as_raw_fd(),
                libc::SOL_SOCKET,
                libc::SO_PEERCRED,
                (&raw mut peer).cast(),
                &raw mut length,
            )
        })
        .ok()?;
        let process = Identity::of(peer.pid.try_into().ok()?)?;
        let anchor = Anchor { process, rootless: !privileged() };
        state.write("anchor.json", &seal::seal(&anchor).ok()?).ok()?;
        Some(anchor)
    }

    /// Enters its namespaces, unless this process was born in them. Only while it has one thread.
    pub fn join(&self) -> io::Result<()> {
        // Both opened first: from inside the user namespace the other may not be.
        let kinds = [("user", libc::CLONE_NEWUSER), ("mnt", libc::CLONE_NEWNS)];
        let open = |(kind, flag): (&str, i32)| -> io::Result<Option<(File, i32)>> {
            let theirs = File::open(format!("/proc/{}/ns/{kind}", self.process.pid))?;
            let own = fs::metadata(format!("/proc/self/ns/{kind}"))?;
            Ok((theirs.metadata()?.ino() != own.ino()).then_some((theirs, flag)))
        };
        let spaces: Vec<(File, i32)> = kinds
            .into_iter()
            .filter_map(|kind| open(kind).transpose())
            .collect::<io::Result<_>>()?;
        spaces.iter().try_for_each(|(space, flag)| enter(space, *flag))
    }

    /// Asks it to start this program with these arguments, as its own child; returns the child.
    pub fn start(&self, state: &State, arguments: &[String]) -> io::Result<Identity> {
        let mut way = UnixStream::connect(socket(state))?;
        way.set_read_timeout(Some(PATIENCE))?;
        way.write_all(&serde_json::to_vec(&Start { arguments: arguments.to_vec() })?)?;
        way.shutdown(std::net::Shutdown::Write)?;
        let mut answer = Vec::new();
        way.read_to_end(&mut answer)?;
        let started: Result<Identity, String> = serde_json::from_slice(&answer)?;
        started.map_err(io::Error::other)
    }

    /// Ends it, once everything that joined it is gone.
    pub fn end(&self, state: &State) -> io::Result<()> {
        self.process.signal(libc::SIGKILL);
        self.process.wait_gone(PATIENCE);
        let _ = fs::remove_file(socket(state));
        fs::remove_file(state.anchor())
    }
}

fn socket(state: &State) -> std::path::PathBuf {
    state.root().join("anchor.sock")
}

fn enter(namespace: &File, kind: i32) -> io::Result<()> {
    let end = Instant::now() + LAST_THREAD;
    loop {
        // SAFETY: setns takes an open descriptor and no pointers.
        match succeed(unsafe { libc::setns(namespace.as_raw_fd(), kind) }) {
            // What the kernel says to a process with threads; one may be on its way out.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput && Instant::now() < end => {
                std::thread::sleep(Duration::from_millis(1));
            }
            entered => return entered,
        }
    }
}

fn succeed(result: i32) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// The anchor's own life: `maquette anchor`. Returns in the first process at once; the anchor
/// itself ends only when it is killed.
pub fn run(state: &State) -> io::Result<()> {
    // SAFETY: one thread; the child goes on with the same memory.
    match unsafe { libc::fork() } {
        -1 => return Err(io::Error::last_os_error()),
        0 => {}
        _ => {
            // The first process waits until the anchor has said that all is made, or has ended.
            return Ok(());
        }
    }
    // SAFETY: none of these takes a pointer that outlives the call.
    unsafe {
        libc::setsid();
        libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
        libc::prctl(libc::PR_SET_NAME, c"maquette-anchor".as_ptr());
    }
    let rootless = !privileged();
    if rootless {
        own_user_namespace()?;
    }
    // SAFETY: unshare takes no pointers.
    succeed(unsafe { libc::unshare(libc::CLONE_NEWNS) })?;
    mount(None, Path::new("/"), None, libc::MS_REC | libc::MS_PRIVATE)?;
    mount(Some("tmpfs"), &state.run(), Some("tmpfs"), libc::MS_NOSUID | libc::MS_NODEV)?;
    let _ = fs::remove_file(socket(state));
    let listener = UnixListener::bind(socket(state))?;
    let anchor = Anchor { process: Identity::own()?, rootless };
    state.write("anchor.json", &seal::seal(&anchor)?)?;
    close_standard_output()?;
    serve(state, &listener)
}

/// Whether this process may make namespaces without a user namespace of its own.
fn privileged() -> bool {
    // SAFETY: geteuid cannot fail.
    unsafe { libc::geteuid() == 0 }
}

/// One user, root inside: what every kernel with user namespaces lets an ordinary user have.
fn own_user_namespace() -> io::Result<()> {
    // SAFETY: neither takes pointers.
    let (user, group) = unsafe { (libc::geteuid(), libc::getegid()) };
    // SAFETY: unshare takes no pointers.
    succeed(unsafe { libc::unshare(libc::CLONE_NEWUSER) })?;
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("0 {user} 1"))?;
    fs::write("/proc/self/gid_map", format!("0 {group} 1"))
}

pub(crate) fn mount(
    source: Option<&str>,
    at: &Path,
    kind: Option<&str>,
    flags: u64,
) -> io::Result<()> {
    let text = |text: &str| std::ffi::CString::new(text).map_err(io::Error::other);
    let source = text(source.unwrap_or("none"))?;
    let at = text(&at.to_string_lossy())?;
    let kind = text(kind.unwrap_or("none"))?;
    // SAFETY: all pointers are to strings that live until the call returns.
    succeed(unsafe {
        libc::mount(source.as_ptr(), at.as_ptr(), kind.as_ptr(), flags, std::ptr::null())
    })
}

/// Tells the first process, which waits for the end of this output, that all is made.
fn close_standard_output() -> io::Result<()> {
    let null = File::options().write(true).open("/dev/null")?;
    // SAFETY: both descriptors are open.
    succeed(unsafe { libc::dup2(null.as_raw_fd(), libc::STDOUT_FILENO) })
}

/// Starts what it is asked to start and reaps what ends, for ever.
fn serve(state: &State, listener: &UnixListener) -> io::Result<()> {
    reap_by_itself();
    for way in listener.incoming() {
        let Ok(mut way) = way else { continue };
        let answer = take(state, &mut way).map_err(|error| error.to_string());
        let bytes = serde_json::to_vec(&answer).unwrap_or_default();
        // Whoever asked may be gone; then nobody needs the answer.
        let _ = way.write_all(&bytes);
    }
    Ok(())
}

/// Children of the anchor, and orphans that it inherits, leave no zombies.
fn reap_by_itself() {
    // SAFETY: ignoring a signal takes no handler.
    unsafe { libc::signal(libc::SIGCHLD, libc::SIG_IGN) };
}

fn take(state: &State, way: &mut UnixStream) -> io::Result<Identity> {
    way.set_read_timeout(Some(PATIENCE))?;
    let mut asked = Vec::new();
    way.take(1 << 16).read_to_end(&mut asked)?;
    let start: Start = serde_json::from_slice(&asked)?;
    let mut command = Command::new("/proc/self/exe");
    command
        .args(start.arguments)
        .stdin(Stdio::null())
        .stdout(state.open_log()?)
        .stderr(state.open_log()?);
    // SAFETY: only async-signal-safe calls between fork and exec.
    unsafe {
        command.pre_exec(|| {
            libc::setsid();
            libc::signal(libc::SIGCHLD, libc::SIG_DFL);
            Ok(())
        });
    }
    let child = command.spawn()?;
    Identity::of(child.id()).ok_or_else(|| io::Error::other("it ended at once; see the log"))
}
