//! Request heads: from bytes to the request line, the headers, and how the body is framed.
//! Strict where two readers could read two things (RFC 9112, sections 3.2, 6.3 and 11.2).

use crate::Answer;
use crate::Limits;

/// More header lines than this are refused whatever the limits say.
const HEADERS_MAX: usize = 128;

/// A parsed head.
pub(crate) struct Head {
    pub method: String,
    pub target: String,
    pub version: u8,
    pub headers: Vec<(String, String)>,
    pub framing: Framing,
    pub keep: bool,
    pub expects: bool,
}

/// How the end of the body is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    Length(u64),
    Chunked,
}

/// Where the head in `bytes` ends (the index after the empty line), looking from `from` on.
pub(crate) fn end(bytes: &[u8], from: usize) -> Option<usize> {
    // The mark has up to three bytes, and may have begun before `from`.
    let start = from.saturating_sub(3);
    let mut newlines = (start..bytes.len()).filter(|index| bytes[*index] == b'\n');
    newlines.find_map(|index| match bytes.get(index + 1..) {
        Some([b'\n', ..]) => Some(index + 2),
        Some([b'\r', b'\n', ..]) => Some(index + 3),
        _ => None,
    })
}

/// Reads a whole head. The error is the answer to refuse it with.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Head, Answer> {
    let bad = |what: &str| Answer::plain(400, what);
    let mut lines = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut request = httparse::Request::new(&mut lines);
    match request.parse(bytes) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return Err(bad("the request head is incomplete")),
        Err(httparse::Error::TooManyHeaders) => return Err(too_many()),
        Err(httparse::Error::Version) => {
            return Err(Answer::plain(505, "only HTTP/1.0 and HTTP/1.1 are spoken here"));
        }
        Err(flaw) => return Err(bad(&format!("the request head is malformed: {flaw}"))),
    }
    if request.headers.len() > limits.headers {
        return Err(too_many());
    }
    let version = request.version.ok_or_else(|| bad("the request has no version"))?;
    let mut headers = Vec::with_capacity(request.headers.len());
    for line in request.headers.iter() {
        let value = str::from_utf8(line.value)
            .map_err(|_| bad(&format!("the value of header {} is not UTF-8", line.name)))?;
        headers.push((line.name.to_owned(), value.trim().to_owned()));
    }
    let method = request.method.unwrap_or_default().to_owned();
    let host = host(&headers, version)?;
    let target = target(&method, request.path.unwrap_or_default(), host)?;
    let framing = framing(&headers, version)?;
    let keep = keeps(&headers, version);
    let expects = expects(&headers, version)?;
    Ok(Head { method, target, version, headers, framing, keep, expects })
}

fn too_many() -> Answer {
    Answer::plain(431, "the request has too many headers")
}

fn values<'a>(headers: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    let named = move |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
    headers.iter().filter(named).map(|(_, value)| value.as_str())
}

fn host(headers: &[(String, String)], version: u8) -> Result<Option<&str>, Answer> {
    let mut hosts = values(headers, "host");
    match (hosts.next(), hosts.next()) {
        (_, Some(_)) => Err(Answer::plain(400, "the request has more than one Host")),
        (None, _) if version == 1 => Err(Answer::plain(400, "the request has no Host")),
        (host, None) => Ok(host),
    }
}

/// The target as the desk sees it. Of an absolute target the part after the host, which must then
/// be the Host header's: whoever checks one has checked both.
fn target(method: &str, raw: &str, host: Option<&str>) -> Result<String, Answer> {
    if raw.starts_with('/') || (raw == "*" && method == "OPTIONS") {
        return Ok(raw.to_owned());
    }
    let rest = raw.strip_prefix("http://").or_else(|| raw.strip_prefix("https://"));
    let Some(rest) = rest else {
        return Err(Answer::plain(400, "the request target must begin with a slash"));
    };
    let cut = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(cut);
    if host.is_some_and(|host| !host.eq_ignore_ascii_case(authority)) {
        return Err(Answer::plain(400, "the request target names another host than Host"));
    }
    Ok(if tail.starts_with('/') { tail.to_owned() } else { format!("/{tail}") })
}

fn framing(headers: &[(String, String)], version: u8) -> Result<Framing, Answer> {
    let mut codings = values(headers, "transfer-encoding");
    let mut lengths = values(headers, "content-length");
    let (coding, length) = (codings.next(), lengths.next());
    if codings.next().is_some() || lengths.next().is_some() {
        return Err(Answer::plain(400, "the length of the body is given twice"));
    }
    match (coding, length) {
        (Some(_), Some(_)) => Err(Answer::plain(400, "Transfer-Encoding and Content-Length")),
        (Some(_), None) if version == 0 => {
            Err(Answer::plain(400, "HTTP/1.0 has no Transfer-Encoding"))
        }
        (Some(coding), None) if coding.eq_ignore_ascii_case("chunked") => Ok(Framing::Chunked),
        (Some(_), None) => Err(Answer::plain(501, "the only transfer coding here is chunked")),
        (None, None) => Ok(Framing::Length(0)),
        (None, Some(length)) => {
            let digits = !length.is_empty() && length.bytes().all(|b| b.is_ascii_digit());
            let length = digits.then(|| length.parse().unwrap_or(u64::MAX));
            length
                .map(Framing::Length)
                .ok_or_else(|| Answer::plain(400, "Content-Length is no number"))
        }
    }
}

fn keeps(headers: &[(String, String)], version: u8) -> bool {
    let says = |word: &str| {
        values(headers, "connection")
            .flat_map(|value| value.split(','))
            .any(|token| token.trim().eq_ignore_ascii_case(word))
    };
    if version == 0 { says("keep-alive") && !says("close") } else { !says("close") }
}

fn expects(headers: &[(String, String)], version: u8) -> Result<bool, Answer> {
    match values(headers, "expect").next() {
        None => Ok(false),
        Some(value) if value.eq_ignore_ascii_case("100-continue") => Ok(version == 1),
        Some(_) => Err(Answer::plain(417, "the only expectation known here is 100-continue")),
    }
}
