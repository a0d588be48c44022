//! What the contract needs beside the world: listeners in machines, probes, files.

use crate::packets;
use contract::{Ground, Place, Probe, Reach};
use linux::{Anchor, Linux, State};
use std::io::{BufRead, BufReader};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use world::{Id, Source, Span, World, Zone};

/// The address from which clients on the internet speak.
const CLIENT: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);

/// A span of usage is a second then.
const PACE: u32 = 60;

/// Listens on TCP and UDP and says its name to everybody, for ever.
const LISTENER: &str = r#"
import socket, sys
name, kind, port = sys.argv[1].encode(), sys.argv[2], int(sys.argv[3])
family = socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM
s = socket.socket(socket.AF_INET, family)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("0.0.0.0", port))
if kind == "tcp": s.listen(16)
print("ready", flush=True)
while True:
    if kind == "tcp":
        way, _ = s.accept()
        way.sendall(name)
        way.close()
    else:
        _, peer = s.recvfrom(2048)
        s.sendto(name, peer)
"#;

pub struct Lab {
    state: State,
    world: Option<Linux>,
    last_public: u8,
    host: bool,
}

impl Lab {
    pub fn open(state: State) -> Lab {
        let anchor = Anchor::ensure(&state).expect("the anchor starts");
        anchor.join().expect("the region's namespaces can be entered");
        let world = Some(Linux::open(&state, PACE).expect("the world opens"));
        Lab { state, world, last_public: 10, host: false }
    }

    /// Where the region keeps everything.
    pub fn root(&self) -> &std::path::Path {
        self.state.root()
    }

    /// The run directory, as zones' processes are told it.
    pub fn run(&self) -> PathBuf {
        self.state.run()
    }

    /// Ends the control plane, until [`Ground::restart`].
    pub fn stop(&mut self) {
        self.world = None;
    }

    fn space(&self, place: &Place) -> PathBuf {
        let name = match place {
            Place::Internet => "internet".to_owned(),
            Place::Machine(id) => format!("machine.{id}"),
        };
        self.state.run().join("netns").join(name)
    }

    fn inside(&self, machine: &Id, words: &[&str]) -> Command {
        let mut command = Command::new("/proc/self/exe");
        command.arg("inside").arg(self.state.root()).arg(machine.as_str()).args(words);
        command.stdin(Stdio::null());
        command
    }
}

impl Ground for Lab {
    fn world(&mut self) -> &mut dyn World {
        self.world.as_mut().expect("a lab has a world between two restarts")
    }

    fn zones(&self) -> [Zone; 2] {
        ["us-east-1a".into(), "us-east-1b".into()]
    }

    fn image(&self) -> Source {
        Source::Image("host".to_owned())
    }

    fn public_address(&mut self) -> Ipv4Addr {
        self.last_public += 1;
        Ipv4Addr::new(203, 0, 113, self.last_public)
    }

    fn internet_host(&mut self) -> Ipv4Addr {
        if !self.host {
            packets::greet(&self.space(&Place::Internet), 80);
            self.host = true;
        }
        CLIENT
    }

    fn probe(&mut self, from: &Place, to: Ipv4Addr, probe: Probe) -> Reach {
        let space = self.space(from);
        let answer = match probe {
            Probe::Tcp(port) => packets::tcp(&space, to, port),
            Probe::Udp(port) => packets::udp(&space, to, port),
            Probe::Ping => packets::ping(&space, to),
        };
        match answer {
            Some(name) if name.is_empty() => Reach::Answered(None),
            Some(name) => Reach::Answered(Some(Id::from(name))),
            None => Reach::Silent,
        }
    }

    fn forge(
        &mut self,
        from: &Id,
        source: Ipv4Addr,
        (machine, to): (&Id, Ipv4Addr),
        probe: Probe,
    ) -> Option<bool> {
        let Probe::Udp(port) = probe else { return None };
        let (from, to_space) = (
            self.space(&Place::Machine(from.clone())),
            self.space(&Place::Machine(machine.clone())),
        );
        Some(packets::forged_arrives(&from, source, &to_space, to, port))
    }

    fn run_listener(&mut self, machine: &Id, probe: Probe) {
        let (kind, port) = match probe {
            Probe::Tcp(port) => ("tcp", port.to_string()),
            Probe::Udp(port) => ("udp", port.to_string()),
            Probe::Ping => return,
        };
        let words = ["python3", "-c", LISTENER, machine.as_str(), kind, &port];
        let mut child = self
            .inside(machine, &words)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a process starts in the machine");
        let mut line = String::new();
        let out = child.stdout.take().expect("it was piped");
        BufReader::new(out).read_line(&mut line).expect("the listener speaks");
        assert_eq!(line, "ready\n", "the listener in {machine} did not start");
        // It ends with the machine; then somebody must have waited for it.
        std::thread::spawn(move || child.wait());
    }

    fn write_file(&mut self, machine: &Id, path: &str, bytes: &[u8]) {
        let text = String::from_utf8(bytes.to_vec()).expect("the contract writes text");
        let script = format!("mkdir -p $(dirname {path}); printf %s '{text}' > {path}; sync");
        let status = self.inside(machine, &["sh", "-c", &script]).status();
        assert!(status.expect("a shell starts in the machine").success(), "writing {path}");
    }

    fn mount(&mut self, machine: &Id, device: &str, at: &str) -> bool {
        // An ordinary user has no block devices.
        // SAFETY: no arguments.
        if unsafe { libc::geteuid() } != 0 {
            return false;
        }
        let script = format!("mkfs.ext4 -q {device} && mkdir -p {at} && mount {device} {at}");
        let status = self.inside(machine, &["sh", "-c", &script]).status();
        assert!(status.expect("a shell starts in the machine").success(), "mounting {device}");
        true
    }

    fn begin_writing(&mut self, machine: &Id, path: &str, bytes: &[u8]) {
        let text = String::from_utf8(bytes.to_vec()).expect("the contract writes text");
        let script = format!("printf %s '{text}' > {path}");
        let child = self.inside(machine, &["sh", "-c", &script]).spawn();
        let mut child = child.expect("a shell starts in the machine");
        std::thread::spawn(move || child.wait());
    }

    fn read_file(&mut self, machine: &Id, path: &str) -> Option<Vec<u8>> {
        let output = self.inside(machine, &["cat", path]).stderr(Stdio::null()).output();
        let output = output.expect("a process starts in the machine");
        output.status.success().then_some(output.stdout)
    }

    fn restart(&mut self) {
        self.world = None;
        self.world = Some(Linux::open(&self.state, PACE).expect("the world opens again"));
    }

    fn patience(&self) -> Span {
        Span::seconds(15)
    }

    fn quiet(&self) -> Span {
        Span::millis(300)
    }
}
