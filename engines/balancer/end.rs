//! An end of an exchange, of whichever version, and the pump that moves a body from one to another.

use crate::chunks::Reading;
use crate::desync::Body;
use crate::one::{One, Writing};
use crate::two::Two;
use crate::wire::BUFFER;
use crate::worker::Cut;
use crate::write::{self, Coming, Dress, Reply};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use std::io;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

/// A client that takes less of an answer than this in one idle time takes nothing.
const SIP: u64 = 8 * 1024;

/// One end.
pub(crate) enum End {
    One(Box<One>),
    Two(Box<Two>),
}

/// What ended a pump early.
#[derive(Debug)]
pub(crate) enum Broke {
    /// The side that the body comes from.
    From(io::Error),
    /// The side that it goes to.
    To,
}

impl End {
    pub fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match self {
            End::One(one) => one.poll_gone(cx),
            End::Two(two) => two.poll_gone(cx),
        }
    }

    pub fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            End::One(one) => one.poll_flush(cx),
            End::Two(two) => two.poll_flush(cx),
        }
    }

    /// Waits until so much of the body has come; it is kept for whoever pulls it.
    pub fn poll_gather(&mut self, cx: &mut Context<'_>, most: usize) -> Poll<io::Result<()>> {
        match self {
            End::One(one) => one.poll_gather(cx, most),
            End::Two(two) => two.poll_gather(cx, most),
        }
    }

    /// What was gathered.
    pub fn gathered(&self) -> usize {
        match self {
            End::One(one) => one.unread().len(),
            End::Two(two) => two.gathered(),
        }
    }

    pub fn waiting(&self) -> usize {
        match self {
            End::One(one) => one.waiting(),
            End::Two(two) => two.waiting(),
        }
    }

    fn put(&mut self, piece: &[u8]) {
        match self {
            End::One(one) => one.put(piece),
            End::Two(two) => two.put(piece),
        }
    }

    fn poll_pull(
        &mut self,
        cx: &mut Context<'_>,
        sink: impl FnMut(&[u8]),
    ) -> Poll<io::Result<bool>> {
        match self {
            End::One(one) => one.poll_pull(cx, sink),
            End::Two(two) => two.poll_pull(cx, sink),
        }
    }

    /// Unwrites an answer of which nothing has gone out; false when it is too late for that.
    pub fn take_back(&mut self) -> bool {
        match self {
            End::One(one) if !one.gone => {
                one.output.clear();
                one.writing = Writing::Plain;
                true
            }
            _ => false,
        }
    }

    /// What was begun cannot be ended well: the peer shall see that.
    pub fn abort(&mut self) {
        match self {
            End::One(one) => one.output.truncate(one.sent),
            End::Two(two) => two.reset(),
        }
    }

    /// Whether it takes what is written: all of it, or more than a sip since `taken`. What waits in
    /// the kernel is not taken: buffers grow there for who reads nothing.
    pub fn takes(&self, taken: &mut u64) -> bool {
        let End::One(one) = self else { return true };
        if one.waiting() == 0 {
            return true;
        }
        let now = one.bytes_out.saturating_sub(one.wire.unacknowledged());
        let more = now >= *taken + SIP;
        if more {
            *taken = now;
        }
        more
    }

    /// Bytes that came and went so far.
    pub fn bytes(&self) -> (u64, u64) {
        match self {
            End::One(one) => (one.bytes_in, one.bytes_out),
            End::Two(two) => (two.bytes_in, two.bytes_out),
        }
    }

    fn finish(&mut self, from: &mut End) -> io::Result<()> {
        let trailers = match from {
            End::One(one) => one.take_trailers()?,
            End::Two(two) => two.take_trailers(),
        };
        match self {
            End::One(one) => one.finish(trailers.as_ref()),
            End::Two(two) => two.finish(trailers),
        }
        Ok(())
    }

    /// Bytes of any meaning from now on, both ways (WebSocket).
    pub fn open(&mut self) {
        if let End::One(one) = self {
            one.reading = Reading::UntilClose;
            one.writing = Writing::Plain;
        }
    }

    /// How the body from here comes.
    pub fn expect_body(&mut self, coming: Coming) {
        if let End::One(one) = self {
            match coming {
                Coming::Known(body) => one.expect_body(body),
                Coming::UntilClose => one.reading = Reading::UntilClose,
            }
        }
    }

    /// Begins the answer to a client.
    pub fn begin(&mut self, reply: &Reply<'_>, dress: &Dress<'_>) -> io::Result<()> {
        match self {
            End::One(one) => {
                one.gone = false;
                one.write(|out| write::reply(reply, dress, out));
                let chunked = dress.body == Body::Chunked;
                one.writing = if chunked { Writing::Chunked } else { Writing::Plain };
                Ok(())
            }
            End::Two(two) => {
                let answer = response(reply, dress);
                let Some(mut respond) = two.respond.take() else { return Ok(()) };
                let none = matches!(dress.body, Body::None | Body::Length(0));
                let send = respond.send_response(answer, none).map_err(io::Error::other)?;
                two.send = (!none).then_some(send);
                Ok(())
            }
        }
    }
}

