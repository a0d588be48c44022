//! Holds machines to their size by control groups, version 1 and 2, whichever the host gives for
//! each resource. What cannot be held is said, never passed over.

use crate::{facts, kernel};
use linux_store::During;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Error, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use world::Size;

/// What is limited, and frozen.
pub const CONTROLLERS: [&str; 5] = ["memory", "cpu", "pids", "cpuset", "freezer"];
/// Version 1 counts processor time in a hierarchy of its own; without it nothing is missing.
const COUNTER: &str = "cpuacct";
/// Microseconds; the kernel's default period of processor quotas.
const PERIOD: u64 = 100_000;
/// A program of the world's own may have so many threads (its doors take two for each connection)
/// and bytes at least.
const NODE_PIDS: u32 = 1024;
const NODE_MEMORY: u64 = 64 << 20;
/// How long the processes of an earlier zone process may take to be gone.
const SWEEP: Duration = Duration::from_secs(3);
/// How soon to try again what the kernel is not ready for; nothing tells when it is.
pub const RETRY: Duration = Duration::from_millis(2);

/// The control groups under which the machines of one zone of one state directory live.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Controller to the directory that holds the machines' groups; version 2's is there once for
    /// each of its controllers.
    groups: BTreeMap<&'static str, Group>,
    missing: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    at: PathBuf,
    second: bool,
}

