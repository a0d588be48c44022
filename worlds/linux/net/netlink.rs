//! Netlink: messages and attributes as bytes, and a socket that sends a batch and reads a dump.
//! Knows no meaning of any message.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

pub(crate) const REQUEST: u16 = 0x001;
pub(crate) const DUMP: u16 = 0x300;
pub(crate) const REPLACE: u16 = 0x100;
pub(crate) const EXCLUSIVE: u16 = 0x200;
pub(crate) const CREATE: u16 = 0x400;
pub(crate) const APPEND: u16 = 0x800;
/// Bytes of the header before each message.
const HEADER: usize = 16;
const ERROR: u16 = 2;
const DONE: u16 = 3;
/// Bytes of one read; the kernel fills at most 32 KiB of a dump at a time.
const READ: usize = 1 << 16;
/// Bytes a batch may have: room for a group of 1,000 rules many times over.
static SEND: i32 = 8 << 20;

/// Any number of messages, sent and judged together.
#[derive(Default, Debug)]
pub(crate) struct Batch {
    bytes: Vec<u8>,
    start: usize,
    count: u32,
}

impl Batch {
    /// Begins a message; what was begun before is complete.
    pub(crate) fn message(&mut self, kind: u16, flags: u16, body: &[u8]) -> &mut Self {
        self.close_message();
        self.start = self.bytes.len();
        self.count += 1;
        self.bytes.extend_from_slice(&[0; 4]);
        self.bytes.extend_from_slice(&kind.to_ne_bytes());
        self.bytes.extend_from_slice(&(flags | REQUEST).to_ne_bytes());
        self.bytes.extend_from_slice(&self.count.to_ne_bytes());
        self.bytes.extend_from_slice(&[0; 4]);
        self.bytes.extend_from_slice(body);
        self.pad();
        self
    }

    /// Messages begun so far.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    pub(crate) fn attr(&mut self, kind: u16, value: &[u8]) -> &mut Self {
        let length = (value.len() + 4) as u16;
        self.bytes.extend_from_slice(&length.to_ne_bytes());
        self.bytes.extend_from_slice(&kind.to_ne_bytes());
        self.bytes.extend_from_slice(value);
        self.pad();
        self
    }

    /// A number in the machine's own byte order.
    pub(crate) fn number(&mut self, kind: u16, value: u32) -> &mut Self {
        self.attr(kind, &value.to_ne_bytes())
    }

    /// A number in network byte order, as nf_tables wants it.
    pub(crate) fn big(&mut self, kind: u16, value: u32) -> &mut Self {
        self.attr(kind, &value.to_be_bytes())
    }

    /// A text with its closing zero.
    pub(crate) fn text(&mut self, kind: u16, value: &str) -> &mut Self {
        let mut bytes = value.as_bytes().to_vec();
        bytes.push(0);
        self.attr(kind, &bytes)
    }

    /// An attribute that holds attributes.
    pub(crate) fn nest(
        &mut self,
        kind: u16,
        inside: impl FnOnce(&mut Self) -> &mut Self,
    ) -> &mut Self {
        let start = self.bytes.len();
        self.attr(kind | libc::NLA_F_NESTED as u16, &[]);
        inside(self);
        let length = (self.bytes.len() - start) as u16;
        self.bytes[start..start + 2].copy_from_slice(&length.to_ne_bytes());
        self
    }

    /// Bytes as they are, inside what is open.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self.pad();
        self
    }

    /// What was built without any message around it: expressions of a rule.
    pub(crate) fn into_attributes(self) -> Vec<u8> {
        self.bytes
    }

    fn pad(&mut self) {
        while !self.bytes.len().is_multiple_of(4) {
            self.bytes.push(0);
        }
    }

    fn close_message(&mut self) {
        if self.count > 0 {
            let length = (self.bytes.len() - self.start) as u32;
            self.bytes[self.start..self.start + 4].copy_from_slice(&length.to_ne_bytes());
        }
    }
}

/// A netlink socket; it speaks to the namespace in which it was made, from any other.
#[derive(Debug)]
pub(crate) struct Socket(OwnedFd);

