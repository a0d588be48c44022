//! Heads going out: requests to targets, their answers to clients, and the node's own answers.
//! Everything is written anew; what belongs to one connection only ends here (RFC 9110, 7.6.1).

use crate::desync::{Body, Survey, number};
use crate::head::{Head, bare_host};
use httparse::Header;
use std::net::SocketAddrV4;
use world::{Forwarded, Manners};

/// What a request tells its target about the way it came.
#[derive(Debug)]
pub(crate) struct Way<'a> {
    pub client: SocketAddrV4,
    pub https: bool,
    pub port: u16,
    pub manners: &'a Manners,
    /// Version and suite.
    pub tls: Option<(&'static str, &'static str)>,
    /// `Root=…`, made for this request.
    pub trace: &'a [u8],
}

/// Headers that are one connection's own, or are written anew.
fn is_own(name: &str) -> bool {
    match name.len() {
        2 => name.eq_ignore_ascii_case("te"),
        4 => name.eq_ignore_ascii_case("host"),
        6 => name.eq_ignore_ascii_case("expect"),
        7 => name.eq_ignore_ascii_case("upgrade") || name.eq_ignore_ascii_case("trailer"),
        10 => name.eq_ignore_ascii_case("connection") || name.eq_ignore_ascii_case("keep-alive"),
        14 => name.eq_ignore_ascii_case("content-length"),
        15 => {
            name.eq_ignore_ascii_case("x-amzn-trace-id")
                || name.eq_ignore_ascii_case("x-forwarded-for")
        }
        16 => {
            name.eq_ignore_ascii_case("x-forwarded-port")
                || name.eq_ignore_ascii_case("proxy-connection")
        }
        17 => {
            name.eq_ignore_ascii_case("x-forwarded-proto")
                || name.eq_ignore_ascii_case("transfer-encoding")
        }
        18 => name.eq_ignore_ascii_case("x-amzn-tls-version"),
        23 => name.eq_ignore_ascii_case("x-amzn-tls-cipher-suite"),
        _ => false,
    }
}