/// Ways into the control groups of one machine.
pub struct Doors(Vec<(&'static str, File)>);

impl Doors {
    /// Puts the calling process, all its threads, into the groups; what failed. The first step
    /// waits about 10 ms for the kernel, so it is done beside other work.
    pub fn enter(self) -> Vec<String> {
        let enter = |(controller, mut door): (&str, File)| match door.write_all(b"0") {
            Ok(()) => None,
            Err(error) => Some(format!("{controller} is not held: {error}")),
        };
        self.0.into_iter().filter_map(enter).collect()
    }

    /// Puts another process in, beside other work; what fails is said.
    pub fn let_in(self, pid: i32) {
        let work = move || {
            for (controller, mut door) in self.0 {
                match door.write_all(pid.to_string().as_bytes()) {
                    // It has ended already.
                    Err(error) if error.raw_os_error() == Some(libc::ESRCH) => return,
                    Err(error) => eprintln!("zone: {controller} of {pid} is not held: {error}"),
                    Ok(()) => {}
                }
            }
        };
        let _ = std::thread::Builder::new().name("doors".into()).spawn(work);
    }
}

/// Which promises of a size the host cannot keep, each for a person to read. Makes nothing lasting.
pub fn shortfalls() -> Vec<String> {
    let tag = format!("maquette-probe-{}", std::process::id());
    let limits = Limits::open(&tag, "probe");
    let missing = limits.missing.clone();
    limits.close();
    missing
}

impl Limits {
    /// Makes the groups `TAG/ZONE` where the host lets us; what it does not let us is remembered.
    pub fn open(tag: &str, zone: &str) -> Limits {
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
        Self::open_in(&mounts, &own, tag, zone)
    }

    pub(crate) fn open_in(mounts: &str, own: &str, tag: &str, zone: &str) -> Limits {
        let mut limits = Limits { groups: BTreeMap::new(), missing: Vec::new() };
        for controller in CONTROLLERS {
            match open_group(mounts, own, controller, tag, zone) {
                Ok(group) => {
                    limits.groups.insert(controller, group);
                }
                Err(error) => limits.missing.push(format!("{controller} is not held: {error}")),
            }
        }
        if let Ok(group) = open_group(mounts, own, COUNTER, tag, zone)
            && !group.second
        {
            limits.groups.insert(COUNTER, group);
        }
        limits
    }

    /// The processor time that a machine has used since its boot, in microseconds, where a control
    /// group counts it.
    pub fn used(&self, id: &str) -> Option<u64> {
        if let Some(group) = self.groups.get(COUNTER) {
            let nanos = fs::read_to_string(group.at.join(id).join("cpuacct.usage")).ok()?;
            return nanos.trim().parse::<u64>().ok().map(|nanos| nanos / 1000);
        }
        let group = self.groups.values().find(|group| group.second)?;
        let stat = fs::read_to_string(group.at.join(id).join("cpu.stat")).ok()?;
        let line = stat.lines().find_map(|line| line.strip_prefix("usage_usec "))?;
        line.trim().parse().ok()
    }

    /// What of every size cannot be held here.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// Makes the groups of a machine and limits them. Returns the doors through which a process
    /// enters them, and what could not be limited.
    pub fn prepare(&self, id: &str, size: &Size, processors: &[usize]) -> (Doors, Vec<String>) {
        self.prepare_only(id, size, processors, |_| true)
    }

    /// The same for a program of the world's own, which has all the processors, shared fairly: how
    /// fast AWS's own machines are depends on nothing that a customer could see.
    pub fn prepare_node(&self, id: &str, size: &Size) -> Doors {
        let size = Size { pids: size.pids.max(NODE_PIDS), ..*size };
        let size = Size { memory: size.memory.max(NODE_MEMORY), ..size };
        self.prepare_only(id, &size, &[], |controller| !matches!(controller, "cpu" | "cpuset")).0
    }

    fn prepare_only(
        &self,
        id: &str,
        size: &Size,
        processors: &[usize],
        wanted: impl Fn(&str) -> bool,
    ) -> (Doors, Vec<String>) {
        let (mut doors, mut short) = (Vec::new(), self.missing.clone());
        for (controller, group) in self.groups.iter().filter(|(name, _)| wanted(name)) {
            let at = group.at.join(id);
            let settings = settings(controller, group.second, size, processors);
            let made = make(&at)
                .and_then(|()| write_all(&at, &settings))
                .and_then(|()| OpenOptions::new().write(true).open(at.join("cgroup.procs")));
            match made {
                Ok(door) => doors.push((*controller, door)),
                Err(error) => short.push(format!("{controller} is not held: {error}")),
            }
        }
        (Doors(doors), short)
    }

    /// Stops a machine, or lets it run on; false when the host has no means for it.
    pub fn freeze(&self, id: &str, stop: bool) -> io::Result<bool> {
        let Some(group) = self.groups.get("freezer") else { return Ok(false) };
        let (file, value) = match (group.second, stop) {
            (true, true) => ("cgroup.freeze", "1"),
            (true, false) => ("cgroup.freeze", "0"),
            (false, true) => ("freezer.state", "FROZEN"),
            (false, false) => ("freezer.state", "THAWED"),
        };
        write(&group.at.join(id).join(file), value).map(|()| true)
    }

    /// Removes the groups of a machine whose processes are gone; false when the kernel is not done
    /// with them, which it is a little later than their end is seen.
    pub fn remove(&self, id: &str) -> bool {
        let gone = |group: &Group| {
            let done = fs::remove_dir(group.at.join(id));
            !done.is_err_and(|error| error.raw_os_error() == Some(libc::EBUSY))
        };
        self.groups.values().filter(|group| !gone(group)).count() == 0
    }

    /// Removes what an earlier zone process left. Its machines got their death with it; one that
    /// was frozen has not noticed yet.
    pub fn sweep(&self) {
        let left = |group: &Group| -> Vec<PathBuf> {
            let entries = fs::read_dir(&group.at).into_iter().flatten().flatten();
            entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
        };
        for machine in self.groups.get("freezer").iter().flat_map(|group| left(group)) {
            let name = machine.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let _ = self.freeze(&name, false);
        }
        for machine in self.groups.values().flat_map(left) {
            let processes = fs::read_to_string(machine.join("cgroup.procs")).unwrap_or_default();
            let ends: Vec<OwnedFd> =
                processes.lines().filter_map(|pid| kernel::pidfd(pid.parse().ok()?).ok()).collect();
            ends.iter().for_each(|end| drop(kernel::signal(end.as_fd(), libc::SIGKILL)));
            ends.iter()
                .for_each(|end| kernel::wait_readable(end.as_fd(), SWEEP.as_millis() as i32));
        }
        let names: BTreeSet<String> = self
            .groups
            .values()
            .flat_map(left)
            .map(|at| at.file_name().unwrap_or_default().to_string_lossy().into_owned())
            .collect();
        let until = Instant::now() + SWEEP;
        for name in names {
            while !self.remove(&name) && Instant::now() < until {
                std::thread::sleep(RETRY);
            }
        }
    }

    /// Removes the groups themselves, when no machine is left in them.
    pub fn close(&self) {
        for group in self.groups.values() {
            let _ = fs::remove_dir(&group.at);
            if let Some(parent) = group.at.parent() {
                let _ = fs::remove_dir(parent);
            }
        }
    }
}

fn open_group(
    mounts: &str,
    own: &str,
    controller: &'static str,
    tag: &str,
    zone: &str,
) -> io::Result<Group> {
    let first = mounted(mounts, |kind, options| {
        kind == "cgroup" && options.split(',').any(|option| option == controller)
    });
    if controller == COUNTER && first.is_none() {
        return Err(Error::other("counted elsewhere"));
    }
    if let Some(mount) = first {
        let mine = own_group(own, |names| names.split(',').any(|name| name == controller));
        let at = in_either(&mount, &mine, |base| {
            let tagged = base.join(tag);
            make(&tagged)?;
            make(&tagged.join(zone))?;
            if controller == "cpuset" {
                inherit_cpuset(base, &tagged)?;
                inherit_cpuset(base, &tagged.join(zone))?;
            }
            Ok(tagged.join(zone))
        })?;
        return Ok(Group { at, second: false });
    }
    let Some(mount) = mounted(mounts, |kind, _| kind == "cgroup2") else {
        return Err(Error::other("the host has no such control group"));
    };
    let mine = own_group(own, str::is_empty);
    let at = in_either(&mount, &mine, |base| {
        let tagged = base.join(tag);
        if controller == "freezer" {
            make(&tagged)?;
            make(&tagged.join(zone))?;
            return Ok(tagged.join(zone));
        }
        let offered = fs::read_to_string(base.join("cgroup.controllers"))?;
        if !offered.split_whitespace().any(|name| name == controller) {
            return Err(Error::other("not given to us (cgroup v2 delegation)"));
        }
        hand_down(base, controller, tag)?;
        make(&tagged)?;
        hand_down(&tagged, controller, tag)?;
        make(&tagged.join(zone))?;
        hand_down(&tagged.join(zone), controller, tag)?;
        Ok(tagged.join(zone))
    })?;
    Ok(Group { at, second: true })
}

/// Tries the hierarchy's top, then our own group, which may have been delegated to us.
fn in_either(
    mount: &Path,
    mine: &str,
    open: impl Fn(&Path) -> io::Result<PathBuf>,
) -> io::Result<PathBuf> {
    open(mount).or_else(|first| {
        let mine = mount.join(mine.trim_start_matches('/'));
        if mine == mount { Err(first) } else { open(&mine).map_err(|_| first) }
    })
}

/// Lets the groups below `at` use a controller of version 2. Where processes live in `at` itself
/// they move into a leaf first: the kernel allows no inner ones.
fn hand_down(at: &Path, controller: &str, tag: &str) -> io::Result<()> {
    let file = at.join("cgroup.subtree_control");
    let order = format!("+{controller}");
    let Err(error) = write(&file, &order) else { return Ok(()) };
    if error.raw_os_error() != Some(libc::EBUSY) {
        return Err(error);
    }
    let leaf = at.join(format!("{tag}-control"));
    make(&leaf)?;
    for pid in fs::read_to_string(at.join("cgroup.procs"))?.lines() {
        let _ = fs::write(leaf.join("cgroup.procs"), pid);
    }
    write(&file, &order)
}

/// A new group of version 1's cpuset is empty and takes no process.
fn inherit_cpuset(base: &Path, to: &Path) -> io::Result<()> {
    for file in ["cpuset.cpus", "cpuset.mems"] {
        if fs::read_to_string(to.join(file))?.trim().is_empty() {
            write(&to.join(file), fs::read_to_string(base.join(file))?.trim())?;
        }
    }
    Ok(())
}

/// Where a file system is mounted, by its type and its own options.
fn mounted(mounts: &str, wanted: impl Fn(&str, &str) -> bool) -> Option<PathBuf> {
    mounts.lines().find_map(|line| {
        let (left, right) = line.split_once(" - ")?;
        let mut right = right.split(' ');
        let (kind, _, options) = (right.next()?, right.next()?, right.next()?);
        wanted(kind, options).then(|| PathBuf::from(left.split(' ').nth(4).unwrap_or_default()))
    })
}

fn own_group(own: &str, wanted: impl Fn(&str) -> bool) -> String {
    let mut rows = own.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        Some((parts.next()?, parts.next()?))
    });
    rows.find(|(names, _)| wanted(names)).map_or(String::new(), |(_, at)| at.to_owned())
}

