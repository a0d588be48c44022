//! One attempt at one target, on a connection that stands: the request goes out while the answer
//! is waited for, then the answer goes back while the rest of the request may still go out.

use crate::cookie::name;
use crate::desync::Body;
use crate::end::{Broke, End, Pump};
use crate::exchange::Done;
use crate::place::Place;
use crate::plan::duration;
use crate::prepare::{Job, pair};
use crate::tally::Kind;
use crate::wire::{Alarm, BUFFER};
use crate::worker::{Busy, Share, Worker, wall};
use crate::write::{Coming, Dress, Reply, coming};
use h2::client::ResponseFuture;
use httparse::Header;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::Instant;
use world::Sticky;

/// An answer's head may have so many bytes; beyond: 502 (ALB guide, troubleshooting).
const HEAD_MOST: usize = 32 * 1024;
const LINES: usize = 128;
/// A body that comes slower than this in one idle time counts as nothing.
pub(crate) const TRICKLE: usize = 1024;
/// An answer so large, and a buffer more, is taken off its target at once, however slow the client.
const AHEAD: usize = 64 * 1024;

/// A target's connection with a request on it.
pub(crate) struct Target {
    pub end: End,
    /// Of HTTP/2.
    pub coming: Option<ResponseFuture>,
}

/// What came of an attempt.
pub(crate) enum Attempt {
    /// Nothing of the answer has come, and the client waits for this status or another attempt.
    Broken(u16),
    /// The target's host acknowledges nothing any more.
    Vanished,
    Done(Done),
}

/// How the answer began.
#[derive(Debug, Clone, Copy)]
struct Begun {
    status: u16,
    coming: Coming,
    target_keeps: bool,
    keep: bool,
    open: bool,
}

enum Event {
    Head(Begun),
    Malformed,
    Target(io::Error),
    /// The client went away, or its body broke off.
    Gone,
    Short,
    Late,
    Cut,
    Whole,
}

struct Run<'a> {
    worker: &'a Rc<Worker>,
    client: &'a mut End,
    target: Target,
    job: &'a Job,
    alarm: &'a mut Alarm,
    place: &'a Arc<Place>,
    busy: Busy,
    up: Pump,
    idle: Duration,
    sent: Option<Instant>,
    /// The target takes no more of the request.
    full: bool,
    share: Share<'a>,
    /// What the client had taken when that last counted.
    taken: u64,
}

/// Sees one attempt through.
pub(crate) async fn attempt(
    worker: &Rc<Worker>,
    client: &mut End,
    target: Target,
    job: &mut Job,
    alarm: &mut Alarm,
    place: &Arc<Place>,
) -> Attempt {
    let idle = duration(job.plan.manners.idle);
    alarm.set(idle);
    let up = Pump::new(job.body == Body::None, false);
    let busy = worker.busy(place);
    let share = Share::new(worker);
    let (sent, full, taken) = (None, false, client.bytes().1);
    let run =
        Run { worker, client, target, job, alarm, place, busy, up, idle, sent, full, share, taken };
    run.go().await
}

