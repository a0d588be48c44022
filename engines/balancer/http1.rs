//! Clients of HTTP/1: one request after the other, each answered before the next is begun. A
//! connection that waits for a request holds no buffer.

use crate::desync::{Survey, Tier, survey};
use crate::end::End;
use crate::exchange::{Done, forward};
use crate::head::{self, Head, LENIENT, LINES, Read};
use crate::listen::Guest;
use crate::one::One;
use crate::own::Own;
use crate::plan::duration;
use crate::prepare::{Caller, Fate, Prepared, prepare};
use crate::tally::{Count, Kind};
use crate::wire::{Alarm, tick};
use crate::worker::Worker;
use crate::{http2, log::Record};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;

/// What a client of HTTP/2 with prior knowledge begins with (RFC 9113, 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// What came and was not wanted is read for so long before the end, lest a reset overtake the
/// answer.
const LINGER: Duration = Duration::from_millis(500);
/// A client that asks again so soon finds everything as it left it; then what it takes is given up.
const SOON: Duration = Duration::from_millis(500);

enum Next {
    /// For another request.
    Wait,
    Close,
    /// HTTP/2, from the first byte on.
    Two,
}

/// Serves a connection to its end.
pub(crate) async fn serve(worker: Rc<Worker>, one: One, caller: Caller, _guest: Guest) {
    let mut client = End::One(Box::new(one));
    let life = duration(worker.plan().manners.keep_alive);
    let born = tick();
    let mut alarm = Alarm::new(duration(worker.plan().manners.idle));
    let mut first = true;
    let mut before = (0, 0);
    let mut waited = Duration::ZERO;
    loop {
        let idle = duration(worker.plan().manners.idle);
        let left = life.saturating_sub(tick() - born);
        let wait = if first { idle } else { idle.min(left).saturating_sub(waited) };
        alarm.set(wait);
        if poll_fn(|cx| poll_come(&mut client, &mut alarm, cx)).await != Come::Bytes {
            return;
        }
        let talk = Talk {
            worker: &worker,
            client: &mut client,
            caller: &caller,
            alarm: &mut alarm,
            idle,
            first,
            before: &mut before,
            ends: born + life,
            old: false,
        };
        match Box::pin(talk.serve()).await {
            Next::Wait => {}
            Next::Close => {
                if let End::One(one) = &mut client {
                    Box::pin(linger(one)).await;
                }
                return;
            }
            Next::Two => {
                let End::One(one) = client else { return };
                return Box::pin(http2::serve_prior(worker, *one, caller)).await;
            }
        }
        (first, waited) = (false, SOON.min(idle));
    }
}

/// What a client that may ask did.
#[derive(PartialEq, Eq)]
enum Come {
    Bytes,
    Gone,
    Nothing,
}

/// Waits for the begin of a request.
fn poll_come(client: &mut End, alarm: &mut Alarm, cx: &mut Context<'_>) -> Poll<Come> {
    let End::One(one) = client else { return Poll::Ready(Come::Gone) };
    if !one.unread().is_empty() {
        return Poll::Ready(Come::Bytes);
    }
    match one.poll_more(cx) {
        Poll::Ready(Ok(1..)) => Poll::Ready(Come::Bytes),
        Poll::Ready(_) => Poll::Ready(Come::Gone),
        Poll::Pending => alarm.poll(cx).map(|()| Come::Nothing),
    }
}

/// Ends a connection so that the last answer arrives.
async fn linger(one: &mut One) {
    if one.over || one.wire.shutdown().await.is_err() {
        return;
    }
    let rest = poll_fn(|cx| {
        loop {
            match ready!(one.poll_more(cx)) {
                Ok(0) | Err(_) => return Poll::Ready(()),
                Ok(count) => one.consume(count),
            }
        }
    });
    let _ = tokio::time::timeout(LINGER, rest).await;
}

/// Requests that come soon after each other.
struct Talk<'a> {
    worker: &'a Rc<Worker>,
    client: &'a mut End,
    caller: &'a Caller,
    alarm: &'a mut Alarm,
    idle: Duration,
    first: bool,
    /// Bytes in and out until the last request ended.
    before: &'a mut (u64, u64),
    /// When the connection has lived long enough, by [`tick`]; whether it has.
    ends: Duration,
    old: bool,
}

/// What reading a head led to.
enum Got {
    Request(Prepared, Survey, bool, bool),
    Refused(u16),
    Two,
    End,
}

