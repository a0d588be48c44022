//! Nodes: machines that run a program of the world's own, each a process that this same program
//! starts as `node`. One that ends by itself begins again; a changed configuration is only told.

use crate::kernel;
use crate::link::frame;
use crate::message::{News, NodeOrder, Said, Seen, Told};
use crate::renamed::Renamed;
use crate::supervise::{Mind, Source, wait_for};
use crate::zone::{Client, Watch};
use linux_store::During;
use std::fs::{self, OpenOptions};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use world::{Findings, Health, Id};

/// How soon a node that ended by itself begins again, doubled each time up to the longest.
const SOON: Duration = Duration::from_millis(50);
const LATE: Duration = Duration::from_secs(5);
/// One that has run for so long is sound again.
const SOUND: Duration = Duration::from_secs(20);

/// A node as its zone process knows it.
pub struct Node {
    pub order: NodeOrder,
    /// The boot number that it runs with.
    booted: u32,
    pub process: Option<NodeProcess>,
    /// What it found out, also of an earlier process.
    findings: Option<Findings>,
    failed: Option<String>,
    /// Ended by itself so many times in a row.
    ends: u32,
    pub again_at: Option<Instant>,
    leaving: bool,
}

/// The process of a node.
pub struct NodeProcess {
    pub pid: i32,
    started: u64,
    fd: OwnedFd,
    token: u64,
    pub way: Client,
    since: Instant,
    ready: bool,
    frozen: bool,
}

impl Node {
    fn health(&self, dark: bool) -> Health {
        match (&self.process, &self.failed) {
            _ if dark => Health::Dark,
            (_, Some(why)) => Health::Failed(why.clone()),
            (Some(process), None) if process.ready => Health::Ready,
            _ => Health::Coming,
        }
    }

    pub fn seen(&self, dark: bool) -> Seen {
        Seen {
            id: self.order.id.clone(),
            boot: self.booted,
            health: self.health(dark),
            process: self.process.as_ref().map(|process| (process.pid, process.started)),
            shortfalls: Vec::new(),
        }
    }
}

impl Mind {
    /// What a control plane that comes anew must know at once.
    pub fn what_is_known(&self) -> Vec<News> {
        let found =
            |(id, node): (&Id, &Node)| Some(News::Findings(id.clone(), node.findings.clone()?));
        self.nodes.iter().filter_map(found).collect()
    }

    pub fn ensure_node(&mut self, order: NodeOrder) {
        let id = order.id.clone();
        let named = linux_store::safe_name(id.as_str()).is_ok();
        if self.halting || !named || self.machines.contains_key(&id) {
            let reason = "the zone is closing, or the name is not one or taken".to_owned();
            return self.news.push(News::Failed(id, reason));
        }
        let Some(node) = self.nodes.get_mut(&id) else {
            let node = Node {
                booted: order.boot,
                order,
                process: None,
                findings: None,
                failed: None,
                ends: 0,
                again_at: None,
                leaving: false,
            };
            self.nodes.insert(id.clone(), node);
            return self.boot_node(&id);
        };
        let moved = node.order.space != order.space || node.order.port != order.port;
        let changed = node.order != order;
        let again = order.boot > node.booted || moved || node.leaving;
        node.order = order;
        node.leaving = false;
        match &mut node.process {
            Some(_) if again => {
                node.booted = node.order.boot;
                self.kill_node(&id);
            }
            Some(process) => {
                let told = Told::Be(Box::new(node.order.clone()));
                if changed && let Ok(told) = frame(&told) {
                    node.failed = None;
                    // One that cannot be told has ended, and is told when it begins again.
                    process.way.say(&told, &mut self.watch);
                }
                self.tell_node(&id);
            }
            None if node.again_at.is_some() && !again => self.tell_node(&id),
            None => self.boot_node(&id),
        }
    }

    /// Other names, and nothing else; what runs is told only those.
    pub fn rename_node(&mut self, id: &Id, change: Renamed) {
        let Some(node) = self.nodes.get_mut(id) else { return };
        let running = node.process.as_mut().filter(|_| !node.leaving);
        let Some(process) = running else {
            let mut order = node.order.clone();
            change.apply(&mut order);
            return self.ensure_node(order);
        };
        change.apply(&mut node.order);
        if let Ok(told) = frame(&Told::Renamed(Box::new(change))) {
            node.failed = None;
            // One that cannot be told has ended, and is told all when it begins again.
            process.way.say(&told, &mut self.watch);
        }
        self.tell_node(id);
    }

