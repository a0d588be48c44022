//! A state directory, a network namespace and a zone process for one test, gone when it ends.

use linux_guest::{MachineOrder, News, Order, Seen, ZoneLink, ZonePlace};
use linux_store::{Root, Store};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use world::{Card, Disk, Form, Guest, Id, Size, Source, Zone};

pub const MIB: u64 = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Lab {
    pub state: PathBuf,
    pub store: Store,
    pub place: ZonePlace,
    pub link: ZoneLink,
    pub news: Receiver<Option<News>>,
    nets: Vec<Child>,
    pub alone: &'static str,
    /// How to get where the zone process is.
    way_in: Vec<String>,
}

/// Tests run as root where there is root; without it they show nothing and say so.
pub fn root() -> bool {
    // SAFETY: no arguments.
    let root = unsafe { libc::geteuid() } == 0;
    if !root {
        eprintln!("not root: not shown here");
    }
    root
}

impl Lab {
    pub fn new(name: &str) -> Lab {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let tag = format!("maquette-test-{name}-{}-{number}", std::process::id());
        let state = std::env::temp_dir().join(&tag);
        std::fs::create_dir_all(&state).unwrap();
        let store = Store::open(&state.join("store")).unwrap();
        let alone = env!("CARGO_BIN_EXE_zone-alone");
        let program = ["unshare", "-m", alone, "zone"].map(PathBuf::from).to_vec();
        let place = ZonePlace { run: state.join("run"), zone: Zone::from("a"), tag, program };
        let (link, news) = open(&place);
        let way_in = ["nsenter", "-m", "-t", &link.pid.to_string()].map(str::to_owned).to_vec();
        Lab { state, store, place, link, news, nets: Vec::new(), alone, way_in }
    }

    /// A region of an ordinary user: an anchor with a user, mount and network namespace, and a
    /// zone process in them. Returns the anchor's network namespace.
    pub fn rootless(name: &str, user: &str) -> (Lab, PathBuf) {
        let tag = format!("maquette-test-{name}-{}", std::process::id());
        let state = std::env::temp_dir().join(&tag);
        std::fs::create_dir_all(&state).unwrap();
        run(&["chown", user, &state.display().to_string()]);
        let become_user =
            ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"].map(str::to_owned);
        let mut anchor = Command::new(&become_user[0])
            .args(&become_user[1..])
            .args(["unshare", "-Urnm", "sh", "-c"])
            .arg("ip link set lo up && echo + && exec sleep 1000")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(anchor.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "+\n", "no user namespaces for ordinary users");
        let pid = anchor.id().to_string();
        let mut way_in = become_user.to_vec();
        let enter = ["nsenter", "--preserve-credentials", "-U", "-m", "-n", "-t", &pid];
        way_in.extend(enter.map(str::to_owned));
        let alone = env!("CARGO_BIN_EXE_zone-alone");
        let mut program: Vec<PathBuf> = way_in.iter().map(PathBuf::from).collect();
        program.extend([PathBuf::from(alone), PathBuf::from("zone")]);
        let run_at = state.join("run");
        run(&["install", "-d", "-o", user, &run_at.display().to_string()]);
        run(&["install", "-d", "-o", user, &run_at.join("zones").display().to_string()]);
        let place = ZonePlace { run: run_at, zone: Zone::from("a"), tag, program };
        let (link, news) = open(&place);
        let store = Store::open(&state.join("unused")).unwrap();
        let netns = PathBuf::from(format!("/proc/{pid}/ns/net"));
        (Lab { state, store, place, link, news, nets: vec![anchor], alone, way_in }, netns)
    }

