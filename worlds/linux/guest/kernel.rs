//! The system calls that the standard library does not offer, each behind a safe signature.
//! No policy.

use std::ffi::CString;
use std::io::{self, Error};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// linux/mount.h
pub const OPEN_TREE_CLONE: u32 = 1;
const OPEN_TREE_CLOEXEC: u32 = libc::O_CLOEXEC as u32;
const MOVE_MOUNT_F_EMPTY_PATH: u32 = 4;
const MOVE_MOUNT_T_SYMLINKS: u32 = 0x10;
const FSCONFIG_SET_FLAG: u32 = 0;
const FSCONFIG_SET_STRING: u32 = 1;
const FSCONFIG_CMD_CREATE: u32 = 6;
/// Mount attributes.
pub const RDONLY: u64 = 1;
pub const NOSUID: u64 = 2;
pub const NODEV: u64 = 4;
pub const NOEXEC: u64 = 8;
pub const NOATIME: u64 = 0x10;
pub const NODIRATIME: u64 = 0x80;

/// struct mount_attr
#[repr(C)]
struct MountAttr {
    set: u64,
    clear: u64,
    propagation: u64,
    userns: u64,
}

/// struct clone_args, its first edition.
#[repr(C)]
struct CloneArgs {
    flags: u64,
    pidfd: u64,
    child_tid: u64,
    parent_tid: u64,
    exit_signal: u64,
    stack: u64,
    stack_size: u64,
    tls: u64,
}

/// Which side of a clone this is.
pub enum Cloned {
    /// The new process.
    Child,
    /// The old one; the new one's id as seen here, and a descriptor of it.
    Parent(i32, OwnedFd),
}

pub fn path(path: &Path) -> io::Result<CString> {
    CString::new(path.as_os_str().as_bytes()).map_err(|_| Error::other("a NUL byte in a path"))
}

fn text(text: &str) -> io::Result<CString> {
    CString::new(text).map_err(|_| Error::other("a NUL byte"))
}

fn fd(result: libc::c_long) -> io::Result<OwnedFd> {
    if result < 0 {
        return Err(Error::last_os_error());
    }
    // SAFETY: the kernel has just given this descriptor to us alone.
    Ok(unsafe { OwnedFd::from_raw_fd(result as RawFd) })
}

/// Nothing on success, the error of the last call else.
pub fn done(result: libc::c_long) -> io::Result<()> {
    if result < 0 { Err(Error::last_os_error()) } else { Ok(()) }
}

/// Clones this process; the caller must have one thread, because the child may allocate.
pub fn clone(flags: libc::c_int) -> io::Result<Cloned> {
    let mut pidfd: RawFd = -1;
    let args = CloneArgs {
        flags: flags as u64 | libc::CLONE_PIDFD as u64,
        pidfd: (&raw mut pidfd) as u64,
        child_tid: 0,
        parent_tid: 0,
        exit_signal: libc::SIGCHLD as u64,
        stack: 0,
        stack_size: 0,
        tls: 0,
    };
    // SAFETY: no memory is shared with the child; `pidfd` is written in the parent only.
    let pid = unsafe { libc::syscall(libc::SYS_clone3, &raw const args, size_of::<CloneArgs>()) };
    match pid {
        0 => Ok(Cloned::Child),
        pid if pid > 0 => Ok(Cloned::Parent(pid as i32, fd(pidfd.into())?)),
        _ => Err(Error::last_os_error()),
    }
}

/// A mount or a copy of one, not yet anywhere.
pub fn open_tree(at: Option<BorrowedFd>, name: &Path, flags: u32) -> io::Result<OwnedFd> {
    let name = path(name)?;
    let at = at.map_or(libc::AT_FDCWD, |fd| fd.as_raw_fd());
    // SAFETY: a valid path.
    fd(unsafe { libc::syscall(libc::SYS_open_tree, at, name.as_ptr(), flags | OPEN_TREE_CLOEXEC) })
}

/// Puts a mount that is nowhere onto `to`, which is no link.
pub fn move_mount(mount: BorrowedFd, to: &Path) -> io::Result<()> {
    put_mount(mount, to, 0)
}

/// Puts a mount that is nowhere onto what `to` means, links followed.
pub fn move_mount_following(mount: BorrowedFd, to: &Path) -> io::Result<()> {
    put_mount(mount, to, MOVE_MOUNT_T_SYMLINKS)
}

