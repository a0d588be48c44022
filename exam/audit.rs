//! The leak audit: what a region has while it runs, and that nothing of it is left afterwards.
//! Everything is attributed to one state directory, so that audits of several regions can run at
//! the same time; only links and nft tables of the host's own network belong to nobody and must
//! stay as they were.

use crate::process::{Process, descriptors, processes};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What must be gone, and what must be as before.
#[derive(Debug, Clone)]
pub struct Audit {
    root: PathBuf,
    tag: String,
    links: BTreeSet<String>,
    tables: BTreeSet<String>,
    processes: BTreeSet<Process>,
    spaces: BTreeSet<String>,
    /// The mount namespaces its processes were seen in.
    rooms: BTreeSet<String>,
}

impl Audit {
    /// The baseline, before the region of this state directory is started. `tag` is what the
    /// names of its kernel objects bear.
    pub fn begin(root: &Path, tag: &str) -> Audit {
        Audit {
            root: root.to_owned(),
            tag: tag.to_owned(),
            links: host_links(),
            tables: host_tables(),
            processes: BTreeSet::new(),
            spaces: BTreeSet::new(),
            rooms: BTreeSet::from([own_space("mnt")]),
        }
    }

    /// Looks at what runs and remembers it; what was seen once must be gone at the end.
    pub fn look(&mut self) {
        let host = own_space("mnt");
        let all = processes();
        let text = self.root.to_string_lossy().into_owned();
        let mut ours: BTreeSet<u32> = BTreeSet::new();
        for process in all.iter().filter(|process| process.command.contains(&text)) {
            if process.command.contains("maquette") || process.command.contains("/exe ") {
                ours.insert(process.pid);
            }
        }
        let inside: BTreeSet<String> = all
            .iter()
            .filter(|process| ours.contains(&process.pid))
            .filter_map(|process| process.namespace("mnt"))
            .filter(|space| *space != host)
            .collect();
        loop {
            let before = ours.len();
            for process in &all {
                let space = process.namespace("mnt");
                if ours.contains(&process.parent) || space.is_some_and(|s| inside.contains(&s)) {
                    ours.insert(process.pid);
                }
            }
            if ours.len() == before {
                break;
            }
        }
        let host = own_space("net");
        for process in all.into_iter().filter(|process| ours.contains(&process.pid)) {
            let open = descriptors(process.pid).into_iter().filter(|link| link.starts_with("net:"));
            self.spaces.extend(open.chain(process.namespace("net")));
            self.spaces.extend(mounted_spaces(process.pid));
            self.rooms.extend(process.namespace("mnt"));
            self.processes.insert(process);
        }
        self.spaces.remove(&host);
    }

    /// Every process that was ever seen of this region and still runs.
    pub fn still_running(&self) -> Vec<Process> {
        self.processes.iter().filter(|process| process.alive()).cloned().collect()
    }

    /// The network namespaces that were seen.
    pub fn spaces(&self) -> &BTreeSet<String> {
        &self.spaces
    }

    /// What is left of the region, each as a line for a person; empty when all is clean.
    pub fn leaks(&self) -> Vec<String> {
        let mut found = Vec::new();
        let text = self.root.to_string_lossy().into_owned();
        for process in self.still_running() {
            found.push(format!("process {} runs: {}", process.pid, process.command));
        }
        let mut later = self.clone();
        later.look();
        for process in later.processes.difference(&self.processes) {
            found.push(format!("process {} runs: {}", process.pid, process.command));
        }
        for space in self.spaces.iter().filter(|space| kept(space, &self.rooms)) {
            found.push(format!("network namespace {space} is kept by somebody"));
        }
        let (links, tables) = (host_links(), host_tables());
        for link in links.symmetric_difference(&self.links) {
            found.push(format!("link {link} in the host's network is new or gone"));
        }
        for table in tables.symmetric_difference(&self.tables) {
            found.push(format!("nft {table} in the host's network is new or gone"));
        }
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        for mount in mounts.lines().filter(|line| line.contains(&text)) {
            found.push(format!("mounted: {mount}"));
        }
        for (device, file) in loops().into_iter().filter(|(_, file)| file.contains(&text)) {
            found.push(format!("{device} is still on {file}"));
        }
        for group in groups(Path::new("/sys/fs/cgroup"), &self.tag, 4) {
            found.push(format!("control group {}", group.display()));
        }
        let sockets = fs::read_to_string("/proc/net/unix").unwrap_or_default();
        for socket in sockets.lines().filter(|line| line.contains(&text)) {
            found.push(format!("unix socket {socket}"));
        }
        found
    }
}

