//! Who reaches whom inside routers: segments, routes, guards, the metadata address, IPv6.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is test code")]

mod lab;
use lab::{Lab, OPEN, id, in_its_own_world, ip, spec, zone};
use linux_net::{METADATA, metadata_port, socket_in};
use std::io::{Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::os::fd::AsRawFd;
use world::{Address, Filter, Group, Health};

in_its_own_world! {
fn every_pair_of_machines_of_a_router_talks(run: &Path) {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    lab.segment("subnet-a", "vpc-1", "a", "10.0.1.0/24", &[]);
    lab.segment("subnet-b", "vpc-1", "b", "10.0.2.0/24", &[]);
    lab.group("sg-1", "vpc-1", &OPEN);
    let all = [("one", "10.0.1.10"), ("two", "10.0.1.11"), ("three", "10.0.2.10")];
    for (name, address) in all {
        let segment = if address.starts_with("10.0.1.") { "subnet-a" } else { "subnet-b" };
        lab.machine(name, segment, address, &["sg-1"]);
    }
    for (to, address) in all {
        let listener = lab.listen(to, 80);
        let datagrams = lab.udp(to, 53);
        for (from, source) in all.iter().filter(|(from, _)| *from != to) {
            assert!(lab.pings(from, address), "{from} pings {to}");
            assert!(lab.reaches(from, &listener, address), "{from} connects to {to}");
            assert_eq!(lab.seen_as(from, address, &datagrams), Some(ip(source)));
        }
    }
    // The gateway does not answer, and what nobody has is refused at once.
    assert!(!lab.pings("one", "10.0.1.1"));
    let error = lab.connect("one", "10.0.9.9", 80).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(libc::EHOSTUNREACH));
}}

in_its_own_world! {
fn two_routers_with_the_same_addresses_share_nothing(run: &Path) {
    let mut lab = Lab::new(run);
    for n in ["1", "2"] {
        let (vpc, subnet, sg) = (format!("vpc-{n}"), format!("subnet-{n}"), format!("sg-{n}"));
        lab.router(&vpc, "10.0.0.0/16", true);
        lab.segment(&subnet, &vpc, "a", "10.0.1.0/24", &["0.0.0.0/0 internet"]);
        lab.group(&sg, &vpc, &OPEN);
        let public = format!("10.0.1.10=203.0.113.{n}");
        lab.machine(&format!("left{n}"), &subnet, &public, &[&sg]);
        lab.machine(&format!("right{n}"), &subnet, "10.0.1.11", &[&sg]);
    }
    let (first, second) = (lab.udp("right1", 53), lab.udp("right2", 53));
    assert_eq!(lab.seen_as("left1", "10.0.1.11", &first), Some(ip("10.0.1.10")));
    assert_eq!(lab.seen_as("left2", "10.0.1.11", &second), Some(ip("10.0.1.10")));
    second.set_nonblocking(true).unwrap();
    let _ = lab.seen_as("left1", "10.0.1.11", &first);
    assert!(second.recv(&mut [0; 8]).is_err(), "a packet crossed from one router to another");
    // Between routers there is only the internet.
    let public = lab.udp("left2", 53);
    assert_eq!(lab.seen_as("left1", "203.0.113.2", &public), Some(ip("203.0.113.1")));
}}

in_its_own_world! {
fn the_longest_prefix_decides_and_ports_forward(run: &Path) {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    let routes = ["0.0.0.0/0 eni-nat", "198.51.100.0/24 nowhere", "198.51.100.7/32 eni-nat",
        "10.0.2.0/24 nowhere"];
    lab.segment("subnet-a", "vpc-1", "a", "10.0.1.0/24", &routes);
    lab.segment("subnet-p", "vpc-1", "a", "10.0.2.0/24", &["0.0.0.0/0 nowhere"]);
    lab.group("sg-1", "vpc-1", &OPEN);
    lab.machine("one", "subnet-a", "10.0.1.10", &["sg-1"]);
    // The route to a port that does not exist yet leads nowhere, silently.
    assert!(!lab.pings("one", "198.51.100.7"));
    lab.net.machine_namespace(&id("i-nat")).unwrap();
    assert_eq!(lab.port("nat", "subnet-p", "10.0.2.20", &["sg-1"], true), Health::Ready);
    forward_in(&lab, "nat");
    let seen = lab.udp("nat", 99);
    take_address(&lab, "nat", "198.51.100.7");
    take_address(&lab, "nat", "198.51.100.8");
    take_address(&lab, "nat", "192.0.2.99");
    // Guarded, the port takes nothing that is for others.
    assert_eq!(lab.seen_as("one", "192.0.2.99", &seen), None);
    assert_eq!(lab.port("nat", "subnet-p", "10.0.2.20", &["sg-1"], false), Health::Ready);
    assert_eq!(lab.seen_as("one", "192.0.2.99", &seen), Some(ip("10.0.1.10")));
    assert_eq!(lab.seen_as("one", "198.51.100.7", &seen), Some(ip("10.0.1.10")));
    assert_eq!(lab.seen_as("one", "198.51.100.8", &seen), None);
    // The router's blocks are local, whatever a route says.
    assert_eq!(lab.seen_as("one", "10.0.2.20", &seen), Some(ip("10.0.1.10")));
    lab.net.remove(&id("eni-nat")).unwrap();
    assert_eq!(lab.seen_as("one", "192.0.2.99", &seen), None);
}}