impl Run<'_> {
    async fn go(mut self) -> Attempt {
        let event = poll_fn(|cx| self.poll_answer(cx)).await;
        let answered = Instant::now();
        let begun = match event {
            Event::Head(begun) => begun,
            event => return self.unanswered(event),
        };
        let sent = self.sent.unwrap_or(answered);
        let counts = &self.job.plan.pools[self.job.pool].stock.tallies[self.worker.index];
        let micros = answered.duration_since(sent).as_micros() as u64;
        counts.answered(begun.status, micros);
        self.alarm.set(self.idle);
        let mut done = Done {
            status: begun.status,
            target: Some((self.place.address, Some(begun.status))),
            own: false,
            keep: begun.keep,
            sent: Some(sent),
            answered: Some(answered),
        };
        if begun.open {
            self.tunnel().await;
            done.keep = false;
            self.close();
            return Attempt::Done(done);
        }
        let hold = matches!(begun.coming, Coming::Known(Body::Length(_)));
        let mut down = Pump::new(false, hold);
        down.work = Some(self.busy.cut.clone());
        let large =
            matches!(begun.coming, Coming::Known(Body::Length(size)) if size > AHEAD as u64);
        match poll_fn(|cx| self.poll_body(cx, &mut down, !large)).await {
            Event::Whole => {
                down.work = None;
                done.keep &= self.up.is_done() && !self.full;
                match self.end(&begun).await {
                    Rest::Gone => (done.status, done.keep) = (460, false),
                    Rest::Late => done.keep = false,
                    Rest::Out => {}
                }
            }
            event => {
                let status = match event {
                    Event::Late => 504,
                    Event::Gone | Event::Short => 460,
                    _ => 502,
                };
                self.close();
                (done.status, done.keep) = (status, false);
                done.own = status != 460 && down.hold && self.client.take_back();
                if !done.own {
                    self.client.abort();
                }
            }
        }
        Attempt::Done(done)
    }

    /// Sends what is to be sent, and waits for the answer's head.
    fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<Event> {
        if self.busy.cut.is_done(cx) {
            return Poll::Ready(Event::Cut);
        }
        if let Some(event) = self.poll_up(cx) {
            return Poll::Ready(event);
        }
        if let Poll::Ready(answer) = self.poll_head(cx) {
            return Poll::Ready(match answer {
                Ok(Some(begun)) => Event::Head(begun),
                Ok(None) => Event::Malformed,
                Err(error) => Event::Target(error),
            });
        }
        if self.up.is_done() && self.client.poll_gone(cx).is_ready() {
            return Poll::Ready(Event::Gone);
        }
        self.alarm.poll(cx).map(|()| Event::Late)
    }

    fn poll_up(&mut self, cx: &mut Context<'_>) -> Option<Event> {
        if self.up.is_done() || self.full {
            return None;
        }
        match self.up.poll(self.client, &mut self.target.end, cx) {
            Poll::Ready(Ok(())) => {
                self.sent = Some(Instant::now());
                self.alarm.set(self.idle);
            }
            Poll::Ready(Err(Broke::From(_))) => return Some(Event::Short),
            // Its answer may have come all the same.
            Poll::Ready(Err(Broke::To)) => self.full = true,
            Poll::Pending if self.up.moved >= TRICKLE => {
                self.up.moved = 0;
                self.alarm.set(self.idle);
            }
            Poll::Pending => {}
        }
        None
    }

    fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<Begun>>> {
        let Target { end, coming } = &mut self.target;
        match (end, coming) {
            (End::One(one), _) => loop {
                let mut room = [const { std::mem::MaybeUninit::uninit() }; LINES];
                let mut answer = httparse::Response::new(&mut []);
                let config = httparse::ParserConfig::default();
                let bytes = one.unread();
                let parsed = match bytes.is_empty() {
                    true => Ok(httparse::Status::Partial),
                    false => {
                        config.parse_response_with_uninit_headers(&mut answer, bytes, &mut room)
                    }
                };
                match (parsed, answer.code) {
                    (Ok(httparse::Status::Complete(size)), Some(status)) if size <= HEAD_MOST => {
                        if matches!(status, 100..200) && !(status == 101 && self.job.websocket) {
                            one.consume(size);
                            continue;
                        }
                        let reason = answer.reason.unwrap_or_default();
                        let reply = Reply { status, reason, lines: answer.headers };
                        let version = answer.version.unwrap_or(0);
                        let begun = begin(self.client, self.job, self.place, &reply, version);
                        one.consume(size);
                        if let Some(begun) = begun {
                            self.target.end.expect_body(begun.coming);
                        }
                        return Poll::Ready(Ok(begun));
                    }
                    (Ok(httparse::Status::Partial), _) if bytes.len() <= HEAD_MOST => {
                        if ready!(one.poll_more(cx))? == 0 {
                            return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
                        }
                    }
                    _ => return Poll::Ready(Ok(None)),
                }
            },
            (End::Two(two), Some(coming)) => {
                let answer = ready!(Pin::new(coming).poll(cx)).map_err(io::Error::other)?;
                let (head, body) = answer.into_parts();
                let lines: Vec<Header<'_>> = head
                    .headers
                    .iter()
                    .map(|(name, value)| Header { name: name.as_str(), value: value.as_bytes() })
                    .collect();
                let status = head.status;
                let reason = status.canonical_reason().unwrap_or_default();
                let reply = Reply { status: status.as_u16(), reason, lines: &lines };
                let begun = match body.is_end_stream() {
                    true => begin_empty(self.client, self.job, self.place, &reply),
                    false => begin(self.client, self.job, self.place, &reply, 1),
                };
                two.recv = Some(body);
                Poll::Ready(Ok(begun))
            }
            (End::Two(_), None) => Poll::Pending,
        }
    }

    fn poll_body(&mut self, cx: &mut Context<'_>, down: &mut Pump, small: bool) -> Poll<Event> {
        if self.busy.cut.is_done(cx) {
            return Poll::Ready(Event::Cut);
        }
        let out = self.client.bytes().1;
        let room = self.share.set(self.client.waiting());
        down.ahead = if room && small { AHEAD + BUFFER } else { 0 };
        match down.poll_pulled(&mut self.target.end, self.client, cx) {
            Poll::Ready(Ok(())) if self.up.is_done() || self.full => {
                return Poll::Ready(Event::Whole);
            }
            // The client may have to send all before it reads any.
            Poll::Ready(Ok(())) => match self.client.poll_flush(cx) {
                Poll::Ready(Ok(())) => return Poll::Ready(Event::Whole),
                Poll::Ready(Err(_)) => return Poll::Ready(Event::Gone),
                Poll::Pending => {}
            },
            Poll::Ready(Err(Broke::From(error))) => return Poll::Ready(Event::Target(error)),
            Poll::Ready(Err(Broke::To)) => return Poll::Ready(Event::Gone),
            Poll::Pending => {}
        }
        let moved = std::mem::take(&mut down.moved) > 0 || self.client.bytes().1 > out;
        if moved && self.client.takes(&mut self.taken) {
            self.alarm.set(self.idle);
        }
        if let Some(event) = self.poll_up(cx) {
            return Poll::Ready(event);
        }
        if self.up.is_done() && self.client.poll_gone(cx).is_ready() {
            return Poll::Ready(Event::Gone);
        }
        self.alarm.poll(cx).map(|()| Event::Late)
    }

    /// Both ways, until one of them ends.
    async fn tunnel(&mut self) {
        self.client.open();
        self.target.end.open();
        let (mut up, mut down) = (Pump::default(), Pump::default());
        poll_fn(|cx| {
            if self.busy.cut.is_done(cx) {
                return Poll::Ready(());
            }
            let ended = down.poll(&mut self.target.end, self.client, cx).is_ready()
                | up.poll(self.client, &mut self.target.end, cx).is_ready();
            if up.moved + down.moved > 0 {
                (up.moved, down.moved) = (0, 0);
                self.alarm.set(self.idle);
            }
            if ended { Poll::Ready(()) } else { self.alarm.poll(cx) }
        })
        .await;
    }

    fn unanswered(self, event: Event) -> Attempt {
        self.close();
        let mut done = Done::own(match event {
            Event::Target(error) if error.kind() == io::ErrorKind::TimedOut => {
                return Attempt::Vanished;
            }
            Event::Target(_) => return Attempt::Broken(502),
            Event::Gone => 460,
            Event::Short => 400,
            Event::Late if !self.up.pulled => 408,
            Event::Late => 504,
            _ => 502,
        });
        if !self.up.is_done() {
            done.keep = false;
        }
        done.sent = self.sent;
        done.target = Some((self.place.address, None));
        Attempt::Done(done)
    }

    /// The target's connection is of no more use.
    fn close(&self) {
        if let End::One(_) = self.target.end {
            self.worker.tally.closed(Kind::Http);
        }
    }

    /// The answer is whole: its connection may be used again, while the rest of it goes out.
    async fn end(self, begun: &Begun) -> Rest {
        let Run { worker, client, target, job, alarm, place, busy, up, idle, .. } = self;
        let clean = begun.target_keeps && up.is_done() && !self.full && !job.close;
        if let End::One(one) = target.end {
            match clean && one.unread().is_empty() && !one.over {
                true => worker.give_spare(place, one),
                false => worker.tally.closed(Kind::Http),
            }
        }
        drop(busy);
        let (mut out, mut share, mut taken) = (client.bytes().1, self.share, self.taken);
        let rest = poll_fn(|cx| {
            if let Poll::Ready(flushed) = client.poll_flush(cx) {
                return Poll::Ready(if flushed.is_ok() { Rest::Out } else { Rest::Gone });
            }
            if client.poll_gone(cx).is_ready() {
                return Poll::Ready(Rest::Gone);
            }
            share.set(client.waiting());
            let moved = client.bytes().1 > std::mem::replace(&mut out, client.bytes().1);
            if moved && client.takes(&mut taken) {
                alarm.set(idle);
            }
            alarm.poll(cx).map(|()| Rest::Late)
        })
        .await;
        if !matches!(rest, Rest::Out) {
            client.abort();
        }
        rest
    }
}