fn response(reply: &Reply<'_>, dress: &Dress<'_>) -> Response<()> {
    let mut answer = Response::new(());
    *answer.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::BAD_GATEWAY);
    let headers = answer.headers_mut();
    let mut add = |name: &str, value: &[u8]| {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value)) {
            headers.append(name, value);
        }
    };
    write::back(reply, dress.to_head, &mut add);
    dress.cookies.iter().for_each(|cookie| add("set-cookie", cookie.as_bytes()));
    if let Body::Length(length) = dress.body {
        add("content-length", length.to_string().as_bytes());
    }
    answer
}

/// Moves a body on: what waits goes out before more comes in. `hold`: small bodies of known length
/// go out only when whole.
#[derive(Debug, Default)]
pub(crate) struct Pump {
    done: bool,
    pub hold: bool,
    /// Bytes pulled since the owner last looked.
    pub moved: usize,
    /// A whole body has been handed over, and waits only to be written.
    pub pulled: bool,
    /// Released when the body is whole, before its last bytes go out.
    pub work: Option<Rc<Cut>>,
    /// So many bytes may wait to go out and more is pulled all the same.
    pub ahead: usize,
}

impl Pump {
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// A pump for a body; `none`: there is no body, only what waits already.
    pub fn new(none: bool, hold: bool) -> Pump {
        Pump { pulled: none, hold, ..Pump::default() }
    }

    /// Moves all of the body, until its last byte has gone out.
    pub fn poll(
        &mut self,
        from: &mut End,
        to: &mut End,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Broke>> {
        if !self.done {
            ready!(self.poll_pulled(from, to, cx))?;
            ready!(to.poll_flush(cx)).map_err(|_| Broke::To)?;
            self.done = true;
        }
        Poll::Ready(Ok(()))
    }

    /// Moves the body on until all of it was pulled; the end of it may still wait to go out.
    pub fn poll_pulled(
        &mut self,
        from: &mut End,
        to: &mut End,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Broke>> {
        while !self.pulled {
            if !self.hold || to.waiting() > BUFFER {
                self.hold = false;
                match to.poll_flush(cx) {
                    Poll::Ready(flushed) => flushed.map_err(|_| Broke::To)?,
                    Poll::Pending if to.waiting() < self.ahead => {}
                    Poll::Pending => return Poll::Pending,
                }
            }
            let moved = &mut self.moved;
            let pulled = from.poll_pull(cx, |piece| {
                *moved += piece.len();
                to.put(piece);
            });
            if ready!(pulled).map_err(Broke::From)? {
                to.finish(from).map_err(Broke::From)?;
                self.pulled = true;
                if let Some(work) = &self.work {
                    work.release();
                }
            }
        }
        Poll::Ready(Ok(()))
    }
}
