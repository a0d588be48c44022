//! Runs a command inside a machine that runs, as its root and no more than that.

use crate::terminal::{self, Carried};
use crate::{broker, confine, init, kernel, limits};
use linux_store::During;
use std::ffi::OsString;
use std::io::{self, Error};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Runs a command in the machine whose first process has this id and started then (clock ticks
/// since the host's boot), with the caller's terminal; returns its exit code, 128 and more when a
/// signal ended it. The machine must be ready: on its way up it still stands in the network of its
/// zone's process. The caller must be in the region's namespaces; its other threads, if any, hold
/// no lock. Its program file is safe from the machine while the zone process, which is the same
/// program, runs (ETXTBSY).
pub fn enter(pid: i32, started: u64, command: &[OsString]) -> io::Result<i32> {
    let (program, arguments) =
        command.split_first().ok_or_else(|| Error::other("no command given"))?;
    let process = kernel::pidfd(pid).during(format_args!("machine's process {pid}"))?;
    if kernel::start_time(pid) != Some(started) {
        return Err(Error::new(io::ErrorKind::NotFound, "the machine has ended"));
    }
    let (ours, theirs) = UnixStream::pair()?;
    // SAFETY: the standard library's own fork, after which the child may allocate.
    let child = unsafe { libc::fork() };
    kernel::done(child.into())?;
    if child == 0 {
        drop(ours);
        let failed = become_inside(process.as_fd(), pid, program, arguments, &theirs);
        eprintln!("{}: {failed}", program.display());
        // SAFETY: ends the child; 127 is the shell's code for a command that cannot run.
        unsafe { libc::_exit(127) };
    }
    drop(theirs);
    let (_, mut fds) = kernel::receive(ours.as_fd()).unwrap_or_default();
    let carried = (fds.len() > 1).then(|| fds.pop()).flatten().map(Carried::new).transpose()?;
    if let Some(listener) = fds.pop() {
        attend(&listener, carried, (process.as_fd(), pid), child)?;
    }
    wait(child)
}

/// Answers the mounts of the command and its children, and carries its terminal, until it ends.
fn attend(
    listener: &OwnedFd,
    mut carried: Option<Carried>,
    (machine, first): (BorrowedFd, i32),
    command: i32,
) -> io::Result<()> {
    let command = kernel::pidfd(command)?;
    let entry = |fd: i32| libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
    let mut listening = true;
    loop {
        let mounts = if listening { listener.as_raw_fd() } else { -1 };
        let mut polls = vec![entry(command.as_raw_fd()), entry(mounts)];
        polls.extend(carried.iter().flat_map(Carried::waits).map(entry));
        // SAFETY: as many entries as said.
        if unsafe { libc::poll(polls.as_mut_ptr(), polls.len() as libc::nfds_t, -1) } <= 0 {
            continue; // Interrupted: a wait that found nothing.
        }
        if polls[1].revents & libc::POLLIN != 0 {
            wait(broker::attend(listener, machine, first)?)?;
        } else if polls[1].revents != 0 {
            listening = false;
        }
        let keys = polls.get(4).is_some_and(|keys| keys.revents != 0);
        let open = carried.as_mut().map(|carried| carried.carry(keys)).transpose()?;
        if polls[0].revents != 0 {
            return Ok(());
        }
        if open == Some(false) {
            carried = None;
        }
    }
}

fn wait(child: i32) -> io::Result<i32> {
    let mut status = 0;
    loop {
        // SAFETY: our own child.
        if unsafe { libc::waitpid(child, &mut status, 0) } == child {
            return Ok(match kernel::end_of(status) {
                kernel::End::Exit(code) => code,
                kernel::End::Signal(signal) => 128 + signal,
            });
        }
        let error = Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

/// Goes inside; a second fork, because a process changes its pid namespace only for its children.
fn become_inside(
    process: BorrowedFd,
    pid: i32,
    program: &OsString,
    arguments: &[OsString],
    tell: &UnixStream,
) -> Error {
    let all = libc::CLONE_NEWNS
        | libc::CLONE_NEWPID
        | libc::CLONE_NEWUTS
        | libc::CLONE_NEWIPC
        | libc::CLONE_NEWNET;
    let inside = (|| {
        kernel::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong)?;
        limits::join_those_of(pid);
        kernel::run_on(&kernel::processors_of(pid));
        kernel::set_namespace(process, all).during("joining the machine")?;
        kernel::set_namespace(process, libc::CLONE_NEWCGROUP)?;
        // SAFETY: one thread.
        let child = unsafe { libc::fork() };
        kernel::done(child.into())?;
        Ok(child)
    })();
    match inside {
        Err(error) => return error,
        Ok(0) => {}
        Ok(child) => {
            // SAFETY: used no more; the other end shall see the end of the child's.
            unsafe { libc::close(tell.as_raw_fd()) };
            let code = wait(child).unwrap_or(127);
            // SAFETY: ends the process in between.
            unsafe { libc::_exit(code) };
        }
    }
    let ready = kernel::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong)
        .and_then(|()| std::env::set_current_dir("/"))
        // Until the command is there, nobody inside may look into this process.
        .and_then(|()| kernel::prctl(libc::PR_SET_DUMPABLE, 0))
        .and_then(|()| terminal::wanted().then(terminal::open).transpose())
        .and_then(|terminal| {
            let listener = confine::confine(true)?;
            let mut fds: Vec<BorrowedFd> = listener.iter().map(AsFd::as_fd).collect();
            fds.extend(terminal.iter().map(|(outer, _)| outer.as_fd()));
            kernel::send(tell.as_fd(), b"+", &fds)?;
            if let Some((_, inner)) = &terminal {
                terminal::sit(inner)?;
            }
            kernel::close_on_exec(3)
        });
    if let Err(error) = ready {
        return error;
    }
    let mut command = Command::new(program);
    command.args(arguments);
    let terminal = std::env::var_os("TERM");
    command.env_clear().envs(init::environment());
    if let Some(terminal) = terminal {
        command.env("TERM", terminal);
    }
    if std::path::Path::new("/root").is_dir() {
        command.current_dir("/root");
    }
    // SAFETY: a search path without NUL; `execvp` of the standard library looks into our own.
    unsafe { std::env::set_var("PATH", init::PATH) };
    command.exec()
}
