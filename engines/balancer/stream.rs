//! Bytes from clients to targets and back (TCP and TLS listeners), not looked into.

use crate::choose::{Wish, choose, mix};
use crate::place::Place;
use crate::plan::{Door, Plan};
use crate::rules::Act;
use crate::tally::{Count, Kind, PoolCount};
use crate::upstream::{CONNECT, HURRY, connect, returns, secure};
use crate::wire::{Alarm, Wire};
use crate::worker::Worker;
use socket2::SockRef;
use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::net::{SocketAddr, SocketAddrV4};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use world::{Backend, Sticky};

/// Read at once at most.
const PIECE: usize = 64 * 1024;

thread_local! {
    /// What is read is written at once; only what cannot be is kept.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; PIECE]);
}

/// The pool that a listener of bytes sends to.
pub(crate) fn pool_of(door: &Door) -> Option<usize> {
    match &door.rules.first()?.action {
        Act::Forward { pools, .. } => pools.first().map(|(pool, _)| *pool),
        _ => None,
    }
}

/// A number for a flow, or for its source alone where that sticks.
pub(crate) fn flow_of(sticky: &Sticky, client: SocketAddrV4, port: u16, protocol: u64) -> u64 {
    let ip = u64::from(u32::from(*client.ip()));
    match sticky {
        Sticky::Source => mix(ip),
        _ => mix(mix(ip << 32 | u64::from(client.port()) << 16 | u64::from(port)) ^ protocol),
    }
}

/// Serves a client to its end.
pub(crate) async fn serve(
    worker: Rc<Worker>,
    door: Arc<Door>,
    mut wire: Wire,
    client: SocketAddrV4,
) {
    let plan = worker.plan();
    let Some(pool) = pool_of(&door) else { return reset(&worker, &wire) };
    let Some((place, mut target)) = reach(&worker, &plan, pool, &door, client).await else {
        return reset(&worker, &wire);
    };
    let config = &plan.pools[pool].config;
    if config.proxy_header && greet(&mut target, client, &worker, door.port).await.is_err() {
        return reset(&worker, &wire);
    }
    let kind = if matches!(wire, Wire::Tls(_)) { Kind::Tls } else { Kind::Tcp };
    drop(plan);
    let busy = worker.busy(&place);
    let mut alarm = Alarm::new(door.idle);
    let (mut up, mut down) = (Way::default(), Way::default());
    let end = poll_fn(|cx| {
        if busy.cut.is_done(cx) {
            return Poll::Ready(End::Cut);
        }
        let before = up.bytes + down.bytes;
        if up.poll(&mut wire, &mut target, cx).is_err() {
            return Poll::Ready(End::Broken(up.to_broke));
        }
        if down.poll(&mut target, &mut wire, cx).is_err() {
            return Poll::Ready(End::Broken(!down.to_broke));
        }
        if up.over && down.over {
            return Poll::Ready(End::Whole);
        }
        if up.bytes + down.bytes > before {
            alarm.set(door.idle);
        }
        alarm.poll(cx).map(|()| End::Idle)
    })
    .await;
    worker.tally.bytes(kind, up.bytes + down.bytes);
    conclude(&worker, &wire, &target, end);
}

enum End {
    Whole,
    /// By the target, or by the client.
    Broken(bool),
    Cut,
    Idle,
}

fn conclude(worker: &Worker, client: &Wire, target: &Wire, end: End) {
    match end {
        End::Whole => {}
        End::Broken(by_target) => {
            let count = if by_target { Count::ResetsTarget } else { Count::ResetsClient };
            worker.tally.add(count, 1);
            cut_off(client);
            cut_off(target);
        }
        // A flow that idled out is forgotten; what comes later is reset (NLB guide, "Connection
        // idle timeout").
        End::Cut | End::Idle => {
            worker.tally.add(Count::ResetsOwn, 1);
            cut_off(client);
            cut_off(target);
        }
    }
}

fn cut_off(wire: &Wire) {
    let _ = SockRef::from(wire.tcp()).set_linger(Some(Duration::ZERO));
}

fn reset(worker: &Worker, wire: &Wire) {
    worker.tally.add(Count::ResetsOwn, 1);
    cut_off(wire);
}