    pub fn remove_node(&mut self, id: &Id) {
        let Some(node) = self.nodes.get_mut(id) else { return };
        node.leaving = true;
        match node.process {
            Some(_) => self.kill_node(id),
            None => self.forget_node(id),
        }
    }

    pub fn kill_node(&mut self, id: &Id) {
        // What is frozen does not even die.
        self.freeze_node(id, false);
        if let Some(process) = self.nodes.get(id).and_then(|node| node.process.as_ref()) {
            process.kill();
        }
    }

    pub fn freeze_node(&mut self, id: &Id, stop: bool) {
        let process = self.nodes.get_mut(id).and_then(|node| node.process.as_mut());
        if let Some(process) = process.filter(|process| process.frozen != stop) {
            process.frozen = stop;
            let signal = if stop { libc::SIGSTOP } else { libc::SIGCONT };
            // Both: a control group can be missing, or be entered a little later.
            let _ = kernel::signal(process.fd.as_fd(), signal);
            if let Err(error) = self.limits.freeze(id.as_str(), stop) {
                eprintln!("zone: freezing {id}: {error}");
            }
        }
    }

    pub fn darken_nodes(&mut self) {
        let ids: Vec<Id> = self.nodes.keys().cloned().collect();
        for id in ids {
            self.kill_node(&id);
            self.news.push(News::Dark(id));
        }
    }

    pub fn lighten_nodes(&mut self) {
        let idle = |node: &&Node| node.process.is_none();
        let ids: Vec<Id> =
            self.nodes.values().filter(idle).map(|node| node.order.id.clone()).collect();
        ids.iter().for_each(|id| self.boot_node(id));
    }

    /// Nodes whose time to begin again has come.
    pub fn boot_nodes_again(&mut self, now: Instant) {
        let due = |node: &&Node| node.again_at.is_some_and(|at| at <= now);
        let ids: Vec<Id> =
            self.nodes.values().filter(due).map(|node| node.order.id.clone()).collect();
        ids.iter().for_each(|id| self.boot_node(id));
    }

    fn boot_node(&mut self, id: &Id) {
        let Some(node) = self.nodes.get_mut(id) else { return };
        node.again_at = None;
        if self.dark {
            return self.news.push(News::Dark(id.clone()));
        }
        node.booted = node.order.boot;
        match start(&self.run, &node.order, &mut self.watch) {
            Ok(process) => {
                self.meter.begins(id, self.limits.used(id.as_str()));
                self.limits.prepare_node(id.as_str(), &node.order.size).let_in(process.pid);
                node.process = Some(process);
            }
            Err(error) => {
                node.failed = Some(error.to_string());
                node.again_at = Some(Instant::now() + LATE);
            }
        }
        self.tell_node(id);
    }

    pub fn hear_node(&mut self, id: &Id) {
        let Some(node) = self.nodes.get_mut(id) else { return };
        let Some(process) = &mut node.process else { return };
        let mut alive = process.way.read() && process.way.write(&mut self.watch);
        let mut told = false;
        while let Some(bytes) = process.way.message(&mut alive) {
            match serde_json::from_slice(&bytes) {
                Ok(Said::Ready) => {
                    process.ready = true;
                    node.failed = None;
                    told = true;
                }
                Ok(Said::Failed(why)) => {
                    node.failed = Some(why);
                    told = true;
                }
                Ok(Said::Findings(findings)) => {
                    node.findings = Some(findings.clone());
                    self.news.push(News::Findings(id.clone(), findings));
                }
                Ok(Said::Used(number, amounts)) => self.meter.add(id, number, amounts),
                Ok(Said::City(..)) => {}
                Err(error) => {
                    eprintln!("zone: {id} speaks nonsense: {error}");
                    alive = false;
                }
            }
        }
        if !alive {
            // Its end, if this is not yet it, is seen by its descriptor.
            self.watch.forget(process.way.stream.as_fd(), process.way.token);
            process.kill();
        }
        if told {
            self.tell_node(id);
        }
    }

