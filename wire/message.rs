//! What comes in and goes out, without the connection: requests, responses, malformed requests.

use shape::Protocol;

pub use signature::Request;

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

/// All lines of this header, joined with commas: Java's client sends some one by one.
pub(crate) fn joined(request: &Request, name: &str) -> Option<String> {
    request.values(name).map(str::to_owned).reduce(|all, line| format!("{all}, {line}"))
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