fn own_space(kind: &str) -> String {
    let link = fs::read_link(format!("/proc/self/ns/{kind}")).unwrap_or_default();
    link.to_string_lossy().into_owned()
}

/// Network namespaces that live in mounts of the namespace that a process sees.
fn mounted_spaces(pid: u32) -> Vec<String> {
    let mounts = fs::read_to_string(format!("/proc/{pid}/mountinfo")).unwrap_or_default();
    let roots = mounts.lines().filter_map(|line| line.split_whitespace().nth(3));
    roots.filter(|root| root.starts_with("net:[")).map(str::to_owned).collect()
}

/// Whether any process lives in a network namespace, holds it open or has it mounted. Only those
/// of the host and of this region count: the kernel gives numbers of namespaces that are gone to
/// new ones, of other regions.
fn kept(space: &str, rooms: &BTreeSet<String>) -> bool {
    processes().iter().any(|process| {
        let near = process.namespace("mnt").is_some_and(|room| rooms.contains(&room));
        near && (process.namespace("net").as_deref() == Some(space)
            || descriptors(process.pid).iter().any(|link| link == space)
            || mounted_spaces(process.pid).iter().any(|mounted| mounted == space))
    })
}

fn host_links() -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir("/sys/class/net") else { return BTreeSet::new() };
    entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Tables of the host's network; empty where no `nft` is or it may not look.
fn host_tables() -> BTreeSet<String> {
    let output = Command::new("nft").args(["list", "tables"]).output();
    let text = output.map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&text).lines().map(str::to_owned).collect()
}

/// Loop devices and the files behind them.
fn loops() -> Vec<(String, String)> {
    let Ok(entries) = fs::read_dir("/sys/block") else { return Vec::new() };
    let backing = |name: &str| fs::read_to_string(format!("/sys/block/{name}/loop/backing_file"));
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter_map(|name| Some((name.clone(), backing(&name).ok()?))).collect()
}

/// Control groups whose name holds the tag, in every hierarchy.
fn groups(at: &Path, tag: &str, depth: u32) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(at) else { return Vec::new() };
    let folders = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|t| t.is_dir()));
    let mut found = Vec::new();
    for folder in folders {
        if folder.file_name().to_string_lossy().contains(tag) {
            found.push(folder.path());
        } else if depth > 0 {
            found.extend(groups(&folder.path(), tag, depth - 1));
        }
    }
    found
}

/// Every socket that a process listens on in the network namespace it lives in, as hexadecimal
/// `ADDRESS:PORT` of `/proc/net/tcp`, and whether the address is a loopback one.
pub fn listeners(pid: u32) -> Vec<(String, bool)> {
    let own: BTreeSet<String> = descriptors(pid).into_iter().collect();
    let mut found = Vec::new();
    for (file, listening) in
        [("tcp", Some("0A")), ("tcp6", Some("0A")), ("udp", None), ("udp6", None), ("raw", None)]
    {
        let text = fs::read_to_string(format!("/proc/{pid}/net/{file}")).unwrap_or_default();
        for line in text.lines().skip(1) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let (Some(local), Some(state), Some(inode)) =
                (fields.get(1), fields.get(3), fields.get(9))
            else {
                continue;
            };
            let counts = listening.is_none_or(|wanted| *state == wanted);
            if counts && own.contains(&format!("socket:[{inode}]")) {
                let address = local.split(':').next().unwrap_or_default();
                // 127.0.0.0/8 ends in 7F, in host byte order; ::1 is spelled out.
                let loopback = match address.len() {
                    8 => address.ends_with("7F"),
                    _ => {
                        address == "00000000000000000000000001000000"
                            || (address.starts_with("0000000000000000FFFF0000")
                                && address.ends_with("7F"))
                    }
                };
                found.push(((*local).to_owned(), loopback));
            }
        }
    }
    found
}
