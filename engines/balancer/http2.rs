//! Clients of HTTP/2: each stream is a request, served like one of HTTP/1 on a task of its own.

use crate::desync::{Body, Survey, Tier};
use crate::end::End;
use crate::exchange::{Done, forward};
use crate::head::Head;
use crate::http1::{count, write_line};
use crate::one::One;
use crate::own::Own;
use crate::plan::duration;
use crate::prepare::{Caller, Fate, prepare};
use crate::tally::Count;
use crate::two::Two;
use crate::wire::{Alarm, Wire};
use crate::worker::Worker;
use bytes::Bytes;
use h2::RecvStream;
use h2::server::SendResponse;
use http::Request;
use httparse::Header;
use std::cell::Cell;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// Streams that one client may have open (ALB guide: 128).
const STREAMS: u32 = 128;
const HEADERS_MOST: u32 = 64 * 1024;

/// A connection of which some bytes were already read.
struct Replay {
    wire: Wire,
    first: Vec<u8>,
    at: usize,
}

impl AsyncRead for Replay {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.at < this.first.len() {
            let rest = &this.first[this.at..];
            let some = rest.len().min(buffer.remaining());
            buffer.put_slice(&rest[..some]);
            this.at += some;
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut this.wire).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Replay {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().wire).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().wire).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().wire).poll_shutdown(cx)
    }
}

/// Serves a client that began with HTTP/2 on a connection of HTTP/1.
pub(crate) async fn serve_prior(worker: Rc<Worker>, mut one: One, caller: Caller) {
    let first = one.unread().to_vec();
    let count = first.len();
    one.consume(count);
    let wire = one.into_wire();
    serve(worker, wire, first, caller).await;
}

/// Serves a connection of HTTP/2 to its end.
pub(crate) async fn serve(worker: Rc<Worker>, wire: Wire, first: Vec<u8>, caller: Caller) {
    let manners = worker.plan().manners.clone();
    let idle = duration(manners.idle);
    let shake = h2::server::Builder::new()
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(HEADERS_MOST)
        .initial_window_size(64 * 1024)
        .initial_connection_window_size(1 << 20)
        .handshake(Replay { wire, first, at: 0 });
    let Ok(Ok(mut connection)) = tokio::time::timeout(idle, shake).await else { return };
    let caller = Rc::new(caller);
    let busy = Rc::new(Cell::new(0_u32));
    let mut alarm = Alarm::new(idle);
    let born = Instant::now();
    let mut ending = false;
    loop {
        let next = poll_fn(|cx| {
            if let Poll::Ready(next) = connection.poll_accept(cx) {
                return Poll::Ready(next);
            }
            while alarm.poll(cx).is_ready() {
                if busy.get() == 0 && !ending {
                    ending = true;
                    connection.graceful_shutdown();
                    alarm.set(idle);
                    let _ = connection.poll_accept(cx);
                } else if ending && busy.get() == 0 {
                    return Poll::Ready(None);
                } else {
                    alarm.set(idle);
                }
            }
            Poll::Pending
        });
        let Some(Ok((request, respond))) = next.await else { return };
        alarm.set(idle);
        busy.set(busy.get() + 1);
        let (worker, caller, busy) = (worker.clone(), caller.clone(), busy.clone());
        tokio::task::spawn_local(async move {
            stream(&worker, &caller, request, respond).await;
            busy.set(busy.get() - 1);
        });
        if born.elapsed() >= duration(manners.keep_alive) && !ending {
            ending = true;
            connection.graceful_shutdown();
        }
    }
}

async fn stream(
    worker: &Rc<Worker>,
    caller: &Caller,
    request: Request<RecvStream>,
    respond: SendResponse<Bytes>,
) {
    let (parts, body) = request.into_parts();
    let none = body.is_end_stream();
    let mut client = End::Two(Box::new(Two::new((!none).then_some(body), Some(respond))));
    let plan = worker.plan();
    let mut alarm = Alarm::new(duration(plan.manners.idle));
    let lines: Vec<Header<'_>> = parts
        .headers
        .iter()
        .map(|(name, value)| Header { name: name.as_str(), value: value.as_bytes() })
        .collect();
    let authority = parts.uri.authority().map(|authority| authority.as_str().as_bytes());
    let host = authority.or_else(|| parts.headers.get("host").map(|host| host.as_bytes()));
    let head = Head {
        method: parts.method.as_str(),
        target: parts.uri.path_and_query().map_or(b"/", |path| path.as_str().as_bytes()),
        host: host.unwrap_or_default(),
        version: 2,
        lines: &lines,
    };
    let length = head.value("content-length").and_then(crate::desync::number);
    let survey = Survey {
        body: match (none, length) {
            (true, _) => Body::None,
            (false, Some(length)) => Body::Length(length),
            (false, None) => Body::Chunked,
        },
        keep: true,
        expects: false,
        websocket: false,
        tier: Tier::Compliant,
        coding: false,
        named: false,
    };
    let to_head = parts.method == http::Method::HEAD;
    if head.value("content-type").is_some_and(|kind| kind.starts_with(b"application/grpc")) {
        worker.tally.add(Count::Grpc, 1);
    }
    let prepared = prepare(worker, &plan, &caller.now(&plan), &head, &survey);
    let record = prepared.record;
    let (done, own) = match prepared.fate {
        Fate::Own(own) => {
            (Done { status: own.status, own: true, keep: true, ..Done::default() }, own)
        }
        Fate::Job(mut job) => {
            let done = forward(worker, &mut client, &mut job, &mut alarm).await;
            let own = Own::error(done.status);
            (done, own)
        }
    };
    if done.own && done.status != 460 {
        answer(worker, &mut client, &own, to_head, &mut alarm).await;
    }
    count(worker, &done, &own, &client, (0, 0));
    if let Some(record) = record {
        write_line(worker, &record, &done, &client, (0, 0));
    }
}

async fn answer(worker: &Worker, client: &mut End, own: &Own, to_head: bool, alarm: &mut Alarm) {
    let plan = worker.plan();
    let server = plan.manners.server_header;
    if client.answer(own, server, true, to_head, &worker.date()).is_err() {
        return;
    }
    alarm.set(duration(plan.manners.idle));
    poll_fn(|cx| match client.poll_flush(cx) {
        Poll::Ready(_) => Poll::Ready(()),
        Poll::Pending => alarm.poll(cx),
    })
    .await;
}
