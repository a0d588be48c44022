//! One request over a connection that is kept, or over a new one to an address that the name has
//! now.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// A name is asked for anew after this long; how long an answer is kept is the resolver's affair.
const ASK_AGAIN: Duration = Duration::from_secs(1);
/// Heads and bodies beyond this are not read.
const ANSWER_MAX: usize = 1 << 20;

/// Where requests go: `http://HOST[:PORT]/PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Name or address.
    pub host: String,
    /// 80 when the URL has none.
    pub port: u16,
    /// With its slash, and its query.
    pub path: String,
}

impl Target {
    /// Takes a URL apart.
    pub fn parse(url: &str) -> Result<Target, String> {
        let rest = url.strip_prefix("http://").ok_or_else(|| {
            format!(
                "{url}: only http:// can be loaded; for https use a client of your own with \
                     `maquette as`"
            )
        })?;
        let (place, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) => {
                (host, port.parse().map_err(|_| format!("{url}: {port} is no port"))?)
            }
            None => (place, 80),
        };
        if host.is_empty() {
            return Err(format!("{url}: no host"));
        }
        Ok(Target { host: host.to_owned(), port, path: path.to_owned() })
    }
}

/// What a client does with a name that has several addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addresses {
    /// It takes one, and fails when that does not answer.
    One,
    /// It takes one after the other until one lets it connect, as browsers and curl do.
    All,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The status, or why there is none.
    pub(crate) status: Result<u16, &'static str>,
    /// Values of the headers that say who answered.
    pub(crate) who: Vec<Option<String>>,
}

struct Names {
    addresses: Vec<SocketAddr>,
    asked: Option<Instant>,
    turn: usize,
}

/// A client with its connections.
pub(crate) struct Client {
    target: Target,
    addresses: Addresses,
    connect: Duration,
    patience: Duration,
    who: Vec<String>,
    request: Vec<u8>,
    names: Mutex<Names>,
    idle: Mutex<Vec<(SocketAddr, TcpStream)>>,
}

