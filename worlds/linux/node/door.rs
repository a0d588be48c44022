//! A door from the host's loopback into the model's internet: a connection goes to whatever its
//! first bytes name, by the model's own name server. Understands no more of HTTP and TLS than that.

use crate::question;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// What is spoken at a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The Host header names the target; its port is 80.
    Http,
    /// The server name of the first message does; its port is 443.
    Tls,
}

/// Connections at once, of one door.
const MOST: usize = 256;
/// The first bytes must come, and name a target, in so many and in this time.
const HEAD_MAX: usize = 16 << 10;
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);
/// A connection without a byte for so long is closed.
const IDLE: Duration = Duration::from_secs(350);
const STACK: usize = 128 << 10;

/// Lets clients in from now on, on threads of its own, which are born in this thread's namespace.
pub(crate) fn open(listener: TcpListener, kind: Kind) -> io::Result<()> {
    let inside = Arc::new(AtomicUsize::new(0));
    let work = move || {
        for client in listener.incoming() {
            let Ok(client) = client else {
                // No descriptors left, most likely: a moment later there may be.
                thread::sleep(Duration::from_millis(20));
                continue;
            };
            if inside.fetch_add(1, Ordering::Relaxed) >= MOST {
                inside.fetch_sub(1, Ordering::Relaxed);
                continue;
            }
            let guest = inside.clone();
            let serve = move || {
                // A client that leaves early needs no answer.
                let _ = serve(client, kind);
                guest.fetch_sub(1, Ordering::Relaxed);
            };
            if start("guest", serve).is_err() {
                inside.fetch_sub(1, Ordering::Relaxed);
            }
        }
    };
    start("door", work)
}

fn start(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name(name.into()).stack_size(STACK).spawn(work).map(drop)
}

fn serve(mut client: TcpStream, kind: Kind) -> io::Result<()> {
    client.set_nodelay(true)?;
    client.set_read_timeout(Some(HEAD_PATIENCE))?;
    let mut head = Vec::new();
    let name = loop {
        let mut buffer = [0; 4096];
        let length = client.read(&mut buffer)?;
        head.extend(&buffer[..length]);
        let named = match kind {
            Kind::Http => host_of(&head),
            Kind::Tls => server_name_of(&head),
        };
        match named {
            Named::So(name) => break name,
            Named::NotYet if length > 0 && head.len() < HEAD_MAX => {}
            _ => return refuse(&mut client, kind, 400, "The request names no host."),
        }
    };
    let server = SocketAddr::from((world::INTERNET_RESOLVER, 53));
    let found = question::addresses(&name, server).unwrap_or_default();
    let port = if kind == Kind::Http { 80 } else { 443 };
    let connect = |address| {
        TcpStream::connect_timeout(&SocketAddr::from((address, port)), CONNECT_PATIENCE).ok()
    };
    if found.is_empty() {
        let why = format!("The model's name server knows no address of {name}.");
        return refuse(&mut client, kind, 502, &why);
    }
    let Some(mut target) = found.into_iter().find_map(connect) else {
        let why = format!("Nothing answers at {name}, port {port}, in the model.");
        return refuse(&mut client, kind, 502, &why);
    };
    target.set_nodelay(true)?;
    target.write_all(&head)?;
    splice(client, target)
}

fn refuse(client: &mut TcpStream, kind: Kind, status: u16, why: &str) -> io::Result<()> {
    if kind == Kind::Tls {
        return Ok(());
    }
    let reason = if status == 400 { "Bad Request" } else { "Bad Gateway" };
    let length = why.len() + 1;
    write!(
        client,
        "HTTP/1.1 {status} {reason}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{why}\n"
    )
}

/// Both ways, until both ends have ended or nothing comes for too long.
fn splice(client: TcpStream, target: TcpStream) -> io::Result<()> {
    for stream in [&client, &target] {
        stream.set_read_timeout(Some(IDLE))?;
        stream.set_write_timeout(Some(IDLE))?;
    }
    let (from, to) = (target.try_clone()?, client.try_clone()?);
    let back = move || {
        let _ = pour(from, to);
    };
    let back = thread::Builder::new().name("guest".into()).stack_size(STACK).spawn(back)?;
    let done = pour(client, target);
    // It ends with the streams at the latest.
    let _ = back.join();
    done
}

fn pour(mut from: TcpStream, mut to: TcpStream) -> io::Result<()> {
    let mut buffer = vec![0; 32 << 10];
    let done = loop {
        match from.read(&mut buffer) {
            Ok(0) => break Ok(()),
            Ok(length) => {
                if let Err(error) = to.write_all(&buffer[..length]) {
                    break Err(error);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Err(error),
        }
    };
    let how = if done.is_ok() { Shutdown::Write } else { Shutdown::Both };
    // The other side may have gone first.
    let _ = to.shutdown(how);
    if done.is_err() {
        let _ = from.shutdown(Shutdown::Both);
    }
    done
}

/// What the first bytes name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Named {
    So(String),
    NotYet,
    Nothing,
}

/// The Host of an HTTP/1 request, without its port.
pub(crate) fn host_of(head: &[u8]) -> Named {
    let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Named::NotYet;
    };
    let Ok(text) = std::str::from_utf8(&head[..end]) else { return Named::Nothing };
    let fields = text.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
    let host = fields.filter(|(name, _)| name.eq_ignore_ascii_case("host")).map(|(_, v)| v.trim());
    match host.last() {
        Some(host) if !host.is_empty() => {
            Named::So(host.split(':').next().unwrap_or(host).to_ascii_lowercase())
        }
        _ => Named::Nothing,
    }
}

/// The server name of a TLS ClientHello (RFC 8446, 4.1.2; RFC 6066, 3) in its first record.
pub(crate) fn server_name_of(head: &[u8]) -> Named {
    match head.first() {
        None => return Named::NotYet,
        Some(22) => {}
        Some(_) => return Named::Nothing,
    }
    let Some(length) = number(head, 3, 2) else { return Named::NotYet };
    let Some(hello) = head.get(5..5 + length) else { return Named::NotYet };
    find_server_name(hello).map_or(Named::Nothing, Named::So)
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + length)?;
    Some(bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
}

fn find_server_name(hello: &[u8]) -> Option<String> {
    // Type, length, version, random.
    let mut at = 4 + 2 + 32;
    at += 1 + number(hello, at, 1)?;
    at += 2 + number(hello, at, 2)?;
    at += 1 + number(hello, at, 1)?;
    let end = at + 2 + number(hello, at, 2)?;
    at += 2;
    while at < end {
        let (kind, length) = (number(hello, at, 2)?, number(hello, at + 2, 2)?);
        if kind == 0 {
            // A list with one name: length, type, length, name.
            let length = number(hello, at + 7, 2)?;
            let name = hello.get(at + 9..at + 9 + length)?;
            return String::from_utf8(name.to_vec()).ok().map(|name| name.to_ascii_lowercase());
        }
        at += 4 + length;
    }
    None
}
