//! What comes in and goes out, without the connection: requests, responses, malformed requests.

use shape::Protocol;

/// An HTTP request, borrowed.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// `POST`
    pub method: &'a str,
    /// Raw path, without the query string.
    pub path: &'a str,
    /// Raw query string, without the question mark.
    pub query: &'a str,
    /// Names in any case.
    pub headers: &'a [(String, String)],
    /// The whole body.
    pub body: &'a [u8],
}

/// An HTTP response. `Date`, `Content-Length` and the connection's headers are not in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// A request that is not of the protocol or of the operation's shape. AWS's code for it, by
/// protocol.
#[derive(Debug, Clone, PartialEq)]
pub struct Malformed {
    /// Error code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
}

// === impl Request ===

impl<'a> Request<'a> {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// All lines of this header, joined with commas: Java's client sends some one by one.
    pub(crate) fn joined(&self, name: &str) -> Option<String> {
        let lines = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        lines.map(|(_, value)| value.clone()).reduce(|all, line| format!("{all}, {line}"))
    }
}

// === impl Response ===

impl Response {
    pub(crate) fn new(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        let mut response = Response { status, headers: Vec::new(), body };
        response.header("Content-Type", content_type);
        response
    }

    pub(crate) fn header(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
    }
}

/// What an answer of this protocol says in `Content-Type`.
pub(crate) fn content_type(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Query => "text/xml",
        Protocol::Ec2 => "text/xml;charset=UTF-8",
        Protocol::Json10 => "application/x-amz-json-1.0",
        Protocol::Json11 => "application/x-amz-json-1.1",
        Protocol::Cbor => "application/cbor",
        Protocol::RestJson => "application/json",
        Protocol::RestXml => "application/xml",
    }
}