    pub fn node_ended(&mut self, id: &Id) {
        self.hear_node(id);
        let Some(node) = self.nodes.get_mut(id) else { return };
        let Some(process) = node.process.take() else { return };
        let sound = process.since.elapsed() > SOUND;
        let end = process.bury(&mut self.watch);
        self.meter.ends(id, self.limits.used(id.as_str()).filter(|used| *used > 0));
        if !self.limits.remove(id.as_str()) {
            self.leftovers.push(id.clone());
        }
        if node.leaving {
            return self.forget_node(id);
        }
        if node.booted != node.order.boot || self.dark {
            return self.boot_node(id);
        }
        eprintln!("zone: {id} ended ({end:?}) and begins again");
        node.ends = if sound { 0 } else { node.ends + 1 };
        let wait = SOON.saturating_mul(1 << node.ends.saturating_sub(1).min(10)).min(LATE);
        node.again_at = Some(Instant::now() + wait);
        self.tell_node(id);
    }

    fn forget_node(&mut self, id: &Id) {
        self.nodes.remove(id);
        let _ = fs::remove_file(log(&self.run, id));
        self.news.push(News::Gone(id.clone()));
    }

    fn tell_node(&mut self, id: &Id) {
        let Some(node) = self.nodes.get(id) else { return };
        let id = id.clone();
        self.news.push(match node.health(self.dark) {
            Health::Ready => News::Ready(node.seen(self.dark)),
            Health::Dark => News::Dark(id),
            Health::Failed(why) => News::Failed(id, why),
            Health::Coming | Health::Off(_) => News::Coming(id),
        });
    }
}

fn log(run: &Path, id: &Id) -> std::path::PathBuf {
    run.join("nodes").join(format!("{id}.log"))
}

/// Starts the process of a node and tells it what to be.
fn start(run: &Path, order: &NodeOrder, watch: &mut Watch) -> io::Result<NodeProcess> {
    let sources = (Source::Node(order.id.clone()), Source::NodeEnded(order.id.clone()));
    NodeProcess::start(&log(run, &order.id), &Told::Be(Box::new(order.clone())), sources, watch)
}

impl NodeProcess {
    /// Starts this program as `node`, with this as the first that it is told.
    pub fn start(
        at: &Path,
        told: &Told,
        (heard, ended): (Source, Source),
        watch: &mut Watch,
    ) -> io::Result<NodeProcess> {
        at.parent().map_or(Ok(()), fs::create_dir_all).during(at.display())?;
        let log = OpenOptions::new().create(true).append(true).mode(0o600).open(at)?;
        let (stream, theirs) = UnixStream::pair()?;
        stream.set_nonblocking(true)?;
        let mut command = Command::new("/proc/self/exe");
        let name = at.file_stem().unwrap_or_default();
        command.arg("node").arg(name).current_dir("/");
        command.stdin(OwnedFd::from(theirs)).stdout(log.try_clone()?).stderr(log);
        // SAFETY: calls that are safe between fork and exec. A node ends with its zone process.
        unsafe {
            command.pre_exec(|| {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong, 0, 0, 0);
                libc::setsid();
                let mut none = std::mem::zeroed::<libc::sigset_t>();
                libc::sigemptyset(&mut none);
                libc::sigprocmask(libc::SIG_SETMASK, &none, std::ptr::null_mut());
                Ok(())
            });
        }
        let child = command.spawn().during("starting a node")?;
        let pid = child.id() as i32;
        let fd = kernel::pidfd(pid)?;
        let started = kernel::start_time(pid).unwrap_or_default();
        let token = watch.add(fd.as_fd(), ended)?;
        let heard = watch.add(stream.as_fd(), heard)?;
        let mut way = Client::new(stream, heard);
        way.say(&frame(told)?, watch);
        let since = Instant::now();
        Ok(NodeProcess { pid, started, fd, token, way, since, ready: false, frozen: false })
    }

    /// Ends it at once.
    pub fn kill(&self) {
        let _ = kernel::signal(self.fd.as_fd(), libc::SIGKILL);
    }

    /// It has ended: nothing is waited for any more. How it ended.
    pub fn bury(self, watch: &mut Watch) -> kernel::End {
        let end = wait_for(self.pid);
        watch.forget(self.fd.as_fd(), self.token);
        watch.forget(self.way.stream.as_fd(), self.way.token);
        end
    }
}
