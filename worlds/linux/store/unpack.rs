//! Unpacks one tar archive into a tree. Each name is resolved by the kernel inside the tree
//! (`openat2` with RESOLVE_IN_ROOT), so neither `..` nor a link that was unpacked first leads out.

use crate::During;
use std::ffi::{CString, OsStr};
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Error, ErrorKind, Read};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, lchown, symlink};
use std::path::{Component, Path, PathBuf};
use tar::{Archive, Entry, EntryType};

/// linux/openat2.h
const RESOLVE_NO_MAGICLINKS: u64 = 0x02;
const RESOLVE_IN_ROOT: u64 = 0x10;
/// More is an attack, or not an image.
const ENTRIES_MAX: usize = 4_000_000;
/// OCI's whiteouts: what they name was removed from the layers below.
const WHITEOUT: &[u8] = b".wh.";
const OPAQUE: &[u8] = b".wh..wh..opq";

#[repr(C)]
struct How {
    flags: u64,
    mode: u64,
    resolve: u64,
}

/// Unpacks into `tree`, which exists. With `whiteouts` the archive is a layer above what is there.
pub fn archive(bytes: impl Read, tree: &Path, whiteouts: bool) -> io::Result<()> {
    let root = File::open(tree)?;
    let mut archive = Archive::new(bytes);
    let mut directories = Vec::new();
    for (number, entry) in archive.entries()?.enumerate() {
        let mut entry = entry?;
        if number >= ENTRIES_MAX {
            return Err(Error::new(ErrorKind::InvalidData, "too many files"));
        }
        let name = entry.path()?.into_owned();
        put(&root, &mut entry, &name, whiteouts, &mut directories)
            .during(format_args!("{:?}", name.display()))?;
    }
    // Last, so that a directory that nobody may write could be filled.
    for (place, mode) in directories.iter().rev() {
        fs::set_permissions(place.path(), Permissions::from_mode(*mode))?;
    }
    Ok(())
}

/// A name in a directory that is held open: nothing on the way to it can change any more.
struct Place {
    parent: OwnedFd,
    name: PathBuf,
}

impl Place {
    fn path(&self) -> PathBuf {
        Path::new("/proc/self/fd").join(self.parent.as_raw_fd().to_string()).join(&self.name)
    }
}

fn put(
    root: &File,
    entry: &mut Entry<impl Read>,
    name: &Path,
    whiteouts: bool,
    directories: &mut Vec<(Place, u32)>,
) -> io::Result<()> {
    let Some(place) = place(root, name)? else { return Ok(()) };
    let bytes = place.name.as_os_str().as_bytes();
    if whiteouts && bytes == OPAQUE {
        return empty(&Path::new("/proc/self/fd").join(place.parent.as_raw_fd().to_string()));
    }
    if let Some(gone) = bytes.strip_prefix(WHITEOUT).filter(|_| whiteouts) {
        let name = PathBuf::from(OsStr::from_bytes(gone));
        if name.as_os_str().is_empty() || matches!(gone, b"." | b"..") {
            return Err(Error::new(ErrorKind::InvalidData, "not a whiteout"));
        }
        return remove(&Place { parent: place.parent, name }.path());
    }
    let (at, kind, mode) = (place.path(), entry.header().entry_type(), entry.header().mode()?);
    let there = at.symlink_metadata().ok();
    let stays = kind == EntryType::Directory && there.as_ref().is_some_and(fs::Metadata::is_dir);
    if there.is_some() && !stays {
        remove(&at)?;
    }
    match kind {
        EntryType::Directory => {
            if !stays {
                fs::create_dir(&at)?;
            }
            own(&at, entry)?;
            fs::set_permissions(&at, Permissions::from_mode(mode & 0o7777 | 0o700))?;
            // One descriptor each would be too many: only those that differ are kept.
            if mode & 0o700 != 0o700 && directories.len() < 256 {
                directories.push((place, mode & 0o7777));
            }
        }
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
            let flags = libc::O_NOFOLLOW;
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .custom_flags(flags)
                .open(&at)?;
            io::copy(entry, &mut file)?;
            own(&at, entry)?;
            file.set_permissions(Permissions::from_mode(mode & 0o7777))?;
        }
        EntryType::Symlink => {
            let target = entry.link_name()?.ok_or_else(|| Error::other("a link to nothing"))?;
            symlink(target, &at)?;
            own(&at, entry)?;
        }
        EntryType::Link => {
            let target = entry.link_name()?.ok_or_else(|| Error::other("a link to nothing"))?;
            let target = self::place(root, &target)?;
            let target = target.ok_or_else(|| Error::other("a link to the root"))?;
            fs::hard_link(target.path(), &at)?;
        }
        EntryType::Fifo => {
            let path = CString::new(at.as_os_str().as_bytes())?;
            // SAFETY: a valid path.
            if unsafe { libc::mkfifo(path.as_ptr(), mode & 0o777) } != 0 {
                return Err(Error::last_os_error());
            }
        }
        // Devices are the machine's to be given, not an image's to bring; the rest is metadata.
        _ => {}
    }
    Ok(())
}

/// To whom it belongs, where this process may say so.
fn own(at: &Path, entry: &Entry<impl Read>) -> io::Result<()> {
    let number = |id: io::Result<u64>| id.map(|id| u32::try_from(id).unwrap_or(65534));
    let (uid, gid) = (number(entry.header().uid())?, number(entry.header().gid())?);
    let _ = lchown(at, Some(uid), Some(gid));
    Ok(())
}

/// Where a name of the archive is; its parents are made. None is the root itself.
fn place(root: &File, name: &Path) -> io::Result<Option<Place>> {
    let mut parts: Vec<&OsStr> = Vec::new();
    for part in name.components() {
        match part {
            Component::Normal(part) => parts.push(part),
            Component::ParentDir => {
                return Err(Error::new(ErrorKind::InvalidData, "a path with `..`"));
            }
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    let Some((last, parents)) = parts.split_last() else { return Ok(None) };
    let parent: PathBuf = parents.iter().collect();
    let parent = match open_inside(root, &parent) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            make_parents(root, parents)?;
            open_inside(root, &parent)?
        }
        other => other?,
    };
    Ok(Some(Place { parent, name: PathBuf::from(last) }))
}

fn make_parents(root: &File, parts: &[&OsStr]) -> io::Result<()> {
    let mut at = PathBuf::new();
    for part in parts {
        let parent = open_inside(root, &at)?;
        match fs::create_dir(Place { parent, name: PathBuf::from(part) }.path()) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
            _ => at.push(part),
        }
    }
    Ok(())
}

fn open_inside(root: &File, path: &Path) -> io::Result<OwnedFd> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let path = CString::new(path.as_os_str().as_bytes())?;
    let how = How {
        flags: (libc::O_PATH | libc::O_DIRECTORY | libc::O_CLOEXEC) as u64,
        mode: 0,
        resolve: RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
    };
    let (fd, size) = (root.as_raw_fd(), size_of::<How>());
    // SAFETY: a valid path and a whole struct open_how; the descriptor is ours.
    unsafe {
        let found = libc::syscall(libc::SYS_openat2, fd, path.as_ptr(), &raw const how, size);
        if found < 0 {
            return Err(Error::last_os_error());
        }
        Ok(OwnedFd::from_raw_fd(found as i32))
    }
}

fn remove(at: &Path) -> io::Result<()> {
    match at.symlink_metadata() {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(at),
        Ok(_) => fs::remove_file(at),
        Err(_) => Ok(()),
    }
}

fn empty(directory: &Path) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        remove(&entry?.path())?;
    }
    Ok(())
}
