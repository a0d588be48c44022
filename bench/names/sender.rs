//! Sends questions over UDP from several ports, many with one call, and times their answers.

use names::{name::Name, rdata::kind, wire};
use std::io::{self, Write};
use std::mem::zeroed;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsRawFd, RawFd};
use std::time::{Duration, Instant};

/// Ports to send from: servers spread their work by them.
const PORTS: usize = 8;
const BATCH: usize = 32;
/// What has no answer after this is lost.
const PATIENCE_US: u32 = 1_000_000;

struct Port {
    socket: UdpSocket,
    /// Microseconds since the begin at which each id was sent; 0: it is free.
    sent: Vec<u32>,
    open: usize,
    next: usize,
}

#[derive(Default)]
struct Count {
    sent: u64,
    answered: u64,
    wrong: u64,
    took: Vec<u32>,
}

/// Prints one line: answers a second, lost, wrong, p50 and p99 in microseconds.
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
        let socket = UdpSocket::bind("0.0.0.0:0")?;
        socket.connect(to)?;
        socket.set_nonblocking(true)?;
        ports.push(Port { socket, sent: vec![0; window / PORTS], open: 0, next: 0 });
    }
    let begin = Instant::now();
    let mut count = Count::default();
    let mut turn = 0;
    while begin.elapsed() < time {
        let mut busy = false;
        for port in &mut ports {
            let due = match rate {
                0.0 => BATCH,
                rate => {
                    let due = (begin.elapsed().as_secs_f64() * rate) as u64;
                    due.saturating_sub(count.sent).min(4) as usize
                }
            };
            let now = begin.elapsed().as_micros() as u32 + 1;
            let sent = port.send(due, now, &mut questions, &mut turn);
            count.sent += sent as u64;
            let heard = port.hear(begin, &mut count);
            busy |= sent + heard > 0;
        }
        if !busy {
            std::thread::yield_now();
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    count.took.sort_unstable();
    let at = |share: f64| {
        let place = (count.took.len() as f64 * share) as usize;
        count.took.get(place.min(count.took.len().saturating_sub(1))).copied().unwrap_or(0)
    };
    let lost = count.sent.saturating_sub(count.answered + window as u64);
    writeln!(
        io::stdout(),
        "{:.0} {lost} {} {} {}",
        count.answered as f64 / seconds,
        count.wrong,
        at(0.50),
        at(0.99)
    )
}

impl Port {
    fn send(&mut self, due: usize, now: u32, questions: &mut [Vec<u8>], turn: &mut usize) -> usize {
        let free = (self.sent.len() - self.open).min(due).min(BATCH);
        let mut ids = [0; BATCH];
        let mut count = 0;
        for _ in 0..self.sent.len() {
            if count == free {
                break;
            }
            self.next = (self.next + 1) % self.sent.len();
            let at = self.sent[self.next];
            if at == 0 || now.saturating_sub(at) > PATIENCE_US {
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

    fn hear(&mut self, begin: Instant, count: &mut Count) -> usize {
        let mut buffers = [[0u8; 512]; BATCH];
        let mut vectors = [EMPTY; BATCH];
        let mut headers = headers(&mut vectors);
        for (vector, buffer) in vectors.iter_mut().zip(&mut buffers) {
            vector.iov_base = buffer.as_mut_ptr().cast();
            vector.iov_len = buffer.len();
        }
        let fd: RawFd = self.socket.as_raw_fd();
        // SAFETY: the headers lead to the vectors and these to the buffers above.
        let heard = unsafe {
            let wait = std::ptr::null_mut();
            libc::recvmmsg(fd, headers.as_mut_ptr(), BATCH as u32, libc::MSG_DONTWAIT as _, wait)
        };
        let heard = usize::try_from(heard).unwrap_or(0);
        let now = begin.elapsed().as_micros() as u32 + 1;
        for (buffer, header) in buffers.iter().zip(&headers).take(heard) {
            let id = usize::from(u16::from_be_bytes([buffer[0], buffer[1]]));
            let Some(sent) = self.sent.get_mut(id).filter(|sent| **sent > 0) else { continue };
            count.took.push(now.saturating_sub(*sent));
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