in_its_own_world! {
fn a_spoofed_source_is_dropped(run: &Path) {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    lab.segment("subnet-a", "vpc-1", "a", "10.0.1.0/24", &[]);
    lab.group("sg-1", "vpc-1", &OPEN);
    lab.machine("one", "subnet-a", "10.0.1.10", &["sg-1"]);
    lab.machine("two", "subnet-a", "10.0.1.11", &["sg-1"]);
    let seen = lab.udp("two", 53);
    take_address(&lab, "one", "10.0.1.99");
    let place = lab.place("one");
    let from = |source: &str| -> UdpSocket {
        let socket = socket_in(&place, libc::AF_INET, libc::SOCK_DGRAM, 0).unwrap();
        lab::bind(&socket, source, 0);
        UdpSocket::from(socket)
    };
    from("10.0.1.99").send_to(b"spoofed", ("10.0.1.11", 53)).unwrap();
    from("10.0.1.10").send_to(b"honest", ("10.0.1.11", 53)).unwrap();
    let mut buffer = [0; 16];
    let (length, _) = seen.recv_from(&mut buffer).unwrap();
    assert_eq!(&buffer[..length], b"honest");
    // Without the guard it passes.
    assert_eq!(lab.port("one", "subnet-a", "10.0.1.10", &["sg-1"], false), Health::Ready);
    from("10.0.1.99").send_to(b"spoofed", ("10.0.1.11", 53)).unwrap();
    let (length, _) = seen.recv_from(&mut buffer).unwrap();
    assert_eq!(&buffer[..length], b"spoofed");
}}

in_its_own_world! {
fn the_metadata_address_answers_only_a_routers_own_ports(run: &Path) {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    let routes = ["0.0.0.0/0 internet"];
    lab.segment("subnet-a", "vpc-1", "a", "10.0.1.0/24", &routes);
    lab.segment("subnet-b", "vpc-1", "b", "10.0.2.0/24", &routes);
    // No group passes anything: the metadata address needs none.
    lab.group("sg-1", "vpc-1", &[]);
    lab.machine("one", "subnet-a", "10.0.1.10=203.0.113.10", &["sg-1"]);
    lab.machine("two", "subnet-b", "10.0.2.10", &["sg-1"]);
    let router = lab.net.router_namespace(&id("vpc-1")).unwrap();
    let service = |letter: &str| -> TcpListener {
        let socket = socket_in(&router, libc::AF_INET, libc::SOCK_STREAM, 0).unwrap();
        lab::bind(&socket, &METADATA.to_string(), metadata_port(&zone(letter)));
        // SAFETY: a live socket.
        assert_eq!(unsafe { libc::listen(socket.as_raw_fd(), 4) }, 0);
        TcpListener::from(socket)
    };
    assert_ne!(metadata_port(&zone("a")), metadata_port(&zone("b")));
    let services = [("one", "10.0.1.10", service("a")), ("two", "10.0.2.10", service("b"))];
    for (name, address, service) in &services {
        let mut client = lab.connect(name, "169.254.169.254", 80).unwrap();
        let (mut server, from) = service.accept().unwrap();
        assert_eq!(from.ip().to_string(), *address);
        server.write_all(b"!").unwrap();
        client.read_exact(&mut [0; 1]).unwrap();
        // Not past the redirection, and no other port.
        let port = metadata_port(&zone("b"));
        assert!(lab.connect(name, "169.254.169.254", port).is_err());
        assert!(lab.connect(name, "169.254.169.254", 81).is_err());
    }
    assert!(lab.connect("internet", "169.254.169.254", 80).is_err());
    assert!(lab.connect("internet", "203.0.113.10", metadata_port(&zone("a"))).is_err());
    lab.net.dark(&zone("a"), true).unwrap();
    assert!(lab.connect("one", "169.254.169.254", 80).is_err());
    assert!(lab.connect("two", "169.254.169.254", 80).is_ok());
}}