fn put_mount(mount: BorrowedFd, to: &Path, flags: u32) -> io::Result<()> {
    let to = path(to)?;
    let empty = c"".as_ptr();
    // SAFETY: valid paths and an open descriptor.
    done(unsafe {
        let (from, flags) = (mount.as_raw_fd(), MOVE_MOUNT_F_EMPTY_PATH | flags);
        libc::syscall(libc::SYS_move_mount, from, empty, libc::AT_FDCWD, to.as_ptr(), flags)
    })
}

/// Makes a file system that is mounted nowhere. An option without a value is a flag.
pub fn file_system(
    kind: &str,
    options: &[(&str, Option<&str>)],
    attributes: u64,
) -> io::Result<OwnedFd> {
    const FSOPEN_CLOEXEC: u32 = 1;
    const FSMOUNT_CLOEXEC: u32 = 1;
    let name = text(kind)?;
    // SAFETY: a valid string.
    let context = fd(unsafe { libc::syscall(libc::SYS_fsopen, name.as_ptr(), FSOPEN_CLOEXEC) })?;
    let set = |command: u32, key: Option<&str>, value: Option<&str>| -> io::Result<()> {
        let key = key.map(text).transpose()?;
        let value = value.map(text).transpose()?;
        let key = key.as_ref().map_or(std::ptr::null(), |key| key.as_ptr());
        let value = value.as_ref().map_or(std::ptr::null(), |value| value.as_ptr());
        // SAFETY: valid strings or null where the command takes none.
        done(unsafe {
            libc::syscall(libc::SYS_fsconfig, context.as_raw_fd(), command, key, value, 0)
        })
    };
    let made = (|| {
        for (key, value) in options {
            let kind = if value.is_some() { FSCONFIG_SET_STRING } else { FSCONFIG_SET_FLAG };
            set(kind, Some(key), *value)?;
        }
        set(FSCONFIG_CMD_CREATE, None, None)
    })();
    made.map_err(|error| explain(&context, kind, error))?;
    // SAFETY: an open descriptor and numbers.
    fd(unsafe {
        libc::syscall(libc::SYS_fsmount, context.as_raw_fd(), FSMOUNT_CLOEXEC, attributes)
    })
}

/// The kernel keeps its reasons in the context, to be read.
fn explain(context: &OwnedFd, kind: &str, error: Error) -> Error {
    let mut reason = [0u8; 512];
    // SAFETY: the buffer is as long as said.
    let n = unsafe { libc::read(context.as_raw_fd(), reason.as_mut_ptr().cast(), reason.len()) };
    let reason = String::from_utf8_lossy(&reason[..n.max(0) as usize]).trim().to_owned();
    Error::new(error.kind(), format!("{kind}: {error} {reason}"))
}

/// Sets attributes of a mount that is nowhere yet.
pub fn set_attributes(mount: BorrowedFd, set: u64, recursive: bool) -> io::Result<()> {
    let attr = MountAttr { set, clear: 0, propagation: 0, userns: 0 };
    let flags = libc::AT_EMPTY_PATH | if recursive { libc::AT_RECURSIVE } else { 0 };
    // SAFETY: a whole struct mount_attr.
    done(unsafe {
        let (fd, size) = (mount.as_raw_fd(), size_of::<MountAttr>());
        libc::syscall(libc::SYS_mount_setattr, fd, c"".as_ptr(), flags, &raw const attr, size)
    })
}

/// No mount made here reaches another namespace, nor the other way round.
pub fn make_private() -> io::Result<()> {
    let flags = libc::MS_REC | libc::MS_PRIVATE;
    let none = std::ptr::null();
    // SAFETY: valid strings.
    done(unsafe { libc::mount(none, c"/".as_ptr(), none, flags, none.cast()) }.into())
}

/// The mount at `root` becomes `/`; the old one is let go of. The working directory becomes `/`.
pub fn pivot(root: &Path) -> io::Result<()> {
    std::env::set_current_dir(root)?;
    // SAFETY: valid strings.
    unsafe {
        done(libc::syscall(libc::SYS_pivot_root, c".".as_ptr(), c".".as_ptr()))?;
        done(libc::umount2(c".".as_ptr(), libc::MNT_DETACH).into())?;
    }
    std::env::set_current_dir("/")
}

