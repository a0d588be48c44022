//! Raises the root of a machine in its own mount namespace: every mount is made nowhere first,
//! while the host can still be seen, and put in its place after the pivot.

use crate::kernel::{self, NODEV, NOEXEC, NOSUID, RDONLY};
use crate::{facts, message::MachineOrder};
use linux_store::{During, Layer};
use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, symlink};
use std::path::Path;

const NODES: &[&str] = &["null", "zero", "full", "random", "urandom", "tty", "net/tun", "fuse"];
/// Shown empty: they tell about the host, or change it.
const MASKED_FILES: &[&str] = &[
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/timer_list",
    "/proc/sched_debug",
    "/proc/sysrq-trigger",
    "/proc/kmsg",
    "/proc/kallsyms",
    "/proc/key-users",
    "/proc/modules",
    "/proc/config.gz",
    "/proc/mdstat",
    "/proc/diskstats",
    "/proc/partitions",
    "/proc/cmdline",
];
const MASKED_DIRECTORIES: &[&str] = &[
    "/proc/acpi",
    "/proc/asound",
    "/proc/scsi",
    "/proc/driver",
    "/sys/firmware",
    "/sys/kernel",
    "/sys/devices/virtual/powercap",
    "/sys/fs",
    "/sys/module",
    "/sys/block",
    "/sys/dev/block",
    "/sys/class/block",
    "/sys/hypervisor",
    "/sys/power",
];
const READ_ONLY: &[&str] = &["/proc/bus", "/proc/fs", "/proc/irq", "/proc/tty"];

/// A mount that waits for its place.
pub type Mount = OwnedFd;

/// Builds the root and goes there; returns what the host did not allow.
pub fn raise(order: &MachineOrder, run: &Path) -> io::Result<Vec<String>> {
    let mut short = Vec::new();
    kernel::make_private().during("making mounts private")?;
    let nodes = device_nodes();
    let proc = kernel::file_system("proc", &[], NOSUID | NODEV | NOEXEC)?;
    let sys = kernel::file_system("sysfs", &[], RDONLY | NOSUID | NODEV | NOEXEC);
    let host_cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let mut layers = Vec::new();
    for layer in &order.root.layers {
        let mount = overlay(layer).during(format_args!("overlaying {}", layer.at))?;
        layers.push((layer.at.as_str(), mount));
    }
    let at = run.join("root");
    let mut layers = layers.into_iter();
    let (_, first) = layers.next().ok_or_else(|| io::Error::other("a root without layers"))?;
    place(&first, &at)?;
    kernel::pivot(&at).during("pivoting")?;
    for (at, mount) in layers {
        place(&mount, Path::new(at))?;
    }
    place_under(&proc, "/proc")?;
    match sys {
        Ok(sys) => place_under(&sys, "/sys")?,
        Err(error) => {
            short.push(format!("/sys is empty: {error}"));
            place_under(&tmpfs("0555", RDONLY)?, "/sys")?;
        }
    }
    devices(nodes)?;
    place_under(&tmpfs("0755", NOSUID | NODEV)?, "/run")?;
    fs::create_dir("/run/lock")?;
    fs::set_permissions("/run/lock", Permissions::from_mode(0o1777))?;
    place_under(&tmpfs("1777", NOSUID | NODEV)?, "/tmp")?;
    tell(order, &host_cpuinfo)?;
    mask()?;
    Ok(short)
}

/// An overlay that is mounted nowhere yet.
pub fn overlay(layer: &Layer) -> io::Result<Mount> {
    let open = |path: &Path| -> io::Result<File> {
        let flags = libc::O_PATH | libc::O_DIRECTORY | libc::O_CLOEXEC;
        OpenOptions::new().read(true).custom_flags(flags).open(path).during(path.display())
    };
    // By descriptor, so that the machine's list of mounts shows no path of the host.
    let name = |file: &File| format!("/proc/self/fd/{}", file.as_raw_fd());
    let lowers: Vec<File> = layer.lowers.iter().map(|path| open(path)).collect::<Result<_, _>>()?;
    let (upper, work) = (open(&layer.upper)?, open(&layer.work)?);
    let lower = lowers.iter().map(name).collect::<Vec<_>>().join(":");
    let (upper_name, work_name) = (name(&upper), name(&work));
    let options = [
        ("source", Some("root")),
        ("lowerdir", Some(lower.as_str())),
        ("upperdir", Some(upper_name.as_str())),
        ("workdir", Some(work_name.as_str())),
        // Without: attributes that only the host's root may write.
        ("userxattr", None),
    ];
    kernel::file_system("overlay", &options, NODEV)
}

fn tmpfs(mode: &str, attributes: u64) -> io::Result<Mount> {
    kernel::file_system("tmpfs", &[("source", Some("tmpfs")), ("mode", Some(mode))], attributes)
}

