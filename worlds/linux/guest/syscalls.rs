//! The deny-list of system calls, as a classic BPF program for seccomp. Second line of defence
//! behind the capabilities; what it refuses, no customer's program needs.

use std::io::{self, Error};
use std::os::fd::{FromRawFd, OwnedFd};

#[cfg(target_arch = "x86_64")]
const ARCH: u32 = 0xC000_003E;
#[cfg(target_arch = "aarch64")]
const ARCH: u32 = 0xC000_00B7;

/// New namespaces: with a user namespace a program would have all capabilities again.
const NEW_NAMESPACES: u32 = (libc::CLONE_NEWUSER
    | libc::CLONE_NEWNS
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWCGROUP) as u32;
/// ioctls of loop devices (0x4C00 to 0x4CFF), with which a machine could repoint its own volume.
const LOOP_FIRST: u32 = 0x4C00;
const LOOP_LAST: u32 = 0x4CFF;
/// Push input into a terminal, also into one that is not the machine's.
const TIOCSTI: u32 = 0x5412;
const TIOCLINUX: u32 = 0x541C;

/// Refused with EPERM.
const DENIED: &[libc::c_long] = &[
    libc::SYS_acct,
    libc::SYS_add_key,
    libc::SYS_bpf,
    libc::SYS_clock_adjtime,
    libc::SYS_clock_settime,
    libc::SYS_delete_module,
    libc::SYS_fanotify_init,
    libc::SYS_finit_module,
    libc::SYS_init_module,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_kexec_file_load,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_lookup_dcookie,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_move_pages,
    libc::SYS_nfsservctl,
    libc::SYS_open_by_handle_at,
    libc::SYS_open_tree,
    libc::SYS_perf_event_open,
    libc::SYS_pivot_root,
    libc::SYS_quotactl,
    libc::SYS_request_key,
    libc::SYS_setns,
    libc::SYS_settimeofday,
    libc::SYS_swapoff,
    libc::SYS_swapon,
    libc::SYS_syslog,
    libc::SYS_unshare,
    libc::SYS_userfaultfd,
    libc::SYS_vhangup,
];

/// Asked about outside, see `broker`; refused with EPERM where nobody can be asked.
const ASKED: &[libc::c_long] = &[libc::SYS_mount, libc::SYS_umount2];

/// Refused as unknown, so that libraries fall back to what can be judged here.
const UNKNOWN: &[libc::c_long] =
    &[libc::SYS_clone3, libc::SYS_fsopen, libc::SYS_fsconfig, libc::SYS_fsmount, libc::SYS_fspick];

const ALLOW: u32 = 0x7fff_0000;
const ERRNO: u32 = 0x0005_0000;
const NOTIFY: u32 = 0x7fc0_0000;
/// Offsets in struct seccomp_data; both architectures are little-endian.
const AT_NUMBER: u32 = 0;
const AT_ARCH: u32 = 4;
const AT_FIRST: u32 = 16;
const AT_SECOND: u32 = 24;

fn load(at: u32) -> libc::sock_filter {
    libc::sock_filter { code: 0x20, jt: 0, jf: 0, k: at }
}

fn give(verdict: u32) -> libc::sock_filter {
    libc::sock_filter { code: 0x06, jt: 0, jf: 0, k: verdict }
}

/// `code`: 0x15 equal, 0x35 greater or equal, 0x25 greater, 0x45 any bit.
fn test(code: u16, k: u32, jt: u8, jf: u8) -> libc::sock_filter {
    libc::sock_filter { code, jt, jf, k }
}

fn program(ask: bool) -> Vec<libc::sock_filter> {
    let refuse = |error: i32| give(ERRNO | error as u32);
    let mut code = vec![
        load(AT_ARCH),
        test(0x15, ARCH, 1, 0),
        refuse(libc::ENOSYS),
        load(AT_NUMBER),
        // x32 calls have this bit.
        test(0x35, 0x4000_0000, 0, 1),
        refuse(libc::ENOSYS),
    ];
    for number in DENIED {
        code.extend([test(0x15, *number as u32, 0, 1), refuse(libc::EPERM)]);
    }
    for number in ASKED {
        let verdict = if ask { give(NOTIFY) } else { refuse(libc::EPERM) };
        code.extend([test(0x15, *number as u32, 0, 1), verdict]);
    }
    for number in UNKNOWN {
        code.extend([test(0x15, *number as u32, 0, 1), refuse(libc::ENOSYS)]);
    }
    code.extend([
        test(0x15, libc::SYS_clone as u32, 0, 4),
        load(AT_FIRST),
        test(0x45, NEW_NAMESPACES, 0, 1),
        refuse(libc::EPERM),
        give(ALLOW),
        test(0x15, libc::SYS_ioctl as u32, 0, 6),
        load(AT_SECOND),
        test(0x15, TIOCSTI, 3, 0),
        test(0x15, TIOCLINUX, 2, 0),
        test(0x35, LOOP_FIRST, 0, 2),
        test(0x25, LOOP_LAST, 1, 0),
        refuse(libc::EPERM),
        give(ALLOW),
    ]);
    code
}

/// Puts the filter on this process and all that it will start. Needs CAP_SYS_ADMIN, because
/// set-user-id programs shall go on working. With `ask` it returns where mounts are asked about.
pub fn install(ask: bool) -> io::Result<Option<OwnedFd>> {
    let mut code = program(ask);
    let program = libc::sock_fprog { len: code.len() as u16, filter: code.as_mut_ptr() };
    let mode = libc::SECCOMP_SET_MODE_FILTER;
    let flags = if ask { libc::SECCOMP_FILTER_FLAG_NEW_LISTENER } else { 0 };
    // SAFETY: a whole struct sock_fprog, whose program lives through the call.
    match unsafe { libc::syscall(libc::SYS_seccomp, mode, flags, &raw const program) } {
        -1 => Err(Error::last_os_error()),
        // SAFETY: the kernel has just given the descriptor to us alone.
        fd if ask => Ok(Some(unsafe { OwnedFd::from_raw_fd(fd as i32) })),
        _ => Ok(None),
    }
}
