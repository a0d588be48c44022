//! Copies of files and trees: shared blocks where the file system can (FICLONE), holes kept,
//! hard links, owners, modes, times, extended attributes and whiteouts kept. Follows no link.

use crate::During;
use std::collections::HashMap;
use std::ffi::CString;
use std::fs::{self, DirEntry, File, Metadata, OpenOptions, Permissions};
use std::io::{self, Error};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// _IOW(0x94, 9, int), linux/fs.h.
const FICLONE: libc::c_ulong = 0x4004_9409;
/// Deeper trees are refused: a loop of bind mounts, or an attack.
const DEPTH_MAX: usize = 200;

/// A copy of one or several trees, which knows the hard links that it has met.
pub struct Trees {
    links: HashMap<(u64, u64), PathBuf>,
    only_public: bool,
    depth: usize,
}

impl Trees {
    /// Copies all that it meets.
    pub fn all() -> Self {
        Self { links: HashMap::new(), only_public: false, depth: 0 }
    }

    /// Copies only what everybody may read, without owners and extended attributes.
    pub fn only_public() -> Self {
        Self { only_public: true, ..Self::all() }
    }

    /// Copies `from`, whatever it is, to `to`, whose parent exists.
    pub fn copy(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let meta = from.symlink_metadata()?;
        let kind = meta.file_type();
        if self.only_public && !kind.is_symlink() && meta.mode() & 0o004 == 0 {
            return Ok(());
        }
        if meta.nlink() > 1 && !kind.is_dir() && !self.only_public {
            if let Some(first) = self.links.get(&(meta.dev(), meta.ino())) {
                return fs::hard_link(first, to);
            }
            self.links.insert((meta.dev(), meta.ino()), to.to_owned());
        }
        if kind.is_dir() {
            if !to.is_dir() {
                fs::create_dir(to)?;
            }
            self.depth += 1;
            if self.depth > DEPTH_MAX {
                return Err(Error::other("directories too deep"));
            }
            for entry in fs::read_dir(from)? {
                let entry: DirEntry = entry?;
                let name = entry.file_name();
                let (from, to, depth) = (from.join(&name), to.join(&name), self.depth);
                match self.copy(&from, &to) {
                    // Removed by the machine meanwhile: it is not in the copy.
                    Err(_) if from.symlink_metadata().is_err() => {
                        self.depth = depth;
                        let _ = fs::remove_file(&to).or_else(|_| fs::remove_dir_all(&to));
                    }
                    other => other.during(name.display())?,
                }
            }
            self.depth -= 1;
        } else if kind.is_symlink() {
            symlink(fs::read_link(from)?, to)?;
        } else if kind.is_file() {
            file(from, to, meta.mode() & 0o7777)?;
        } else if kind.is_socket() || self.only_public {
            return Ok(());
        } else {
            node(to, &meta)?;
            if to.symlink_metadata().is_err() {
                return Ok(());
            }
        }
        if self.only_public {
            if !kind.is_symlink() {
                fs::set_permissions(to, Permissions::from_mode(meta.mode() & 0o755))?;
            }
            return Ok(());
        }
        same_attributes(from, to, &meta)
    }
}

fn same_attributes(from: &Path, to: &Path, meta: &Metadata) -> io::Result<()> {
    // Fails for other owners when this process may not give files away; then all are its own.
    let _ = lchown(to, meta.uid(), meta.gid());
    if !meta.file_type().is_symlink() {
        fs::set_permissions(to, Permissions::from_mode(meta.mode() & 0o7777))?;
    }
    for name in attributes(from)? {
        copy_attribute(from, to, &name)?;
    }
    let at = |seconds: i64, nanos: i64| libc::timespec { tv_sec: seconds, tv_nsec: nanos };
    let times = [at(meta.atime(), meta.atime_nsec()), at(meta.mtime(), meta.mtime_nsec())];
    let to = c_path(to)?;
    let flags = libc::AT_SYMLINK_NOFOLLOW;
    // SAFETY: both pointers are valid for the call.
    match unsafe { libc::utimensat(libc::AT_FDCWD, to.as_ptr(), times.as_ptr(), flags) } {
        0 => Ok(()),
        _ => Err(Error::last_os_error()),
    }
}

