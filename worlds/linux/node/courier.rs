//! Delivers letters: HTTP POSTs, each once, by a few threads in the internet and a few in the
//! host's own network, for what is addressed to its loopback. No retries: whoever wrote the letter
//! decides about those.

use crate::question;
use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use world::{Amount, Courier, Findings, Letter, Outcome, Probe, Time};

/// Letters under way at once, on the internet and on the host each.
const HANDS: usize = 16;
/// How long a delivery may take; what SNS waits for an HTTP endpoint.
const PATIENCE: Duration = Duration::from_secs(15);
/// The first bytes of an answer, in which its status must be.
const HEAD_MAX: usize = 16 << 10;

/// A courier at work.
pub(crate) struct Post(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// There is something to deliver, or to tell.
    stirred: Condvar,
}

#[derive(Default)]
struct State {
    letters: BTreeMap<String, Letter>,
    /// For the internet, and for the host's loopback.
    waiting: [VecDeque<String>; 2],
    found: Findings,
    fresh: bool,
    delivered: u64,
}

/// Where a letter goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub host: String,
    pub port: u16,
    /// With its query.
    pub path: String,
}

impl Target {
    /// Of a URL; none: it is not one of plain HTTP.
    pub(crate) fn of(url: &str) -> Option<Target> {
        let rest = url.strip_prefix("http://")?;
        let (place, path) = match rest.find(['/', '?']) {
            Some(at) => rest.split_at(at),
            None => (rest, "/"),
        };
        let (host, port) = match place.split_once(':') {
            Some((host, port)) => (host, port.parse().ok()?),
            None => (place, 80),
        };
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let clean = |text: &str| text.bytes().all(|byte| byte > b' ' && byte != 127);
        let sound = !host.is_empty() && clean(host) && clean(&path) && !host.contains('@');
        sound.then(|| Target { host: host.to_ascii_lowercase(), port, path })
    }

    fn is_the_hosts_own(&self) -> bool {
        let address: Option<Ipv4Addr> = self.host.parse().ok();
        self.host == "localhost" || address.is_some_and(|address| address.is_loopback())
    }
}

impl Post {
    /// Starts the hands that stay in the host's network; the calling thread is still there.
    pub(crate) fn open() -> io::Result<Post> {
        let post = Post(Arc::default());
        post.hands(1)?;
        Ok(post)
    }

    /// Starts the hands on the internet, where the calling thread is now, and the work.
    pub(crate) fn start(&self, config: Courier) -> io::Result<()> {
        self.hands(0)?;
        self.configure(config);
        Ok(())
    }

    fn hands(&self, queue: usize) -> io::Result<()> {
        for _ in 0..HANDS {
            let shared = self.0.clone();
            thread::Builder::new().name("courier".into()).stack_size(256 << 10).spawn(
                move || loop {
                    let (name, letter) = shared.next(queue);
                    let outcome = deliver(&letter);
                    shared.note(name, outcome);
                },
            )?;
        }
        Ok(())
    }

    /// From now on these letters; those that are known are not delivered again.
    pub(crate) fn configure(&self, config: Courier) {
        let mut state = self.0.state();
        for (name, letter) in &config.letters {
            if state.letters.contains_key(name) {
                continue;
            }
            let own = Target::of(&letter.url).is_some_and(|target| target.is_the_hosts_own());
            state.waiting[usize::from(own)].push_back(name.clone());
        }
        let before = state.found.probes.len();
        state.found.probes.retain(|name, _| config.letters.contains_key(name));
        state.fresh |= state.found.probes.len() != before;
        state.letters = config.letters;
        drop(state);
        self.0.stirred.notify_all();
    }

    pub(crate) fn findings(&self) -> Findings {
        self.0.state().found.clone()
    }

