//! One end of an exchange that speaks HTTP/1.1, client or target: its bytes, the body that comes
//! from it and the body that goes to it. Heads are read by whoever owns it.

use crate::chunks::{Reading, bad};
use crate::desync::Body;
use crate::wire::{BUFFER, Held, Wire};
use http::HeaderMap;
use std::io;
use std::io::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::AsyncWrite;

/// How the body that goes out is framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writing {
    Plain,
    Chunked,
}

/// One end.
#[derive(Debug)]
pub(crate) struct One {
    pub wire: Wire,
    input: Held,
    used: usize,
    pub output: Held,
    pub sent: usize,
    /// Some of the answer that goes out has gone.
    pub gone: bool,
    pub reading: Reading,
    pub writing: Writing,
    /// Trailers as they came.
    pub trailers: Vec<u8>,
    /// Told to go on with the body before it is read.
    pub expects: bool,
    /// Nothing more comes.
    pub over: bool,
    pub bytes_in: u64,
    pub bytes_out: u64,
}

impl One {
    pub fn new(wire: Wire) -> One {
        One {
            wire,
            input: Held::default(),
            used: 0,
            output: Held::default(),
            sent: 0,
            gone: false,
            reading: Reading::Done,
            writing: Writing::Plain,
            trailers: Vec::new(),
            expects: false,
            over: false,
            bytes_in: 0,
            bytes_out: 0,
        }
    }

    /// The connection alone; what was read of it and not used is lost.
    pub fn into_wire(self) -> Wire {
        self.wire
    }

    /// What has come and was not used yet.
    pub fn unread(&self) -> &[u8] {
        &self.input[self.used..]
    }

    pub fn consume(&mut self, count: usize) {
        self.used += count;
        if self.used == self.input.len() {
            self.input.clear();
            self.used = 0;
        }
    }

    /// Gives its buffers back if nothing is in them.
    pub fn release(&mut self) {
        if self.unread().is_empty() {
            self.used = 0;
            self.input.put_back();
        }
        if self.output.len() == self.sent {
            self.sent = 0;
            self.output.put_back();
        }
    }