fn clone_mount(path: &Path) -> io::Result<Mount> {
    kernel::open_tree(None, path, kernel::OPEN_TREE_CLONE).during(path.display())
}

fn place(mount: &Mount, at: &Path) -> io::Result<()> {
    kernel::move_mount(mount.as_fd(), at).during(format_args!("mounting {}", at.display()))
}

/// Like `place`; makes the directory where an image has none.
fn place_under(mount: &Mount, at: &str) -> io::Result<()> {
    if !Path::new(at).is_dir() {
        fs::create_dir_all(at).during(at)?;
    }
    place(mount, Path::new(at))
}

fn device_nodes() -> Vec<(&'static str, Mount)> {
    let found =
        |name: &&'static str| Some((*name, clone_mount(&Path::new("/dev").join(name)).ok()?));
    NODES.iter().filter_map(found).collect()
}

fn devices(nodes: Vec<(&str, Mount)>) -> io::Result<()> {
    place_under(&tmpfs("0755", NOSUID | NOEXEC)?, "/dev")?;
    for (name, node) in nodes {
        let at = Path::new("/dev").join(name);
        if let Some(parent) = at.parent() {
            fs::create_dir_all(parent)?;
        }
        File::create(&at)?;
        place(&node, &at)?;
    }
    kernel::make_fifo(Path::new("/dev/console"), 0o600)?;
    fs::set_permissions("/dev/console", Permissions::from_mode(0o622))?;
    for name in ["pts", "shm", "mqueue"] {
        fs::create_dir(Path::new("/dev").join(name))?;
    }
    let pts = |group: &[(&str, Option<&str>)]| {
        let mut options = vec![("newinstance", None), ("ptmxmode", Some("0666"))];
        options.push(("mode", Some("0620")));
        options.extend(group);
        kernel::file_system("devpts", &options, NOSUID | NOEXEC)
    };
    // Group 5 is `tty`; without a range of ids it does not exist.
    let pts = pts(&[("gid", Some("5"))]).or_else(|_| pts(&[]))?;
    place(&pts, Path::new("/dev/pts"))?;
    place(&tmpfs("1777", NOSUID | NODEV)?, Path::new("/dev/shm"))?;
    if let Ok(queues) = kernel::file_system("mqueue", &[], NOSUID | NODEV | NOEXEC) {
        place(&queues, Path::new("/dev/mqueue"))?;
    }
    for (name, target) in [
        ("ptmx", "pts/ptmx"),
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
        ("initctl", "/run/initctl"),
    ] {
        symlink(target, Path::new("/dev").join(name))?;
    }
    Ok(())
}

/// Processors and memory of the machine instead of the host's.
fn tell(order: &MachineOrder, host_cpuinfo: &str) -> io::Result<()> {
    let count = facts::processors(&order.size);
    let online = facts::online(count);
    let texts = [
        ("/proc/meminfo", facts::meminfo(order.size.memory)),
        ("/proc/cpuinfo", facts::cpuinfo(host_cpuinfo, count)),
        ("/proc/swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n".to_owned()),
        ("/sys/devices/system/cpu/online", online.clone()),
        ("/sys/devices/system/cpu/present", online.clone()),
        ("/sys/devices/system/cpu/possible", online),
    ];
    let scratch = Path::new("/run/.fact");
    for (at, text) in texts {
        if !Path::new(at).exists() {
            continue;
        }
        fs::write(scratch, text)?;
        let mount = clone_mount(scratch)?;
        kernel::set_attributes(mount.as_fd(), RDONLY | NOSUID | NODEV | NOEXEC, false)?;
        place(&mount, Path::new(at))?;
        fs::remove_file(scratch)?;
    }
    Ok(())
}

fn mask() -> io::Result<()> {
    let net = clone_mount(Path::new("/proc/sys/net"))?;
    let sysctl = clone_mount(Path::new("/proc/sys"))?;
    kernel::set_attributes(sysctl.as_fd(), RDONLY, false)?;
    place(&sysctl, Path::new("/proc/sys"))?;
    place(&net, Path::new("/proc/sys/net"))?;
    for path in READ_ONLY.iter().map(Path::new).filter(|path| path.exists()) {
        let mount = clone_mount(path)?;
        kernel::set_attributes(mount.as_fd(), RDONLY, false)?;
        place(&mount, path)?;
    }
    for path in MASKED_FILES.iter().map(Path::new).filter(|path| path.exists()) {
        place(&clone_mount(Path::new("/dev/null"))?, path)?;
    }
    let empty = tmpfs("0555", RDONLY | NOSUID | NODEV | NOEXEC)?;
    let mut directories = MASKED_DIRECTORIES.iter().map(Path::new).filter(|path| path.is_dir());
    let Some(first) = directories.next() else { return Ok(()) };
    place(&empty, first)?;
    for path in directories {
        place(&clone_mount(first)?, path)?;
    }
    Ok(())
}
