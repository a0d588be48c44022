//! One question to the internet's resolver: the addresses of a name. Just enough of DNS (RFC 1035)
//! for that; whoever needs more asks the name server's own engine.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

const A: u16 = 1;
const PATIENCE: Duration = Duration::from_secs(3);

/// The addresses of a name, in the order of the answer; an address stands for itself.
pub(crate) fn addresses(name: &str, server: SocketAddr) -> io::Result<Vec<Ipv4Addr>> {
    if let Ok(address) = name.parse() {
        return Ok(vec![address]);
    }
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
    socket.connect(server)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    // The connected socket hears only this server; the number tells a late answer from this one.
    let number = socket.local_addr()?.port();
    let question = ask(number, name).ok_or_else(|| io::Error::other("not a name"))?;
    socket.send(&question)?;
    let mut buffer = [0; 4096];
    loop {
        let length = socket.recv(&mut buffer)?;
        if let Some(found) = read(number, &buffer[..length]) {
            return Ok(found);
        }
    }
}

pub(crate) fn ask(number: u16, name: &str) -> Option<Vec<u8>> {
    let mut bytes = number.to_be_bytes().to_vec();
    // One question, recursion desired.
    bytes.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    for label in name.trim_end_matches('.').split('.') {
        let length = u8::try_from(label.len()).ok().filter(|n| (1..64).contains(n))?;
        bytes.push(length);
        bytes.extend(label.as_bytes());
    }
    bytes.push(0);
    bytes.extend([0, A as u8, 0, 1]);
    (bytes.len() < 12 + 255 + 5).then_some(bytes)
}

/// The addresses in an answer to question `number`; none: it is none.
pub(crate) fn read(number: u16, bytes: &[u8]) -> Option<Vec<Ipv4Addr>> {
    let word = |at: usize| Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    if word(0)? != number || bytes.get(2)? & 0x80 == 0 {
        return None;
    }
    let mut at = 12;
    for _ in 0..word(4)? {
        at = skip_name(bytes, at)? + 4;
    }
    let mut found = Vec::new();
    for _ in 0..word(6)? {
        at = skip_name(bytes, at)?;
        let (kind, length) = (word(at)?, usize::from(word(at + 8)?));
        let data = bytes.get(at + 10..at + 10 + length)?;
        if let (A, Some(octets)) = (kind, data.first_chunk::<4>()) {
            found.push(Ipv4Addr::from(*octets));
        }
        at += 10 + length;
    }
    Some(found)
}

fn skip_name(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match *bytes.get(at)? {
            0 => return Some(at + 1),
            pointer if pointer >= 0xC0 => return Some(at + 2),
            length => at += 1 + usize::from(length),
        }
    }
}
