//! Answering over UDP: threads that take and give many messages with one call each.

use crate::board::{Board, Dice, Eye};
use crate::wire::{self, UDP_MOST};
use std::io;
use std::mem::{size_of, zeroed};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

/// Messages taken with one call.
const BATCH: usize = 64;
/// Bytes of a question at most; questions with all options in use have fewer than 400.
const QUESTION: usize = 1024;
/// Bytes that wait in the kernel.
const BACKLOG: libc::c_int = 4 << 20;

/// Threads that answer until it is dropped.
#[derive(Debug)]
pub(crate) struct Workers {
    threads: Vec<JoinHandle<()>>,
    stop: Vec<UnixStream>,
}

impl Workers {
    /// Binds `count` sockets to each address (a port of 0 becomes a free one, which is put into
    /// `listen`) and shares the sockets handed in.
    pub fn start(
        listen: &mut [SocketAddr],
        shared: &[UdpSocket],
        count: usize,
        board: &Arc<Board>,
    ) -> io::Result<Workers> {
        let mut workers = Workers { threads: Vec::new(), stop: Vec::new() };
        for number in 0..count.max(1) {
            let mut sockets = Vec::new();
            for address in listen.iter_mut() {
                let socket = bind(*address)?;
                *address = socket.local_addr()?;
                sockets.push(socket);
            }
            for socket in shared {
                let socket = socket.try_clone()?;
                socket.set_nonblocking(true)?;
                sockets.push(socket);
            }
            let (stop, stopped) = UnixStream::pair()?;
            let board = board.clone();
            let thread = thread::Builder::new().name(format!("names-{number}"));
            let life = move || work(&sockets, &stopped, &board);
            workers.threads.push(thread.spawn(life)?);
            workers.stop.push(stop);
        }
        Ok(workers)
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.stop.clear();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// A socket that shares its address with its like: the kernel spreads senders over them.
pub(crate) fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
    let SocketAddr::V4(address) = address else {
        return Err(io::Error::from(io::ErrorKind::Unsupported));
    };
    let kind = libc::SOCK_DGRAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
    // SAFETY: socket takes numbers only; the descriptor is new and nobody else's.
    let socket = unsafe {
        let fd = libc::socket(libc::AF_INET, kind, 0);
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        OwnedFd::from_raw_fd(fd)
    };
    option(socket.as_raw_fd(), libc::SO_REUSEPORT, 1)?;
    option(socket.as_raw_fd(), libc::SO_RCVBUF, BACKLOG)?;
    option(socket.as_raw_fd(), libc::SO_SNDBUF, BACKLOG)?;
    let raw = sockaddr(address);
    // SAFETY: the address lives during the call and its length is given.
    let done = unsafe {
        let size = size_of::<libc::sockaddr_in>() as u32;
        libc::bind(socket.as_raw_fd(), (&raw const raw).cast(), size)
    };
    if done != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(UdpSocket::from(socket))
}

fn option(socket: RawFd, name: libc::c_int, value: libc::c_int) -> io::Result<()> {
    // SAFETY: the value lives during the call and its length is given.
    let done = unsafe {
        let size = size_of::<libc::c_int>() as u32;
        libc::setsockopt(socket, libc::SOL_SOCKET, name, (&raw const value).cast(), size)
    };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

fn sockaddr(address: SocketAddrV4) -> libc::sockaddr_in {
    // SAFETY: all zeroes is a valid sockaddr_in.
    let mut raw: libc::sockaddr_in = unsafe { zeroed() };
    raw.sin_family = libc::AF_INET as u16;
    raw.sin_port = address.port().to_be();
    raw.sin_addr.s_addr = u32::from(*address.ip()).to_be();
    raw
}

/// Room for one batch; the pointers in the headers lead into the boxes beside them, which never
/// move.
struct Batch {
    questions: Box<[[u8; QUESTION]]>,
    answers: Box<[[u8; UDP_MOST]]>,
    sources: Box<[libc::sockaddr_in]>,
    /// Two for each message: where it came to, where its answer goes from.
    vectors: Box<[libc::iovec]>,
    incoming: Box<[libc::mmsghdr]>,
    outgoing: Box<[libc::mmsghdr]>,
}

impl Batch {
    fn new() -> Batch {
        // SAFETY: all zeroes are valid values of these plain C structures.
        let (address, vector, header) = unsafe { (zeroed(), zeroed(), zeroed()) };
        let mut batch = Batch {
            questions: vec![[0; QUESTION]; BATCH].into(),
            answers: vec![[0; UDP_MOST]; BATCH].into(),
            sources: vec![address; BATCH].into(),
            vectors: vec![vector; 2 * BATCH].into(),
            incoming: vec![header; BATCH].into(),
            outgoing: vec![header; BATCH].into(),
        };
        for at in 0..BATCH {
            batch.vectors[at].iov_base = batch.questions[at].as_mut_ptr().cast();
            batch.vectors[at].iov_len = QUESTION;
            let header = &mut batch.incoming[at].msg_hdr;
            header.msg_name = (&raw mut batch.sources[at]).cast();
            header.msg_iov = &raw mut batch.vectors[at];
            header.msg_iovlen = 1;
        }
        batch
    }

    /// How many messages came.
    fn take(&mut self, socket: RawFd) -> usize {
        for header in &mut self.incoming {
            header.msg_hdr.msg_namelen = size_of::<libc::sockaddr_in>() as u32;
        }
        let headers = self.incoming.as_mut_ptr();
        // SAFETY: all headers lead to buffers of the lengths that they state.
        let count = unsafe {
            let flags = libc::MSG_DONTWAIT;
            libc::recvmmsg(socket, headers, BATCH as u32, flags as _, std::ptr::null_mut())
        };
        usize::try_from(count).unwrap_or(0)
    }

    fn answer(&mut self, at: usize, eye: &mut Eye, dice: &mut Dice) -> usize {
        let length = self.incoming[at].msg_len as usize;
        let whole = self.incoming[at].msg_hdr.msg_flags & libc::MSG_TRUNC == 0;
        let source = self.sources[at];
        let v4 = source.sin_family == libc::AF_INET as u16;
        if !whole || !v4 || source.sin_port == 0 {
            return 0;
        }
        let message = &self.questions[at][..length.min(QUESTION)];
        let source = Ipv4Addr::from(u32::from_be(source.sin_addr.s_addr));
        let sight = eye.look();
        wire::respond(message, source, sight, &mut || dice.roll(), &mut self.answers[at], true)
    }

    /// Answers what came.
    fn give(&mut self, socket: RawFd, count: usize, eye: &mut Eye, dice: &mut Dice) {
        let mut ready = 0;
        for at in 0..count {
            let length = self.answer(at, eye, dice);
            if length == 0 {
                continue;
            }
            let vector = BATCH + ready;
            self.vectors[vector].iov_base = self.answers[at].as_mut_ptr().cast();
            self.vectors[vector].iov_len = length;
            let header = &mut self.outgoing[ready].msg_hdr;
            header.msg_name = (&raw mut self.sources[at]).cast();
            header.msg_namelen = size_of::<libc::sockaddr_in>() as u32;
            header.msg_iov = &raw mut self.vectors[vector];
            header.msg_iovlen = 1;
            ready += 1;
        }
        eye.answered(ready as u64);
        let mut sent = 0;
        while sent < ready {
            let headers = self.outgoing[sent..].as_mut_ptr();
            // SAFETY: the first `ready` headers were just filled in.
            let now = unsafe { libc::sendmmsg(socket, headers, (ready - sent) as u32, 0) };
            // One that cannot be sent is left out: whoever asked asks again.
            sent += usize::try_from(now).unwrap_or(0).max(1);
        }
    }
}

fn work(sockets: &[UdpSocket], stopped: &UnixStream, board: &Arc<Board>) {
    let mut batch = Batch::new();
    let mut eye = Eye::new(board);
    let mut dice = Dice::new();
    let entry = |fd| libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
    let mut polled: Vec<libc::pollfd> = sockets.iter().map(|s| entry(s.as_raw_fd())).collect();
    polled.push(entry(stopped.as_raw_fd()));
    loop {
        // SAFETY: the entries live during the call and their number is given.
        let ready = unsafe { libc::poll(polled.as_mut_ptr(), polled.len() as u64, -1) };
        if ready < 0 && io::Error::last_os_error().kind() != io::ErrorKind::Interrupted {
            return;
        }
        if polled.last().is_some_and(|stop| stop.revents != 0) {
            return;
        }
        for socket in polled.iter().filter(|socket| socket.revents != 0) {
            // Others wait too: after so many batches it is their turn.
            for _ in 0..16 {
                let count = batch.take(socket.fd);
                batch.give(socket.fd, count, &mut eye, &mut dice);
                if count < BATCH / 4 {
                    break;
                }
            }
        }
    }
}
