//! Holds a file system still while its block file is copied, as a volume's snapshot must be of one
//! moment. Only one that is mounted from a loop device needs it; the mount may be anywhere.

use std::ffi::CString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Error};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// linux/fs.h
const FIFREEZE: libc::c_ulong = 0xC004_5877;
const FITHAW: libc::c_ulong = 0xC004_5878;
const FSCONFIG_SET_STRING: u32 = 1;
const FSCONFIG_CMD_CREATE: u32 = 6;
/// Where on a device which bytes say which file system it is.
const MAGICS: [(u64, &[u8], &str); 3] =
    [(1080, &[0x53, 0xEF], "ext4"), (0, b"XFSB", "xfs"), (65_600, b"_BHRfS_M", "btrfs")];

/// A file system that stands still until this is dropped.
pub struct Still {
    root: File,
}

impl Still {
    /// Stops the file system that is mounted from this block file; none when none is.
    pub fn hold(block: &Path) -> io::Result<Option<Still>> {
        let Some(root) = mounted(block)? else { return Ok(None) };
        // SAFETY: an open directory, no pointer that is used.
        match unsafe { libc::ioctl(root.as_raw_fd(), FIFREEZE as _, 0) } {
            0 => Ok(Some(Still { root })),
            // It stands still already, and not for us to end.
            _ if Error::last_os_error().raw_os_error() == Some(libc::EBUSY) => Ok(None),
            _ => Err(Error::last_os_error()),
        }
    }

    /// Stops it until [`Still::release`], also beyond the end of this process. False: none is
    /// mounted.
    pub fn keep(block: &Path) -> io::Result<bool> {
        let Some(root) = mounted(block)? else { return Ok(false) };
        // SAFETY: as above.
        match unsafe { libc::ioctl(root.as_raw_fd(), FIFREEZE as _, 0) } {
            0 => Ok(true),
            _ if Error::last_os_error().raw_os_error() == Some(libc::EBUSY) => Ok(true),
            _ => Err(Error::last_os_error()),
        }
    }

    /// Lets go of what a process that was killed meanwhile held still.
    pub fn release(block: &Path) {
        if let Ok(Some(root)) = mounted(block) {
            thaw(&root);
        }
    }
}

impl Drop for Still {
    fn drop(&mut self) {
        thaw(&self.root);
    }
}

fn thaw(root: &File) {
    // SAFETY: as above. It fails when nothing stands still.
    unsafe { libc::ioctl(root.as_raw_fd(), FITHAW as _, 0) };
}

/// The root directory of the file system that is mounted from a block file.
fn mounted(block: &Path) -> io::Result<Option<File>> {
    let Some(device) = device_of(block) else { return Ok(None) };
    let exclusive = OpenOptions::new().read(true).custom_flags(libc::O_EXCL).open(&device);
    if !exclusive.is_err_and(|error| error.raw_os_error() == Some(libc::EBUSY)) {
        return Ok(None);
    }
    let file = File::open(&device)?;
    for (at, magic, kind) in MAGICS {
        let mut found = vec![0; magic.len()];
        if file.read_exact_at(&mut found, at).is_ok() && found == magic {
            return match second_mount(kind, &device) {
                // Mounted read-only: it stands still.
                Err(error) if error.raw_os_error() == Some(libc::EBUSY) => Ok(None),
                other => other.map(Some),
            };
        }
    }
    Err(Error::other("mounted, with a file system that cannot be held still"))
}

/// The loop device that shows a file.
fn device_of(block: &Path) -> Option<PathBuf> {
    // A host that shows no block devices has none that is ours.
    for entry in fs::read_dir("/sys/block").into_iter().flatten().flatten() {
        let backing = fs::read_to_string(entry.path().join("loop/backing_file"));
        if backing.is_ok_and(|path| Path::new(path.trim_end()) == block) {
            return Some(Path::new("/dev").join(entry.file_name()));
        }
    }
    None
}

/// One more mount of a file system that is mounted already, in no place.
fn second_mount(kind: &str, device: &Path) -> io::Result<File> {
    let kind = CString::new(kind)?;
    let device = CString::new(device.as_os_str().as_encoded_bytes())?;
    // SAFETY: valid strings; the descriptors are ours alone.
    unsafe {
        let context = fd(libc::syscall(libc::SYS_fsopen, kind.as_ptr(), 1))?;
        let at = context.as_raw_fd();
        let (key, none) = (c"source".as_ptr(), std::ptr::null::<libc::c_char>());
        let source = device.as_ptr();
        done(libc::syscall(libc::SYS_fsconfig, at, FSCONFIG_SET_STRING, key, source, 0))?;
        done(libc::syscall(libc::SYS_fsconfig, at, FSCONFIG_CMD_CREATE, none, none, 0))?;
        let mount = fd(libc::syscall(libc::SYS_fsmount, at, 1, 0))?;
        let flags = libc::O_RDONLY | libc::O_DIRECTORY | libc::O_CLOEXEC;
        let root = libc::openat(mount.as_raw_fd(), c".".as_ptr(), flags);
        Ok(File::from(fd(root.into())?))
    }
}

fn done(result: libc::c_long) -> io::Result<()> {
    if result < 0 { Err(Error::last_os_error()) } else { Ok(()) }
}

fn fd(result: libc::c_long) -> io::Result<OwnedFd> {
    done(result)?;
    // SAFETY: the kernel has just given this descriptor to us alone.
    Ok(unsafe { OwnedFd::from_raw_fd(result as i32) })
}