    /// Waits for more bytes; 0 at the end.
    pub fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.input.capacity() == 0 {
            self.input = Held::take();
        } else if self.used > 0 && self.input.len() == self.input.capacity() {
            self.input.drain(..self.used);
            self.used = 0;
        }
        let read = self.wire.poll_fill(cx, &mut self.input);
        match &read {
            Poll::Pending if self.unread().is_empty() => {
                self.input.put_back();
            }
            Poll::Ready(Ok(0) | Err(_)) => self.over = true,
            Poll::Ready(Ok(count)) => self.bytes_in += *count as u64,
            Poll::Pending => {}
        }
        read
    }

    /// Ready when the peer is gone. What it sends meanwhile is kept, up to a buffer.
    pub fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while !self.over {
            if self.unread().len() >= BUFFER {
                return Poll::Pending;
            }
            match ready!(self.poll_more(cx)) {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
        }
        Poll::Ready(())
    }

    /// Waits until so much of the body has come; it is kept unread.
    pub fn poll_gather(&mut self, cx: &mut Context<'_>, most: usize) -> Poll<io::Result<()>> {
        while self.unread().len() < most {
            if ready!(self.poll_more(cx))? == 0 {
                return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Hands the next piece of the body to `sink`; true when that was all of it.
    pub fn poll_pull(
        &mut self,
        cx: &mut Context<'_>,
        mut sink: impl FnMut(&[u8]),
    ) -> Poll<io::Result<bool>> {
        if std::mem::take(&mut self.expects) && self.unread().is_empty() {
            self.out().extend_from_slice(b"HTTP/1.1 100 Continue\r\n\r\n");
            // A few bytes at the begin of an answer: there is room for them, or nobody waits.
            if let Poll::Ready(flushed) = self.poll_flush(cx) {
                flushed?;
            }
        }
        loop {
            if self.reading.is_done() {
                return Poll::Ready(Ok(true));
            }
            if self.used < self.input.len() {
                let bytes = &self.input[self.used..];
                let mut some = false;
                let used = self.reading.feed(bytes, &mut self.trailers, |piece| {
                    some |= !piece.is_empty();
                    sink(piece);
                })?;
                self.consume(used);
                if some || self.reading.is_done() {
                    return Poll::Ready(Ok(self.reading.is_done()));
                }
                continue;
            }
            match ready!(self.poll_more(cx))? {
                0 if matches!(self.reading, Reading::UntilClose) => self.reading = Reading::Done,
                0 => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                _ => {}
            }
        }
    }

    fn out(&mut self) -> &mut Vec<u8> {
        if self.output.capacity() == 0 {
            self.output = Held::take();
        }
        &mut self.output
    }

    /// Room for what goes out next.
    pub fn write(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(self.out());
    }

    /// Adds a piece of the body to what goes out.
    pub fn put(&mut self, piece: &[u8]) {
        let chunked = self.writing == Writing::Chunked;
        if piece.is_empty() {
            return;
        }
        if self.sent >= BUFFER {
            self.output.drain(..self.sent);
            self.sent = 0;
        }
        let out = self.out();
        if chunked {
            let _ = write!(out, "{:x}\r\n", piece.len());
        }
        out.extend_from_slice(piece);
        if chunked {
            out.extend_from_slice(b"\r\n");
        }
    }

    /// The body that goes out is whole.
    pub fn finish(&mut self, trailers: Option<&HeaderMap>) {
        if self.writing == Writing::Chunked {
            let out = self.out();
            out.extend_from_slice(b"0\r\n");
            for (name, value) in trailers.into_iter().flatten() {
                out.extend_from_slice(name.as_str().as_bytes());
                out.extend_from_slice(b": ");
                out.extend_from_slice(value.as_bytes());
                out.extend_from_slice(b"\r\n");
            }
            out.extend_from_slice(b"\r\n");
            self.writing = Writing::Plain;
        }
    }

    /// Makes this request what goes out; it is copied, and can be sent again.
    pub fn ask(&mut self, head: &[u8], chunked: bool) {
        self.out().extend_from_slice(head);
        self.reading = Reading::Done;
        self.writing = if chunked { Writing::Chunked } else { Writing::Plain };
    }

    /// How much waits to go out.
    pub fn waiting(&self) -> usize {
        self.output.len() - self.sent
    }

    pub fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.sent == self.output.len() {
            return Poll::Ready(Ok(()));
        }
        while self.sent < self.output.len() {
            let wire = Pin::new(&mut self.wire);
            let count = ready!(wire.poll_write(cx, &self.output[self.sent..]))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.sent += count;
            self.gone = true;
            self.bytes_out += count as u64;
        }
        ready!(Pin::new(&mut self.wire).poll_flush(cx))?;
        self.output.clear();
        self.sent = 0;
        Poll::Ready(Ok(()))
    }

    /// What a body that comes like this is read by.
    pub fn expect_body(&mut self, body: Body) {
        self.trailers.clear();
        self.reading = match body {
            Body::None | Body::Length(0) => Reading::Done,
            Body::Length(length) => Reading::Length(length),
            Body::Chunked => Reading::chunked(),
        };
    }

    /// The trailers that came.
    pub fn take_trailers(&mut self) -> io::Result<Option<HeaderMap>> {
        let lines = std::mem::take(&mut self.trailers);
        if lines.len() <= 2 {
            return Ok(None);
        }
        let mut room = [httparse::EMPTY_HEADER; 32];
        let parsed = httparse::parse_headers(&lines, &mut room);
        let Ok(httparse::Status::Complete((_, lines))) = parsed else {
            return Err(bad("the trailers are malformed"));
        };
        let mut map = HeaderMap::with_capacity(lines.len());
        for line in lines {
            let name = http::HeaderName::from_bytes(line.name.as_bytes());
            let value = http::HeaderValue::from_bytes(line.value);
            if let (Ok(name), Ok(value)) = (name, value) {
                map.append(name, value);
            }
        }
        Ok(Some(map))
    }
}
