//! What a machine's root may do: few capabilities, few system calls, bounded descriptors.

use crate::{kernel, syscalls};
use linux_store::During;
use std::io::{self, Error};
use std::os::fd::OwnedFd;

/// linux/capability.h: Docker's default set without MKNOD, with NET_ADMIN (its own network
/// namespace) and SYS_BOOT (in a pid namespace it ends only that).
const KEPT: &[u32] = &[
    0,  // CHOWN
    1,  // DAC_OVERRIDE
    3,  // FOWNER
    4,  // FSETID
    5,  // KILL
    6,  // SETGID
    7,  // SETUID
    8,  // SETPCAP
    10, // NET_BIND_SERVICE
    12, // NET_ADMIN
    13, // NET_RAW
    18, // SYS_CHROOT
    22, // SYS_BOOT
    29, // AUDIT_WRITE
    31, // SETFCAP
];
const CAPABILITIES_MAX: u32 = 63;
const VERSION_3: u32 = 0x2008_0522;
/// Open files of a process: what Amazon Linux gives its services.
const FILES: u64 = 65_536;

#[repr(C)]
struct Header {
    version: u32,
    pid: i32,
}

#[repr(C)]
#[derive(Default, Clone, Copy)]
struct Sets {
    effective: u32,
    permitted: u32,
    inheritable: u32,
}

/// Confines this process and all that it will start, for good. With `ask` it returns where calls
/// of mount(2) are asked about.
pub fn confine(ask: bool) -> io::Result<Option<OwnedFd>> {
    limit_files();
    for capability in 0..=CAPABILITIES_MAX {
        let kept = KEPT.contains(&capability);
        if !kept && kernel::prctl(libc::PR_CAPBSET_DROP, capability.into()).is_err() {
            let error = Error::last_os_error();
            if error.raw_os_error() == Some(libc::EINVAL) {
                break; // The kernel knows no higher one.
            }
            return Err(error).during("giving up a capability");
        }
    }
    let listener = syscalls::install(ask).during("filtering system calls")?;
    reduce().during("reducing capabilities")?;
    // Ambient capabilities would survive a change of user.
    // SAFETY: numbers only.
    let _ = unsafe { libc::prctl(libc::PR_CAP_AMBIENT, libc::PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) };
    Ok(listener)
}

fn reduce() -> io::Result<()> {
    let header = Header { version: VERSION_3, pid: 0 };
    let mut sets = [Sets::default(); 2];
    // SAFETY: two sets, as the version demands.
    kernel::done(unsafe { libc::syscall(libc::SYS_capget, &raw const header, sets.as_mut_ptr()) })?;
    let kept = KEPT.iter().fold(0u64, |set, capability| set | 1 << capability);
    for (index, set) in sets.iter_mut().enumerate() {
        set.permitted &= (kept >> (32 * index)) as u32;
        set.effective = set.permitted;
        set.inheritable = 0;
    }
    // SAFETY: as above.
    kernel::done(unsafe { libc::syscall(libc::SYS_capset, &raw const header, sets.as_ptr()) })
}

/// As many as asked for, or as the host allows.
fn limit_files() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: a whole struct rlimit.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) == 0 {
            limit.rlim_max = limit.rlim_max.min(FILES);
            limit.rlim_cur = limit.rlim_max;
            libc::setrlimit(libc::RLIMIT_NOFILE, &limit);
        }
    }
}
