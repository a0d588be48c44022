//! One request to a target and its answer back: which target, what when it fails, and who is told
//! what (causes of 46x and 50x: ALB guide, "Troubleshoot your Application Load Balancers").

use crate::attempt::{Attempt, TRICKLE, Target, attempt};
use crate::choose::{Wish, choose};
use crate::desync::Body;
use crate::end::End;
use crate::place::Place;
use crate::plan::duration;
use crate::prepare::{Asked, Job};
use crate::tally::PoolCount;
use crate::two::Two;
use crate::upstream::{self, CONNECT, HURRY, Miss};
use crate::wire::Alarm;
use crate::worker::{Share, Worker};
use bytes::Bytes;
use h2::client::SendRequest;
use std::future::poll_fn;
use std::net::SocketAddrV4;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;
use tokio::time::Instant;
use world::Backend;

/// So many targets are tried for one request.
const TRIES: usize = 4;

/// So much of a body of known length comes before a target is bothered.
const EARLY: u64 = 64 * 1024;

/// What came of a request.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// What the client was told, or would have been.
    pub status: u16,
    /// What the target said.
    pub target: Option<(SocketAddrV4, Option<u16>)>,
    /// The answer is the node's own, and still to be given.
    pub own: bool,
    /// The client's connection may go on.
    pub keep: bool,
    /// Until the request went out, until the answer began.
    pub sent: Option<Instant>,
    pub answered: Option<Instant>,
}

impl Done {
    pub fn own(status: u16) -> Done {
        Done { status, own: true, keep: status != 408, ..Done::default() }
    }
}

enum Got {
    One(Box<crate::one::One>),
    Two(SendRequest<Bytes>),
}

/// Sends a job to a target, and its answer to the client.
pub(crate) async fn forward(
    worker: &Rc<Worker>,
    client: &mut End,
    job: &mut Job,
    alarm: &mut Alarm,
) -> Done {
    let plan = job.plan.clone();
    let pool = &plan.pools[job.pool];
    if let Err(status) = gather(worker, client, job, alarm).await {
        return Done { keep: false, ..Done::own(status) };
    }
    let counts = &pool.stock.tallies[worker.index];
    let mut tried = Vec::new();
    let mut failure = 503;
    let mut doubtful = true;
    while tried.len() < TRIES {
        let wish = Wish { tag: job.tag, tried: &tried, flow: 0, chance: worker.chance() };
        let Some((place, _)) = choose(pool, &wish) else { break };
        let others = pool
            .places
            .iter()
            .any(|other| other.id != place.id && other.is_well() && !tried.contains(&other.id));
        let within = if others { HURRY } else { CONNECT };
        let (got, used) = match dial(worker, place, job, within).await {
            Ok(got) => got,
            Err(miss) => {
                failure = missed(worker, place, counts, miss);
                tried.push(place.id);
                continue;
            }
        };
        let target = match target(got, job) {
            Ok(target) => target,
            Err(status) => return Done::own(status),
        };
        match attempt(worker, client, target, job, alarm, place).await {
            // A kept connection may have ended under the request: once more, on a new one.
            Attempt::Broken(status) if job.safe && used && doubtful => {
                doubtful = false;
                failure = status;
                worker.drop_spares(place);
            }
            Attempt::Vanished if job.safe => {
                failure = 504;
                place.suspect();
                worker.drop_spares(place);
                tried.push(place.id);
            }
            Attempt::Vanished => return Done::own(504),
            Attempt::Broken(status) => {
                let mut done = Done::own(status);
                done.target = Some((place.address, None));
                return done;
            }
            Attempt::Done(done) => return done,
        }
    }
    Done::own(failure)
}

/// Waits for a body of known length, or for its begin if it is long: clients that are slow wear
/// out no target.
async fn gather(
    worker: &Worker,
    client: &mut End,
    job: &Job,
    alarm: &mut Alarm,
) -> Result<(), u16> {
    let Body::Length(length) = job.body else { return Ok(()) };
    let speaks = job.plan.pools[job.pool].config.speaks;
    let expects = matches!(client, End::One(one) if one.expects);
    if expects || matches!(speaks, Backend::Grpc | Backend::Grpcs) {
        return Ok(());
    }
    let most = length.min(EARLY) as usize;
    let idle = duration(job.plan.manners.idle);
    let mut share = Share::new(worker);
    let mut counted = 0;
    alarm.set(idle);
    poll_fn(|cx| {
        if let Poll::Ready(come) = client.poll_gather(cx, most) {
            return Poll::Ready(come.map_err(|_| 400));
        }
        let have = client.gathered();
        // Too much waits already: then targets have to.
        if !share.set(have) {
            return Poll::Ready(Ok(()));
        }
        if have >= counted + TRICKLE {
            counted = have;
            alarm.set(idle);
        }
        alarm.poll(cx).map(|()| Err(408))
    })
    .await
}

async fn dial(
    worker: &Rc<Worker>,
    place: &Place,
    job: &Job,
    within: Duration,
) -> Result<(Got, bool), Miss> {
    let speaks = job.plan.pools[job.pool].config.speaks;
    match job.asked {
        Asked::One(_) if job.close || job.websocket => {
            worker.take_spare(place);
            let (one, used) = upstream::one(worker, place, speaks, within).await?;
            Ok((Got::One(one), used))
        }
        Asked::One(_) => {
            let (one, used) = upstream::one(worker, place, speaks, within).await?;
            Ok((Got::One(one), used))
        }
        Asked::Two(_) => {
            let (two, used) = upstream::two(worker, place, speaks, within).await?;
            Ok((Got::Two(two), used))
        }
    }
}

/// What a client is told when there is no connection.
fn missed(worker: &Worker, place: &Place, counts: &crate::tally::PoolTally, miss: Miss) -> u16 {
    place.suspect();
    worker.drop_spares(place);
    match miss {
        Miss::Refused | Miss::TimedOut => counts.add(PoolCount::ConnectFailed),
        Miss::Handshake | Miss::HandshakeTimedOut => counts.add(PoolCount::TlsFailed),
    }
    match miss {
        Miss::Refused | Miss::Handshake => 502,
        Miss::TimedOut | Miss::HandshakeTimedOut => 504,
    }
}

/// The connection with the request on it, as far as it can be sent at once.
fn target(got: Got, job: &mut Job) -> Result<Target, u16> {
    match (got, &mut job.asked) {
        (Got::One(mut one), Asked::One(bytes)) => {
            let chunked = job.body == Body::Chunked;
            one.ask(bytes, chunked);
            Ok(Target { end: End::One(one), coming: None })
        }
        (Got::Two(mut send), Asked::Two(request)) => {
            let none = job.body == Body::None;
            let (coming, stream) =
                send.send_request((**request).clone(), none).map_err(|_| 502_u16)?;
            let mut two = Box::new(Two::new(None, None));
            two.send = (!none).then_some(stream);
            Ok(Target { end: End::Two(two), coming: Some(coming) })
        }
        _ => Err(502),
    }
}
