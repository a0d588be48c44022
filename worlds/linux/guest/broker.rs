//! `mount /dev/xvdf /data`, typed inside a machine that may not mount: the kernel holds the call
//! and asks here; a disk that was plugged into this machine is mounted for it, all else refused.
//! The kernel then reads a file system that the machine wrote: root mode only, where disks are.

use crate::kernel::{self, Cloned, NODEV, NOEXEC, NOSUID, RDONLY};
use std::fs::{self, File};
use std::io::{self, Error};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

/// linux/seccomp.h
const RECEIVE: libc::c_ulong = 0xC050_2100;
const SEND: libc::c_ulong = 0xC018_2101;
const VALID: libc::c_ulong = 0x4008_2102;
/// File systems that may be mounted.
const KINDS: [&str; 5] = ["ext4", "ext3", "ext2", "xfs", "btrfs"];
/// Options of theirs that concern only what is on the disk.
const OPTIONS: [&str; 22] = [
    "acl",
    "barrier",
    "commit",
    "compress",
    "data",
    "discard",
    "inode64",
    "lazytime",
    "noacl",
    "nobarrier",
    "nodiscard",
    "noload",
    "norecovery",
    "nouuid",
    "noinit_itable",
    "init_itable",
    "space_cache",
    "ssd",
    "subvol",
    "subvolid",
    "user_xattr",
    "nouser_xattr",
];
/// A path, as the kernel limits it.
const TEXT_MAX: usize = 4096;
/// A mount may replay a journal; longer it does not take. Seconds.
const PATIENCE: u32 = 60;

/// struct seccomp_notif
#[repr(C)]
#[derive(Default)]
struct Asked {
    id: u64,
    pid: u32,
    flags: u32,
    number: i32,
    arch: u32,
    at: u64,
    arguments: [u64; 6],
}

/// struct seccomp_notif_resp
#[repr(C)]
struct Answer {
    id: u64,
    value: i64,
    error: i32,
    flags: u32,
}

/// A disk that is in the machine: its name there, and its device here.
struct Mountable {
    name: PathBuf,
    device: PathBuf,
}

/// What was plugged into a machine, read from its own list of mounts: `/loop3` of the host's
/// devices on `/dev/sdf`. Nobody inside can put such a mount there.
fn plugged(first: i32) -> Vec<Mountable> {
    let mounts = fs::read_to_string(format!("/proc/{first}/mountinfo")).unwrap_or_default();
    let found = |line: &str| {
        let (left, right) = line.split_once(" - ")?;
        let mut fields = left.split(' ').skip(3);
        let (root, name) = (fields.next()?, fields.next()?);
        let number = root.strip_prefix("/loop")?;
        let ours = number.bytes().all(|byte| byte.is_ascii_digit())
            && name.starts_with("/dev/")
            && right.starts_with("devtmpfs ");
        ours.then(|| Mountable { name: name.into(), device: format!("/dev/loop{number}").into() })
    };
    mounts.lines().filter_map(found).collect()
}

/// Answers one call that waits at `listener`, in a child of its own; its process id. The machine
/// is given by its first process.
pub fn attend(listener: &OwnedFd, machine: BorrowedFd, first: i32) -> io::Result<i32> {
    match kernel::clone(0)? {
        Cloned::Parent(pid, _) => Ok(pid),
        Cloned::Child => {
            // SAFETY: a number. Ends this child if it waits for ever.
            unsafe { libc::alarm(PATIENCE) };
            let _ = std::panic::catch_unwind(|| one(listener, machine, &plugged(first)));
            // SAFETY: ends the child.
            unsafe { libc::_exit(0) }
        }
    }
}