pub fn set_namespace(namespace: BorrowedFd, kinds: libc::c_int) -> io::Result<()> {
    // SAFETY: an open descriptor and a number.
    done(unsafe { libc::setns(namespace.as_raw_fd(), kinds) }.into())
}

pub fn unshare(kinds: libc::c_int) -> io::Result<()> {
    // SAFETY: a number.
    done(unsafe { libc::unshare(kinds) }.into())
}

pub fn pidfd(pid: i32) -> io::Result<OwnedFd> {
    // SAFETY: numbers.
    fd(unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) })
}

/// Signals exactly the process behind the descriptor, whatever has become of its number.
pub fn signal(process: BorrowedFd, signal: libc::c_int) -> io::Result<()> {
    let none: *const libc::siginfo_t = std::ptr::null();
    // SAFETY: an open descriptor; no siginfo.
    done(unsafe {
        libc::syscall(libc::SYS_pidfd_send_signal, process.as_raw_fd(), signal, none, 0)
    })
}

/// Waits until it can be written to.
pub fn wait_writable(fd: BorrowedFd) {
    let mut entry = libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLOUT, revents: 0 };
    // SAFETY: one entry.
    unsafe { libc::poll(&mut entry, 1, -1) };
}

/// Waits until there is something to read, or a process has ended.
pub fn wait_readable(fd: BorrowedFd, millis: i32) {
    let mut entry = libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    // SAFETY: one entry.
    unsafe { libc::poll(&mut entry, 1, millis) };
}

pub fn prctl(option: libc::c_int, value: libc::c_ulong) -> io::Result<()> {
    // SAFETY: options used here take numbers only.
    done(unsafe { libc::prctl(option, value, 0, 0, 0) }.into())
}

/// Closes every descriptor but the first three and those named.
pub fn close_others(kept: &[i32]) {
    let mut kept = kept.to_vec();
    kept.sort_unstable();
    let mut from = 3;
    for fd in kept {
        if fd > from {
            // SAFETY: the child uses none of them again.
            unsafe { libc::syscall(libc::SYS_close_range, from, fd - 1, 0) };
        }
        from = fd + 1;
    }
    // SAFETY: as above.
    unsafe { libc::syscall(libc::SYS_close_range, from, u32::MAX, 0) };
}

/// The host's processors on which a process may run; 0 is the caller.
pub fn processors_of(pid: i32) -> Vec<usize> {
    // SAFETY: cpu_set_t is plain data, filled by the kernel.
    unsafe {
        let mut set = std::mem::zeroed::<libc::cpu_set_t>();
        libc::sched_getaffinity(pid, size_of::<libc::cpu_set_t>(), &mut set);
        (0..libc::CPU_SETSIZE as usize).filter(|cpu| libc::CPU_ISSET(*cpu, &set)).collect()
    }
}

/// The caller, and what it will start, runs on these processors from now on.
pub fn run_on(processors: &[usize]) {
    // SAFETY: cpu_set_t is plain data.
    unsafe {
        let mut set = std::mem::zeroed::<libc::cpu_set_t>();
        for cpu in processors {
            libc::CPU_SET(*cpu, &mut set);
        }
        libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &set);
    }
}

/// Descriptors from this one on are closed when another program is executed.
pub fn close_on_exec(first: u32) -> io::Result<()> {
    const CLOSE_RANGE_CLOEXEC: u32 = 4;
    // SAFETY: numbers.
    done(unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, CLOSE_RANGE_CLOEXEC) })
}

