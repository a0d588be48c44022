//! A whole request out of bytes that are already there: the connection's own readers, without its
//! socket and its clock. For whoever tests them; a connection reads as the bytes arrive.

use crate::body::{Body, Share};
use crate::head::{self, Framing};
use crate::{Answer, Limits};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

/// A request without the connection that it came on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The verb as sent.
    pub method: String,
    /// Path and query, as a desk sees them.
    pub target: String,
    /// Names as sent, in order, duplicates kept.
    pub headers: Vec<(String, String)>,
    /// The body, chunking removed.
    pub body: Vec<u8>,
    /// How many bytes the request took; what follows is the next one's.
    pub used: usize,
}

/// Reads one request that arrives `step` bytes at a time (at least one). `None` when the bytes end
/// before it does; the error is the answer that refuses it.
pub fn parse(bytes: &[u8], step: usize, limits: &Limits) -> Result<Option<Parsed>, Answer> {
    let mut pieces = bytes.chunks(step.max(1));
    let mut buffer = Vec::new();
    let mut seen = 0;
    let end = loop {
        let end = head::end(&buffer, seen);
        if end.unwrap_or(buffer.len()) > limits.header_bytes {
            return Err(Answer::plain(431, "the request head is too large"));
        }
        if let Some(end) = end {
            break end;
        }
        seen = buffer.len();
        let Some(piece) = pieces.next() else { return Ok(None) };
        buffer.extend_from_slice(piece);
    };
    let head = head::read(&buffer[..end], limits)?;
    let mut used = end;
    buffer.drain(..end);
    let length = match head.framing {
        Framing::Length(length) => Some(length),
        Framing::Chunked => None,
    };
    let share = Share::new(Arc::new(AtomicUsize::new(0)), limits.bodies_bytes);
    let mut body = Body::new(length, limits.body_bytes, share)?;
    loop {
        let taken = body.feed(&buffer)?;
        used += taken;
        buffer.drain(..taken);
        if body.is_done() {
            break;
        }
        let Some(piece) = pieces.next() else { return Ok(None) };
        buffer.extend_from_slice(piece);
    }
    let (method, target, headers) = (head.method, head.target, head.headers);
    Ok(Some(Parsed { method, target, headers, body: body.bytes, used }))
}
