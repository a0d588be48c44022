//! The door as a client meets it: raw sockets, no client library.
#![allow(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use http_door::{Answer, Desk, Door, Limits, Reply, Request, serve};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

/// Longer than anything here takes; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// Answers at once with what it was asked, as text.
struct Echo;

impl Desk for Echo {
    fn take(&self, request: Request, reply: Reply) {
        let text = format!("{} {} {}", request.method, request.target, request.body.len());
        reply.send(Answer::new(200, text).with("x-ticket", request.ticket.to_string()));
    }
}

/// Hands requests to the test, and the tickets of those who left.
struct Parked {
    requests: Sender<(Request, Reply)>,
    leavers: Sender<u64>,
}

impl Desk for Parked {
    fn take(&self, request: Request, reply: Reply) {
        self.requests.send((request, reply)).unwrap();
    }

    fn left(&self, ticket: u64) {
        self.leavers.send(ticket).unwrap();
    }
}

fn parked() -> (Arc<Parked>, Receiver<(Request, Reply)>, Receiver<u64>) {
    let (requests, taken) = mpsc::channel();
    let (leavers, left) = mpsc::channel();
    (Arc::new(Parked { requests, leavers }), taken, left)
}

fn open(desk: Arc<dyn Desk>, limits: Limits) -> (Door, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let door = serve(listener, desk, limits).unwrap();
    let address = door.address().unwrap();
    (door, address)
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

struct Got {
    status: u16,
    head: String,
    body: Vec<u8>,
}

fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

fn read(stream: &mut TcpStream) -> Got {
    let head = read_head(stream);
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).unwrap();
    Got { status, head, body }
}

/// True when the server has closed the connection.
fn closed(stream: &mut TcpStream) -> bool {
    match stream.read(&mut [0; 1]) {
        Ok(count) => count == 0,
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
    }
}

fn ask(address: SocketAddr, text: &str) -> Got {
    let mut stream = connect(address);
    stream.write_all(text.as_bytes()).unwrap();
    read(&mut stream)
}

fn short() -> Limits {
    Limits {
        header_timeout: Duration::from_millis(150),
        body_timeout: Duration::from_millis(150),
        idle_timeout: Duration::from_millis(300),
        ..Limits::default()
    }
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let (_door, address) = open(Arc::new(Echo), Limits::default());
    let mut stream = connect(address);
    let mut text = String::new();
    for index in 0..50 {
        let body = "x".repeat(index);
        text += &format!(
            "\r\nPOST /{index} HTTP/1.1\r\nHost: h\r\nContent-Length: {index}\r\n\r\n{body}"
        );
    }
    stream.write_all(text.as_bytes()).unwrap();
    for index in 0..50 {
        let got = read(&mut stream);
        assert_eq!(got.status, 200);
        assert_eq!(got.body, format!("POST /{index} {index}").as_bytes());
        assert!(got.head.contains("connection: keep-alive\r\n"));
        assert!(got.head.contains("\r\ndate: ") && got.head.contains(" GMT\r\n"));
    }
}

#[test]
fn a_request_arrives_as_it_was_sent() {
    let (desk, requests, _left) = parked();
    let (_door, address) = open(desk, Limits::default());
    let mut stream = connect(address);
    stream
        .write_all(
            b"PUT /b//a%2Bb/../%C3%A9?x=1&&x=%2f HTTP/1.1\r\nHost: h\r\nx-b: 2\r\nX-A:  1\r\n\
              X-B: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;e=1\r\nde\r\n0\r\n\r\n",
        )
        .unwrap();
    let (request, reply) = requests.recv_timeout(PATIENCE).unwrap();
    assert_eq!(request.target, "/b//a%2Bb/../%C3%A9?x=1&&x=%2f");
    assert_eq!((request.path(), request.query()), ("/b//a%2Bb/../%C3%A9", "x=1&&x=%2f"));
    assert_eq!((request.method.as_str(), request.version), ("PUT", 1));
    assert_eq!(request.body, b"abcde");
    assert_eq!((request.peer, request.local), (stream.local_addr().unwrap(), address));
    let names: Vec<&str> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Host", "x-b", "X-A", "X-B", "Transfer-Encoding"]);
    assert_eq!(request.header("x-a"), Some("1"));
    // From this thread, which is not the door's.
    assert!(reply.send(Answer::new(201, vec![7; 200_000]).with("x-y", "z")));
    let got = read(&mut stream);
    assert_eq!((got.status, got.body), (201, vec![7; 200_000]));
    assert!(got.head.starts_with("HTTP/1.1 201 Created\r\nx-y: z\r\n"));
}

