//! Pushes a block device into a machine that runs, and takes it out again.

use crate::kernel::{self, Cloned, End};
use linux_store::During;
use std::fs::{self, OpenOptions};
use std::io::{self, Error};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

/// The names under which a machine sees a device: `/dev/sdf` is also `/dev/xvdf`.
pub fn names(device: &str) -> io::Result<Vec<PathBuf>> {
    let refuse = || Error::new(io::ErrorKind::InvalidInput, format!("not a device: {device:?}"));
    let name = device.strip_prefix("/dev/").ok_or_else(refuse)?;
    linux_store::safe_name(name).map_err(|_| refuse())?;
    let twin = match (name.strip_prefix("sd"), name.strip_prefix("xvd")) {
        (Some(letter), _) => Some(format!("xvd{letter}")),
        (_, Some(letter)) => Some(format!("sd{letter}")),
        _ => None,
    };
    let names = [Some(name.to_owned()), twin];
    Ok(names.into_iter().flatten().map(|name| Path::new("/dev").join(name)).collect())
}

/// Shows the host's `device` in the machine under these names.
pub fn push(machine: BorrowedFd, device: &Path, names: &[PathBuf]) -> io::Result<()> {
    let clone = |_: &PathBuf| kernel::open_tree(None, device, kernel::OPEN_TREE_CLONE);
    let mounts: Vec<OwnedFd> = names.iter().map(clone).collect::<Result<_, _>>()?;
    inside(machine, || {
        for (name, mount) in names.iter().zip(&mounts) {
            OpenOptions::new().write(true).create_new(true).open(name).during(name.display())?;
            kernel::move_mount(mount.as_fd(), name).during(name.display())?;
        }
        Ok(())
    })
}

/// Takes a device out of the machine.
pub fn pull(machine: BorrowedFd, names: &[PathBuf]) -> io::Result<()> {
    inside(machine, || {
        for name in names {
            let path = kernel::path(name)?;
            let flags = libc::MNT_DETACH | libc::UMOUNT_NOFOLLOW;
            // SAFETY: a valid path.
            unsafe { libc::umount2(path.as_ptr(), flags) };
            let _ = fs::remove_file(name);
        }
        Ok(())
    })
}

/// Does something in a machine's mount namespace, in a child of its own.
fn inside(machine: BorrowedFd, act: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    let (read, write) = kernel::pipe()?;
    match kernel::clone(0)? {
        Cloned::Child => {
            let done = kernel::set_namespace(machine, libc::CLONE_NEWNS).and_then(|()| act());
            if let Err(error) = &done {
                use std::io::Write;
                let _ = fs::File::from(write).write_all(error.to_string().as_bytes());
            }
            // SAFETY: ends the child.
            unsafe { libc::_exit(i32::from(done.is_err())) }
        }
        Cloned::Parent(pid, _) => {
            drop(write);
            let reason = io::read_to_string(fs::File::from(read)).unwrap_or_default();
            let mut status = 0;
            // SAFETY: our own child.
            unsafe { libc::waitpid(pid, &mut status, 0) };
            match kernel::end_of(status) {
                End::Exit(0) => Ok(()),
                _ => Err(Error::other(reason)),
            }
        }
    }
}
