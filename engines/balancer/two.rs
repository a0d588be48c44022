//! One end of an exchange that is a stream of HTTP/2, client's or target's.

use bytes::{Buf as _, Bytes, BytesMut};
use h2::server::SendResponse;
use h2::{Reason, RecvStream, SendStream};
use http::HeaderMap;
use std::io;
use std::task::{Context, Poll, ready};

/// One end.
pub(crate) struct Two {
    pub recv: Option<RecvStream>,
    pub send: Option<SendStream<Bytes>>,
    /// Of a client, until its answer begins.
    pub respond: Option<SendResponse<Bytes>>,
    /// Of the body, not pulled yet.
    early: BytesMut,
    output: BytesMut,
    ended: Option<Option<HeaderMap>>,
    trailers: Option<HeaderMap>,
    pub bytes_in: u64,
    pub bytes_out: u64,
}

fn broken(error: h2::Error) -> io::Error {
    let kind = match error.is_io() {
        true => error.get_io().map_or(io::ErrorKind::ConnectionReset, io::Error::kind),
        false => io::ErrorKind::ConnectionReset,
    };
    io::Error::new(kind, error)
}

impl Two {
    pub fn new(recv: Option<RecvStream>, respond: Option<SendResponse<Bytes>>) -> Two {
        Two {
            recv,
            send: None,
            respond,
            early: BytesMut::new(),
            output: BytesMut::new(),
            ended: None,
            trailers: None,
            bytes_in: 0,
            bytes_out: 0,
        }
    }

    pub fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match (&mut self.respond, &mut self.send) {
            (Some(respond), _) => respond.poll_reset(cx).map(|_| ()),
            (None, Some(send)) => send.poll_reset(cx).map(|_| ()),
            (None, None) => Poll::Pending,
        }
    }

    /// Waits until so much of the body has come, or all of it; it is kept.
    pub fn poll_gather(&mut self, cx: &mut Context<'_>, most: usize) -> Poll<io::Result<()>> {
        let Some(recv) = &mut self.recv else { return Poll::Ready(Ok(())) };
        while self.early.len() < most {
            match ready!(recv.poll_data(cx)) {
                Some(Ok(data)) => {
                    self.bytes_in += data.len() as u64;
                    let _ = recv.flow_control().release_capacity(data.len());
                    self.early.extend_from_slice(&data);
                }
                Some(Err(error)) => return Poll::Ready(Err(broken(error))),
                None => break,
            }
        }
        Poll::Ready(Ok(()))
    }

    /// What was gathered.
    pub fn gathered(&self) -> usize {
        self.early.len()
    }

    /// Hands the next piece of the body to `sink`; true when that was all of it.
    pub fn poll_pull(
        &mut self,
        cx: &mut Context<'_>,
        mut sink: impl FnMut(&[u8]),
    ) -> Poll<io::Result<bool>> {
        if !self.early.is_empty() {
            sink(&std::mem::take(&mut self.early));
            return Poll::Ready(Ok(false));
        }
        let Some(recv) = &mut self.recv else { return Poll::Ready(Ok(true)) };
        match ready!(recv.poll_data(cx)) {
            Some(Ok(data)) => {
                self.bytes_in += data.len() as u64;
                let _ = recv.flow_control().release_capacity(data.len());
                sink(&data);
                Poll::Ready(Ok(false))
            }
            Some(Err(error)) => Poll::Ready(Err(broken(error))),
            None => {
                let trailers = ready!(recv.poll_trailers(cx)).map_err(broken)?;
                self.trailers = trailers;
                self.recv = None;
                Poll::Ready(Ok(true))
            }
        }
    }

    pub fn take_trailers(&mut self) -> Option<HeaderMap> {
        self.trailers.take()
    }

    pub fn put(&mut self, piece: &[u8]) {
        self.output.extend_from_slice(piece);
    }

    pub fn finish(&mut self, trailers: Option<HeaderMap>) {
        self.ended = Some(trailers);
    }

    pub fn waiting(&self) -> usize {
        self.output.len()
    }

    pub fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(send) = &mut self.send else { return Poll::Ready(Ok(())) };
        while self.output.has_remaining() {
            send.reserve_capacity(self.output.len());
            match ready!(send.poll_capacity(cx)) {
                None => return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
                Some(Err(error)) => return Poll::Ready(Err(broken(error))),
                Some(Ok(room)) => {
                    let piece = self.output.split_to(room.min(self.output.len()));
                    self.bytes_out += piece.len() as u64;
                    let last = self.output.is_empty() && matches!(self.ended, Some(None));
                    send.send_data(piece.freeze(), last).map_err(broken)?;
                    if last {
                        self.ended = None;
                        self.send = None;
                        return Poll::Ready(Ok(()));
                    }
                }
            }
        }
        let Some(trailers) = self.ended.take() else { return Poll::Ready(Ok(())) };
        let sent = match trailers {
            Some(trailers) => send.send_trailers(trailers),
            None => send.send_data(Bytes::new(), true),
        };
        self.send = None;
        Poll::Ready(sent.map_err(broken))
    }

    /// Ends the stream at once: what was begun is not whole.
    pub fn reset(&mut self) {
        if let Some(mut send) = self.send.take() {
            send.send_reset(Reason::INTERNAL_ERROR);
        }
        if let Some(mut respond) = self.respond.take() {
            respond.send_reset(Reason::INTERNAL_ERROR);
        }
    }
}