#[test]
fn expectations_are_met_with_a_phrase() {
    let (_door, address) = open(Arc::new(Echo), Limits { body_bytes: 10, ..Limits::default() });
    let mut stream = connect(address);
    let head = "PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n";
    stream.write_all(format!("{head}Content-Length: 4\r\n\r\n").as_bytes()).unwrap();
    assert_eq!(read_head(&mut stream), "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"abcd").unwrap();
    assert_eq!(read(&mut stream).body, b"PUT /x 4");
    // One that is too long is refused before it is sent.
    stream.write_all(format!("{head}Content-Length: 11\r\n\r\n").as_bytes()).unwrap();
    assert_eq!(read(&mut stream).status, 413);
    assert!(closed(&mut stream));
}

#[test]
fn too_much_is_refused() {
    let limits = Limits { header_bytes: 2000, headers: 10, body_bytes: 1000, ..Limits::default() };
    let (_door, address) = open(Arc::new(Echo), limits);
    let get =
        |lines: &str| ask(address, &format!("GET / HTTP/1.1\r\nHost: h\r\n{lines}\r\n")).status;
    assert_eq!(get("x: 1\r\n"), 200);
    assert_eq!(get(&format!("x: {}\r\n", "y".repeat(2000))), 431);
    assert_eq!(get(&"x: 1\r\n".repeat(10)), 431);
    assert_eq!(get("Content-Length: 1001\r\n"), 413);
    assert_eq!(get("Transfer-Encoding: chunked\r\n\r\n3e9\r\n"), 413);
    // A request line without an end.
    assert_eq!(ask(address, &format!("GET /{}", "y".repeat(2000))).status, 431);
    // Nonsense, and TLS.
    assert_eq!(ask(address, "\u{16}\u{3}\u{1}").status, 400);
    assert_eq!(ask(address, "hello\r\n\r\n").status, 400);
    assert_eq!(ask(address, "GET / HTTP/1.1\r\nHost: h\r\nx: \u{0}\r\n\r\n").status, 400);
    let mut stream = connect(address);
    stream.write_all(b"GET / HTTP/1.1\r\nHost: h\r\nx: \xff\xfe\r\n\r\n").unwrap();
    assert_eq!(read(&mut stream).status, 400);
}

/// What this process has in memory, KiB (`/proc/self/status`, VmHWM: the peak).
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn giant_bodies_cost_no_memory() {
    let mib = 1024 * 1024;
    let limits = Limits { body_bytes: 4 * mib, bodies_bytes: 8 * mib, ..Limits::default() };
    let (_door, address) = open(Arc::new(Echo), limits);
    let before = peak_kib();
    // Said: refused at once. Not said: refused as soon as it is too much.
    assert_eq!(
        ask(address, "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\n").status,
        413
    );
    let chunk = format!("{:x}\r\n{}\r\n", mib, "x".repeat(mib));
    let mut stream = connect(address);
    stream.write_all(b"PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
    // The refusal may come while we are still writing.
    for _ in 0..8 {
        if stream.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    assert_eq!(read(&mut stream).status, 413);
    // Many halves of bodies, more than may be there together: one of them at least is refused
    // (which one depends on who is read first).
    let halves: Vec<TcpStream> = (0..6).map(|_| connect(address)).collect();
    let head = format!("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n", 4 * mib);
    let (tell, told) = mpsc::channel();
    let readers: Vec<_> = halves
        .iter()
        .map(|stream| {
            let (mut stream, tell) = (stream.try_clone().unwrap(), tell.clone());
            let bytes = [head.as_bytes(), &vec![0; 2 * mib]].concat();
            std::thread::spawn(move || {
                // The refusal may come while we are still writing.
                let _ = stream.write_all(&bytes);
                let mut start = [0; 12];
                if stream.read_exact(&mut start).is_ok() {
                    tell.send(start).unwrap();
                }
            })
        })
        .collect();
    assert_eq!(&told.recv_timeout(PATIENCE).unwrap(), b"HTTP/1.1 503");
    for stream in &halves {
        let _ = stream.shutdown(std::net::Shutdown::Both);
    }
    for reader in readers {
        reader.join().unwrap();
    }
    let grown = peak_kib() - before;
    assert!(grown < 64 * 1024, "{grown} KiB for bodies that may hold 8 MiB");
}

#[test]
fn slow_clients_are_let_go() {
    let (_door, address) = open(Arc::new(Echo), short());
    let begun = Instant::now();
    // Headers, a byte at a time.
    let mut stream = connect(address);
    let mut slow = stream.try_clone().unwrap();
    let dripping = std::thread::spawn(move || {
        for byte in
            b"GET / HTTP/1.1\r\nHost: h\r\nx-slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaa".iter().cycle()
        {
            if slow.write_all(&[*byte]).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    assert_eq!(read(&mut stream).status, 408);
    assert!(begun.elapsed() >= Duration::from_millis(150));
    assert!(closed(&mut stream));
    drop(stream);
    dripping.join().unwrap();
    // A body that stops.
    let stopped = ask(address, "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab");
    assert_eq!(stopped.status, 408);
    // Silence.
    let mut stream = connect(address);
    stream.write_all(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n").unwrap();
    assert_eq!(read(&mut stream).status, 200);
    assert!(closed(&mut stream));
    assert!(begun.elapsed() < PATIENCE);
}

#[test]
fn a_client_that_hangs_up_is_noticed() {
    let (desk, requests, left) = parked();
    let (door, address) = open(desk, Limits::default());
    let mut stream = connect(address);
    stream.write_all(b"GET /long-poll HTTP/1.1\r\nHost: h\r\n\r\n").unwrap();
    let (request, reply) = requests.recv_timeout(PATIENCE).unwrap();
    assert!(!reply.gone());
    drop(stream);
    assert_eq!(left.recv_timeout(PATIENCE), Ok(request.ticket));
    assert!(reply.gone());
    reply.send(Answer::new(200, "too late"));
    // A half-closed one still gets what comes.
    let mut stream = connect(address);
    stream.write_all(b"GET /half HTTP/1.1\r\nHost: h\r\n\r\n").unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let (_, reply) = requests.recv_timeout(PATIENCE).unwrap();
    assert!(left.recv_timeout(PATIENCE).is_ok());
    reply.send(Answer::new(200, "late"));
    let got = read(&mut stream);
    assert_eq!(got.body, b"late");
    assert!(got.head.contains("connection: close\r\n"));
    assert!(closed(&mut stream));
    door.stop(PATIENCE);
}

#[test]
fn a_dropped_reply_is_an_error_and_not_a_hang() {
    let (desk, requests, _left) = parked();
    let (_door, address) = open(desk, Limits::default());
    let mut stream = connect(address);
    stream.write_all(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n").unwrap();
    drop(requests.recv_timeout(PATIENCE).unwrap());
    assert_eq!(read(&mut stream).status, 500);
    // So is an answer that would split.
    stream.write_all(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n").unwrap();
    let (_, reply) = requests.recv_timeout(PATIENCE).unwrap();
    reply.send(Answer::new(200, "").with("x", "1\r\nset-cookie: y"));
    let got = read(&mut stream);
    assert_eq!(got.status, 500);
    assert!(!got.head.contains("cookie"));
}

/// A desk with a bug.
struct Broken;

impl Desk for Broken {
    fn take(&self, request: Request, reply: Reply) {
        assert!(request.target != "/bug", "a bug, on purpose");
        reply.send(Answer::new(200, "fine"));
    }
}

#[test]
fn a_bug_ends_one_request_only() {
    let (_door, address) = open(Arc::new(Broken), Limits::default());
    let mut stream = connect(address);
    stream.write_all(b"GET /bug HTTP/1.1\r\nHost: h\r\n\r\n").unwrap();
    assert_eq!(read(&mut stream).status, 500);
    stream.write_all(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n").unwrap();
    assert_eq!(read(&mut stream).body, b"fine");
}

#[test]
fn heads_and_old_clients_get_what_they_understand() {
    let (desk, requests, _left) = parked();
    let (_door, address) = open(desk, Limits::default());
    let mut stream = connect(address);
    stream.write_all(b"HEAD / HTTP/1.1\r\nHost: h\r\n\r\n").unwrap();
    let (_, reply) = requests.recv_timeout(PATIENCE).unwrap();
    reply.send(Answer::new(200, "").with("Content-Length", "12345"));
    let head = read_head(&mut stream);
    assert!(head.contains("content-length: 12345\r\n"), "{head}");
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n").unwrap();
    let (request, reply) = requests.recv_timeout(PATIENCE).unwrap();
    assert_eq!(request.version, 0);
    reply.send(Answer::new(200, "old"));
    let got = read(&mut stream);
    assert_eq!(got.body, b"old");
    assert!(got.head.contains("connection: close\r\n"));
    assert!(closed(&mut stream));
}

#[test]
fn a_full_house_says_so() {
    let (door, address) = open(Arc::new(Echo), Limits { connections: 2, ..Limits::default() });
    let get = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    let mut inside: Vec<TcpStream> = (0..2).map(|_| connect(address)).collect();
    for stream in &mut inside {
        stream.write_all(get).unwrap();
        assert_eq!(read(stream).status, 200);
    }
    assert_eq!(door.connections(), 2);
    let mut outside = connect(address);
    let _ = outside.write_all(get);
    assert_eq!(read(&mut outside).status, 503);
    assert!(closed(&mut outside));
    // Room again.
    drop(inside.pop());
    let until = Instant::now() + PATIENCE;
    while door.connections() == 2 && Instant::now() < until {
        std::thread::yield_now();
    }
    assert_eq!(ask(address, "GET / HTTP/1.1\r\nHost: h\r\n\r\n").status, 200);
}

#[test]
fn stopping_finishes_what_is_under_way() {
    let (desk, requests, _left) = parked();
    let (door, address) = open(desk, Limits::default());
    let mut idle = connect(address);
    let mut busy = connect(address);
    busy.write_all(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n").unwrap();
    let (_, reply) = requests.recv_timeout(PATIENCE).unwrap();
    let stopping = std::thread::spawn(move || door.stop(PATIENCE));
    // The idle one goes first, so we know that stopping has begun.
    assert!(closed(&mut idle));
    reply.send(Answer::new(200, "last"));
    let got = read(&mut busy);
    assert_eq!(got.body, b"last");
    assert!(got.head.contains("connection: close\r\n"));
    stopping.join().unwrap();
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn listeners_come_and_go() {
    let door = Door::open(Limits::default()).unwrap();
    let listen = || {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        door.listen(listener, Arc::new(Echo)).unwrap()
    };
    let (one, two) = (listen(), listen());
    let get = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";
    let gone = one.address();
    assert_eq!(ask(gone, get).status, 200);
    drop(one);
    let until = Instant::now() + PATIENCE;
    while TcpStream::connect(gone).is_ok() && Instant::now() < until {
        std::thread::yield_now();
    }
    assert!(TcpStream::connect(gone).is_err());
    assert_eq!(ask(two.address(), get).status, 200);
}

#[test]
fn many_clients_at_once_through_a_channel() {
    let (sender, requests) = mpsc::channel::<(Request, Reply)>();
    let (door, address) = open(Arc::new(sender), Limits::default());
    let region = std::thread::spawn(move || {
        let mut count = 0;
        for (request, reply) in requests {
            count += 1;
            reply.send(Answer::new(200, request.target));
        }
        count
    });
    let clients: Vec<_> = (0..16)
        .map(|client| {
            std::thread::spawn(move || {
                let mut stream = connect(address);
                for index in 0..50 {
                    let target = format!("/{client}/{index}");
                    let text = format!("GET {target} HTTP/1.1\r\nHost: h\r\n\r\n");
                    stream.write_all(text.as_bytes()).unwrap();
                    assert_eq!(read(&mut stream).body, target.as_bytes());
                }
            })
        })
        .collect();
    for client in clients {
        client.join().unwrap();
    }
    door.stop(PATIENCE);
    assert_eq!(region.join().unwrap(), 16 * 50);
}
