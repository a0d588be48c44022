//! End to end over loopback: an instance fetches a token and reads itself, and no other can.
#![allow(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use metadata::{Card, Lookup, attend, limits, serve};
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::fd::BorrowedFd;
use std::sync::Arc;
use std::time::Duration;

const SECRET: &[u8] = b"secret";
const ONE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn lookup(owner: &'static str) -> Lookup {
    let mut card = Card { hop_limit: 1, ..Card::default() };
    card.tree.insert("meta-data/instance-id".to_owned(), owner.to_owned());
    let card = Arc::new(card);
    Arc::new(move |ip| (ip == ONE).then(|| (owner.to_owned(), card.clone())))
}

fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

fn ask(stream: &mut TcpStream, request: &str) -> (u16, String) {
    stream.write_all(format!("{request}\r\nHost: 169.254.169.254\r\n\r\n").as_bytes()).unwrap();
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.unwrap().parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), String::from_utf8(body).unwrap())
}

/// The time to live of the server's end of a connection: it is a socket of this same process.
fn server_ttl(client: &TcpStream) -> u32 {
    let (ours, theirs) = (client.local_addr().unwrap(), client.peer_addr().unwrap());
    for entry in std::fs::read_dir("/proc/self/fd").unwrap() {
        let Ok(number) = entry.unwrap().file_name().to_str().unwrap().parse() else { continue };
        // SAFETY: only duplicated, and a number that is closed meanwhile makes that fail.
        let Ok(owned) = unsafe { BorrowedFd::borrow_raw(number) }.try_clone_to_owned() else {
            continue;
        };
        let stream = TcpStream::from(owned);
        if stream.peer_addr().ok() == Some(ours) && stream.local_addr().ok() == Some(theirs) {
            return stream.ttl().unwrap();
        }
    }
    panic!("the server's end was not found")
}

#[test]
fn an_instance_reads_itself() {
    let door = serve(listener(), lookup("i-one"), SECRET).unwrap();
    let mut stream = connect(door.address().unwrap());
    let get = "GET /latest/meta-data/instance-id HTTP/1.1";
    assert_eq!(ask(&mut stream, get).0, 401);
    let usual = server_ttl(&stream);
    assert!(usual > 1);
    let put = "PUT /latest/api/token HTTP/1.1\r\nX-aws-ec2-metadata-token-ttl-seconds: 60";
    let (status, token) = ask(&mut stream, put);
    assert_eq!((status, token.len()), (200, 56));
    assert_eq!(server_ttl(&stream), 1);
    assert_eq!(ask(&mut stream, get).0, 401);
    assert_eq!(server_ttl(&stream), usual);
    let with_token = format!("{get}\r\nX-aws-ec2-metadata-token: {token}");
    assert_eq!(ask(&mut stream, &with_token), (200, "i-one".to_owned()));
    // A second VPC at the same door, where the same address is another instance.
    let second = attend(&door, listener(), lookup("i-two"), SECRET).unwrap();
    let mut other = connect(second.address());
    assert_eq!(ask(&mut other, &with_token).0, 401);
    let (_, token) = ask(&mut other, put);
    let with_token = format!("{get}\r\nX-aws-ec2-metadata-token: {token}");
    assert_eq!(ask(&mut other, &with_token), (200, "i-two".to_owned()));
    assert_eq!(ask(&mut stream, &with_token).0, 401);
}

#[test]
fn strangers_and_big_requests_get_nothing() {
    let nobody: Lookup = Arc::new(|_| None);
    let door = serve(listener(), nobody, SECRET).unwrap();
    let get = "GET /latest/meta-data/instance-id HTTP/1.1";
    assert_eq!(ask(&mut connect(door.address().unwrap()), get).0, 404);
    let long = format!("{get}\r\nX-aws-ec2-metadata-token: {}", "A".repeat(limits().header_bytes));
    assert_eq!(ask(&mut connect(door.address().unwrap()), &long).0, 431);
    door.stop(Duration::from_secs(1));
}