/// File to value, in the order in which they must be written; a `?` marks what may be absent.
fn settings(
    controller: &str,
    second: bool,
    size: &Size,
    processors: &[usize],
) -> Vec<(&'static str, String)> {
    let quota = (u64::from(size.millicpus) * PERIOD / 1000).max(1000);
    match (controller, second) {
        ("memory", false) => vec![
            ("memory.limit_in_bytes", size.memory.to_string()),
            ("?memory.memsw.limit_in_bytes", size.memory.to_string()),
        ],
        ("memory", true) => {
            vec![("memory.max", size.memory.to_string()), ("?memory.swap.max", "0".to_owned())]
        }
        ("cpu", false) => {
            vec![("cpu.cfs_period_us", PERIOD.to_string()), ("cpu.cfs_quota_us", quota.to_string())]
        }
        ("cpu", true) => vec![("cpu.max", format!("{quota} {PERIOD}"))],
        ("pids", _) => vec![("pids.max", size.pids.to_string())],
        ("cpuset", false) => {
            vec![("cpuset.mems", "<".to_owned()), ("cpuset.cpus", facts::list(processors))]
        }
        ("cpuset", true) => vec![("cpuset.cpus", facts::list(processors))],
        _ => Vec::new(),
    }
}

/// Writes settings; the value `<` is the parent's.
fn write_all(at: &Path, settings: &[(&str, String)]) -> io::Result<()> {
    for (file, value) in settings {
        let (file, optional) = match file.strip_prefix('?') {
            Some(file) => (file, true),
            None => (*file, false),
        };
        let value = if value == "<" {
            let parent = at.parent().unwrap_or(at).join(file);
            fs::read_to_string(parent)?.trim().to_owned()
        } else {
            value.clone()
        };
        match write(&at.join(file), &value) {
            Err(error) if optional && error.kind() == io::ErrorKind::NotFound => {}
            other => other?,
        }
    }
    Ok(())
}

fn join(at: &Path) -> io::Result<()> {
    write(&at.join("cgroup.procs"), "0")
}

fn make(at: &Path) -> io::Result<()> {
    match fs::create_dir(at) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(error).during(at.display())
        }
        _ => Ok(()),
    }
}

/// Unlike `fs::write` it creates nothing: a file that is not there is an error. The kind of error
/// stays for the caller to see.
fn write(file: &Path, value: &str) -> io::Result<()> {
    OpenOptions::new().write(true).open(file)?.write_all(value.as_bytes())
}

/// Puts the calling process into the control groups in which another one is, where it may.
pub fn join_those_of(pid: i32) {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let groups = fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap_or_default();
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(names), Some(at)) = (parts.next(), parts.next()) else { continue };
        let mount = mounted(&mounts, |kind, options| match names {
            "" => kind == "cgroup2",
            names => {
                kind == "cgroup" && names.split(',').all(|n| options.split(',').any(|o| o == n))
            }
        });
        if let Some(mount) = mount {
            let _ = join(&mount.join(at.trim_start_matches('/')));
        }
    }
}