fn one(listener: &OwnedFd, machine: BorrowedFd, disks: &[Mountable]) {
    let mut asked = Asked::default();
    // SAFETY: a whole struct seccomp_notif.
    if unsafe { libc::ioctl(listener.as_raw_fd(), RECEIVE as _, &raw mut asked) } != 0 {
        return;
    }
    let done = match libc::c_long::from(asked.number) {
        libc::SYS_mount => mount(listener, machine, disks, &asked),
        libc::SYS_umount2 => unmount(listener, machine, disks, &asked),
        _ => Err(Error::from_raw_os_error(libc::EPERM)),
    };
    let error = done.err().map_or(0, |error| -error.raw_os_error().unwrap_or(libc::EPERM));
    let answer = Answer { id: asked.id, value: 0, error, flags: 0 };
    // SAFETY: a whole struct seccomp_notif_resp.
    unsafe { libc::ioctl(listener.as_raw_fd(), SEND as _, &raw const answer) };
}

fn refused<T>() -> io::Result<T> {
    Err(Error::from_raw_os_error(libc::EPERM))
}

fn mount(
    listener: &OwnedFd,
    machine: BorrowedFd,
    disks: &[Mountable],
    asked: &Asked,
) -> io::Result<()> {
    let caller = Caller::new(listener, asked)?;
    let [source, target, kind, flags, options, _] = asked.arguments;
    let source = caller.text(source)?;
    let target = caller.text(target)?;
    let kind = caller.text(kind)?;
    let options = if options == 0 { Vec::new() } else { caller.text(options)? };
    caller.still_waits()?;
    let source = Path::new(std::ffi::OsStr::from_bytes(&source));
    let Some(disk) = disks.iter().find(|disk| disk.name == source) else {
        return refused();
    };
    let (Ok(kind), Ok(options)) = (str::from_utf8(&kind), str::from_utf8(&options)) else {
        return refused();
    };
    let attributes = attributes(flags)?;
    if !KINDS.contains(&kind) {
        return Err(Error::from_raw_os_error(libc::ENODEV));
    }
    let device = disk.device.display().to_string();
    let mut settings = vec![("source", Some(device.as_str()))];
    if attributes & RDONLY != 0 {
        settings.push(("ro", None));
    }
    for option in options.split(',').filter(|option| !option.is_empty()) {
        let (key, value) = match option.split_once('=') {
            Some((key, value)) => (key, Some(value)),
            None => (option, None),
        };
        // Others name further devices of the host (`journal_path`, `logdev`), or are unknown.
        if !OPTIONS.contains(&key) {
            return Err(Error::from_raw_os_error(libc::EINVAL));
        }
        settings.push((key, value));
    }
    if kind.starts_with("ext") {
        // A machine may have written `panic` into its file system: that would be the host's.
        settings.push(("errors", Some("remount-ro")));
    }
    let made = kernel::file_system(kind, &settings, attributes | NODEV);
    let made = made.map_err(|error| match error.raw_os_error() {
        Some(_) => error,
        None => Error::from_raw_os_error(libc::EINVAL),
    })?;
    caller.go_to(machine)?;
    kernel::move_mount_following(made.as_fd(), &path_of(&target)?)
}

/// mount(2)'s flags as attributes; only those that do not change what is mounted.
fn attributes(flags: u64) -> io::Result<u64> {
    let flags = if flags & 0xffff_0000 == 0xC0ED_0000 { flags & 0xffff } else { flags };
    let known = [
        (libc::MS_RDONLY, RDONLY),
        (libc::MS_NOSUID, NOSUID),
        (libc::MS_NODEV, NODEV),
        (libc::MS_NOEXEC, NOEXEC),
        (libc::MS_NOATIME, kernel::NOATIME),
        (libc::MS_NODIRATIME, kernel::NODIRATIME),
        (libc::MS_RELATIME, 0),
        (libc::MS_SILENT, 0),
    ];
    let mut left = flags;
    let mut attributes = 0;
    for (flag, attribute) in known {
        if left & flag != 0 {
            left &= !flag;
            attributes |= attribute;
        }
    }
    if left == 0 { Ok(attributes) } else { refused() }
}

