//! One connection: requests in turn, each whole before the desk sees it, answers in order.

use crate::answer;
use crate::body::{Body, Share};
use crate::door::House;
use crate::head::{self, Framing, Head};
use crate::{Answer, Desk, Reply, Request};
use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};

/// Read at once; an idle connection holds no more than this.
const READ_BYTES: usize = 4096;
/// Read at once while a body arrives that is longer than the above.
const READ_BODY_BYTES: usize = 64 * 1024;
/// Answers up to this size leave in one write with their head.
const JOINED_BYTES: usize = 16 * 1024;
/// After a refusal: what is still read and thrown away, so that the refusal is not lost in a reset.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 16 * 1024 * 1024;

static TICKETS: AtomicU64 = AtomicU64::new(1);

/// Why a connection comes to its end.
enum End {
    /// Nothing more to say.
    Quiet,
    /// With a last answer.
    Refused(Answer),
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> End {
        End::Quiet
    }
}

impl From<Answer> for End {
    fn from(answer: Answer) -> End {
        End::Refused(answer)
    }
}

/// Serves a connection to its end.
pub(crate) async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    desk: Arc<dyn Desk>,
    house: Arc<House>,
    stop: watch::Receiver<bool>,
) {
    let Ok(local) = stream.local_addr() else { return };
    // Refused only on a socket that is already dead; the next read says so.
    let _ = stream.set_nodelay(true);
    let buffer = Vec::with_capacity(READ_BYTES);
    let mut talk =
        Talk { stream, buffer, ended: false, usual_ttl: None, peer, local, desk, house, stop };
    loop {
        match talk.turn().await {
            Ok(true) => {}
            Ok(false) | Err(End::Quiet) => return,
            Err(End::Refused(answer)) => return talk.refuse(answer).await,
        }
    }
}

/// Refuses a connection for which there is no room.
pub(crate) async fn turn_away(mut stream: TcpStream) {
    let answer = Answer::plain(503, "too many connections");
    if let Ok((head, _)) = answer::head(&answer, false, false) {
        let bytes = [head, answer.body].concat();
        if timeout(LINGER, stream.write_all(&bytes)).await.is_ok() {
            linger(&mut stream).await;
        }
    }
}

async fn linger(stream: &mut TcpStream) {
    let _ = stream.shutdown().await;
    let mut sink = vec![0; READ_BYTES];
    let drain = async {
        let mut drained = 0;
        while drained < LINGER_BYTES {
            match stream.read(&mut sink).await {
                Ok(0) | Err(_) => break,
                Ok(count) => drained += count,
            }
        }
    };
    let _ = timeout(LINGER, drain).await;
}

struct Talk {
    stream: TcpStream,
    /// Bytes that have arrived and belong to no finished request yet.
    buffer: Vec<u8>,
    /// The client will send nothing more.
    ended: bool,
    /// The socket's own time to live, once it was lowered for an answer.
    usual_ttl: Option<u32>,
    peer: SocketAddr,
    local: SocketAddr,
    desk: Arc<dyn Desk>,
    house: Arc<House>,
    stop: watch::Receiver<bool>,
}

impl Talk {
    /// One request and its answer. True: the connection goes on.
    async fn turn(&mut self) -> Result<bool, End> {
        self.first_byte().await?;
        let limit = self.house.limits.header_timeout;
        let head = match timeout(limit, self.head()).await {
            Ok(head) => head?,
            Err(_) => return Err(Answer::plain(408, "the headers took too long").into()),
        };
        // The share is given back when the answer is out: until then the desk may hold the body.
        let share = Share::new(self.house.bodies.clone(), self.house.limits.bodies_bytes);
        let limit = self.house.limits.body_timeout;
        let body = match timeout(limit, self.body(&head, share)).await {
            Ok(body) => body?,
            Err(_) => return Err(Answer::plain(408, "the body took too long").into()),
        };
        let (is_head, keep) = (head.method == "HEAD", head.keep);
        let Body { bytes, share: _share, .. } = body;
        let request = Request {
            ticket: TICKETS.fetch_add(1, Ordering::Relaxed),
            method: head.method,
            target: head.target,
            version: head.version,
            headers: head.headers,
            body: bytes,
            peer: self.peer,
            local: self.local,
        };
        let answer = self.ask(request).await?;
        let keep = keep && !*self.stop.borrow() && !(self.ended && self.buffer.is_empty());
        self.send(answer, is_head, keep).await?;
        if self.buffer.is_empty() && self.buffer.capacity() > READ_BYTES {
            self.buffer = Vec::with_capacity(READ_BYTES);
        }
        Ok(keep)
    }

