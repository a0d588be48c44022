//! Runs a command inside a machine that runs, as its root and no more than that.

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
/// signal ended it. The caller must have one thread and be in the region's namespaces; its program
/// is started anew, see `kernel::run_read_only`, so this must come before anything is done.
pub fn enter(pid: i32, started: u64, command: &[OsString]) -> io::Result<i32> {
    kernel::run_read_only()?;
    let (program, arguments) =
        command.split_first().ok_or_else(|| Error::other("no command given"))?;
    let process = kernel::pidfd(pid).during(format_args!("machine's process {pid}"))?;
    if kernel::start_time(pid) != Some(started) {
        return Err(Error::new(io::ErrorKind::NotFound, "the machine has ended"));
    }
    let (ours, theirs) = UnixStream::pair()?;
    // SAFETY: one thread, so the child may allocate.
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
    if let Ok((_, fds)) = kernel::receive(ours.as_fd())
        && let Some(listener) = fds.into_iter().next()
    {
        attend_mounts(&listener, process.as_fd(), pid, child)?;
    }
    wait(child)
}

/// Answers the mounts of the command and its children until it ends.
fn attend_mounts(
    listener: &OwnedFd,
    machine: BorrowedFd,
    first: i32,
    command: i32,
) -> io::Result<()> {
    let command = kernel::pidfd(command)?;
    loop {
        let entry =
            |fd: &OwnedFd| libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        let mut polls = [entry(&command), entry(listener)];
        // SAFETY: two entries. An interrupted wait is a wait that found nothing.
        let found = unsafe { libc::poll(polls.as_mut_ptr(), 2, -1) };
        if found > 0 && (polls[0].revents != 0 || polls[1].revents & libc::POLLIN == 0) {
            return Ok(());
        }
        if found > 0 {
            wait(broker::attend(listener, machine, first)?)?;
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
        .and_then(|()| confine::confine(true))
        .and_then(|listener| {
            let listener: Vec<BorrowedFd> = listener.iter().map(AsFd::as_fd).collect();
            kernel::send(tell.as_fd(), b"+", &listener)?;
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
