//! Request heads of HTTP/1: from bytes to lines, leniently where mitigation of desync decides.
//! Sizes are AWS's (ALB quotas: 16 KiB a line, 64 KiB in all, 100 lines here).

use crate::desync::Tier;
use httparse::Header;
use std::mem::MaybeUninit;

/// Request line, or one header line.
pub(crate) const LINE_MOST: usize = 16 * 1024;
/// All of a request's head.
pub(crate) const HEAD_MOST: usize = 64 * 1024;
/// Header lines.
pub(crate) const LINES: usize = 100;

/// Room for the lines of a head.
pub(crate) type Room<'a> = [MaybeUninit<Header<'a>>; LINES];

/// A request's head, of whichever version.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head<'a> {
    pub method: &'a str,
    /// Path and query.
    pub target: &'a [u8],
    /// With its port, if it had one.
    pub host: &'a [u8],
    /// 0 or 1 for HTTP/1, 2 for HTTP/2.
    pub version: u8,
    pub lines: &'a [Header<'a>],
}

impl<'a> Head<'a> {
    pub fn path(&self) -> &'a [u8] {
        let cut = self.target.iter().position(|byte| *byte == b'?');
        &self.target[..cut.unwrap_or(self.target.len())]
    }

    pub fn query(&self) -> Option<&'a [u8]> {
        let cut = self.target.iter().position(|byte| *byte == b'?')?;
        Some(&self.target[cut + 1..])
    }

    pub fn value(&self, name: &str) -> Option<&'a [u8]> {
        let mut lines = self.lines.iter();
        lines.find(|line| line.name.eq_ignore_ascii_case(name)).map(|line| line.value)
    }
}

/// A host without its port.
pub(crate) fn bare_host(host: &[u8]) -> &[u8] {
    match host.iter().rposition(|byte| *byte == b':') {
        Some(colon) if host[colon + 1..].iter().all(u8::is_ascii_digit) => &host[..colon],
        _ => host,
    }
}

/// What reading gave.
#[derive(Debug)]
pub(crate) enum Read<'a> {
    /// More is needed.
    Partial,
    /// So many bytes are the head; what its form alone says of its tier.
    Whole(usize, Head<'a>, Tier),
    /// Refused with this status; the connection ends.
    Bad(u16),
}

/// Reads a head from the front of `bytes`.
pub(crate) fn read<'a>(bytes: &'a [u8], room: &'a mut Room<'a>) -> Read<'a> {
    let end = match whole(bytes) {
        Ok(Some(end)) => end,
        Ok(None) => return Read::Partial,
        Err(status) => return Read::Bad(status),
    };
    let mut request = httparse::Request::new(&mut []);
    let strict = request.parse_with_uninit_headers(&bytes[..end], room);
    if let (Ok(httparse::Status::Complete(_)), Some(method), Some(raw), Some(version)) =
        (strict, request.method, request.path, request.version)
    {
        let lines: &'a [Header<'a>] = request.headers;
        if lines.iter().any(|line| line.name.len() + line.value.len() > LINE_MOST) {
            return Read::Bad(400);
        }
        let crlf = bytes[..end].ends_with(b"\r\n\r\n");
        let tier = if crlf { Tier::Compliant } else { Tier::Acceptable };
        return match located(method, raw.as_bytes(), version, lines) {
            Ok(head) => Read::Whole(end, head, tier),
            Err(status) => Read::Bad(status),
        };
    }
    Read::Bad(match strict {
        Err(httparse::Error::Version) => version_flaw(&bytes[..end]),
        // Read again by `lenient`, with its own room.
        _ => LENIENT,
    })
}

/// Not a status: the head is to be read by [`lenient`].
pub(crate) const LENIENT: u16 = 0;

/// Where the head ends, or the status to refuse it with, or nothing yet.
fn whole(bytes: &[u8]) -> Result<Option<usize>, u16> {
    let mut from = 0;
    let mut empty = false;
    loop {
        let rest = &bytes[from..];
        let Some(newline) = rest.iter().take(HEAD_MOST).position(|byte| *byte == b'\n') else {
            let first = from == 0 || empty;
            return match rest.len() > LINE_MOST || from + rest.len() > HEAD_MOST {
                true if first => Err(414),
                true => Err(400),
                false => Ok(None),
            };
        };
        if newline > LINE_MOST {
            return Err(if from == 0 { 414 } else { 400 });
        }
        let blank = matches!(rest[..newline], [] | [b'\r']);
        from += newline + 1;
        // Empty lines before a request are skipped (RFC 9112, 2.2).
        empty = blank && bytes[..from].iter().all(|byte| matches!(byte, b'\r' | b'\n'));
        if from > HEAD_MOST {
            return Err(400);
        }
        if blank && !empty {
            return Ok(Some(from));
        }
    }
}

