//! Sends questions over UDP from several ports, many with one call, and times their answers: from
//! the call that sends to the moment at which the kernel took the answer in.

use names::{name::Name, rdata::kind, wire};
use std::io::{self, Write};
use std::mem::zeroed;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsRawFd, RawFd};
use std::time::{Duration, Instant, SystemTime};

/// Ports to send from: servers spread their work by them.
const PORTS: usize = 8;
const BATCH: usize = 32;
/// Questions at once, at most, while they are paced.
const AT_ONCE: u32 = 8;
/// What has no answer after this is lost.
const PATIENCE_NS: u64 = 1_000_000_000;
/// How long the last answers are waited for.
const LAST: Duration = Duration::from_millis(250);
/// Bytes for what the kernel says of a message: when it arrived.
const STAMP: usize = 32;

struct Port {
    socket: UdpSocket,
    /// When each id was sent, in nanoseconds since 1970; 0: it is free.
    sent: Vec<u64>,
    open: usize,
    next: usize,
}

#[derive(Default)]
struct Count {
    sent: u64,
    answered: u64,
    wrong: u64,
    /// Nanoseconds.
    took: Vec<u64>,
}

/// Prints one line: answers a second, lost, wrong, p50 and p99 in microseconds. With a rate, what
/// is lost counts as late in these.
pub(crate) fn load(
    to: SocketAddr,
    names: &str,
    time: Duration,
    window: usize,
    rate: f64,
) -> io::Result<()> {
    let question = |text: &str| {
        let name = Name::parse(text).ok_or_else(|| io::Error::other("no name"))?;
        let mut message = wire::write_question(0, name.wire(), kind::A, None);
        // A resolver's question without EDNS would be smaller; dnsperf's default has none.
        message.truncate(message.len() - 11);
        message[11] = 0;
        Ok(message)
    };
    let mut questions = names.lines().map(question).collect::<io::Result<Vec<Vec<u8>>>>()?;
    let mut ports = Vec::new();
    for _ in 0..PORTS {
        ports.push(Port::open(to, window / PORTS)?);
    }
    let begin = Instant::now();
    let mut pace = Pace::new(rate);
    let mut count = Count::default();
    let mut turn = 0;
    while begin.elapsed() < time {
        let mut busy = false;
        for port in &mut ports {
            let due = pace.due(begin.elapsed());
            let sent = port.send(due, &mut questions, &mut turn);
            pace.sent(sent);
            count.sent += sent as u64;
            busy |= sent + port.hear(&mut count) > 0;
        }
        if !busy {
            std::thread::yield_now();
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    let rest = Instant::now();
    while ports.iter().any(|port| port.open > 0) && rest.elapsed() < LAST {
        for port in &mut ports {
            port.hear(&mut count);
        }
    }
    count.say(seconds, rate > 0.0)
}

impl Count {
    fn say(mut self, seconds: f64, paced: bool) -> io::Result<()> {
        let lost = self.sent - self.answered;
        if paced {
            self.took.extend((0..lost).map(|_| PATIENCE_NS));
        }
        self.took.sort_unstable();
        let at = |share: f64| {
            let place = (self.took.len() as f64 * share) as usize;
            let place = place.min(self.took.len().saturating_sub(1));
            self.took.get(place).map_or(0, |took| took / 1000)
        };
        let (rate, wrong) = (self.answered as f64 / seconds, self.wrong);
        writeln!(io::stdout(), "{rate:.0} {lost} {wrong} {} {}", at(0.50), at(0.99))
    }
}

/// When the next question is due: one after the other, evenly. What could not be sent in time, as
/// something else had the processor, is never made up for: such a burst would be the sender's own.
struct Pace {
    /// From one to the next; 0: as many as get through.
    gap: Duration,
    next: Duration,
}

impl Pace {
    fn new(rate: f64) -> Pace {
        let gap = if rate > 0.0 { 1.0 / rate } else { 0.0 };
        Pace { gap: Duration::from_secs_f64(gap), next: Duration::ZERO }
    }

    fn due(&mut self, now: Duration) -> usize {
        if self.gap.is_zero() {
            return BATCH;
        }
        if now > self.next + self.gap * AT_ONCE {
            self.next = now - self.gap * (AT_ONCE - 1);
        }
        match now.checked_sub(self.next) {
            Some(late) => (late.as_nanos() / self.gap.as_nanos()) as usize + 1,
            None => 0,
        }
    }

    fn sent(&mut self, count: usize) {
        self.next += self.gap * count as u32;
    }
}

/// Nanoseconds since 1970, as the kernel stamps what arrives.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(1, |since| since.as_nanos() as u64)
}

impl Port {
    fn open(to: SocketAddr, ids: usize) -> io::Result<Port> {
        let socket = UdpSocket::bind("0.0.0.0:0")?;
        socket.connect(to)?;
        socket.set_nonblocking(true)?;
        let on: libc::c_int = 1;
        // SAFETY: the value lives during the call and its length is given.
        let done = unsafe {
            let (value, size) = ((&raw const on).cast(), size_of::<libc::c_int>() as u32);
            let (level, name) = (libc::SOL_SOCKET, libc::SO_TIMESTAMPNS);
            libc::setsockopt(socket.as_raw_fd(), level, name, value, size)
        };
        if done != 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Port { socket, sent: vec![0; ids], open: 0, next: 0 })
    }

    fn send(&mut self, due: usize, questions: &mut [Vec<u8>], turn: &mut usize) -> usize {
        let now = now();
        let free = (self.sent.len() - self.open).min(due).min(BATCH);
        let mut ids = [0; BATCH];
        let mut count = 0;
        for _ in 0..self.sent.len() {
            if count == free {
                break;
            }
            self.next = (self.next + 1) % self.sent.len();
            let at = self.sent[self.next];
            if at == 0 || now.saturating_sub(at) > PATIENCE_NS {
                self.open += usize::from(at == 0);
                self.sent[self.next] = now;
                ids[count] = self.next;
                count += 1;
            }
        }
        if count == 0 {
            return 0;
        }
        let first = *turn;
        let mut vectors = [EMPTY; BATCH];
        let mut headers = headers(&mut vectors);
        for (place, id) in ids[..count].iter().enumerate() {
            let many = questions.len();
            let question = &mut questions[(first + place) % many];
            question[..2].copy_from_slice(&(*id as u16).to_be_bytes());
            vectors[place].iov_base = question.as_mut_ptr().cast();
            vectors[place].iov_len = question.len();
        }
        *turn = first + count;
        let fd: RawFd = self.socket.as_raw_fd();
        // SAFETY: the headers lead to the vectors and these to questions that live during the call.
        let sent = unsafe { libc::sendmmsg(fd, headers.as_mut_ptr(), count as u32, 0) };
        let sent = usize::try_from(sent).unwrap_or(0);
        for id in &ids[sent..count] {
            self.sent[*id] = 0;
            self.open -= 1;
        }
        sent
    }

    fn hear(&mut self, count: &mut Count) -> usize {
        let mut buffers = [[0u8; 512]; BATCH];
        let mut stamps = [[0u64; STAMP / 8]; BATCH];
        let mut vectors = [EMPTY; BATCH];
        let mut headers = headers(&mut vectors);
        for (vector, buffer) in vectors.iter_mut().zip(&mut buffers) {
            vector.iov_base = buffer.as_mut_ptr().cast();
            vector.iov_len = buffer.len();
        }
        for (header, stamp) in headers.iter_mut().zip(&mut stamps) {
            header.msg_hdr.msg_control = stamp.as_mut_ptr().cast();
            header.msg_hdr.msg_controllen = STAMP as _;
        }
        let fd: RawFd = self.socket.as_raw_fd();
        // SAFETY: the headers lead to the vectors and these to the buffers above.
        let heard = unsafe {
            let wait = std::ptr::null_mut();
            libc::recvmmsg(fd, headers.as_mut_ptr(), BATCH as u32, libc::MSG_DONTWAIT as _, wait)
        };
        let heard = usize::try_from(heard).unwrap_or(0);
        for (at, header) in headers.iter().enumerate().take(heard) {
            let buffer = &buffers[at];
            let id = usize::from(u16::from_be_bytes([buffer[0], buffer[1]]));
            let Some(sent) = self.sent.get_mut(id).filter(|sent| **sent > 0) else { continue };
            // After the header of 16 bytes: seconds, nanoseconds.
            let arrived = stamps[at][2] * 1_000_000_000 + stamps[at][3];
            count.took.push(arrived.saturating_sub(*sent));
            *sent = 0;
            self.open -= 1;
            count.answered += 1;
            // One answer, no error.
            let right = header.msg_len > 28 && buffer[3] & 15 == 0 && buffer[7] == 1;
            count.wrong += u64::from(!right);
        }
        heard
    }
}

const EMPTY: libc::iovec = libc::iovec { iov_base: std::ptr::null_mut(), iov_len: 0 };

fn headers(vectors: &mut [libc::iovec; BATCH]) -> [libc::mmsghdr; BATCH] {
    // SAFETY: all zeroes is a valid mmsghdr.
    let mut headers: [libc::mmsghdr; BATCH] = unsafe { zeroed() };
    for (header, vector) in headers.iter_mut().zip(vectors) {
        header.msg_hdr.msg_iov = vector;
        header.msg_hdr.msg_iovlen = 1;
    }
    headers
}
