//! Bytes to and from one peer, plain or within TLS; and the alarm that ends waiting for them.

use std::cell::RefCell;
use std::future::Future as _;
use std::io;
use std::os::fd::AsRawFd as _;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};
use tokio_rustls::TlsStream;

/// One connection.
#[derive(Debug)]
pub(crate) enum Wire {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Wire {
    pub fn tcp(&self) -> &TcpStream {
        match self {
            Wire::Plain(tcp) => tcp,
            Wire::Tls(tls) => tls.get_ref().0,
        }
    }

    /// Bytes that were written and that the peer has not acknowledged.
    pub fn unacknowledged(&self) -> u64 {
        let mut waits: libc::c_int = 0;
        // SAFETY: the descriptor is open while `self` is, and the number is written there alone.
        let done = unsafe { libc::ioctl(self.tcp().as_raw_fd(), libc::TIOCOUTQ, &raw mut waits) };
        if done == 0 { waits.max(0) as u64 } else { 0 }
    }

    /// Version and suite, as AWS's logs name them.
    pub fn tls(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Wire::Plain(_) => None,
            Wire::Tls(tls) => Some(crate::tls::spoken(tls.get_ref().1)),
        }
    }

    /// Adds what has come to `buffer`, as much as it has room for; 0 at the end.
    pub fn poll_fill(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut Vec<u8>,
    ) -> Poll<io::Result<usize>> {
        if buffer.capacity() - buffer.len() < 1024 {
            buffer.reserve(BUFFER);
        }
        match self {
            Wire::Plain(tcp) => pin!(tcp.read_buf(buffer)).poll(cx),
            Wire::Tls(tls) => pin!(tls.read_buf(buffer)).poll(cx),
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Wire::Plain(tcp) => Pin::new(tcp).poll_read(cx, buffer),
            Wire::Tls(tls) => Pin::new(tls).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Wire::Plain(tcp) => Pin::new(tcp).poll_write(cx, bytes),
            Wire::Tls(tls) => Pin::new(tls).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Wire::Plain(_) => Poll::Ready(Ok(())),
            Wire::Tls(tls) => Pin::new(tls).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Wire::Plain(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Wire::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}

/// One buffer's usual size, bytes.
pub(crate) const BUFFER: usize = 16 * 1024;
const SPARE_BUFFERS: usize = 64;

thread_local! {
    static SPARE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// An empty buffer, used before if there is one: connections that wait hold none.
pub(crate) fn take_buffer() -> Vec<u8> {
    SPARE.with_borrow_mut(Vec::pop).unwrap_or_else(|| Vec::with_capacity(BUFFER))
}

/// Gives a buffer back; what is in it is lost.
pub(crate) fn give_buffer(mut buffer: Vec<u8>) {
    if (BUFFER / 2..=BUFFER * 4).contains(&buffer.capacity()) {
        buffer.clear();
        let _ = SPARE.try_with(|spare| {
            let mut spare = spare.borrow_mut();
            if spare.len() < SPARE_BUFFERS {
                spare.push(buffer);
            }
        });
    }
}

/// A buffer that goes back to the others when it is no longer held.
#[derive(Debug, Default)]
pub(crate) struct Held(Vec<u8>);

impl Held {
    pub fn take() -> Held {
        Held(take_buffer())
    }

    pub fn put_back(&mut self) {
        give_buffer(std::mem::take(&mut self.0));
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.put_back();
    }
}

impl std::ops::Deref for Held {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl std::ops::DerefMut for Held {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

/// Time since the machine started, as of the kernel's last tick (some milliseconds ago): costs
/// a tenth of the exact time.
pub(crate) fn tick() -> Duration {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: it is written there and nowhere else. It cannot fail: the clock exists.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC_COARSE, &raw mut now) };
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// Rings when nobody has put it off for long enough, give or take a tick. Putting off costs next
/// to nothing. Belongs to one task.
pub(crate) struct Alarm {
    sleep: Pin<Box<Sleep>>,
    /// When the sleep ends and when it shall ring, by [`tick`].
    ends: Duration,
    rings: Duration,
    /// The sleep will wake the task.
    armed: bool,
}

impl Alarm {
    pub fn new(after: Duration) -> Alarm {
        let ends = tick() + after;
        Alarm { sleep: Box::pin(sleep(after)), ends, rings: ends, armed: false }
    }

    pub fn set(&mut self, after: Duration) {
        self.rings = tick() + after;
        if self.rings < self.ends {
            self.sleep_for(after);
        }
    }

    fn sleep_for(&mut self, after: Duration) {
        self.sleep.as_mut().reset(Instant::now() + after);
        (self.ends, self.armed) = (self.rings, false);
    }

    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.armed && !self.sleep.is_elapsed() {
            return Poll::Pending;
        }
        loop {
            // Without budget it is asked again soon, and does not note who asks.
            let noted = tokio::task::coop::has_budget_remaining();
            if self.sleep.as_mut().poll(cx).is_pending() {
                self.armed = noted;
                return Poll::Pending;
            }
            let left = self.rings.saturating_sub(tick());
            if left.is_zero() {
                self.armed = false;
                return Poll::Ready(());
            }
            self.sleep_for(left);
        }
    }
}