/// Copies the bytes of a file, holes kept; the new file is not synced.
pub fn file(from: &Path, to: &Path, mode: u32) -> io::Result<()> {
    let source = File::open(from)?;
    let target =
        OpenOptions::new().write(true).create_new(true).mode(mode & 0o777 | 0o200).open(to)?;
    // SAFETY: two open descriptors, no pointers.
    if unsafe { libc::ioctl(target.as_raw_fd(), FICLONE as _, source.as_raw_fd()) } == 0 {
        return Ok(());
    }
    let length = source.metadata()?.len();
    target.set_len(length)?;
    let mut at: i64 = 0;
    while (at as u64) < length {
        // SAFETY: plain descriptor and numbers.
        let data = unsafe { libc::lseek(source.as_raw_fd(), at, libc::SEEK_DATA) };
        if data < 0 {
            let error = Error::last_os_error();
            return if error.raw_os_error() == Some(libc::ENXIO) { Ok(()) } else { Err(error) };
        }
        // SAFETY: as above.
        let hole = unsafe { libc::lseek(source.as_raw_fd(), data, libc::SEEK_HOLE) };
        if hole < 0 {
            return Err(Error::last_os_error());
        }
        span(&source, &target, data, hole)?;
        at = hole;
    }
    Ok(())
}

fn span(source: &File, target: &File, from: i64, to: i64) -> io::Result<()> {
    use std::os::unix::fs::FileExt;
    let (mut read_at, mut write_at) = (from, from);
    while read_at < to {
        let (here, there) = (source.as_raw_fd(), target.as_raw_fd());
        let wanted = (to - read_at) as usize;
        // SAFETY: the offsets are valid for the call.
        let done =
            unsafe { libc::copy_file_range(here, &mut read_at, there, &mut write_at, wanted, 0) };
        match done {
            0 => break,
            n if n > 0 => {}
            _ => {
                // Not on this file system: by hand.
                let mut buffer = vec![0; 1 << 20];
                while read_at < to {
                    let part = buffer.len().min((to - read_at) as usize);
                    let n = source.read_at(&mut buffer[..part], read_at as u64)?;
                    if n == 0 {
                        break;
                    }
                    target.write_all_at(&buffer[..n], read_at as u64)?;
                    read_at += n as i64;
                }
            }
        }
    }
    Ok(())
}

fn node(to: &Path, meta: &Metadata) -> io::Result<()> {
    let path = c_path(to)?;
    // SAFETY: a valid path and numbers. A whiteout (0, 0) needs no privilege.
    let done = unsafe { libc::mknod(path.as_ptr(), meta.mode(), meta.rdev()) };
    let error = Error::last_os_error();
    // Devices work in no machine's tree; without root they cannot even be made.
    let device = meta.rdev() != 0 && error.raw_os_error() == Some(libc::EPERM);
    if done == 0 || device { Ok(()) } else { Err(error).during("making a special file") }
}

/// Gives a file, itself and not what it points to, to another owner.
pub fn lchown(path: &Path, uid: u32, gid: u32) -> io::Result<()> {
    std::os::unix::fs::lchown(path, Some(uid), Some(gid))
}

fn attributes(path: &Path) -> io::Result<Vec<CString>> {
    let path = c_path(path)?;
    let mut names = vec![0u8; 4096];
    // SAFETY: the buffer is as long as said.
    let n = unsafe { libc::llistxattr(path.as_ptr(), names.as_mut_ptr().cast(), names.len()) };
    if n < 0 {
        let error = Error::last_os_error();
        return match error.raw_os_error() {
            Some(libc::ENOTSUP) => Ok(Vec::new()),
            _ => Err(error),
        };
    }
    names.truncate(n as usize);
    let parts = names.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    Ok(parts.filter_map(|name| CString::new(name).ok()).collect())
}

fn copy_attribute(from: &Path, to: &Path, name: &CString) -> io::Result<()> {
    let (from, to) = (c_path(from)?, c_path(to)?);
    let mut value = vec![0u8; 65536];
    let room = value.len();
    // SAFETY: the buffers are as long as said.
    let n =
        unsafe { libc::lgetxattr(from.as_ptr(), name.as_ptr(), value.as_mut_ptr().cast(), room) };
    if n < 0 {
        return Err(Error::last_os_error());
    }
    let length = n as usize;
    // SAFETY: as above.
    let done =
        unsafe { libc::lsetxattr(to.as_ptr(), name.as_ptr(), value.as_ptr().cast(), length, 0) };
    let error = Error::last_os_error();
    // The host's own labels (security.*, trusted.*) may not be ours to give; overlayfs' are
    // `user.`.
    let ours = name.as_bytes().starts_with(b"user.");
    if done == 0 || !ours { Ok(()) } else { Err(error) }
}

fn c_path(path: &Path) -> io::Result<CString> {
    CString::new(path.as_os_str().as_bytes()).map_err(|_| Error::other("a NUL byte in a path"))
}

/// Puts everything that was written to the file system of `path` on stable storage.
pub fn sync_file_system(path: &Path) -> io::Result<()> {
    let file = File::open(path)?;
    // SAFETY: an open descriptor.
    match unsafe { libc::syncfs(file.as_raw_fd()) } {
        0 => Ok(()),
        _ => Err(Error::last_os_error()),
    }
}