fn unmount(
    listener: &OwnedFd,
    machine: BorrowedFd,
    disks: &[Mountable],
    asked: &Asked,
) -> io::Result<()> {
    let caller = Caller::new(listener, asked)?;
    let target = path_of(&caller.text(asked.arguments[0])?)?;
    caller.still_waits()?;
    let devices: Vec<u64> = disks
        .iter()
        .filter_map(|disk| fs::metadata(&disk.device).ok().map(|meta| meta.rdev()))
        .collect();
    caller.go_to(machine)?;
    // Only what was mounted here: its files are on one of the machine's disks.
    if !devices.contains(&fs::metadata(&target)?.dev()) {
        return refused();
    }
    let allowed = libc::MNT_DETACH | libc::MNT_FORCE | libc::UMOUNT_NOFOLLOW | libc::MNT_EXPIRE;
    let flags = asked.arguments[1] as libc::c_int & allowed;
    let target = kernel::path(&target)?;
    // SAFETY: a valid path.
    kernel::done(unsafe { libc::umount2(target.as_ptr(), flags) }.into())
}

fn path_of(bytes: &[u8]) -> io::Result<PathBuf> {
    match bytes {
        [] => Err(Error::from_raw_os_error(libc::ENOENT)),
        bytes => Ok(PathBuf::from(std::ffi::OsStr::from_bytes(bytes))),
    }
}

/// The process whose call waits.
struct Caller<'a> {
    listener: &'a OwnedFd,
    id: u64,
    memory: File,
    directory: File,
}

impl<'a> Caller<'a> {
    /// Only its root may mount.
    fn new(listener: &'a OwnedFd, asked: &Asked) -> io::Result<Caller<'a>> {
        let proc = PathBuf::from(format!("/proc/{}", asked.pid));
        let status = fs::read_to_string(proc.join("status"))?;
        let mut uids = status.lines().filter_map(|line| line.strip_prefix("Uid:"));
        let effective = uids.next().and_then(|line| line.split_whitespace().nth(1));
        if effective != Some(own_root().as_str()) {
            return refused();
        }
        let memory = File::open(proc.join("mem"))?;
        let directory = File::open(proc.join("cwd"))?;
        let caller = Caller { listener, id: asked.id, memory, directory };
        // The number may have been given to another process before the files were opened.
        caller.still_waits()?;
        Ok(caller)
    }

    fn still_waits(&self) -> io::Result<()> {
        // SAFETY: the id is valid for the call.
        kernel::done(
            unsafe { libc::ioctl(self.listener.as_raw_fd(), VALID as _, &raw const self.id) }
                .into(),
        )
    }

    /// A string in its memory.
    fn text(&self, at: u64) -> io::Result<Vec<u8>> {
        let fault = || Error::from_raw_os_error(libc::EFAULT);
        let mut text = Vec::new();
        let mut at = at;
        while text.len() < TEXT_MAX {
            // No further than a page, the next one may not be there.
            let room = 4096 - (at as usize % 4096);
            let mut part = vec![0; room];
            let n = self.memory.read_at(&mut part, at).map_err(|_| fault())?;
            if n == 0 {
                return Err(fault());
            }
            if let Some(end) = part[..n].iter().position(|byte| *byte == 0) {
                text.extend(&part[..end]);
                return Ok(text);
            }
            text.extend(&part[..n]);
            at += n as u64;
        }
        Err(Error::from_raw_os_error(libc::ENAMETOOLONG))
    }

    /// Where its paths mean what it meant.
    fn go_to(&self, machine: BorrowedFd) -> io::Result<()> {
        kernel::set_namespace(machine, libc::CLONE_NEWNS)?;
        // SAFETY: an open descriptor.
        kernel::done(unsafe { libc::fchdir(self.directory.as_raw_fd()) }.into())
    }
}

/// The machine's root as this process sees it: without a range of ids they are the same.
fn own_root() -> String {
    // SAFETY: no arguments.
    unsafe { libc::geteuid() }.to_string()
}
