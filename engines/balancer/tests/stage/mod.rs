//! What the tests play on: targets that say what they are told to, and raw clients.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test fails where it is surprised")]

use balancer::Node;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};
use world::*;

pub const PATIENCE: Duration = Duration::from_secs(10);

/// A free port outside the range from which the kernel takes clients' ports: another test's
/// client must not get it in between.
pub fn free_port() -> u16 {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    loop {
        let step = NEXT.fetch_add(1, SeqCst) + std::process::id() as usize * 37;
        let port = (12_000 + step % 18_000) as u16;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// A target: every connection is given to `serve`, on a thread of its own.
pub struct Fake {
    pub address: SocketAddr,
    pub connections: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
}

impl Fake {
    pub fn new(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (connections, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, ended, serve) = (connections.clone(), over.clone(), Arc::new(serve));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(SeqCst) {
                    return;
                }
                count.fetch_add(1, SeqCst);
                let serve = serve.clone();
                std::thread::spawn(move || serve(stream.unwrap()));
            }
        });
        Fake { address, connections, over }
    }

    /// Answers each request with what `answer` makes of its head and body; health checks with 200.
    pub fn http(answer: impl Fn(&Asked) -> String + Send + Sync + 'static) -> Fake {
        Fake::new(move |stream| {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut stream = stream;
            while let Some(asked) = Asked::read(&mut reader) {
                let text = match asked.line.contains("/health ") {
                    true => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_owned(),
                    false => answer(&asked),
                };
                if stream.write_all(text.as_bytes()).is_err() || text.is_empty() {
                    return;
                }
            }
        })
    }

    /// Answers with this name.
    pub fn named(name: &'static str) -> Fake {
        Fake::http(move |_| ok(name))
    }

    /// Passes health checks; other requests get `serve`.
    pub fn odd(serve: impl Fn(&mut TcpStream, &Asked) + Send + Sync + 'static) -> Fake {
        Fake::new(move |mut stream| {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            while let Some(asked) = Asked::read(&mut reader) {
                if asked.line.contains("/health ") {
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                } else {
                    serve(&mut stream, &asked);
                    return;
                }
            }
        })
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.over.store(true, SeqCst);
        // Until the listener is closed.
        while TcpStream::connect(self.address).is_ok() {
            std::thread::yield_now();
        }
    }
}

pub fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// A message as it was read.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub line: String,
    pub lines: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Asked {
    pub fn read(reader: &mut impl BufRead) -> Option<Asked> {
        Asked::read_for(reader, false)
    }

    /// With `bare`, no body follows whatever the head says.
    pub fn read_for(reader: &mut impl BufRead, bare: bool) -> Option<Asked> {
        let mut asked = Asked::default();
        reader.read_line(&mut asked.line).ok()?;
        if asked.line.is_empty() {
            return None;
        }
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(": ").unwrap_or((line, ""));
            asked.lines.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        if bare {
            return Some(asked);
        }
        if asked.value("transfer-encoding") == Some("chunked") {
            loop {
                let mut size = String::new();
                reader.read_line(&mut size).ok()?;
                let size = usize::from_str_radix(size.trim(), 16).ok()?;
                if size == 0 {
                    break;
                }
                let mut piece = vec![0; size + 2];
                reader.read_exact(&mut piece).ok()?;
                asked.body.extend_from_slice(&piece[..size]);
            }
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).ok()?;
                if line.trim_end().is_empty() {
                    break;
                }
                let (name, value) = line.trim_end().split_once(": ").unwrap();
                asked.lines.push((format!("trailer:{}", name.to_lowercase()), value.to_owned()));
            }
        } else if let Some(length) = asked.value("content-length") {
            asked.body = vec![0; length.parse().ok()?];
            reader.read_exact(&mut asked.body).ok()?;
        } else if asked.line.starts_with("HTTP/") && asked.value("connection") == Some("close") {
            reader.read_to_end(&mut asked.body).ok()?;
        }
        Some(asked)
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        self.lines.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn values(&self, name: &str) -> Vec<&str> {
        let lines = self.lines.iter().filter(|(known, _)| known == name);
        lines.map(|(_, value)| value.as_str()).collect()
    }

    pub fn status(&self) -> u16 {
        self.line.split(' ').nth(1).unwrap_or("0").parse().unwrap_or(0)
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// A client's connection.
pub struct Client {
    pub stream: TcpStream,
    reader: BufReader<TcpStream>,
}

impl Client {
    pub fn new(port: u16) -> Client {
        let end = Instant::now() + PATIENCE;
        let stream = loop {
            match TcpStream::connect(("127.0.0.1", port)) {
                Ok(stream) => break stream,
                Err(error) => assert!(Instant::now() < end, "{error}"),
            }
            std::thread::yield_now();
        };
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Client { reader: BufReader::new(stream.try_clone().unwrap()), stream }
    }

    pub fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).unwrap();
    }

    pub fn read(&mut self) -> Option<Asked> {
        Asked::read(&mut self.reader)
    }

    pub fn ask(&mut self, text: &str) -> Asked {
        self.send(text);
        let bare = text.starts_with("HEAD ");
        Asked::read_for(&mut self.reader, bare).expect("an answer")
    }

    pub fn get(&mut self, path: &str) -> Asked {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: example.com\r\n\r\n"))
    }

    /// Whether the node has ended the connection.
    pub fn is_over(&mut self) -> bool {
        let mut rest = Vec::new();
        self.reader.read_to_end(&mut rest).is_ok() && rest.is_empty()
    }
}