impl Socket {
    /// In the calling thread's present namespace.
    pub(crate) fn open(protocol: i32) -> io::Result<Socket> {
        let kind = libc::SOCK_RAW | libc::SOCK_CLOEXEC;
        // SAFETY: plain system call; the descriptor is owned at once.
        let fd = unsafe { libc::socket(libc::AF_NETLINK, kind, protocol) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: `fd` is a fresh descriptor that nobody else owns.
        let socket = Socket(unsafe { OwnedFd::from_raw_fd(fd) });
        // The forced form needs real root; without it the ordinary limit stays.
        for option in [libc::SO_SNDBUF, libc::SO_SNDBUFFORCE] {
            // SAFETY: passes the address and size of a live integer.
            unsafe {
                libc::setsockopt(
                    socket.0.as_raw_fd(),
                    libc::SOL_SOCKET,
                    option,
                    (&raw const SEND).cast(),
                    4,
                )
            };
        }
        Ok(socket)
    }

    /// Sends all messages in one call. The kernel has carried them out when this returns.
    /// Errors: the first message that was refused; the others of a plain batch still hold.
    pub(crate) fn run(&self, batch: &mut Batch) -> io::Result<()> {
        self.run_but(batch, &[])
    }

    /// The same, where these error numbers are no error.
    pub(crate) fn run_but(&self, batch: &mut Batch, fine: &[i32]) -> io::Result<()> {
        if batch.count == 0 {
            return Ok(());
        }
        self.send(batch)?;
        let mut first = Ok(());
        let mut buffer = vec![0; READ];
        while let Some(length) = self.receive(&mut buffer, libc::MSG_DONTWAIT)? {
            for (kind, sequence, body) in messages(&buffer[..length]) {
                let code = if kind == ERROR { -int(body, 0) } else { 0 };
                if code != 0 && !fine.contains(&code) && first.is_ok() {
                    first = Err(refused(batch, sequence, code));
                }
            }
        }
        first
    }

    /// Asks for a dump and returns the bodies of its messages.
    pub(crate) fn dump(&self, batch: &mut Batch) -> io::Result<Vec<Vec<u8>>> {
        self.send(batch)?;
        let mut all = Vec::new();
        let mut buffer = vec![0; READ];
        loop {
            let length = self.receive(&mut buffer, 0)?.unwrap_or(0);
            for (kind, sequence, body) in messages(&buffer[..length]) {
                match kind {
                    DONE => return Ok(all),
                    ERROR if int(body, 0) != 0 => {
                        return Err(refused(batch, sequence, -int(body, 0)));
                    }
                    ERROR => {}
                    _ => all.push(body.to_vec()),
                }
            }
        }
    }

    fn send(&self, batch: &mut Batch) -> io::Result<()> {
        batch.close_message();
        let (fd, bytes) = (self.0.as_raw_fd(), &batch.bytes);
        // SAFETY: the buffer lives through the call.
        let sent = unsafe { libc::send(fd, bytes.as_ptr().cast(), bytes.len(), 0) };
        if sent < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    fn receive(&self, buffer: &mut [u8], flags: i32) -> io::Result<Option<usize>> {
        let fd = self.0.as_raw_fd();
        // SAFETY: the buffer lives through the call and its length is given.
        let got = unsafe { libc::recv(fd, buffer.as_mut_ptr().cast(), buffer.len(), flags) };
        if got >= 0 {
            return Ok(Some(got as usize));
        }
        let error = io::Error::last_os_error();
        match error.kind() {
            io::ErrorKind::WouldBlock => Ok(None),
            io::ErrorKind::Interrupted => self.receive(buffer, flags),
            _ => Err(error),
        }
    }
}

fn refused(batch: &Batch, sequence: u32, code: i32) -> io::Error {
    let mut at = 0;
    let mut kind = 0;
    while at + HEADER <= batch.bytes.len() {
        if int(&batch.bytes, at + 8) as u32 == sequence {
            kind = short(&batch.bytes, at + 4);
            break;
        }
        at += (int(&batch.bytes, at) as usize).next_multiple_of(4).max(HEADER);
    }
    let cause = io::Error::from_raw_os_error(code);
    let count = batch.count;
    io::Error::new(cause.kind(), format!("message {sequence} of {count}, type {kind}: {cause}"))
}

fn messages(mut bytes: &[u8]) -> impl Iterator<Item = (u16, u32, &[u8])> {
    std::iter::from_fn(move || {
        let length = if bytes.len() < HEADER { 0 } else { int(bytes, 0) as usize };
        if length < HEADER || length > bytes.len() {
            return None;
        }
        let found = (short(bytes, 4), int(bytes, 8) as u32, &bytes[HEADER..length]);
        bytes = &bytes[length.next_multiple_of(4).min(bytes.len())..];
        Some(found)
    })
}

/// The attributes in `bytes`, without their flag bits.
pub(crate) fn attributes(mut bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let length = if bytes.len() < 4 { 0 } else { short(bytes, 0) as usize };
        if length < 4 || length > bytes.len() {
            return None;
        }
        let found = (short(bytes, 2) & 0x3fff, &bytes[4..length]);
        bytes = &bytes[length.next_multiple_of(4).min(bytes.len())..];
        Some(found)
    })
}

/// The first attribute of this kind; empty when there is none.
pub(crate) fn attribute(bytes: &[u8], kind: u16) -> &[u8] {
    attributes(bytes).find(|(k, _)| *k == kind).map_or(&[], |(_, value)| value)
}

/// A text attribute without its closing zero.
pub(crate) fn text(value: &[u8]) -> String {
    let end = value.iter().position(|b| *b == 0).unwrap_or(value.len());
    String::from_utf8_lossy(&value[..end]).into_owned()
}

/// A number in the machine's own order; zero where there is none.
pub(crate) fn int(bytes: &[u8], at: usize) -> i32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, i32::from_ne_bytes)
}

fn short(bytes: &[u8], at: usize) -> u16 {
    u16::from_ne_bytes([bytes[at], bytes[at + 1]])
}
