//! Listeners of bytes and datagrams: flows, their targets, and how they end.
#![allow(clippy::unwrap_used, reason = "a test fails where it is surprised")]

mod stage;

use stage::*;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;
use world::*;

/// Says its name, then sends back what comes.
fn echo(name: &'static str) -> Fake {
    Fake::new(move |mut stream| {
        if stream.write_all(name.as_bytes()).is_err() {
            return;
        }
        let mut room = [0; 64 * 1024];
        while let Ok(count @ 1..) = stream.read(&mut room) {
            if stream.write_all(&room[..count]).is_err() {
                return;
            }
        }
    })
}

fn bytes(port: u16, fakes: &[&Fake]) -> Balancer {
    let mut all = pool(fakes);
    all.speaks = Backend::Tcp;
    all.check.by = Question::Tcp;
    all.choice = Choice::FlowHash;
    let mut config = config(port, all);
    config.listeners[0].speaks = Speech::Tcp;
    config
}

fn greeted(port: u16) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut name = [0; 3];
    stream.read_exact(&mut name).unwrap();
    (stream, String::from_utf8(name.to_vec()).unwrap())
}

#[test]
fn bytes_go_both_ways_and_an_end_goes_on_alone() {
    let target = echo("one");
    let port = free_port();
    let node = ready(&bytes(port, &[&target]));
    let (mut stream, _) = greeted(port);
    let mut writer = stream.try_clone().unwrap();
    let all: Vec<u8> = (0..4_000_000_u32).map(|n| (n * 7 % 251) as u8).collect();
    let sent = all.clone();
    let sending = std::thread::spawn(move || {
        writer.write_all(&sent).unwrap();
        writer.shutdown(std::net::Shutdown::Write).unwrap();
    });
    let mut back = Vec::new();
    stream.read_to_end(&mut back).unwrap();
    sending.join().unwrap();
    assert!(back == all);
    let mut usage = node.take_usage();
    until(|| {
        usage.extend(node.take_usage());
        usage.contains_key(&traffic::of(traffic::BYTES, traffic::TCP))
    });
    let count = usage[&traffic::of(traffic::BYTES, traffic::TCP)].sum;
    assert_eq!(count, 8_000_003.0);
    assert!(usage[&traffic::of(traffic::CONNECTIONS_NEW, traffic::TCP)].count >= 1.0);
}

#[test]
fn a_proxy_header_tells_the_target_of_the_client() {
    let (tell, told) = std::sync::mpsc::channel();
    let target = Fake::new(move |mut stream| {
        let mut header = [0; 28];
        if stream.read_exact(&mut header).is_ok() {
            tell.send(header).unwrap();
        }
    });
    let port = free_port();
    let mut config = bytes(port, &[&target]);
    config.pools.get_mut(&Id::from("p")).unwrap().proxy_header = true;
    let _node = ready(&config);
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let header = told.recv_timeout(PATIENCE).unwrap();
    let client = stream.local_addr().unwrap().port().to_be_bytes();
    assert_eq!(header[..16], *b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c");
    assert_eq!(header[16..24], [127, 0, 0, 1, 127, 0, 0, 1]);
    assert_eq!(header[24..26], client);
    assert_eq!(header[26..28], port.to_be_bytes());
}

#[test]
fn a_source_sticks_to_its_target() {
    let fakes = [echo("one"), echo("two"), echo("six")];
    let port = free_port();
    let mut config = bytes(port, &fakes.each_ref());
    config.pools.get_mut(&Id::from("p")).unwrap().sticky = Sticky::Source;
    let node = ready(&config);
    let (_, first) = greeted(port);
    assert!((0..10).all(|_| greeted(port).1 == first));
    config.pools.get_mut(&Id::from("p")).unwrap().sticky = Sticky::No;
    node.configure(config);
    until(|| greeted(port).1 != first);
}

#[test]
fn flows_are_cut_when_the_drain_ends_or_the_target_turns_unwell() {
    let target = echo("one");
    let port = free_port();
    let mut config = bytes(port, &[&target]);
    let node = ready(&config);
    let (mut kept, _) = greeted(port);
    let all = config.pools.get_mut(&Id::from("p")).unwrap();
    all.targets.get_mut("t0").unwrap().leaving = Some(Time(1));
    all.drain = Span(1);
    node.configure(config.clone());
    // It may finish, however long that takes; a new one gets nothing.
    until(|| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        !matches!(stream.read(&mut [0; 3]), Ok(3))
    });
    kept.write_all(b"still").unwrap();
    let mut room = [0; 5];
    kept.read_exact(&mut room).unwrap();
    assert_eq!(&room, b"still");
    config.pools.get_mut(&Id::from("p")).unwrap().cut_drained = true;
    node.configure(config);
    assert!(kept.read_exact(&mut room).is_err());
    until(|| node.take_usage().contains_key(traffic::RESETS_OWN));

    let port = free_port();
    let mut config = bytes(port, &[&target]);
    let sick = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let ill = sick.clone();
    let doctor = Fake::http(move |_| {
        let status = if ill.load(std::sync::atomic::Ordering::SeqCst) { 500 } else { 200 };
        format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n")
    });
    let all = config.pools.get_mut(&Id::from("p")).unwrap();
    all.cut_unwell = true;
    all.check.port = Some(doctor.address.port());
    let (path, good) = ("/".to_owned(), vec![(200, 200)]);
    all.check.by = Question::Http { path, good, tls: false, http2: false };
    let node = ready(&config);
    let (mut stream, _) = greeted(port);
    sick.store(true, std::sync::atomic::Ordering::SeqCst);
    assert!(stream.read_exact(&mut room).is_err());
    drop(node);
}

#[test]
fn datagrams_of_one_client_are_one_flow() {
    let target = UdpSocket::bind("127.0.0.1:0").unwrap();
    let doctor = echo("one");
    let port = free_port();
    let mut config = bytes(port, &[]);
    let all = config.pools.get_mut(&Id::from("p")).unwrap();
    all.targets.insert("t0".into(), stage::target(target.local_addr().unwrap()));
    all.speaks = Backend::Udp;
    all.check.port = Some(doctor.address.port());
    config.listeners[0].speaks = Speech::Udp;
    let node = ready(&config);
    // Both workers listen: from now on a flow stays with one of them.
    let local = format!("0100007F:{port:04X}");
    until(|| std::fs::read_to_string("/proc/net/udp").unwrap().matches(&local).count() == 2);
    target.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let clients = [(); 2].map(|()| {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        socket
    });
    let mut flows: Vec<SocketAddr> = Vec::new();
    let mut room = [0; 64];
    for client in &clients {
        let mut seen = Vec::new();
        for word in ["a", "b"] {
            let (count, from) = loop {
                client.send_to(word.as_bytes(), ("127.0.0.1", port)).unwrap();
                if let Ok(come) = target.recv_from(&mut room) {
                    break come;
                }
            };
            assert_eq!(&room[..count], word.as_bytes());
            target.send_to(b"back", from).unwrap();
            assert_eq!(client.recv(&mut room).unwrap(), 4);
            seen.push(from);
        }
        assert_eq!(seen[0], seen[1]);
        flows.push(seen[0]);
    }
    assert_ne!(flows[0], flows[1]);
    let usage = node.take_usage();
    assert_eq!(usage[&traffic::of(traffic::CONNECTIONS_NEW, traffic::UDP)].count, 2.0);
    assert_eq!(usage[&traffic::of(traffic::CONNECTIONS, traffic::UDP)].most, 2.0);
}