/// A connection to a target that works.
async fn reach(
    worker: &Worker,
    plan: &Plan,
    pool: usize,
    door: &Door,
    client: SocketAddrV4,
) -> Option<(Arc<Place>, Wire)> {
    let pool = &plan.pools[pool];
    let counts = &pool.stock.tallies[worker.index];
    let flow = flow_of(&pool.config.sticky, client, door.port, 6);
    let mut tried = Vec::new();
    while tried.len() < 4 {
        let wish = Wish { tag: None, tried: &tried, flow, chance: flow };
        let (place, _) = choose(pool, &wish)?;
        let others = pool.places.iter().any(|p| p.id != place.id && !tried.contains(&p.id));
        let within = if others { HURRY } else { CONNECT };
        let preserve = pool.config.preserve_client && returns();
        let from = preserve.then_some(SocketAddr::V4(client));
        let made = connect(place, from, within).await;
        let made = match (made, pool.config.speaks) {
            (Ok(tcp), Backend::Tls) => secure(worker, tcp, 2).await,
            (made, _) => made.map(Wire::Plain),
        };
        match made {
            Ok(wire) => {
                counts.add(PoolCount::Opened);
                return Some((place.clone(), wire));
            }
            Err(_) => {
                counts.add(PoolCount::ConnectFailed);
                place.suspect();
                tried.push(place.id);
            }
        }
    }
    None
}

/// The PROXY protocol's header, version 2, for TCP over IPv4.
async fn greet(
    target: &mut Wire,
    client: SocketAddrV4,
    worker: &Worker,
    port: u16,
) -> io::Result<()> {
    use tokio::io::AsyncWriteExt as _;
    let mut header = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c".to_vec();
    header.extend_from_slice(&client.ip().octets());
    header.extend_from_slice(&worker.address.octets());
    header.extend_from_slice(&client.port().to_be_bytes());
    header.extend_from_slice(&port.to_be_bytes());
    target.write_all(&header).await?;
    target.flush().await
}

/// One direction.
#[derive(Default)]
struct Way {
    /// What could not be written yet.
    kept: Vec<u8>,
    at: usize,
    ended: bool,
    over: bool,
    to_broke: bool,
    bytes: u64,
}

impl Way {
    /// Moves what can be moved now.
    fn poll(&mut self, from: &mut Wire, to: &mut Wire, cx: &mut Context<'_>) -> io::Result<()> {
        while !self.over {
            while self.at < self.kept.len() {
                match Pin::new(&mut *to).poll_write(cx, &self.kept[self.at..]) {
                    Poll::Pending => return Ok(()),
                    Poll::Ready(Ok(count)) => self.at += count,
                    Poll::Ready(Err(error)) => return self.not_taken(error),
                }
            }
            if self.at > 0 {
                (self.kept, self.at) = (Vec::new(), 0);
            }
            if let Poll::Ready(Err(error)) = Pin::new(&mut *to).poll_flush(cx) {
                return self.not_taken(error);
            }
            if self.ended {
                match Pin::new(&mut *to).poll_shutdown(cx) {
                    Poll::Pending => return Ok(()),
                    Poll::Ready(_) => self.over = true,
                }
                return Ok(());
            }
            let more = SCRATCH.with_borrow_mut(|scratch| self.step(from, to, scratch, cx))?;
            if !more {
                return Ok(());
            }
        }
        Ok(())
    }

    fn not_taken(&mut self, error: io::Error) -> io::Result<()> {
        self.to_broke = true;
        Err(error)
    }

    /// Reads once and writes what it can of that; false when nothing has come.
    fn step(
        &mut self,
        from: &mut Wire,
        to: &mut Wire,
        scratch: &mut [u8],
        cx: &mut Context<'_>,
    ) -> io::Result<bool> {
        let mut buffer = ReadBuf::new(scratch);
        match Pin::new(from).poll_read(cx, &mut buffer) {
            Poll::Pending => return Ok(false),
            Poll::Ready(read) => read?,
        }
        let piece = buffer.filled();
        self.bytes += piece.len() as u64;
        self.ended = piece.is_empty();
        if self.ended {
            return Ok(true);
        }
        let written = match Pin::new(to).poll_write(cx, piece) {
            Poll::Pending => 0,
            Poll::Ready(Ok(count)) => count,
            Poll::Ready(Err(error)) => return self.not_taken(error).map(|()| false),
        };
        self.kept = piece[written..].to_vec();
        Ok(true)
    }
}