pub fn once(port: u16, text: &str) -> Asked {
    Client::new(port).ask(text)
}

pub fn get(port: u16, path: &str) -> Asked {
    Client::new(port).get(path)
}

pub fn target(address: SocketAddr) -> Target {
    let SocketAddr::V4(address) = address else { panic!("an IPv4 address") };
    Target { address: *address.ip(), port: address.port(), zone: None, leaving: None }
}

pub fn check() -> Check {
    Check {
        by: Question::Http {
            path: "/health".into(),
            good: vec![(200, 299)],
            tls: false,
            http2: false,
        },
        port: None,
        every: Span::millis(50),
        patience: Span::millis(2_000),
        rise: 2,
        fall: 2,
    }
}

pub fn pool(fakes: &[&Fake]) -> Pool {
    let targets = fakes.iter().enumerate();
    Pool {
        speaks: Backend::Http1,
        targets: targets.map(|(n, fake)| (format!("t{n}"), target(fake.address))).collect(),
        check: check(),
        choice: Choice::RoundRobin,
        slow_start: Span(0),
        sticky: Sticky::No,
        cross_zone: true,
        drain: Span::seconds(300),
        preserve_client: false,
        proxy_header: false,
        cut_drained: false,
        cut_unwell: false,
        fewest_well: 1,
    }
}

pub fn rule(conditions: Vec<Condition>, action: Action) -> Rule {
    Rule { name: "0".into(), conditions, action }
}

pub fn to(pool: &str) -> Action {
    Action::Forward { pools: vec![(Id::from(pool), 1)], sticky: None }
}

pub fn listener(port: u16, speaks: Speech, rules: Vec<Rule>) -> Listener {
    Listener {
        port,
        speaks,
        certificates: Vec::new(),
        tls12: true,
        tls13: true,
        alpn: Vec::new(),
        rules,
        idle: Span::seconds(350),
    }
}

/// One HTTP listener, one pool `p`.
pub fn config(port: u16, pool: Pool) -> Balancer {
    Balancer {
        name: "app/front/50dc6c495c0c9188".into(),
        secret: Secret("a secret".into()),
        listeners: vec![listener(port, Speech::Http, vec![rule(Vec::new(), to("p"))])],
        pools: BTreeMap::from([(Id::from("p"), pool)]),
        manners: Manners::default(),
        log: false,
        prefix: String::new(),
    }
}

pub fn start(config: &Balancer) -> Node {
    Node::start(Zone::from("a"), Ipv4Addr::LOCALHOST, config.clone(), None).unwrap()
}

/// Waits until what `ready` looks for was found.
pub fn wait_for(node: &Node, ready: impl Fn(&Findings) -> bool) -> Findings {
    let end = Instant::now() + PATIENCE;
    loop {
        let findings = node.findings();
        if ready(&findings) {
            return findings;
        }
        assert!(Instant::now() < end, "not in time: {findings:?}");
        node.wait_change(Duration::from_millis(100));
    }
}

pub fn well(findings: &Findings, key: &str) -> Option<bool> {
    findings.probes.get(key).and_then(|probe| probe.well)
}

/// A node all whose targets are well.
pub fn ready(config: &Balancer) -> Node {
    let node = start(config);
    let count: usize = config.pools.values().map(|pool| pool.targets.len()).sum();
    wait_for(&node, |findings| {
        findings.probes.values().filter(|probe| probe.well == Some(true)).count() == count
    });
    // Health checks have a thread of their own, and may be ahead of the listeners.
    let listens = |door: &Listener| {
        let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
        let line = format!("0100007F:{:04X} 00000000:0000 0A", door.port);
        door.speaks == Speech::Udp || table.contains(&line)
    };
    until(|| config.listeners.iter().all(listens));
    node
}

/// Asks again until the answer is as wished.
pub fn until(mut ask: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !ask() {
        assert!(Instant::now() < end, "not in time");
        std::thread::sleep(Duration::from_millis(5));
    }
}