impl Talk<'_> {
    async fn serve(mut self) -> Next {
        loop {
            self.old = tick() >= self.ends;
            match self.turn().await {
                Next::Wait => {}
                next => return next,
            }
            self.first = false;
            *self.before = self.client.bytes();
            if let End::One(one) = &mut *self.client {
                one.release();
            }
            self.alarm.set(SOON.min(self.idle));
            match poll_fn(|cx| poll_come(self.client, self.alarm, cx)).await {
                Come::Bytes => {}
                Come::Gone => return Next::Close,
                Come::Nothing => return Next::Wait,
            }
        }
    }

    async fn turn(&mut self) -> Next {
        // The whole head within one idle time, however it trickles.
        self.alarm.set(self.idle);
        let got = poll_fn(|cx| self.poll_head(cx)).await;
        let bytes = *self.before;
        let (prepared, survey, to_head, grpc) = match got {
            Got::Two => return Next::Two,
            Got::End => return Next::Close,
            Got::Refused(status) => {
                self.worker.tally.own(status);
                self.answer(&Own::error(status), false, false).await;
                return Next::Close;
            }
            Got::Request(prepared, survey, to_head, grpc) => (prepared, survey, to_head, grpc),
        };
        let keep = prepared.keep && !self.old;
        if let End::One(one) = &mut *self.client {
            one.expect_body(survey.body);
            one.expects = survey.expects && !one.reading.is_done();
        }
        if grpc {
            self.worker.tally.add(Count::Grpc, 1);
        }
        let record = prepared.record;
        let (mut done, own) = match prepared.fate {
            Fate::Own(own) => {
                let done = Done { status: own.status, own: true, keep, ..Done::default() };
                (done, own)
            }
            Fate::Job(mut job) => {
                job.keep = keep;
                let done = forward(self.worker, self.client, &mut job, self.alarm).await;
                if let crate::prepare::Asked::One(bytes) = job.asked {
                    crate::wire::give_buffer(bytes);
                }
                let own = Own::error(done.status);
                (done, own)
            }
        };
        done.keep &= keep;
        self.conclude(&mut done, &own, to_head).await;
        count(self.worker, &done, &own, self.client, bytes);
        if let Some(record) = record {
            write_line(self.worker, &record, &done, self.client, bytes);
        }
        if done.keep { Next::Wait } else { Next::Close }
    }

    /// Gives an answer of the node's own, where there is one to give.
    async fn conclude(&mut self, done: &mut Done, own: &Own, to_head: bool) {
        if !done.own {
            return;
        }
        if done.status == 460 {
            done.keep = false;
            return;
        }
        if let End::One(one) = &mut *self.client {
            one.expects = false;
            // A small rest of the body is read over; a large one ends the connection.
            let rest = poll_fn(|cx| Poll::Ready(one.poll_pull(cx, |_| {})));
            let whole = matches!(rest.await, Poll::Ready(Ok(true)));
            done.keep &= whole;
        }
        done.keep &= self.answer(own, done.keep, to_head).await;
    }

    /// Whether it went out.
    async fn answer(&mut self, own: &Own, keep: bool, to_head: bool) -> bool {
        let plan = self.worker.plan();
        let date = self.worker.date();
        let server = plan.manners.server_header;
        if self.client.answer(own, server, keep, to_head, &date).is_err() {
            return false;
        }
        self.alarm.set(self.idle);
        poll_fn(|cx| match self.client.poll_flush(cx) {
            Poll::Ready(sent) => Poll::Ready(sent.is_ok()),
            Poll::Pending => self.alarm.poll(cx).map(|()| false),
        })
        .await
    }

    fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<Got> {
        let End::One(one) = &mut *self.client else { return Poll::Ready(Got::End) };
        loop {
            let bytes = one.unread();
            let preface = self.first && bytes.first() == Some(&b'P');
            if preface && bytes.starts_with(PREFACE) {
                let two = self.worker.plan().manners.http2;
                return Poll::Ready(if two { Got::Two } else { Got::Refused(505) });
            }
            let wait = bytes.is_empty() || (preface && PREFACE.starts_with(bytes));
            if !wait {
                let (got, used) = look(self.worker, self.caller, bytes);
                if let Some(got) = got {
                    one.consume(used);
                    return Poll::Ready(got);
                }
            }
            match one.poll_more(cx) {
                Poll::Ready(Ok(1..)) => {}
                Poll::Ready(_) if one.unread().is_empty() => return Poll::Ready(Got::End),
                // Half a request and then the end.
                Poll::Ready(_) => return Poll::Ready(Got::Refused(400)),
                Poll::Pending => return self.alarm.poll(cx).map(|()| Got::Refused(408)),
            }
        }
    }
}

/// A request, or its refusal, if there is a whole head; and how many bytes it took.
fn look(worker: &Worker, caller: &Caller, bytes: &[u8]) -> (Option<Got>, usize) {
    let mut room = [const { std::mem::MaybeUninit::uninit() }; LINES];
    match head::read(bytes, &mut room) {
        Read::Partial => (None, 0),
        Read::Whole(size, head, tier) => (Some(request(worker, caller, &head, tier)), size),
        Read::Bad(LENIENT) => {
            let mut lines = Vec::new();
            match head::lenient(bytes, &mut lines) {
                Read::Whole(size, head, tier) => (Some(request(worker, caller, &head, tier)), size),
                _ => {
                    worker.tally.add(Count::Desync, 1);
                    (Some(Got::Refused(400)), bytes.len())
                }
            }
        }
        Read::Bad(status) => (Some(Got::Refused(status)), bytes.len()),
    }
}

fn request(worker: &Worker, caller: &Caller, head: &Head<'_>, tier: Tier) -> Got {
    let survey = survey(head, tier);
    let plan = worker.plan();
    // Rules may have changed since the connection came.
    let prepared = prepare(worker, &plan, &caller.now(&plan), head, &survey);
    Got::Request(prepared, survey, head.method == "HEAD", false)
}

/// Counts a request that is over.
pub(crate) fn count(worker: &Worker, done: &Done, own: &Own, client: &End, before: (u64, u64)) {
    let tally = &worker.tally;
    let now = client.bytes();
    tally.bytes(Kind::Http, now.0 - before.0 + (now.1 - before.1));
    let refused = done.own && own.page.is_none() && own.location.is_none();
    if done.target.as_ref().is_some_and(|(_, status)| status.is_some()) || !refused {
        tally.add(Count::Requests, 1);
    }
    if done.own || done.status == 460 {
        tally.own(done.status);
    }
}

pub(crate) fn write_line(
    worker: &Worker,
    record: &Record,
    done: &Done,
    client: &End,
    before: (u64, u64),
) {
    if let Some(log) = &worker.log {
        let now = client.bytes();
        let bytes = (now.0 - before.0, now.1 - before.1);
        let _ = log.try_send(record.line(&worker.plan(), done, bytes));
    }
}
