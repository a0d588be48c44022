//! A private world for each test: the test binary runs itself again in namespaces of its own, so
//! that nothing survives it, whatever happens. Probes are real packets. Some tests compare with
//! what `nft` (nftables), `ip` (iproute2) and `nsenter` (util-linux) say.
#![allow(dead_code, unused_macros, reason = "each test file uses its own part of it")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is test code")]

use linux_net::{Network, socket_in};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};
use world::{Address, Group, Health, Id, Pass, Peer, Plug, Port, Route, Router, Segment};
use world::{Filter, Traffic, Via, Way, Zone};

const INSIDE: &str = "LINUX_NET_TEST_INSIDE";
/// Rules that pass everything.
pub const OPEN: [&str; 2] = ["in all all 0.0.0.0/0", "out all all 0.0.0.0/0"];
/// How long a packet may take before it counts as dropped.
pub const PATIENCE: Duration = Duration::from_millis(150);

/// A test that runs in a world of its own: as root, if it is started as root, and then as an
/// ordinary user in a user namespace, if the host has them.
macro_rules! in_its_own_world {
    ($(#[$about:meta])* fn $name:ident($run:ident: &Path) $body:block) => {
        $(#[$about])*
        #[test]
        fn $name() {
            lab::alone(stringify!($name), |$run: &std::path::Path| $body);
        }
    };
}
pub(crate) use in_its_own_world;

/// Runs `body` in private mount and network namespaces, with and without root.
pub fn alone(test: &str, body: impl FnOnce(&Path)) {
    if std::env::var(INSIDE).is_ok() {
        // Over any directory that neither the tests nor their programs need.
        let run = PathBuf::from("/mnt");
        mount("tmpfs", &run, "tmpfs");
        return body(&run);
    }
    // SAFETY: plain system call.
    let root = unsafe { libc::geteuid() } == 0;
    for rootless in [false, true] {
        if !rootless && !root {
            println!("skipped: {test} as root, this is an ordinary user");
            continue;
        }
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([test, "--exact", "--nocapture", "--test-threads=1"]).env(INSIDE, "1");
        // SAFETY: only system calls and small writes between fork and exec, in one thread.
        unsafe { command.pre_exec(move || separate(rootless)) };
        let status = match command.status() {
            Err(error) if rootless && error.kind() == io::ErrorKind::PermissionDenied => {
                println!("skipped: {test} without root, this host forbids it ({error})");
                continue;
            }
            status => status.unwrap(),
        };
        assert!(status.success(), "{test} failed (rootless: {rootless}): {status}");
    }
}

fn separate(rootless: bool) -> io::Result<()> {
    let mut flags = libc::CLONE_NEWNS;
    // SAFETY: plain system calls on this process.
    let (uid, gid) = unsafe { (libc::geteuid(), libc::getegid()) };
    if rootless || uid != 0 {
        let (uid, gid) = if uid == 0 { (65534, 65534) } else { (uid, gid) };
        // SAFETY: as above.
        unsafe {
            libc::setgroups(0, std::ptr::null());
            check(libc::setresgid(gid, gid, gid))?;
            check(libc::setresuid(uid, uid, uid))?;
            check(libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0))?;
            check(libc::unshare(libc::CLONE_NEWUSER))?;
        }
        std::fs::write("/proc/self/setgroups", "deny")?;
        std::fs::write("/proc/self/uid_map", format!("0 {uid} 1"))?;
        std::fs::write("/proc/self/gid_map", format!("0 {gid} 1"))?;
    } else {
        flags |= libc::CLONE_NEWNET;
    }
    // SAFETY: as above; the paths end in zero.
    unsafe {
        check(libc::unshare(flags))?;
        let none = std::ptr::null();
        let private = libc::MS_REC | libc::MS_PRIVATE;
        check(libc::mount(none, c"/".as_ptr(), none, private, none.cast()))
    }
}

fn check(result: i32) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn mount(source: &str, target: &Path, kind: &str) {
    let text = |text: &str| std::ffi::CString::new(text).unwrap();
    let (source, kind) = (text(source), text(kind));
    let target = text(target.to_str().unwrap());
    // SAFETY: all three end in zero and live through the call.
    let done = unsafe {
        libc::mount(source.as_ptr(), target.as_ptr(), kind.as_ptr(), 0, std::ptr::null())
    };
    assert_eq!(done, 0, "{}", io::Error::last_os_error());
}

static NEXT_PING: AtomicU16 = AtomicU16::new(1);

pub fn id(text: &str) -> Id {
    Id::from(text)
}

pub fn ip(text: &str) -> Ipv4Addr {
    text.parse().unwrap()
}

pub fn zone(letter: &str) -> Zone {
    Zone::from(format!("test-1{letter}"))
}

/// `in tcp 80 0.0.0.0/0`, `out all all sg-x`, `in icmp 8/0 10.0.0.0/8`, `in 47 all 0.0.0.0/0`.
pub fn pass(text: &str) -> Pass {
    let words: Vec<&str> = text.split(' ').collect();
    let way = if words[0] == "in" { Way::In } else { Way::Out };
    let peer = match words[3].parse() {
        Ok(net) => Peer::Net(net),
        Err(_) => Peer::Group(id(words[3])),
    };
    Pass { way, traffic: traffic(words[1], words[2]), peer }
}

pub fn traffic(protocol: &str, detail: &str) -> Traffic {
    let protocol = match protocol {
        "all" => None,
        "tcp" => Some(6),
        "udp" => Some(17),
        "icmp" => Some(1),
        number => Some(number.parse().unwrap()),
    };
    let mut traffic = Traffic { protocol, ports: None, icmp: None };
    if detail != "all" && protocol == Some(1) {
        let (kind, code) = detail.split_once('/').unwrap_or((detail, ""));
        traffic.icmp = Some(world::Icmp { kind: kind.parse().unwrap(), code: code.parse().ok() });
    } else if detail != "all" {
        let (from, to) = detail.split_once('-').unwrap_or((detail, detail));
        traffic.ports = Some((from.parse().unwrap(), to.parse().unwrap()));
    }
    traffic
}

/// A network with shorthands for what tests want of it.
pub struct Lab {
    pub net: Network,
    pub run: PathBuf,
}

impl Lab {
    pub fn new(run: &Path) -> Lab {
        Lab { net: Network::open(run).unwrap(), run: run.into() }
    }

    pub fn router(&mut self, name: &str, block: &str, internet: bool) -> Health {
        let router = Router { blocks: vec![block.parse().unwrap()], internet };
        self.net.ensure_router(&id(name), &router)
    }

    /// Routes are `0.0.0.0/0 internet`, `… nowhere` or `… eni-x`.
    pub fn segment(
        &mut self,
        name: &str,
        router: &str,
        letter: &str,
        block: &str,
        routes: &[&str],
    ) {
        self.segment_with(name, router, letter, block, routes, None);
    }

    pub fn segment_with(
        &mut self,
        name: &str,
        router: &str,
        letter: &str,
        block: &str,
        routes: &[&str],
        ladder: Option<&str>,
    ) {
        let routes = routes.iter().map(|text| {
            let (to, via) = text.split_once(' ').unwrap();
            let via = match via {
                "internet" => Via::Internet,
                "nowhere" => Via::Nowhere,
                port => Via::Port(id(port)),
            };
            Route { to: to.parse().unwrap(), via }
        });
        let segment = Segment {
            router: id(router),
            zone: zone(letter),
            block: block.parse().unwrap(),
            routes: routes.collect(),
            ladder: ladder.map(id),
        };
        let health = self.net.ensure_segment(&id(name), &segment);
        assert!(!matches!(health, Health::Failed(_)), "{health:?}");
    }

    pub fn group(&mut self, name: &str, router: &str, rules: &[&str]) {
        let passes = rules.iter().map(|text| pass(text)).collect();
        let group = Filter::Group(Group { router: id(router), passes });
        let health = self.net.ensure_filter(&id(name), &group);
        assert!(!matches!(health, Health::Failed(_)), "{health:?}");
    }

    /// A port `eni-NAME` in machine `i-NAME`, with the machine's namespace; `address` is
    /// `10.0.0.4` or `10.0.0.4=203.0.113.4`.
    pub fn machine(&mut self, name: &str, segment: &str, address: &str, groups: &[&str]) {
        self.net.machine_namespace(&id(&format!("i-{name}"))).unwrap();
        let health = self.port(name, segment, address, groups, true);
        assert_eq!(health, Health::Ready);
    }

    pub fn port(
        &mut self,
        name: &str,
        segment: &str,
        address: &str,
        groups: &[&str],
        guarded: bool,
    ) -> Health {
        let port = spec(name, segment, address, groups, guarded);
        self.net.ensure_port(&id(&format!("eni-{name}")), &port)
    }

    /// The namespace of machine `i-NAME`, or the internet's.
    pub fn place(&self, name: &str) -> PathBuf {
        match name {
            "internet" => self.net.internet(),
            name => self.run.join("netns").join(format!("machine.i-{name}")),
        }
    }

    /// Runs `body` in a machine's namespace, on a thread that ends with it.
    pub fn inside<T: Send>(&self, name: &str, body: impl FnOnce() -> T + Send) -> T {
        let there = std::fs::File::open(self.place(name)).unwrap();
        std::thread::scope(|scope| {
            let thread = scope.spawn(move || {
                // SAFETY: a live descriptor; changes only this thread.
                let done = unsafe { libc::setns(there.as_raw_fd(), libc::CLONE_NEWNET) };
                assert_eq!(done, 0);
                body()
            });
            thread.join().unwrap()
        })
    }

    /// Runs iproute2 in a machine's namespace, as its owner could.
    pub fn ip(&self, name: &str, words: &[&str]) {
        let status = self.inside(name, || Command::new("ip").args(words).status().unwrap());
        assert!(status.success(), "ip {words:?}: {status}");
    }

    /// What a program prints in a namespace.
    pub fn words_in(&self, place: &Path, words: &[&str]) -> String {
        let enter = format!("--net={}", place.display());
        let output = Command::new("nsenter").arg(enter).args(words).output().unwrap();
        assert!(output.status.success(), "{words:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// A router's rules as `nft` understands them, without what only grows.
    pub fn rules(&self, router: &str) -> String {
        let place = self.net.router_namespace(&id(router)).unwrap();
        self.words_in(&place, &["nft", "-s", "list", "ruleset"])
    }

    pub fn listen(&self, name: &str, port: u16) -> TcpListener {
        let socket = socket_in(&self.place(name), libc::AF_INET, libc::SOCK_STREAM, 0).unwrap();
        let one = 1i32;
        // SAFETY: a live socket and integer.
        unsafe {
            let one = (&raw const one).cast();
            libc::setsockopt(socket.as_raw_fd(), libc::SOL_SOCKET, libc::SO_REUSEADDR, one, 4);
        }
        bind(&socket, "0.0.0.0", port);
        // SAFETY: a live socket.
        assert_eq!(unsafe { libc::listen(socket.as_raw_fd(), 1024) }, 0);
        TcpListener::from(socket)
    }

    pub fn udp(&self, name: &str, port: u16) -> UdpSocket {
        let socket = socket_in(&self.place(name), libc::AF_INET, libc::SOCK_DGRAM, 0).unwrap();
        bind(&socket, "0.0.0.0", port);
        let socket = UdpSocket::from(socket);
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        socket
    }

    pub fn connect(&self, name: &str, to: &str, port: u16) -> io::Result<TcpStream> {
        connect_in(&self.place(name), to, port)
    }

    /// A connection that is not waited for, from a port of its own.
    pub fn start_connect(&self, from: &str, source: u16, to: &str, port: u16) -> OwnedFd {
        let kind = libc::SOCK_STREAM | libc::SOCK_NONBLOCK;
        let socket = socket_in(&self.place(from), libc::AF_INET, kind, 0).unwrap();
        bind(&socket, "0.0.0.0", source);
        let address = inet(to, port);
        // SAFETY: a live socket and address.
        unsafe { libc::connect(socket.as_raw_fd(), (&raw const address).cast(), 16) };
        socket
    }

    /// Whether a TCP connection and an answer through it come about. A listener must be there.
    pub fn reaches(&self, from: &str, listener: &TcpListener, to: &str) -> bool {
        let port = listener.local_addr().unwrap().port();
        let Ok(mut stream) = self.connect(from, to, port) else { return false };
        let (mut other, _) = listener.accept().unwrap();
        talk(&mut stream, &mut other)
    }

    /// The source address under which a UDP packet from `from` arrives at `at`.
    pub fn seen_as(&self, from: &str, to: &str, at: &UdpSocket) -> Option<Ipv4Addr> {
        let sender = self.udp(from, 0);
        let port = at.local_addr().unwrap().port();
        sender.send_to(b"hello", (ip(to), port)).ok()?;
        let mut buffer = [0; 16];
        let (_, source) = at.recv_from(&mut buffer).ok()?;
        match source.ip() {
            std::net::IpAddr::V4(address) => Some(address),
            std::net::IpAddr::V6(_) => None,
        }
    }

    /// Whether an echo request is answered.
    pub fn pings(&self, from: &str, to: &str) -> bool {
        let kind = libc::SOCK_RAW;
        let socket = socket_in(&self.place(from), libc::AF_INET, kind, libc::IPPROTO_ICMP).unwrap();
        // Each its own identifier: otherwise it belongs to the flow of an earlier one.
        let [high, low] = NEXT_PING.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let mut packet = [8u8, 0, 0, 0, high, low, 0, 1];
        let sum: u32 = packet.chunks(2).map(|w| u32::from(w[0]) << 8 | u32::from(w[1])).sum();
        let sum = !((sum & 0xffff) + (sum >> 16)) as u16;
        packet[2..4].copy_from_slice(&sum.to_be_bytes());
        let socket = UdpSocket::from(socket);
        if socket.send_to(&packet, (ip(to), 0)).is_err() {
            return false;
        }
        let end = Instant::now() + PATIENCE;
        let mut answer = [0; 128];
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            socket.set_read_timeout(Some(left.max(Duration::from_millis(1)))).unwrap();
            match socket.recv_from(&mut answer) {
                Ok((length, source)) if length >= 28 && source.ip() == ip(to) => {
                    if answer[20] == 0 && answer[24..26] == packet[4..6] {
                        return true;
                    }
                }
                Ok(_) => {}
                Err(_) => return false,
            }
        }
        false
    }
}

pub fn spec(name: &str, segment: &str, addresses: &str, groups: &[&str], guarded: bool) -> Port {
    let address = |text: &str| {
        let (private, public) = text.split_once('=').unwrap_or((text, ""));
        Address { private: ip(private), public: public.parse().ok() }
    };
    let addresses: Vec<Address> = addresses.split(',').map(address).collect();
    let mut mac = [0x0a, 0xff, 0, 0, 0, 0];
    mac[2..].copy_from_slice(&addresses[0].private.octets());
    Port {
        segment: id(segment),
        mac,
        addresses,
        groups: groups.iter().map(|group| id(group)).collect(),
        guarded,
        plug: Some(Plug { machine: id(&format!("i-{name}")), index: 0 }),
        uncounted: false,
    }
}

pub fn connect_in(place: &Path, to: &str, port: u16) -> io::Result<TcpStream> {
    let kind = libc::SOCK_STREAM | libc::SOCK_NONBLOCK;
    let socket = socket_in(place, libc::AF_INET, kind, 0)?;
    let address = inet(to, port);
    // SAFETY: a live socket and address.
    let done = unsafe { libc::connect(socket.as_raw_fd(), (&raw const address).cast(), 16) };
    if done < 0 && io::Error::last_os_error().raw_os_error() != Some(libc::EINPROGRESS) {
        return Err(io::Error::last_os_error());
    }
    if !connected(socket.as_raw_fd(), PATIENCE) {
        return Err(io::ErrorKind::TimedOut.into());
    }
    let stream = TcpStream::from(socket);
    if let Some(error) = stream.take_error()? {
        return Err(error);
    }
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// Whether a connection that was started comes to an end, good or bad, within `patience`.
pub fn connected(socket: i32, patience: Duration) -> bool {
    let mut poll = libc::pollfd { fd: socket, events: libc::POLLOUT, revents: 0 };
    // SAFETY: one live entry.
    unsafe { libc::poll(&raw mut poll, 1, patience.as_millis() as i32) != 0 }
}

pub fn bind(socket: &OwnedFd, address: &str, port: u16) {
    let address = inet(address, port);
    // SAFETY: a live socket and address.
    let done = unsafe { libc::bind(socket.as_raw_fd(), (&raw const address).cast(), 16) };
    assert_eq!(done, 0, "{}", io::Error::last_os_error());
}

fn inet(address: &str, port: u16) -> libc::sockaddr_in {
    let address = SocketAddrV4::new(ip(address), port);
    libc::sockaddr_in {
        sin_family: libc::AF_INET as u16,
        sin_port: address.port().to_be(),
        sin_addr: libc::in_addr { s_addr: u32::from(*address.ip()).to_be() },
        sin_zero: [0; 8],
    }
}

/// Whether a byte goes there and back.
pub fn talk(one: &mut TcpStream, other: &mut TcpStream) -> bool {
    one.set_read_timeout(Some(PATIENCE)).unwrap();
    other.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut byte = [0; 1];
    let there = one.write_all(b"?").is_ok() && other.read_exact(&mut byte).is_ok();
    there && other.write_all(b"!").is_ok() && one.read_exact(&mut byte).is_ok()
}