in_its_own_world! {
fn nothing_speaks_ipv6(run: &Path) {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    lab.segment("subnet-a", "vpc-1", "a", "10.0.1.0/24", &[]);
    lab.group("sg-1", "vpc-1", &OPEN);
    lab.machine("one", "subnet-a", "10.0.1.10", &["sg-1"]);
    for place in [lab.place("one"), lab.net.router_namespace(&id("vpc-1")).unwrap()] {
        let socket = socket_in(&place, libc::AF_INET6, libc::SOCK_DGRAM, 0).unwrap();
        let socket = UdpSocket::from(socket);
        assert!(socket.send_to(b"x", ("ff02::1%1001", 53)).is_err());
        assert!(socket.send_to(b"x", ("fd00::1", 53)).is_err());
    }
}}

in_its_own_world! {
fn a_guest_that_insists_on_ipv6_gets_nowhere(run: &Path) {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    lab.segment("subnet-a", "vpc-1", "a", "10.0.1.0/24", &[]);
    lab.group("sg-1", "vpc-1", &OPEN);
    for (name, address) in [("one", "10.0.1.10"), ("two", "10.0.1.11")] {
        lab.machine(name, "subnet-a", address, &["sg-1"]);
        lab.inside(name, || {
            for place in ["all", "default", "eth0", "lo"] {
                let file = format!("/proc/sys/net/ipv6/conf/{place}/disable_ipv6");
                std::fs::write(file, "0").unwrap();
            }
        });
        let own = address.replace("10.0.1.", "fd00::");
        lab.ip(name, &["addr", "add", &format!("{own}/64"), "dev", "eth0", "nodad"]);
        for other in ["fd00::10", "fd00::11"].iter().filter(|other| **other != own) {
            // It even knows the hardware address of its gateway.
            let gateway = "0a:00:00:00:00:01";
            lab.ip(name, &["neigh", "replace", other, "lladdr", gateway, "dev", "eth0"]);
        }
    }
    let socket = |name: &str, port: u16| {
        lab.inside(name, || UdpSocket::bind(("::", port)).unwrap())
    };
    let (sender, receiver) = (socket("one", 0), socket("two", 53));
    receiver.set_read_timeout(Some(lab::PATIENCE)).unwrap();
    sender.send_to(b"six", ("fd00::11", 53)).unwrap();
    assert!(receiver.recv(&mut [0; 8]).is_err());
    lab.inside("two", || UdpSocket::bind("[::1]:0").unwrap().send_to(b"own", "[::1]:53").unwrap());
    assert!(receiver.recv(&mut [0; 8]).is_ok(), "the receiver works");
}}

in_its_own_world! {
fn a_port_changes_in_place(run: &Path) {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    lab.segment("subnet-a", "vpc-1", "a", "10.0.1.0/24", &[]);
    lab.group("sg-1", "vpc-1", &OPEN);
    lab.machine("one", "subnet-a", "10.0.1.10", &["sg-1"]);
    lab.machine("two", "subnet-a", "10.0.1.11", &["sg-1"]);
    let listener = lab.listen("two", 80);
    let mut client = lab.connect("one", "10.0.1.11", 80).unwrap();
    let (mut server, _) = listener.accept().unwrap();
    // A second address appears, and goes again; the connection on the first notices nothing.
    let port = |addresses: &str| spec("two", "subnet-a", addresses, &["sg-1"], true);
    lab.net.ensure_port(&id("eni-two"), &port("10.0.1.11,10.0.1.12"));
    assert!(lab.reaches("one", &listener, "10.0.1.12"));
    lab.net.ensure_port(&id("eni-two"), &port("10.0.1.11"));
    assert!(!lab.pings("one", "10.0.1.12"));
    assert!(lab::talk(&mut client, &mut server));
    // Another hardware address is another link.
    let mut other = port("10.0.1.11");
    other.mac[1] = 0xfe;
    assert_eq!(lab.net.ensure_port(&id("eni-two"), &other), Health::Ready);
    assert!(lab.reaches("one", &listener, "10.0.1.11"));
    // Another machine.
    lab.net.machine_namespace(&id("i-three")).unwrap();
    other.plug.as_mut().unwrap().machine = id("i-three");
    assert_eq!(lab.net.ensure_port(&id("eni-two"), &other), Health::Ready);
    let listener = lab.listen("three", 80);
    assert!(lab.reaches("one", &listener, "10.0.1.11"));
    // No machine.
    other.plug = None;
    assert_eq!(lab.net.ensure_port(&id("eni-two"), &other), Health::Ready);
    assert!(!lab.pings("one", "10.0.1.11"));
}}