    /// A root disk made by whom the zone process belongs to.
    pub fn own_root(&self, id: &str) -> Root {
        let store = self.state.join("run/store");
        let output = Command::new(&self.way_in[0])
            .args(&self.way_in[1..])
            .args([self.alone, "disk", &store.display().to_string(), id])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// A second control plane, in place of the first.
    pub fn reconnect(&mut self) {
        (self.link, self.news) = open(&self.place);
        if self.way_in[0] == "nsenter" {
            self.way_in[3] = self.link.pid.to_string();
        }
    }

    /// A namespace whose loopback is up.
    pub fn net(&mut self) -> PathBuf {
        let mut child = Command::new("unshare")
            .args(["-n", "sh", "-c", "ip link set lo up && echo + && exec sleep 1000"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let path = PathBuf::from(format!("/proc/{}/ns/net", child.id()));
        self.nets.push(child);
        path
    }

    pub fn disk(&self, id: &str, image: &str) {
        let source = Source::Image(image.into());
        self.disk_of(id, Form::Tree, 1 << 30, source);
    }

    pub fn disk_of(&self, id: &str, form: Form, size: u64, source: Source) {
        let disk = Disk { zone: Zone::from("a"), size, form, source };
        self.store.create_disk(&Id::from(id), &disk).unwrap();
    }

    /// A machine on a disk of its own with this user data.
    pub fn machine(&mut self, id: &str, data: &str) -> MachineOrder {
        let disk = format!("{id}-root");
        if self.store.root(&Id::from(&disk)).is_err() {
            self.disk(&disk, "host");
        }
        let netns = self.net();
        let root = self.store.root(&Id::from(&disk)).unwrap();
        self.machine_on(id, data, netns, root)
    }

    pub fn machine_on(&self, id: &str, data: &str, netns: PathBuf, root: Root) -> MachineOrder {
        MachineOrder {
            id: Id::from(id),
            boot: 1,
            size: Size { millicpus: 1000, memory: 256 * MIB, pids: 128 },
            guest: Guest {
                hostname: format!("host-{id}"),
                first_boot: Some(format!("#!/bin/sh\n{data}\n").into_bytes()),
                keys: Vec::new(),
                card: Card::default(),
            },
            netns,
            root,
            disks: Vec::new(),
            addresses: Vec::new(),
            nameserver: None,
            search: None,
        }
    }

    pub fn ensure(&mut self, order: &MachineOrder) {
        self.link.send(&Order::Ensure(Box::new(order.clone()))).unwrap();
    }

    pub fn wait<T>(&self, what: &str, mut wanted: impl FnMut(&News) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        let mut heard = Vec::new();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.news.recv_timeout(left) {
                Ok(Some(news)) => {
                    if let Some(found) = wanted(&news) {
                        return found;
                    }
                    heard.push(news);
                }
                other => panic!("{what} did not come: {other:?}; heard {heard:?}\n{}", self.log()),
            }
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.place.run.join("zones/a.log")).unwrap_or_default()
    }

    pub fn ready(&self, id: &str) -> Seen {
        self.wait("ready", |news| match news {
            News::Ready(seen) if seen.id.as_str() == id => Some(seen.clone()),
            News::Failed(failed, reason) if failed.as_str() == id => panic!("failed: {reason}"),
            _ => None,
        })
    }

    pub fn off(&self, id: &str) -> bool {
        self.wait("off", |news| match news {
            News::Off(off, by_guest) if off.as_str() == id => Some(*by_guest),
            _ => None,
        })
    }

    pub fn boot(&mut self, id: &str, data: &str) -> (MachineOrder, Seen) {
        let order = self.machine(id, data);
        self.ensure(&order);
        let seen = self.ready(id);
        (order, seen)
    }

    /// Runs a command inside.
    pub fn inside(&self, seen: &Seen, script: &str) -> Output {
        let (pid, started) = seen.process.unwrap();
        Command::new(&self.way_in[0])
            .args(&self.way_in[1..])
            .args([self.alone, "enter"])
            .args([pid.to_string(), started.to_string()])
            .args(["/bin/sh", "-c", script])
            .output()
            .unwrap()
    }

    /// What a command inside says, or a panic with its reason.
    pub fn says(&self, seen: &Seen, script: &str) -> String {
        let output = self.inside(seen, script);
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        assert!(output.status.success(), "{script}: {output:?}");
        text
    }

    pub fn console(&self, id: &str) -> String {
        String::from_utf8_lossy(&linux_guest::console(&self.place.run, &Id::from(id))).into_owned()
    }

    /// Waits for a line on a machine's console.
    pub fn console_says(&self, id: &str, wanted: &str) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            let text = self.console(id);
            if text.contains(wanted) {
                return text;
            }
            assert!(Instant::now() < until, "console without {wanted:?}: {text}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn open(place: &ZonePlace) -> (ZoneLink, Receiver<Option<News>>) {
    let (send, news) = channel();
    let hear = move |news| {
        let _ = send.send(news);
    };
    (ZoneLink::open(place, hear).unwrap(), news)
}

/// Runs a program of the host that must succeed.
pub fn run(words: &[&str]) {
    let output = Command::new(words[0]).args(&words[1..]).output().unwrap();
    assert!(output.status.success(), "{words:?}: {output:?}");
}

/// Connects inside a network namespace and reads all that is said, once somebody listens.
pub fn answer(netns: &std::path::Path, port: u16) -> String {
    let netns = std::fs::File::open(netns).unwrap();
    std::thread::spawn(move || {
        // SAFETY: an open descriptor; the thread ends here.
        assert_eq!(unsafe { libc::setns(netns.as_raw_fd(), libc::CLONE_NEWNET) }, 0);
        let until = Instant::now() + PATIENCE;
        loop {
            if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
                let _ = stream.write_all(b"GET / HTTP/1.0\r\n\r\n");
                let mut text = String::new();
                let _ = stream.read_to_string(&mut text);
                return text;
            }
            assert!(Instant::now() < until, "nobody answers");
            std::thread::sleep(Duration::from_micros(300));
        }
    })
    .join()
    .unwrap()
}

impl Drop for Lab {
    fn drop(&mut self) {
        if self.link.send(&Order::Halt).is_ok() {
            while let Ok(Some(_)) = self.news.recv_timeout(PATIENCE) {}
        }
        for net in &mut self.nets {
            let _ = net.kill();
            let _ = net.wait();
        }
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.state);
        }
    }
}