fn version_flaw(bytes: &[u8]) -> u16 {
    let line = bytes.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
    let word = line.unwrap_or_default().trim_ascii().rsplit(|byte| *byte == b' ').next();
    match word.unwrap_or_default() {
        [b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'0'..=b'9'] => LENIENT,
        [b'H', b'T', b'T', b'P', b'/', major, b'.', minor]
            if major.is_ascii_digit() && minor.is_ascii_digit() =>
        {
            505
        }
        _ => 400,
    }
}

/// The head with its host found and its target made a path.
fn located<'a>(
    method: &'a str,
    raw: &'a [u8],
    version: u8,
    lines: &'a [Header<'a>],
) -> Result<Head<'a>, u16> {
    let mut hosts = lines.iter().filter(|line| line.name.eq_ignore_ascii_case("host"));
    let host = hosts.next().map(|line| line.value);
    if hosts.next().is_some() || (host.is_none() && version == 1) {
        return Err(400);
    }
    let host = host.unwrap_or_default();
    let head = Head { method, target: raw, host, version, lines };
    if raw.starts_with(b"/") || (raw == b"*" && method == "OPTIONS") {
        return Ok(head);
    }
    let rest = raw.strip_prefix(b"http://").or_else(|| raw.strip_prefix(b"https://"));
    let rest = rest.ok_or(400_u16)?;
    let cut = rest.iter().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
    let (host, target) = rest.split_at(cut);
    let target = if target.is_empty() { b"/" } else { target };
    if host.is_empty() || !target.starts_with(b"/") {
        return Err(400);
    }
    Ok(Head { target, host, ..head })
}

/// Reads what strict reading refused; `end` from a first [`read`] is found again. What cannot be
/// understood at all is refused; the rest gets a tier and leaves out lines that are no headers.
pub(crate) fn lenient<'a>(bytes: &'a [u8], lines: &'a mut Vec<Header<'a>>) -> Read<'a> {
    let Ok(Some(end)) = whole(bytes) else { return Read::Bad(400) };
    let mut tier = Tier::Acceptable;
    let mut rows = bytes[..end].split(|byte| *byte == b'\n');
    let first = rows.by_ref().map(bare).find(|row| !row.is_empty()).unwrap_or_default();
    let Some((method, raw, version, form)) = request_line(first) else { return Read::Bad(400) };
    tier = tier.max(form);
    for row in rows.map(bare).take_while(|row| !row.is_empty()) {
        if row.contains(&0) || row.contains(&b'\r') {
            return Read::Bad(400);
        }
        if row[0] == b' ' || row[0] == b'\t' {
            tier = tier.max(Tier::Ambiguous);
            continue;
        }
        let Some(colon) = row.iter().position(|byte| *byte == b':') else {
            tier = tier.max(Tier::Ambiguous);
            continue;
        };
        let (name, value) = (&row[..colon], row[colon + 1..].trim_ascii());
        if crate::desync::suspicious(name) || name.trim_ascii().is_empty() {
            tier = tier.max(Tier::Ambiguous);
        }
        let token = !name.is_empty() && name.iter().all(|byte| is_token(*byte));
        if let (true, Ok(name)) = (token && lines.len() < LINES, str::from_utf8(name)) {
            lines.push(Header { name, value });
        }
    }
    match located(method, raw, version, lines) {
        Ok(head) => Read::Whole(end, head, tier),
        Err(status) => Read::Bad(status),
    }
}

fn bare(row: &[u8]) -> &[u8] {
    row.strip_suffix(b"\r").unwrap_or(row)
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn request_line(row: &[u8]) -> Option<(&str, &[u8], u8, Tier)> {
    let cut = row.iter().position(|byte| *byte == b' ')?;
    let last = row.iter().rposition(|byte| *byte == b' ')?;
    let (method, raw, version) = (&row[..cut], row.get(cut + 1..last)?, &row[last + 1..]);
    let version = match version {
        b"HTTP/1.0" => 0,
        [b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'1'..=b'9'] => 1,
        _ => return None,
    };
    if method.is_empty() || !method.iter().all(|byte| is_token(*byte)) {
        return None;
    }
    if raw.is_empty() || raw.iter().any(|byte| matches!(byte, 0 | b'\r')) {
        return None;
    }
    let odd = raw.iter().any(|byte| byte.is_ascii_control());
    let tier = if odd { Tier::Ambiguous } else { Tier::Acceptable };
    Some((str::from_utf8(method).ok()?, raw.trim_ascii(), version, tier))
}