in_its_own_world! {
fn a_second_interface_answers_by_itself(run: &Path) {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    lab.segment("subnet-a", "vpc-1", "a", "10.0.1.0/24", &[]);
    lab.segment("subnet-b", "vpc-1", "a", "10.0.2.0/24", &[]);
    lab.group("sg-1", "vpc-1", &OPEN);
    lab.machine("one", "subnet-a", "10.0.1.10", &["sg-1"]);
    lab.machine("two", "subnet-a", "10.0.1.11", &["sg-1"]);
    let mut second = spec("two", "subnet-b", "10.0.2.11", &["sg-1"], true);
    second.plug.as_mut().unwrap().index = 1;
    assert_eq!(lab.net.ensure_port(&id("eni-second"), &second), Health::Ready);
    let listener = lab.listen("two", 80);
    assert!(lab.reaches("one", &listener, "10.0.2.11"));
    assert!(lab.reaches("one", &listener, "10.0.1.11"));
}}

in_its_own_world! {
fn what_cannot_be_made_says_why_and_disturbs_nobody(run: &Path) {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    lab.segment("subnet-a", "vpc-1", "a", "10.0.1.0/24", &[]);
    lab.group("sg-1", "vpc-1", &OPEN);
    lab.machine("one", "subnet-a", "10.0.1.10", &["sg-1"]);
    let mut clash = spec("one", "subnet-a", "10.0.1.20", &["sg-1"], true);
    let health = lab.net.ensure_port(&id("eni-clash"), &clash);
    assert!(matches!(health, Health::Failed(_)), "two eth0 in one machine: {health:?}");
    let health = lab.port("two", "subnet-a", "10.0.1.10", &["sg-1"], true);
    assert_eq!(health, Health::Coming, "an address twice");
    let health = lab.port("two", "subnet-a", "10.0.1.11=8.8.8.8", &["sg-1"], true);
    assert!(matches!(health, Health::Failed(_)), "outside the pool: {health:?}");
    for text in ["in all 80 0.0.0.0/0", "in udp 90-80 0.0.0.0/0", "in 47 80 0.0.0.0/0"] {
        let passes = vec![lab::pass(text)];
        let group = Filter::Group(Group { router: id("vpc-1"), passes });
        let health = lab.net.ensure_filter(&id("sg-1"), &group);
        assert!(matches!(health, Health::Failed(_)), "{text}: {health:?}");
    }
    for address in ["127.0.0.1", "224.0.0.1", "0.0.0.0", "169.254.169.254"] {
        let health = lab.port("two", "subnet-a", address, &["sg-1"], true);
        assert!(matches!(health, Health::Failed(_)), "{address}: {health:?}");
    }
    lab.group("sg-1", "vpc-1", &OPEN);
    let mut bad = spec("two", "subnet-a", "10.0.1.12", &["sg-1"], true);
    bad.mac[0] = 1;
    lab.net.machine_namespace(&id("i-two")).unwrap();
    let health = lab.net.ensure_port(&id("eni-two"), &bad);
    assert!(matches!(health, Health::Failed(_)), "a multicast address: {health:?}");
    lab.machine("three", "subnet-a", "10.0.1.13", &["sg-1"]);
    assert!(lab.pings("three", "10.0.1.10"));
    clash.plug.as_mut().unwrap().index = 1;
    clash.addresses = vec![Address { private: ip("10.0.1.21"), public: None }];
    assert_eq!(lab.net.ensure_port(&id("eni-clash"), &clash), Health::Ready);
    assert!(lab.pings("three", "10.0.1.21"));
}}

/// What a machine's own system would do: forward packets.
fn forward_in(lab: &Lab, name: &str) {
    lab.inside(name, || std::fs::write("/proc/sys/net/ipv4/ip_forward", "1").unwrap());
}

/// Gives a machine an address that nobody gave it.
fn take_address(lab: &Lab, name: &str, address: &str) {
    lab.ip(name, &["addr", "add", &format!("{address}/32"), "dev", "lo"]);
}