/// Goes on as the same program, seen through a read-only mount: a machine that finds a way to this
/// process' program file (`/proc/PID/exe`) cannot write to it. Returns the second time.
pub fn run_read_only() -> io::Result<()> {
    const MARK: &str = "MAQUETTE_READ_ONLY";
    if std::env::var_os(MARK).is_some() {
        // SAFETY: one thread.
        unsafe { std::env::remove_var(MARK) };
        return Ok(());
    }
    let mount = read_only_program().or_else(|_| copied_program())?;
    let words = |words: Vec<std::ffi::OsString>| -> io::Result<Vec<CString>> {
        words.into_iter().map(|word| path(Path::new(&word))).collect()
    };
    let arguments = words(std::env::args_os().collect())?;
    let mut environment: Vec<std::ffi::OsString> = vec![format!("{MARK}=1").into()];
    for (name, value) in std::env::vars_os() {
        let mut word = name;
        word.push("=");
        word.push(value);
        environment.push(word);
    }
    let environment = words(environment)?;
    let pointers = |words: &[CString]| -> Vec<*const libc::c_char> {
        words.iter().map(|word| word.as_ptr()).chain([std::ptr::null()]).collect()
    };
    let (arguments, environment) = (pointers(&arguments), pointers(&environment));
    // SAFETY: arrays of valid strings that end with null.
    done(unsafe {
        let (fd, flags) = (mount.as_raw_fd(), libc::AT_EMPTY_PATH);
        let (arguments, environment) = (arguments.as_ptr(), environment.as_ptr());
        libc::syscall(libc::SYS_execveat, fd, c"".as_ptr(), arguments, environment, flags)
    })
}

fn read_only_program() -> io::Result<OwnedFd> {
    use std::os::unix::fs::MetadataExt;
    let path = std::fs::read_link("/proc/self/exe")?;
    let same =
        |a: std::fs::Metadata, b: std::fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
    if !same(std::fs::metadata(&path)?, std::fs::metadata("/proc/self/exe")?) {
        return Err(Error::other("the program file was replaced"));
    }
    let mount = open_tree(None, &path, OPEN_TREE_CLONE)?;
    set_attributes(mount.as_fd(), RDONLY, false)?;
    Ok(mount)
}

/// The program in memory, sealed; for one whose file is gone since it was started.
fn copied_program() -> io::Result<OwnedFd> {
    let flags = libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING;
    // SAFETY: a valid string; the descriptor is ours.
    let copy = fd(unsafe { libc::memfd_create(c"maquette".as_ptr(), flags) }.into())?;
    let mut program = std::fs::File::open("/proc/self/exe")?;
    io::copy(&mut program, &mut std::fs::File::from(copy.try_clone()?))?;
    let seals = libc::F_SEAL_WRITE | libc::F_SEAL_SHRINK | libc::F_SEAL_GROW | libc::F_SEAL_SEAL;
    // SAFETY: numbers.
    done(unsafe { libc::fcntl(copy.as_raw_fd(), libc::F_ADD_SEALS, seals) }.into())?;
    Ok(copy)
}

pub fn make_fifo(at: &Path, mode: u32) -> io::Result<()> {
    let at = path(at)?;
    // SAFETY: a valid path.
    done(unsafe { libc::mkfifo(at.as_ptr(), mode) }.into())
}

/// Both ends of a pipe, the reading one first, closed on exec.
pub fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let mut ends = [-1; 2];
    // SAFETY: room for two descriptors.
    done(unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) }.into())?;
    Ok((fd(ends[0].into())?, fd(ends[1].into())?))
}

/// Reads and writes on it never wait.
pub fn never_wait(file: impl AsFd) -> io::Result<()> {
    let file = file.as_fd().as_raw_fd();
    // SAFETY: an open descriptor and numbers.
    unsafe {
        let flags = libc::fcntl(file, libc::F_GETFL);
        done(libc::fcntl(file, libc::F_SETFL, flags | libc::O_NONBLOCK).into())
    }
}

/// When a process started, in clock ticks since the host's boot: with its id, its identity.
pub fn start_time(pid: i32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything; field 22 counts from behind it.
    stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()
}

/// The processor time of a process and of its children that were waited for, in clock ticks.
pub fn ticks(pid: &str) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields = stat.rsplit_once(')')?.1.split_whitespace();
    // Fields 14 to 17: user and system, its own and its children's.
    Some(fields.skip(11).take(4).filter_map(|field| field.parse::<u64>().ok()).sum())
}

/// Blocks these signals and gives a descriptor that reports them.
pub fn signal_descriptor(signals: &[libc::c_int]) -> io::Result<OwnedFd> {
    // SAFETY: `set` is initialised by sigemptyset before it is read.
    unsafe {
        let mut set = std::mem::zeroed::<libc::sigset_t>();
        libc::sigemptyset(&mut set);
        for signal in signals {
            libc::sigaddset(&mut set, *signal);
        }
        libc::sigprocmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
        fd(libc::signalfd(-1, &set, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK).into())
    }
}

