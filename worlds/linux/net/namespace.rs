//! Network namespaces: made, pinned by a bind mount, entered and left again, removed.

use crate::netlink::{Batch, Socket};
use crate::rtnetlink;
use std::ffi::CString;
use std::fs::{self, File};
use std::io;
use std::net::Ipv4Addr;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use world::Id;

const SELF: &str = "/proc/thread-self/ns/net";

/// The directory in which namespaces are pinned, and where the engine's thread is at home.
#[derive(Debug)]
pub(crate) struct Namespaces {
    folder: PathBuf,
    home: File,
}

impl Namespaces {
    pub(crate) fn open(run: &Path) -> io::Result<Namespaces> {
        let folder = run.join("netns");
        fs::create_dir_all(&folder)?;
        let mut home = File::open(SELF)?;
        if enter(&home).is_err() {
            // Rootless, and still in the host's namespace: leaving it is for ever, so the thread
            // moves to an empty one of its own first.
            detach()?;
            home = File::open(SELF)?;
        }
        Ok(Namespaces { folder, home })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        // A crash can leave the file without the mount on it; opening tells nothing, the file
        // system does.
        pinned(&self.path(name))
    }

    /// All that are pinned.
    pub(crate) fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if self.exists(&name) {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// A new namespace with these settings (path below `/proc/sys/net`, value) and its loopback
    /// up.
    pub(crate) fn create(&self, name: &str, settings: &[(&str, &str)]) -> io::Result<()> {
        self.pin_after(name, settings, Path::new(SELF), detach)
    }

    /// Pins a namespace that somebody else made, with the same settings.
    pub(crate) fn take(
        &self,
        name: &str,
        settings: &[(&str, &str)],
        source: &Path,
    ) -> io::Result<()> {
        self.pin_after(name, settings, source, || enter(&File::open(source)?))
    }

    fn pin_after(
        &self,
        name: &str,
        settings: &[(&str, &str)],
        source: &Path,
        go: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<()> {
        let path = self.path(name);
        File::create(&path)?;
        let made = go().and_then(|()| {
            for (key, value) in settings {
                set(key, value)?;
            }
            let mut batch = Batch::default();
            rtnetlink::up(&mut batch, 1);
            Socket::open(libc::NETLINK_ROUTE)?.run(&mut batch)?;
            pin(source, &path)
        });
        let back = enter(&self.home);
        made.and(back).inspect_err(|_| drop(self.remove(name)))
    }

    pub(crate) fn remove(&self, name: &str) -> io::Result<()> {
        let path = self.path(name);
        let target = c_path(&path)?;
        // SAFETY: a zero-terminated path.
        unsafe { libc::umount2(target.as_ptr(), libc::MNT_DETACH) };
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes every namespace and the directory. What runs in one keeps it alive.
    pub(crate) fn remove_all(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            self.remove(&entry?.file_name().to_string_lossy())?;
        }
        fs::remove_dir(&self.folder)
    }

    /// Does something inside, and comes back.
    pub(crate) fn inside<T>(
        &self,
        name: &str,
        work: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        enter(&File::open(self.path(name))?)?;
        let done = work();
        enter(&self.home)?;
        done
    }

    /// A netlink socket inside.
    pub(crate) fn netlink(&self, name: &str, protocol: i32) -> io::Result<Socket> {
        let there = File::open(self.path(name))?;
        enter(&there)?;
        let socket = Socket::open(protocol);
        enter(&self.home)?;
        socket
    }
}

/// A socket that lives in the namespace pinned at `namespace`, made by any thread, close-on-exec;
/// the thread is back in its own namespace afterwards.
///
/// Errors: `PermissionDenied` when the thread could not return (a rootless process whose thread is
/// still in the host's namespace); it has not moved then.
pub fn socket_in(namespace: &Path, domain: i32, kind: i32, protocol: i32) -> io::Result<OwnedFd> {
    let there = File::open(namespace)?;
    let home = File::open(SELF)?;
    enter(&home)?;
    enter(&there)?;
    // SAFETY: plain system call; the descriptor is owned below.
    let fd = unsafe { libc::socket(domain, kind | libc::SOCK_CLOEXEC, protocol) };
    let error = io::Error::last_os_error();
    enter(&home)?;
    if fd < 0 {
        return Err(error);
    }
    // SAFETY: `fd` is a fresh descriptor that nobody else owns.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Gives these addresses to the namespace in which the calling thread is, on its loopback.
pub fn own_addresses(addresses: impl IntoIterator<Item = Ipv4Addr>) -> io::Result<()> {
    let mut batch = Batch::default();
    for address in addresses {
        rtnetlink::address(&mut batch, true, crate::layout::LOOPBACK, address, 32);
    }
    Socket::open(libc::NETLINK_ROUTE)?.run(&mut batch)
}

/// Moves the calling thread into a namespace for good; threads that it starts are born there.
pub fn move_to(namespace: &Path) -> io::Result<()> {
    enter(&File::open(namespace)?)
}

/// A file name for an id: everything but letters, digits, `.`, `_` and `-` as `%xx`.
pub(crate) fn file_name(prefix: &str, id: &Id) -> String {
    let mut name = String::from(prefix);
    for byte in id.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            name.push(byte as char);
        } else {
            name.push_str(&format!("%{byte:02x}"));
        }
    }
    name
}

/// The id of a file name made by [`file_name`] with this prefix.
pub(crate) fn id_of(prefix: &str, name: &str) -> Option<Id> {
    let mut rest = name.strip_prefix(prefix)?.bytes();
    let mut bytes = Vec::new();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let text = std::str::from_utf8(&digits).ok()?;
            bytes.push(u8::from_str_radix(text, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().map(Id::from)
}

fn enter(namespace: &File) -> io::Result<()> {
    // SAFETY: a live descriptor; changes only the calling thread.
    check(unsafe { libc::setns(namespace.as_raw_fd(), libc::CLONE_NEWNET) })
}

fn detach() -> io::Result<()> {
    // SAFETY: changes only the calling thread's namespace.
    check(unsafe { libc::unshare(libc::CLONE_NEWNET) })
}

fn pin(source: &Path, path: &Path) -> io::Result<()> {
    let (source, target) = (c_path(source)?, c_path(path)?);
    let none = std::ptr::null();
    // SAFETY: zero-terminated paths; a bind mount reads neither type nor data.
    check(unsafe {
        libc::mount(source.as_ptr(), target.as_ptr(), none, libc::MS_BIND, none.cast())
    })
}

fn pinned(path: &Path) -> bool {
    const NSFS: i64 = 0x6e73_6673;
    let Ok(target) = c_path(path) else { return false };
    // SAFETY: `statfs` is plain data, for which zeros are valid.
    let mut info: libc::statfs = unsafe { std::mem::zeroed() };
    // SAFETY: a zero-terminated path and a live buffer.
    unsafe { libc::statfs(target.as_ptr(), &raw mut info) == 0 && info.f_type as i64 == NSFS }
}

fn set(key: &str, value: &str) -> io::Result<()> {
    match fs::write(format!("/proc/sys/net/{key}"), value) {
        // A kernel without IPv6 has nothing to switch off.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.map_err(|e| io::Error::new(e.kind(), format!("/proc/sys/net/{key}: {e}"))),
    }
}

fn c_path(path: &Path) -> io::Result<CString> {
    CString::new(path.as_os_str().as_bytes()).map_err(io::Error::other)
}

fn check(result: i32) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