/// Whether a Connection header among `lines` names this header.
pub(crate) fn is_named(lines: &[Header<'_>], name: &str) -> bool {
    let connections = lines.iter().filter(|line| line.name.eq_ignore_ascii_case("connection"));
    let mut words = connections.flat_map(|line| line.value.split(|byte| *byte == b','));
    words.any(|word| word.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
}

/// Calls `each` with every header that goes to the target, but Host and those of the body's form.
pub(crate) fn onward(
    head: &Head<'_>,
    survey: &Survey,
    way: &Way<'_>,
    mut each: impl FnMut(&str, &[u8]),
) {
    let mut text = [0_u8; 21];
    let address = address(way.client, way.manners.client_port, &mut text);
    let mut before = head.lines.iter().filter(|l| l.name.eq_ignore_ascii_case("x-forwarded-for"));
    match way.manners.forwarded {
        Forwarded::Append => match before.next() {
            None => each("X-Forwarded-For", address),
            Some(first) => {
                let mut all = first.value.to_vec();
                for more in before.map(|line| line.value).chain([address]) {
                    all.extend_from_slice(b", ");
                    all.extend_from_slice(more);
                }
                each("X-Forwarded-For", &all);
            }
        },
        Forwarded::Preserve => before.for_each(|line| each(line.name, line.value)),
        Forwarded::Remove => {}
    }
    each("X-Forwarded-Proto", if way.https { b"https" } else { b"http" });
    let mut port = [0_u8; 5];
    each("X-Forwarded-Port", digits(u64::from(way.port), &mut port));
    match head.value("x-amzn-trace-id") {
        // ALBs trace requests; classic balancers do not.
        None if way.manners.classic => {}
        Some(given) if way.manners.classic => each("X-Amzn-Trace-Id", given),
        None => each("X-Amzn-Trace-Id", way.trace),
        Some(given) => each("X-Amzn-Trace-Id", &traced(given, way.trace)),
    }
    if let (Some((version, suite)), true) = (way.tls, way.manners.tls_headers) {
        each("X-Amzn-Tls-Version", version.as_bytes());
        each("X-Amzn-Tls-Cipher-Suite", suite.as_bytes());
    }
    let cookies = head.version == 2;
    for line in head.lines {
        let valid = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let gone = is_own(line.name)
            || (survey.named && is_named(head.lines, line.name))
            || (way.manners.drop_invalid && !valid(line.name))
            || (cookies && line.name.eq_ignore_ascii_case("cookie"));
        if !gone {
            each(line.name, line.value);
        }
    }
    if cookies {
        // HTTP/2 may split them; HTTP/1 may not (RFC 9113, 8.2.3).
        let crumbs = head.lines.iter().filter(|line| line.name.eq_ignore_ascii_case("cookie"));
        let crumbs: Vec<&[u8]> = crumbs.map(|line| line.value).collect();
        if !crumbs.is_empty() {
            each("cookie", &crumbs.join(&b"; "[..]));
        }
    }
}

/// A trace that came, with this node's part (ALB guide, "Request tracing").
pub(crate) fn traced(given: &[u8], own: &[u8]) -> Vec<u8> {
    let rooted = given.windows(5).any(|five| five == b"Root=");
    let others = given.split(|byte| *byte == b';').filter(|part| !part.starts_with(b"Self="));
    match own.strip_prefix(b"Root=") {
        Some(id) if rooted => {
            let first = [b"Self=", id].concat();
            [&first[..]].into_iter().chain(others).collect::<Vec<_>>().join(&b';')
        }
        _ => [own, b";", given].concat(),
    }
}

/// A client's address as text, with its port if that is wanted.
fn address(client: SocketAddrV4, port: bool, room: &mut [u8; 21]) -> &[u8] {
    let mut at = 0;
    let mut add = |number: u16, before: &[u8]| {
        let mut five = [0; 5];
        let digits = digits(u64::from(number), &mut five);
        for byte in before.iter().chain(digits) {
            room[at] = *byte;
            at += 1;
        }
    };
    let [first, rest @ ..] = client.ip().octets();
    add(u16::from(first), b"");
    rest.into_iter().for_each(|octet| add(u16::from(octet), b"."));
    if port {
        add(client.port(), b":");
    }
    &room[..at]
}

fn digits(mut number: u64, room: &mut [u8]) -> &[u8] {
    let mut at = room.len();
    loop {
        at -= 1;
        room[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 || at == 0 {
            return &room[at..];
        }
    }
}

/// The Host that the target sees.
pub(crate) fn host(head: &Head<'_>, way: &Way<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(head.host);
    let usual = way.port == if way.https { 443 } else { 80 };
    let bare = bare_host(head.host).len() == head.host.len();
    if !way.manners.preserve_host && !usual && bare && !head.host.is_empty() {
        let mut room = [0; 5];
        out.push(b':');
        out.extend_from_slice(digits(u64::from(way.port), &mut room));
    }
}

fn line(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    out.reserve(name.len() + value.len() + 4);
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

fn length(out: &mut Vec<u8>, length: u64) {
    let mut room = [0; 20];
    let digits = digits(length, &mut room);
    out.extend_from_slice(b"Content-Length: ");
    out.extend_from_slice(digits);
    out.extend_from_slice(b"\r\n");
}

/// A whole request head for an HTTP/1.1 target.
pub(crate) fn request(
    head: &Head<'_>,
    survey: &Survey,
    way: &Way<'_>,
    close: bool,
    out: &mut Vec<u8>,
) {
    out.extend_from_slice(head.method.as_bytes());
    out.push(b' ');
    // A space that was let in must not be taken for the end of the target.
    for (n, part) in head.target.split(|byte| *byte == b' ').enumerate() {
        if n > 0 {
            out.extend_from_slice(b"%20");
        }
        out.extend_from_slice(part);
    }
    out.extend_from_slice(b" HTTP/1.1\r\nHost: ");
    host(head, way, out);
    out.extend_from_slice(b"\r\n");
    onward(head, survey, way, |name, value| line(out, name, value));
    match survey.body {
        Body::None => {}
        Body::Length(bytes) => length(out, bytes),
        Body::Chunked => out.extend_from_slice(b"Transfer-Encoding: chunked\r\n"),
    }
    if survey.websocket {
        out.extend_from_slice(b"Connection: upgrade\r\nUpgrade: websocket\r\n");
    } else if close {
        out.extend_from_slice(b"Connection: close\r\n");
    }
    out.extend_from_slice(b"\r\n");
}

/// A target's answer, or the node's own.
#[derive(Debug)]
pub(crate) struct Reply<'a> {
    pub status: u16,
    pub reason: &'a str,
    pub lines: &'a [Header<'a>],
}

/// How an answer's body comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coming {
    Known(Body),
    /// Until the target closes.
    UntilClose,
}

/// What an answer's lines say: how its body comes, whether its connection stays. `None`: nobody
/// could tell (502).
pub(crate) fn coming(reply: &Reply<'_>, version: u8, to_head: bool) -> Option<(Coming, bool)> {
    let (mut size, mut chunked, mut keep) = (None, false, version == 1);
    for line in reply.lines {
        match line.name.len() {
            10 if line.name.eq_ignore_ascii_case("connection") => {
                for word in line.value.split(|byte| *byte == b',') {
                    let word = word.trim_ascii();
                    if word.eq_ignore_ascii_case(b"close") {
                        keep = false;
                    } else if word.eq_ignore_ascii_case(b"keep-alive") {
                        keep = true;
                    }
                }
            }
            14 if line.name.eq_ignore_ascii_case("content-length") => {
                let value = number(line.value)?;
                if size.is_some_and(|before| before != value) {
                    return None;
                }
                size = Some(value);
            }
            17 if line.name.eq_ignore_ascii_case("transfer-encoding") => {
                if chunked || !line.value.eq_ignore_ascii_case(b"chunked") {
                    return None;
                }
                chunked = true;
            }
            _ => {}
        }
    }
    let none = to_head || matches!(reply.status, 100..200 | 204 | 304);
    Some(match (none, chunked, size) {
        (true, ..) => (Coming::Known(Body::None), keep),
        (_, true, Some(_)) => return None,
        (_, true, None) => (Coming::Known(Body::Chunked), keep),
        (_, false, Some(size)) => (Coming::Known(Body::Length(size)), keep),
        (_, false, None) => (Coming::UntilClose, false),
    })
}

/// Calls `each` with every header of an answer that goes to the client, but those of its form.
pub(crate) fn back(reply: &Reply<'_>, to_head: bool, mut each: impl FnMut(&str, &[u8])) {
    let named = reply.lines.iter().any(|line| {
        line.name.eq_ignore_ascii_case("connection")
            && !line.value.eq_ignore_ascii_case(b"close")
            && !line.value.eq_ignore_ascii_case(b"keep-alive")
    });
    // To HEAD, and with 304, the length is what it would have been.
    let size = to_head || reply.status == 304;
    for line in reply.lines {
        let gone = match line.name.len() {
            7 => {
                line.name.eq_ignore_ascii_case("upgrade")
                    || line.name.eq_ignore_ascii_case("trailer")
            }
            10 => {
                line.name.eq_ignore_ascii_case("connection")
                    || line.name.eq_ignore_ascii_case("keep-alive")
            }
            14 => !size && line.name.eq_ignore_ascii_case("content-length"),
            16 => line.name.eq_ignore_ascii_case("proxy-connection"),
            17 => line.name.eq_ignore_ascii_case("transfer-encoding"),
            _ => false,
        };
        let gone = gone || (named && is_named(reply.lines, line.name));
        if !gone {
            each(line.name, line.value);
        }
    }
}

/// What an answer's head to an HTTP/1 client needs beside the target's own lines.
#[derive(Debug)]
pub(crate) struct Dress<'a> {
    pub body: Body,
    pub keep: bool,
    pub to_head: bool,
    /// Values of Set-Cookie.
    pub cookies: &'a [String],
    pub websocket: bool,
}

/// A whole answer head for an HTTP/1 client.
pub(crate) fn reply(reply: &Reply<'_>, dress: &Dress<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"HTTP/1.1 ");
    let mut room = [0; 3];
    out.extend_from_slice(digits(u64::from(reply.status), &mut room));
    out.push(b' ');
    out.extend_from_slice(reply.reason.as_bytes());
    out.extend_from_slice(b"\r\n");
    back(reply, dress.to_head, |name, value| line(out, name, value));
    for cookie in dress.cookies {
        line(out, "Set-Cookie", cookie.as_bytes());
    }
    match dress.body {
        Body::None => {}
        Body::Length(bytes) => length(out, bytes),
        Body::Chunked => out.extend_from_slice(b"Transfer-Encoding: chunked\r\n"),
    }
    out.extend_from_slice(match (dress.websocket, dress.keep) {
        (true, _) => b"Connection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        (false, true) => b"Connection: keep-alive\r\n\r\n",
        (false, false) => &b"Connection: close\r\n\r\n"[..],
    });
}