    pub(crate) fn wait_change(&self, timeout: Duration) -> bool {
        let end = Instant::now() + timeout;
        let mut state = self.0.state();
        while !state.fresh {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state =
                self.0.stirred.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.fresh = false;
        true
    }

    /// Letters that were tried, as `letters`.
    pub(crate) fn take_usage(&self) -> BTreeMap<String, Amount> {
        let delivered = std::mem::take(&mut self.0.state().delivered);
        BTreeMap::from([("letters".to_owned(), Amount::events(delivered as f64))])
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self, queue: usize) -> (String, Letter) {
        let mut state = self.state();
        loop {
            while let Some(name) = state.waiting[queue].pop_front() {
                // One that is no longer listed is forgotten.
                if let Some(letter) = state.letters.get(&name) {
                    return (name, letter.clone());
                }
            }
            state = self.stirred.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn note(&self, name: String, outcome: Outcome) {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let since = Time(since.as_micros() as u64);
        let mut state = self.state();
        state.delivered += 1;
        if state.letters.contains_key(&name) {
            let probe = Probe { well: Some(outcome == Outcome::Good), outcome, since };
            state.found.probes.insert(name, probe);
            state.fresh = true;
        }
        drop(state);
        self.stirred.notify_all();
    }
}

fn deliver(letter: &Letter) -> Outcome {
    let Some(target) = Target::of(&letter.url) else {
        return Outcome::Wrong("only http:// can be delivered in this world".to_owned());
    };
    match post(&target, letter) {
        Ok(200..=299) => Outcome::Good,
        Ok(status) => Outcome::Status(status),
        Err(error) => match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Outcome::TimedOut,
            io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset => Outcome::Refused,
            _ => Outcome::Wrong(error.to_string()),
        },
    }
}

fn post(target: &Target, letter: &Letter) -> io::Result<u16> {
    let mut stream = connect(target)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(&request(target, letter))?;
    let end = Instant::now() + PATIENCE;
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let length = stream.read(&mut buffer)?;
        head.extend(&buffer[..length]);
        if let Some(status) = status_of(&head) {
            return Ok(status);
        }
        if length == 0 || head.len() > HEAD_MAX {
            return Err(io::Error::other("the answer is not HTTP"));
        }
        if Instant::now() > end {
            return Err(io::ErrorKind::TimedOut.into());
        }
    }
}

fn connect(target: &Target) -> io::Result<TcpStream> {
    let server = SocketAddr::from((world::INTERNET_RESOLVER, 53));
    let found = match target.host.as_str() {
        "localhost" => vec![Ipv4Addr::LOCALHOST],
        host => question::addresses(host, server)?,
    };
    let mut last = io::Error::other(format!("{} has no address", target.host));
    for address in found {
        match TcpStream::connect_timeout(&SocketAddr::from((address, target.port)), PATIENCE) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// The whole request. Header fields that could be read as two are left out.
pub(crate) fn request(target: &Target, letter: &Letter) -> Vec<u8> {
    let Target { host, port, path } = target;
    let mut text = format!("POST {path} HTTP/1.1\r\nHost: {host}");
    if *port != 80 {
        text.push_str(&format!(":{port}"));
    }
    text.push_str(&format!("\r\nContent-Length: {}\r\nConnection: close\r\n", letter.body.len()));
    let own = ["host", "content-length", "connection", "transfer-encoding"];
    for (name, value) in &letter.headers {
        let broken = |text: &str| text.contains(['\r', '\n', '\0']);
        let lower = name.to_ascii_lowercase();
        if !own.contains(&lower.as_str()) && !broken(name) && !broken(value) {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    bytes.extend(&letter.body);
    bytes
}

/// The status of an answer whose first line is whole.
pub(crate) fn status_of(head: &[u8]) -> Option<u16> {
    let line = head.split(|byte| *byte == b'\n').next().filter(|line| line.len() < head.len())?;
    let text = std::str::from_utf8(line).ok()?;
    let mut words = text.split_whitespace();
    words.next().filter(|version| version.starts_with("HTTP/1."))?;
    words.next()?.parse().ok()
}
