//! Machines of the world's own that send in the name of their clients, and get the answers.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is test code")]

mod lab;
use lab::{Lab, OPEN, connected, id, in_its_own_world, talk, zone};
use linux_net::socket_in;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::Duration;

const INTERNET: &str = "192.0.2.1";
const CLIENT: &str = "10.0.1.20";

/// A socket of the node's that has another's address.
fn named(lab: &Lab, from: &str, port: u16, kind: i32) -> OwnedFd {
    let socket = socket_in(&lab.place("node"), libc::AF_INET, kind, 0).unwrap();
    for option in [(libc::SOL_IP, libc::IP_TRANSPARENT), (libc::SOL_SOCKET, libc::SO_REUSEADDR)] {
        let one = 1i32;
        // SAFETY: a live socket and integer.
        let done = unsafe {
            let one = (&raw const one).cast();
            libc::setsockopt(socket.as_raw_fd(), option.0, option.1, one, 4)
        };
        assert_eq!(done, 0);
    }
    lab::bind(&socket, from, port);
    socket
}

/// Whether the target, at 10.0.2.10, sees this client and its answer comes to the node.
fn carries(lab: &Lab, listener: &TcpListener, from: &str) -> bool {
    let kind = libc::SOCK_STREAM | libc::SOCK_NONBLOCK;
    let socket = named(lab, from, 0, kind);
    let to = SocketAddrV4::new(Ipv4Addr::new(10, 0, 2, 10), listener.local_addr().unwrap().port());
    let raw = libc::sockaddr_in {
        sin_family: libc::AF_INET as u16,
        sin_port: to.port().to_be(),
        sin_addr: libc::in_addr { s_addr: u32::from(*to.ip()).to_be() },
        sin_zero: [0; 8],
    };
    // SAFETY: a live socket and address.
    unsafe { libc::connect(socket.as_raw_fd(), (&raw const raw).cast(), 16) };
    if !connected(socket.as_raw_fd(), Duration::from_millis(500)) {
        return false;
    }
    let mut stream = TcpStream::from(socket);
    if stream.take_error().unwrap().is_some() {
        return false;
    }
    stream.set_nonblocking(false).unwrap();
    let (mut other, seen) = listener.accept().unwrap();
    assert_eq!(seen.ip().to_string(), from);
    talk(&mut stream, &mut other)
}

/// The same with datagrams.
fn carries_datagrams(lab: &Lab, at: &UdpSocket, from: &str) -> bool {
    let socket = UdpSocket::from(named(lab, from, 0, libc::SOCK_DGRAM));
    socket.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let port = at.local_addr().unwrap().port();
    socket.send_to(b"?", (Ipv4Addr::new(10, 0, 2, 10), port)).unwrap();
    at.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let Ok((_, seen)) = at.recv_from(&mut [0; 8]) else { return false };
    assert_eq!(seen, SocketAddr::new(from.parse().unwrap(), socket.local_addr().unwrap().port()));
    at.send_to(b"!", seen).unwrap();
    socket.recv_from(&mut [0; 8]).is_ok()
}

fn town(run: &std::path::Path) -> Lab {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    lab.segment("subnet-a", "vpc-1", "a", "10.0.1.0/24", &["0.0.0.0/0 internet"]);
    lab.segment("subnet-b", "vpc-1", "b", "10.0.2.0/24", &["0.0.0.0/0 internet"]);
    lab.group("sg-1", "vpc-1", &OPEN);
    lab.group("sg-t", "vpc-1", &["in all all 0.0.0.0/0"]);
    lab.machine("client", "subnet-a", CLIENT, &["sg-1"]);
    lab.machine("node", "subnet-a", "10.0.1.10=203.0.113.10", &["sg-1"]);
    lab.machine("target", "subnet-b", "10.0.2.10=203.0.113.20", &["sg-t"]);
    lab
}

in_its_own_world! {
fn targets_see_the_client_and_answers_come_to_the_node(run: &Path) {
    let mut lab = town(run);
    let (listener, datagrams) = (lab.listen("target", 80), lab.udp("target", 53));
    // Not before it is allowed to.
    assert!(!carries(&lab, &listener, CLIENT));
    lab.net.send_for_others(&id("i-node"), true).unwrap();
    // By this the balancer knows that it may.
    let routes = lab.words_in(&lab.place("node"), &["cat", "/proc/thread-self/net/fib_trie"]);
    assert!(routes.contains("/0 host LOCAL"), "{routes}");
    for client in [CLIENT, INTERNET] {
        assert!(carries(&lab, &listener, client), "{client}");
        assert!(carries_datagrams(&lab, &datagrams, client), "{client}");
    }
    // The target's own ways to the same clients stay what they were.
    assert!(lab.reaches("client", &listener, "10.0.2.10"));
    assert!(lab.reaches("internet", &listener, "203.0.113.20"));
    assert!(lab.reaches("node", &listener, "10.0.2.10"));
    let own = lab.listen("node", 443);
    assert!(lab.reaches("client", &own, "10.0.1.10"));
    assert!(lab.reaches("internet", &own, "203.0.113.10"));
    // A restart of the control plane changes nothing.
    drop(lab);
    let mut lab = Lab::new(run);
    assert!(carries(&lab, &listener, INTERNET));
    lab.rules("vpc-1");
    lab.net.send_for_others(&id("i-node"), false).unwrap();
    assert!(!carries(&lab, &listener, CLIENT));
    assert!(lab.reaches("node", &listener, "10.0.2.10"));
}}

in_its_own_world! {
fn groups_of_targets_and_faults_judge_the_client(run: &Path) {
    let mut lab = town(run);
    lab.net.send_for_others(&id("i-node"), true).unwrap();
    let (listener, datagrams) = (lab.listen("target", 80), lab.udp("target", 53));
    // Tracked and untracked alike.
    lab.group("sg-t", "vpc-1", &["in tcp 80 192.0.2.0/24", "in udp 53 192.0.2.0/24"]);
    assert!(carries(&lab, &listener, INTERNET));
    assert!(carries_datagrams(&lab, &datagrams, INTERNET));
    assert!(!carries(&lab, &listener, CLIENT));
    assert!(!carries_datagrams(&lab, &datagrams, CLIENT));
    lab.group("sg-t", "vpc-1", &OPEN);
    assert!(carries(&lab, &listener, CLIENT));
    lab.net.cut(&zone("a"), &zone("b"), true).unwrap();
    assert!(!carries(&lab, &listener, INTERNET));
    assert!(!carries_datagrams(&lab, &datagrams, INTERNET));
    lab.net.cut(&zone("a"), &zone("b"), false).unwrap();
    assert!(carries(&lab, &listener, INTERNET));
    lab.net.dark(&zone("b"), true).unwrap();
    assert!(!carries(&lab, &listener, INTERNET));
}}
