//! Boots one machine: a clone in new namespaces that makes everything itself, so that many boots
//! go on at once, and then goes on as the machine's first program.

use crate::kernel::{self, Cloned};
use crate::limits::Limits;
use crate::message::MachineOrder;
use crate::{confine, facts, init, root};
use linux_store::During;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread;

/// A machine that is on its way.
pub struct Booting {
    /// Its first process, as the host counts.
    pub pid: i32,
    /// A descriptor of that process.
    pub process: OwnedFd,
    /// Says [`Report`] once; the console's FIFO and the place where its
    /// mounts are asked about come with it.
    pub report: UnixStream,
}

/// How a boot went, in JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Report {
    /// The first program runs; what the host did not allow.
    Up(Vec<String>),
    /// Why not.
    Failed(String),
}

/// Starts a boot. The caller must have one thread. `run` is the machine's own directory.
pub fn boot(order: &MachineOrder, run: &Path, limits: &Limits) -> io::Result<Booting> {
    fs::create_dir_all(run.join("root"))?;
    let (report, tell) = UnixStream::pair()?;
    let flags = libc::CLONE_NEWPID | libc::CLONE_NEWNS | libc::CLONE_NEWUTS | libc::CLONE_NEWIPC;
    match kernel::clone(flags).during("cloning a machine")? {
        Cloned::Parent(pid, process) => Ok(Booting { pid, process, report }),
        Cloned::Child => {
            // Unwinding would run the zone process a second time.
            let made = std::panic::catch_unwind(|| child(order, run, limits, &tell));
            let reason = match made {
                Ok(Ok(never)) => match never {},
                Ok(Err(error)) => error.to_string(),
                Err(_) => "a bug in the machine's first program".to_owned(),
            };
            say(&tell, &Report::Failed(reason), &[]);
            // SAFETY: ends the child here and now.
            unsafe { libc::_exit(1) }
        }
    }
}

fn say(to: &UnixStream, report: &Report, with: &[BorrowedFd]) {
    let text = serde_json::to_vec(report).unwrap_or_default();
    let _ = kernel::send(to.as_fd(), &text, with);
}

/// The first program does not return.
pub enum Never {}

fn child(
    order: &MachineOrder,
    run: &Path,
    limits: &Limits,
    report: &UnixStream,
) -> io::Result<Never> {
    kernel::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong)?;
    let signals = init::take_signals()?;
    kernel::close_others(&[report.as_raw_fd(), signals.as_raw_fd()]);
    // SAFETY: no arguments.
    unsafe {
        libc::setsid();
        libc::umask(0o022);
    }
    let processors = kernel::processors_of(0);
    let mine = facts::placement(&order.size, order.id.as_str(), &processors);
    let (doors, mut short) = limits.prepare(order.id.as_str(), &order.size, &mine);
    let entering = thread::Builder::new().spawn(|| doors.enter())?;
    let wanted = facts::processors(&order.size);
    if wanted > processors.len() {
        short.push(format!("cpu: {wanted} ordered, the host has {}", processors.len()));
    }
    // Also without control groups a machine sees no more processors than it has.
    kernel::run_on(&mine);
    let net = File::open(&order.netns).during(order.netns.display())?;
    kernel::set_namespace(net.as_fd(), libc::CLONE_NEWNET).during("joining the network")?;
    drop(net);
    init::take_name();
    short.extend(root::raise(order, run)?);
    name_host(&order.guest.hostname)?;
    let held = entering.join().map_err(|_| io::Error::other("a bug in the limits"))?;
    short.extend(held);
    kernel::unshare(libc::CLONE_NEWCGROUP)?;
    let console = init::take_console()?;
    let listener = confine::confine(true)?;
    // Its memory holds what the zone process knew; nobody inside may look.
    kernel::prctl(libc::PR_SET_DUMPABLE, 0)?;
    let mut init = init::Init::new(order, signals)?;
    // The change of capabilities may have forgotten it.
    kernel::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong)?;
    let mut fds = vec![console.as_fd()];
    fds.extend(listener.iter().map(AsFd::as_fd));
    say(report, &Report::Up(short), &fds);
    drop((console, listener));
    // The zone process lets go of its end once the machine's disks are in their places.
    let _ = kernel::receive(report.as_fd());
    // SAFETY: nobody uses the descriptor any more; its owner never runs again.
    unsafe { libc::close(report.as_raw_fd()) };
    init.run()
}

fn name_host(name: &str) -> io::Result<()> {
    // SAFETY: the buffer is as long as said.
    let done = unsafe { libc::sethostname(name.as_ptr().cast(), name.len()) };
    kernel::done(done.into()).during("naming the host")
}
