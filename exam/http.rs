//! HTTP as bytes on a socket: what no client library would send.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

/// An answer, taken apart as far as tests need.
#[derive(Debug, Clone)]
pub struct Response {
    /// 0 when the connection was closed without an answer.
    pub status: u16,
    /// All of it.
    pub text: String,
}

/// Sends bytes and reads until the other side closes, which an unfinished request makes it do in
/// time.
pub fn exchange(port: u16, bytes: &[u8]) -> Response {
    exchange_in_parts(port, std::iter::once(bytes.to_vec()))
}

/// The same, in parts; stops sending when the other side has had enough.
pub fn exchange_in_parts(port: u16, parts: impl Iterator<Item = Vec<u8>>) -> Response {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("the API listens");
    let patience = Some(Duration::from_secs(20));
    stream.set_read_timeout(patience).expect("a timeout can be set");
    stream.set_write_timeout(patience).expect("a timeout can be set");
    for part in parts {
        if stream.write_all(&part).is_err() {
            break;
        }
    }
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    // A reset after an early refusal must not lose what has arrived.
    while let Ok(count) = stream.read(&mut piece) {
        if count == 0 || answer.len() > 1 << 20 {
            break;
        }
        answer.extend_from_slice(&piece[..count]);
    }
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    Response { status, text }
}
