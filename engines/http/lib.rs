//! A door: HTTP/1.1 on sockets becomes plain requests, plain answers become bytes again.
//! Knows nothing of AWS, routes or meaning; keeps limits so that what stands behind need not.
//!
//! One thread serves every connection of every listener that a [`Door`] was given (listeners may
//! live in different network namespaces: a socket belongs to the one it was made in). A [`Desk`]
//! takes the requests; the [`Reply`] may be answered later and from any thread.

mod answer;
mod body;
mod connection;
mod desk;
mod door;
mod head;
mod parse;

pub use answer::{Answer, http_date};
pub use desk::{Desk, Reply, Request};
pub use door::{Door, Listening, serve};
pub use parse::{Parsed, parse};

#[cfg(test)]
mod tests;

use std::time::Duration;

/// What a door bears. Everything beyond is refused early, with bounded memory.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Request line and headers together, bytes; beyond: 431.
    pub header_bytes: usize,
    /// Header lines, at most 128; beyond: 431.
    pub headers: usize,
    /// One body, bytes; beyond: 413.
    pub body_bytes: usize,
    /// All bodies that are in memory at once, bytes; beyond: 503.
    pub bodies_bytes: usize,
    /// From a request's first byte to the end of its headers; beyond: 408.
    pub header_timeout: Duration,
    /// For the whole body, and for the client to take the whole answer; beyond: 408, or the end.
    pub body_timeout: Duration,
    /// Silence between requests before the connection is closed. Clients that keep connections
    /// expect 90 s and more.
    pub idle_timeout: Duration,
    /// Connections at once; beyond: 503.
    pub connections: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            header_bytes: 32 * 1024,
            headers: 100,
            body_bytes: 8 * 1024 * 1024,
            bodies_bytes: 64 * 1024 * 1024,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(60),
            idle_timeout: Duration::from_secs(100),
            connections: 1024,
        }
    }
}