/// The signal numbers that wait on a descriptor made by [`signal_descriptor`].
pub fn signals(descriptor: &OwnedFd) -> Vec<libc::c_int> {
    let mut found = Vec::new();
    loop {
        // SAFETY: signalfd_siginfo is plain data and the buffer is as long as said.
        let mut info = unsafe { std::mem::zeroed::<libc::signalfd_siginfo>() };
        let size = size_of::<libc::signalfd_siginfo>();
        // SAFETY: as above.
        let n = unsafe { libc::read(descriptor.as_raw_fd(), (&raw mut info).cast(), size) };
        if n != size as isize {
            return found;
        }
        found.push(info.ssi_signo as libc::c_int);
    }
}

/// How a child ended: its exit code, or the number of the signal that killed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It exited.
    Exit(i32),
    /// It was killed.
    Signal(i32),
}

/// The next child that has ended, if any; whether there are children at all.
pub fn reap() -> (Option<(i32, End)>, bool) {
    let mut status = 0;
    // SAFETY: `status` is valid for the call.
    let pid = unsafe { libc::waitpid(-1, &mut status, libc::WNOHANG) };
    match pid {
        0 => (None, true),
        pid if pid > 0 => (Some((pid, end_of(status))), true),
        _ => (None, false),
    }
}

pub fn end_of(status: libc::c_int) -> End {
    if libc::WIFSIGNALED(status) {
        End::Signal(libc::WTERMSIG(status))
    } else {
        End::Exit(libc::WEXITSTATUS(status))
    }
}

/// Sends bytes and descriptors over a Unix stream.
pub fn send(socket: BorrowedFd, bytes: &[u8], fds: &[BorrowedFd]) -> io::Result<()> {
    let raw: Vec<RawFd> = fds.iter().map(|fd| fd.as_raw_fd()).collect();
    let mut room = [0u64; 8];
    let mut part = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    // SAFETY: `room` is aligned and larger than a header and four descriptors; everything that the
    // message points to lives through the call.
    unsafe {
        let mut message = std::mem::zeroed::<libc::msghdr>();
        message.msg_iov = &mut part;
        message.msg_iovlen = 1;
        if !raw.is_empty() {
            let length = size_of_val(raw.as_slice());
            message.msg_control = room.as_mut_ptr().cast();
            message.msg_controllen = libc::CMSG_SPACE(length as u32) as _;
            let header = libc::CMSG_FIRSTHDR(&message);
            (*header).cmsg_level = libc::SOL_SOCKET;
            (*header).cmsg_type = libc::SCM_RIGHTS;
            (*header).cmsg_len = libc::CMSG_LEN(length as u32) as _;
            std::ptr::copy_nonoverlapping(raw.as_ptr().cast(), libc::CMSG_DATA(header), length);
        }
        done(libc::sendmsg(socket.as_raw_fd(), &message, libc::MSG_NOSIGNAL) as libc::c_long)
    }
}

/// What [`send`] sent in one go: at most 64 KiB and four descriptors.
pub fn receive(socket: BorrowedFd) -> io::Result<(Vec<u8>, Vec<OwnedFd>)> {
    let mut bytes = vec![0u8; 64 * 1024];
    let mut room = [0u64; 8];
    let mut part = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
    let mut fds = Vec::new();
    // SAFETY: as in `send`; the kernel gives the descriptors to us alone.
    unsafe {
        let mut message = std::mem::zeroed::<libc::msghdr>();
        message.msg_iov = &mut part;
        message.msg_iovlen = 1;
        message.msg_control = room.as_mut_ptr().cast();
        message.msg_controllen = size_of_val(&room) as _;
        let n = libc::recvmsg(socket.as_raw_fd(), &mut message, libc::MSG_CMSG_CLOEXEC);
        done(n as libc::c_long)?;
        bytes.truncate(n as usize);
        let header = libc::CMSG_FIRSTHDR(&message);
        if !header.is_null() && (*header).cmsg_type == libc::SCM_RIGHTS {
            let length = (*header).cmsg_len as usize - libc::CMSG_LEN(0) as usize;
            for index in 0..length / size_of::<RawFd>() {
                let at = libc::CMSG_DATA(header).cast::<RawFd>().add(index);
                fds.push(OwnedFd::from_raw_fd(at.read_unaligned()));
            }
        }
    }
    Ok((bytes, fds))
}