impl Client {
    pub(crate) fn new(
        target: Target,
        addresses: Addresses,
        connect: Duration,
        patience: Duration,
        who: Vec<String>,
    ) -> Client {
        let host = match target.port {
            80 => target.host.clone(),
            port => format!("{}:{port}", target.host),
        };
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: maquette-load\r\nAccept: */*\r\n\r\n",
            target.path
        );
        Client {
            target,
            addresses,
            connect,
            patience,
            who,
            request: request.into_bytes(),
            names: Mutex::new(Names { addresses: Vec::new(), asked: None, turn: 0 }),
            idle: Mutex::new(Vec::new()),
        }
    }

    /// Sends one request and reads its answer.
    pub(crate) async fn ask(&self) -> Outcome {
        match timeout(self.patience, self.exchange()).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(why)) => Outcome { status: Err(why), who: Vec::new() },
            Err(_) => Outcome { status: Err("timed out"), who: Vec::new() },
        }
    }

    async fn exchange(&self) -> Result<Outcome, &'static str> {
        let addresses = self.resolve().await?;
        let kept = self.take(&addresses);
        if let Some((address, mut stream)) = kept {
            // A kept connection may have been closed meanwhile; then nothing was asked yet.
            match self.talk(&mut stream).await {
                Ok((outcome, keep)) => {
                    self.give_back(keep, address, stream);
                    return Ok(outcome);
                }
                Err(error) if error.kind() == io::ErrorKind::NotConnected => {}
                Err(_) => return Err("connection lost"),
            }
        }
        let (address, mut stream) = self.open(&addresses).await?;
        let (outcome, keep) = self.talk(&mut stream).await.map_err(|_| "connection lost")?;
        self.give_back(keep, address, stream);
        Ok(outcome)
    }

    /// The addresses that the name has now, beginning with another one each time.
    async fn resolve(&self) -> Result<Vec<SocketAddr>, &'static str> {
        let due = {
            let mut names = self.names.lock().expect("nobody panics with it");
            let due = names.asked.is_none_or(|at| at.elapsed() > ASK_AGAIN);
            if due {
                names.asked = Some(Instant::now());
            }
            due
        };
        if due {
            let found = lookup_host((self.target.host.as_str(), self.target.port)).await;
            let mut found: Vec<SocketAddr> = found.map(Iterator::collect).unwrap_or_default();
            found.sort_unstable();
            found.dedup();
            self.names.lock().expect("nobody panics with it").addresses = found;
        }
        let mut names = self.names.lock().expect("nobody panics with it");
        if names.addresses.is_empty() {
            return Err("no such name");
        }
        names.turn = names.turn.wrapping_add(1);
        let mut addresses = names.addresses.clone();
        let at = names.turn % addresses.len();
        addresses.rotate_left(at);
        Ok(addresses)
    }

    /// A kept connection to the address whose turn it is. Those to addresses that the name no
    /// longer has are let go.
    fn take(&self, addresses: &[SocketAddr]) -> Option<(SocketAddr, TcpStream)> {
        let mut idle = self.idle.lock().expect("nobody panics with it");
        idle.retain(|(address, _)| addresses.contains(address));
        let at = idle.iter().rposition(|(address, _)| *address == addresses[0])?;
        Some(idle.swap_remove(at))
    }

    fn give_back(&self, keep: bool, address: SocketAddr, stream: TcpStream) {
        if keep {
            self.idle.lock().expect("nobody panics with it").push((address, stream));
        }
    }

    async fn open(
        &self,
        addresses: &[SocketAddr],
    ) -> Result<(SocketAddr, TcpStream), &'static str> {
        let tries = match self.addresses {
            Addresses::One => 1,
            Addresses::All => addresses.len(),
        };
        let mut why = "cannot connect";
        for address in &addresses[..tries] {
            match timeout(self.connect, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    // Small requests should not wait for company.
                    let _ = stream.set_nodelay(true);
                    return Ok((*address, stream));
                }
                Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
                    why = "connection refused";
                }
                Ok(Err(_)) => why = "cannot connect",
                Err(_) => why = "connect timed out",
            }
        }
        Err(why)
    }

    /// `NotConnected`: the other side had closed before it could see the request.
    async fn talk(&self, stream: &mut TcpStream) -> io::Result<(Outcome, bool)> {
        let fresh = io::ErrorKind::NotConnected;
        stream.write_all(&self.request).await.map_err(|_| io::Error::from(fresh))?;
        let mut bytes = Vec::with_capacity(1024);
        loop {
            let read = stream.read_buf(&mut bytes).await;
            let read = match read {
                Err(_) | Ok(0) if bytes.is_empty() => return Err(fresh.into()),
                other => other?,
            };
            if read == 0 || bytes.len() > ANSWER_MAX {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let mut headers = [httparse::EMPTY_HEADER; 64];
            let mut head = httparse::Response::new(&mut headers);
            let parsed = head.parse(&bytes);
            let parsed = parsed.map_err(|error| io::Error::other(error.to_string()))?;
            let httparse::Status::Complete(length) = parsed else { continue };
            let facts = Facts::of(&head, &self.who);
            let keep = body(stream, &mut bytes, length, &facts).await?;
            return Ok((Outcome { status: Ok(facts.status), who: facts.who }, keep));
        }
    }
}

/// What matters of a head.
struct Facts {
    status: u16,
    length: Option<usize>,
    chunked: bool,
    close: bool,
    who: Vec<Option<String>>,
}

impl Facts {
    fn of(head: &httparse::Response, who: &[String]) -> Facts {
        let all: BTreeMap<String, String> = head
            .headers
            .iter()
            .map(|one| {
                let value = String::from_utf8_lossy(one.value).into_owned();
                (one.name.to_ascii_lowercase(), value)
            })
            .collect();
        let is = |name: &str, word: &str| {
            all.get(name).is_some_and(|value| value.to_ascii_lowercase().contains(word))
        };
        Facts {
            status: head.code.unwrap_or_default(),
            length: all.get("content-length").and_then(|text| text.trim().parse().ok()),
            chunked: is("transfer-encoding", "chunked"),
            close: is("connection", "close") || head.version == Some(0),
            who: who.iter().map(|name| all.get(&name.to_ascii_lowercase()).cloned()).collect(),
        }
    }
}

/// Reads a body to its end; whether the connection can be kept.
async fn body(
    stream: &mut TcpStream,
    bytes: &mut Vec<u8>,
    head: usize,
    facts: &Facts,
) -> io::Result<bool> {
    let bare = matches!(facts.status, 204 | 304);
    loop {
        let body = &bytes[head..];
        let whole = match (bare, facts.chunked, facts.length) {
            (true, _, _) => true,
            (_, true, _) => body.ends_with(b"0\r\n\r\n"),
            (_, _, Some(length)) => body.len() >= length,
            _ => false,
        };
        if whole {
            return Ok(!facts.close);
        }
        if bytes.len() > ANSWER_MAX {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        if stream.read_buf(bytes).await? == 0 {
            let ends_by_close = !facts.chunked && facts.length.is_none();
            return if ends_by_close {
                Ok(false)
            } else {
                Err(io::ErrorKind::UnexpectedEof.into())
            };
        }
    }
}
