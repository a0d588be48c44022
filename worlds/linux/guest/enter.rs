//! Runs a command inside a machine that runs, as its root and no more than that.

use crate::{confine, init, kernel, limits};
use linux_store::During;
use std::ffi::OsString;
use std::io::{self, Error};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Runs a command in the machine whose first process has this id and started then (clock ticks
/// since the host's boot), with the caller's terminal; returns its exit code, 128 and more when a
/// signal ended it. The caller must have one thread and be in the region's namespaces.
pub fn enter(pid: i32, started: u64, command: &[OsString]) -> io::Result<i32> {
    let (program, arguments) =
        command.split_first().ok_or_else(|| Error::other("no command given"))?;
    let process = kernel::pidfd(pid).during(format_args!("machine's process {pid}"))?;
    if kernel::start_time(pid) != Some(started) {
        return Err(Error::new(io::ErrorKind::NotFound, "the machine has ended"));
    }
    // SAFETY: one thread, so the child may allocate.
    let child = unsafe { libc::fork() };
    kernel::done(child.into())?;
    if child == 0 {
        let failed = become_inside(process.as_fd(), pid, program, arguments);
        eprintln!("{}: {failed}", program.display());
        // SAFETY: ends the child; 127 is the shell's code for a command that cannot run.
        unsafe { libc::_exit(127) };
    }
    wait(child)
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
    process: std::os::fd::BorrowedFd,
    pid: i32,
    program: &OsString,
    arguments: &[OsString],
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
            let code = wait(child).unwrap_or(127);
            // SAFETY: ends the process in between.
            unsafe { libc::_exit(code) };
        }
    }
    let ready = kernel::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong)
        .and_then(|()| std::env::set_current_dir("/"))
        .and_then(|()| confine::confine(false).map(drop));
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
