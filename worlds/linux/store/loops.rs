//! Loop devices: a file shown as a block device. One frees itself when its last user is gone.

use crate::During;
use std::fs::{File, OpenOptions};
use std::io::{self, Error};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// linux/loop.h.
const LOOP_CTL_GET_FREE: libc::c_ulong = 0x4C82;
const LOOP_CONFIGURE: libc::c_ulong = 0x4C0A;
const LOOP_SET_CAPACITY: libc::c_ulong = 0x4C07;
const LO_FLAGS_AUTOCLEAR: u32 = 4;
/// Another process may take the free number first.
const TRIES: usize = 64;

/// struct loop_info64.
#[repr(C)]
struct Info {
    device: u64,
    inode: u64,
    rdevice: u64,
    offset: u64,
    sizelimit: u64,
    number: u32,
    encrypt_type: u32,
    encrypt_key_size: u32,
    flags: u32,
    file_name: [u8; 64],
    crypt_name: [u8; 64],
    encrypt_key: [u8; 32],
    init: [u64; 2],
}

/// struct loop_config.
#[repr(C)]
struct Config {
    fd: u32,
    block_size: u32,
    info: Info,
    reserved: [u64; 8],
}

/// A loop device, held open. Dropped, it ends as soon as nobody else uses it.
#[derive(Debug)]
pub struct Loop {
    device: File,
    path: PathBuf,
}

impl Loop {
    /// Shows `file` as a block device. Needs root: refused with a clear reason without.
    pub fn attach(file: &Path) -> io::Result<Loop> {
        let backing =
            OpenOptions::new().read(true).write(true).open(file).during(file.display())?;
        let control = OpenOptions::new()
            .read(true)
            .write(true)
            .open("/dev/loop-control")
            .during("block devices need root and loop devices (/dev/loop-control)")?;
        let mut last = Error::other("no free loop device");
        for _ in 0..TRIES {
            // SAFETY: an open descriptor, no pointer.
            let number = unsafe { libc::ioctl(control.as_raw_fd(), LOOP_CTL_GET_FREE as _) };
            if number < 0 {
                return Err(Error::last_os_error()).during("asking for a free loop device");
            }
            let path = PathBuf::from(format!("/dev/loop{number}"));
            let device = match open_device(&path, number as u32) {
                Ok(device) => device,
                Err(error) => return Err(error).during(path.display()),
            };
            let config = config(&backing);
            // SAFETY: `config` is a whole struct loop_config.
            if unsafe { libc::ioctl(device.as_raw_fd(), LOOP_CONFIGURE as _, &raw const config) }
                == 0
            {
                return Ok(Loop { device, path });
            }
            last = Error::last_os_error();
            if last.raw_os_error() != Some(libc::EBUSY) {
                break;
            }
        }
        Err(last).during("setting up a loop device")
    }

    /// Its path on the host: `/dev/loop7`.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is mounted somewhere.
    pub fn busy(&self) -> bool {
        let exclusive = OpenOptions::new().read(true).custom_flags(libc::O_EXCL).open(&self.path);
        exclusive.is_err_and(|error| error.raw_os_error() == Some(libc::EBUSY))
    }

    /// Makes the device as long as its file has become.
    pub fn grow(&self) -> io::Result<()> {
        // SAFETY: an open descriptor, no pointer.
        match unsafe { libc::ioctl(self.device.as_raw_fd(), LOOP_SET_CAPACITY as _) } {
            0 => Ok(()),
            _ => Err(Error::last_os_error()).during("growing a loop device"),
        }
    }

    /// Puts what was written through the device on stable storage.
    pub fn sync(&self) -> io::Result<()> {
        self.device.sync_all()
    }
}

fn open_device(path: &Path, number: u32) -> io::Result<File> {
    let open = || OpenOptions::new().read(true).write(true).open(path);
    let file = match open() {
        // A host without devtmpfs events shows only the first eight.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let name = std::ffi::CString::new(path.as_os_str().as_encoded_bytes())?;
            let device = libc::makedev(7, number);
            // SAFETY: a valid path and numbers.
            if unsafe { libc::mknod(name.as_ptr(), libc::S_IFBLK | 0o600, device) } != 0 {
                return Err(Error::last_os_error());
            }
            open()?
        }
        other => other?,
    };
    let meta = file.metadata()?;
    if !meta.file_type().is_block_device() || libc::major(meta.rdev()) != 7 {
        return Err(Error::other("not a loop device"));
    }
    Ok(file)
}

fn config(backing: &File) -> Config {
    Config {
        fd: backing.as_raw_fd() as u32,
        block_size: 512,
        info: Info {
            device: 0,
            inode: 0,
            rdevice: 0,
            offset: 0,
            sizelimit: 0,
            number: 0,
            encrypt_type: 0,
            encrypt_key_size: 0,
            flags: LO_FLAGS_AUTOCLEAR,
            file_name: [0; 64],
            crypt_name: [0; 64],
            encrypt_key: [0; 32],
            init: [0; 2],
        },
        reserved: [0; 8],
    }
}