    /// Waits for the first byte of a request; empty lines before it are skipped (RFC 9112, 2.2).
    async fn first_byte(&mut self) -> Result<(), End> {
        let deadline = Instant::now() + self.house.limits.idle_timeout;
        loop {
            let blank = self.buffer.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            self.buffer.drain(..blank);
            match self.buffer.first() {
                Some(byte) if byte.is_ascii_graphic() => return Ok(()),
                Some(_) => return Err(Answer::plain(400, "this is not HTTP").into()),
                None if *self.stop.borrow() => return Err(End::Quiet),
                None => {}
            }
            let mut stop = self.stop.clone();
            let read = tokio::select! {
                read = timeout_at(deadline, self.more(READ_BYTES)) => read,
                _ = stop.changed() => return Err(End::Quiet),
            };
            read.map_err(|_| End::Quiet)??;
        }
    }

    /// Reads more into the buffer; the end of the stream is an end.
    async fn more(&mut self, bytes: usize) -> Result<(), End> {
        if self.ended {
            return Err(End::Quiet);
        }
        self.buffer.reserve(bytes);
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            self.ended = true;
            return Err(End::Quiet);
        }
        Ok(())
    }

    async fn head(&mut self) -> Result<Head, End> {
        let mut seen = 0;
        loop {
            let limit = self.house.limits.header_bytes;
            let end = head::end(&self.buffer, seen);
            if end.unwrap_or(self.buffer.len()) > limit {
                return Err(Answer::plain(431, "the request head is too large").into());
            }
            if let Some(end) = end {
                let head = head::read(&self.buffer[..end], &self.house.limits)?;
                self.buffer.drain(..end);
                return Ok(head);
            }
            seen = self.buffer.len();
            self.more(READ_BYTES).await?;
        }
    }

    async fn body(&mut self, head: &Head, share: Share) -> Result<Body, End> {
        let length = match head.framing {
            Framing::Length(length) => Some(length),
            Framing::Chunked => None,
        };
        let mut body = Body::new(length, self.house.limits.body_bytes, share)?;
        if head.expects && !body.is_done() && self.buffer.is_empty() {
            // With the phrase: an old urllib3 chokes on an empty one.
            self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        }
        loop {
            let used = body.feed(&self.buffer)?;
            self.buffer.drain(..used);
            if body.is_done() {
                return Ok(body);
            }
            let is_long = body.bytes.len() > READ_BYTES;
            self.more(if is_long { READ_BODY_BYTES } else { READ_BYTES }).await?;
        }
    }

    /// Hands the request to the desk and waits for its answer, with an eye on the client.
    async fn ask(&mut self, request: Request) -> Result<Answer, End> {
        let ticket = request.ticket;
        let (reply, mut answer, left) = Reply::to_socket();
        if self.ended {
            left.store(true, Ordering::Release);
        }
        // A bug behind the desk ends this request only: the reply is dropped on the way out.
        let _ = catch_unwind(AssertUnwindSafe(|| self.desk.take(request, reply)));
        let lost = || Answer::plain(500, "the request was dropped without an answer");
        loop {
            let room = self.buffer.len() < self.house.limits.header_bytes;
            let read = tokio::select! {
                biased;
                answer = &mut answer => return Ok(answer.unwrap_or_else(|_| lost())),
                read = self.more(READ_BYTES), if room && !self.ended => read,
            };
            if read.is_err() {
                left.store(true, Ordering::Release);
                self.desk.left(ticket);
                if !self.ended {
                    // A reset: there is nobody to write to.
                    return Err(End::Quiet);
                }
            }
        }
    }

    async fn send(&mut self, answer: Answer, is_head: bool, keep: bool) -> Result<(), End> {
        self.set_ttl(answer.ttl)?;
        let (answer, (head, follows)) = match answer::head(&answer, is_head, keep) {
            Ok(head) => (answer, head),
            Err(()) => {
                let refusal = Answer::plain(500, "the answer was not valid HTTP");
                let head = answer::head(&refusal, is_head, keep).map_err(|()| End::Quiet)?;
                (refusal, head)
            }
        };
        let mut out = head;
        let (joined, apart) = match follows {
            false => (&[][..], &[][..]),
            true if answer.body.len() <= JOINED_BYTES => (&answer.body[..], &[][..]),
            true => (&[][..], &answer.body[..]),
        };
        out.extend_from_slice(joined);
        let write = async {
            self.stream.write_all(&out).await?;
            self.stream.write_all(apart).await
        };
        match timeout(self.house.limits.body_timeout, write).await {
            Ok(written) => Ok(written?),
            Err(_) => Err(End::Quiet),
        }
    }

    /// An answer that must not travel far is not sent at all if that cannot be had. The lower value
    /// stays until the next answer: packets that are sent again must not travel farther either.
    fn set_ttl(&mut self, ttl: Option<u8>) -> Result<(), End> {
        match (ttl, self.usual_ttl) {
            (Some(ttl), usual) => {
                self.usual_ttl = Some(usual.map_or_else(|| self.stream.ttl(), Ok)?);
                self.stream.set_ttl(u32::from(ttl))?;
            }
            (None, Some(usual)) => {
                self.stream.set_ttl(usual)?;
                self.usual_ttl = None;
            }
            (None, None) => {}
        }
        Ok(())
    }

    async fn refuse(&mut self, answer: Answer) {
        if self.send(answer, false, false).await.is_ok() {
            linger(&mut self.stream).await;
        }
    }
}
