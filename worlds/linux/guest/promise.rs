//! What machines can be promised on this host: each promise is tried, nothing is left of the trial.

use crate::{kernel, limits, root};
use linux_store::{During, Layer, Loop};
use std::fs::{self, File};
use std::io::{self, Error};
use std::os::fd::AsFd;
use std::path::Path;

/// One thing that machines may count on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// What: `machines`, `memory`, `block devices`, ...
    pub name: String,
    /// Why it cannot be kept here, and what would help; none when it can.
    pub broken: Option<String>,
    /// Without it no machine runs at all.
    pub needed: bool,
}

/// Tries all promises; `scratch` is an existing directory on the file system of the disks. The
/// caller must have one thread and be where machines will be (the region's namespaces).
pub fn promises(scratch: &Path) -> Vec<Promise> {
    let promise = |name: &str, needed: bool, tried: io::Result<()>| Promise {
        name: name.to_owned(),
        broken: tried.err().map(|error| error.to_string()),
        needed,
    };
    let mut all = vec![
        promise("machines", true, in_child(|| namespaces().and_then(|()| overlay(scratch)))),
        promise("image host", false, merged_usr()),
        promise("ssh", false, ssh()),
        promise("block devices", false, block(scratch)),
    ];
    let short = limits::shortfalls();
    for name in limits::CONTROLLERS {
        let reason = short.iter().find(|reason| reason.starts_with(name)).cloned();
        all.push(promise(name, false, reason.map_or(Ok(()), |reason| Err(Error::other(reason)))));
    }
    all
}

fn namespaces() -> io::Result<()> {
    kernel::unshare(libc::CLONE_NEWNS | libc::CLONE_NEWUTS | libc::CLONE_NEWIPC)
        .during("new namespaces (user namespaces may be switched off for ordinary users)")?;
    kernel::make_private()?;
    kernel::file_system("tmpfs", &[], 0).map(drop)
}

fn overlay(scratch: &Path) -> io::Result<()> {
    let at = scratch.join(format!(".promise-{}", std::process::id()));
    let made = (|| {
        fs::create_dir_all(at.join("upper"))?;
        fs::create_dir_all(at.join("work"))?;
        let lowers = vec!["/usr".into()];
        let (upper, work) = (at.join("upper"), at.join("work"));
        root::overlay(&Layer { at: "/usr".to_owned(), lowers, upper, work }).map(drop)
    })();
    let _ = fs::remove_dir_all(&at);
    made.during("an overlay of /usr (kernel 5.11 or newer; not on some network file systems)")
}

fn merged_usr() -> io::Result<()> {
    match fs::read_link("/bin") {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::other("/bin is no link into /usr: import an image instead")),
    }
}

fn ssh() -> io::Result<()> {
    match File::open("/usr/sbin/sshd") {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::other("no /usr/sbin/sshd: install openssh-server")),
    }
}

fn block(scratch: &Path) -> io::Result<()> {
    let at = scratch.join(format!(".promise-block-{}", std::process::id()));
    let made = File::create(&at)
        .and_then(|file| file.set_len(1 << 20))
        .and_then(|()| Loop::attach(&at).map(drop));
    let _ = fs::remove_file(&at);
    made
}

/// In a child, because namespaces cannot be left again.
fn in_child(attempt: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
    // SAFETY: one thread, so the child may allocate.
    let child = unsafe { libc::fork() };
    kernel::done(child.into())?;
    if child == 0 {
        let said = attempt().err().map_or(String::new(), |error| error.to_string());
        let _ = kernel::send(theirs.as_fd(), said.as_bytes(), &[]);
        // SAFETY: ends the child.
        unsafe { libc::_exit(i32::from(!said.is_empty())) };
    }
    drop(theirs);
    let reason = kernel::receive(ours.as_fd()).map(|(bytes, _)| bytes).unwrap_or_default();
    let mut status = 0;
    // SAFETY: our own child.
    unsafe { libc::waitpid(child, &mut status, 0) };
    match kernel::end_of(status) {
        kernel::End::Exit(0) => Ok(()),
        _ => Err(Error::other(String::from_utf8_lossy(&reason).into_owned())),
    }
}