/// What became of the end of an answer.
enum Rest {
    Out,
    /// The client went away.
    Gone,
    /// The client takes none of it.
    Late,
}

fn begin(
    client: &mut End,
    job: &Job,
    place: &Place,
    reply: &Reply<'_>,
    version: u8,
) -> Option<Begun> {
    let (coming, target_keeps) = coming(reply, version, job.to_head)?;
    begin_as(client, job, place, reply, coming, target_keeps)
}

fn begin_empty(client: &mut End, job: &Job, place: &Place, reply: &Reply<'_>) -> Option<Begun> {
    let none = job.to_head || matches!(reply.status, 204 | 304);
    let body = if none { Body::None } else { Body::Length(0) };
    begin_as(client, job, place, reply, Coming::Known(body), true)
}

fn begin_as(
    client: &mut End,
    job: &Job,
    place: &Place,
    reply: &Reply<'_>,
    coming: Coming,
    target_keeps: bool,
) -> Option<Begun> {
    let mut keep = job.keep;
    let body = match coming {
        Coming::Known(Body::Chunked) | Coming::UntilClose if job.version == 0 => {
            keep = false;
            Body::None
        }
        Coming::UntilClose => Body::Chunked,
        Coming::Known(body) => body,
    };
    let open = reply.status == 101 && job.websocket;
    let mut cookies = job.cookies.clone();
    cookies.extend(sticky(job, place, reply));
    let to_head = job.to_head;
    let dress = Dress { body, keep, to_head, cookies: &cookies, websocket: open };
    client.begin(reply, &dress).ok()?;
    Some(Begun { status: reply.status, coming, target_keeps, keep, open })
}

/// Cookies that bring the client back to this target.
fn sticky(job: &Job, place: &Place, reply: &Reply<'_>) -> Vec<String> {
    let (application, span) = match &job.plan.pools[job.pool].config.sticky {
        Sticky::No | Sticky::Source => return Vec::new(),
        Sticky::Duration(span) => (false, *span),
        Sticky::Application(cookie, span) => {
            let sets = reply.lines.iter().any(|line| {
                line.name.eq_ignore_ascii_case("set-cookie")
                    && line
                        .value
                        .strip_prefix(cookie.as_bytes())
                        .is_some_and(|r| r.starts_with(b"="))
            });
            if !sets && job.tag == Some(place.tag) {
                return Vec::new();
            }
            if !sets && job.tag.is_none() {
                return Vec::new();
            }
            (true, *span)
        }
    };
    let name = name(job.plan.manners.classic, application);
    let end = wall() / 1_000_000 + duration(span).as_secs();
    let value = job.plan.seal.issue(name, place.tag, end, b"");
    pair(name, &value, end, job.https)
}
