//! Datagrams: those of one client are one flow, with one target, until it is silent.

use crate::choose::{Wish, choose};
use crate::listen::Guest;
use crate::stream::{flow_of, pool_of};
use crate::tally::Kind;
use crate::upstream::returns;
use crate::wire::{Alarm, tick};
use crate::worker::{Busy, Worker};
use socket2::{Domain, Protocol, Socket, Type};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::poll_fn;
use std::io;
use std::net::{SocketAddr, SocketAddrV4};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;
use tokio::net::UdpSocket;

/// A flow that is silent for so long is over (NLB guide, "Connection idle timeout").
const IDLE: Duration = Duration::from_secs(120);
/// Flows at once, of one worker and listener.
const FLOWS: usize = 16 * 1024;
const DATAGRAM: usize = 64 * 1024;

struct Flow {
    socket: UdpSocket,
    client: SocketAddrV4,
    last: Cell<Duration>,
    busy: Busy,
    _guest: Guest,
}

type Flows = Rc<RefCell<HashMap<SocketAddrV4, Rc<Flow>>>>;

/// Serves a listener until its socket fails.
pub(crate) async fn serve(worker: Rc<Worker>, socket: Rc<UdpSocket>, port: u16) {
    let flows = Flows::default();
    let mut room = vec![0; DATAGRAM];
    loop {
        let Ok((size, from)) = socket.recv_from(&mut room).await else { return };
        let SocketAddr::V4(client) = from else { continue };
        let known = flows.borrow().get(&client).cloned();
        let flow = match known {
            Some(flow) => flow,
            None => match begin(&worker, client, port) {
                Some(flow) if flows.borrow().len() < FLOWS => {
                    let flow = Rc::new(flow);
                    flows.borrow_mut().insert(client, flow.clone());
                    let back = back(worker.clone(), flow.clone(), socket.clone(), flows.clone());
                    tokio::task::spawn_local(back);
                    // A new socket is not known to take anything until it was waited for.
                    let _ = flow.socket.writable().await;
                    flow
                }
                _ => continue,
            },
        };
        flow.last.set(tick());
        worker.tally.bytes(Kind::Udp, size as u64);
        // Datagrams may be lost; one that does not fit now is.
        let _ = flow.socket.try_send(&room[..size]);
    }
}

fn begin(worker: &Rc<Worker>, client: SocketAddrV4, port: u16) -> Option<Flow> {
    let plan = worker.plan();
    let door = plan.door(port)?;
    let pool = &plan.pools[pool_of(door)?];
    let flow = flow_of(&pool.config.sticky, client, port, 17);
    let (place, _) = choose(pool, &Wish { tag: None, tried: &[], flow, chance: flow })?;
    let own = SocketAddrV4::new(worker.address, 0);
    let socket = match pool.config.preserve_client && returns() {
        true => dial(client, place.address, true).or_else(|_| dial(own, place.address, false)),
        false => dial(own, place.address, false),
    };
    Some(Flow {
        socket: socket.ok()?,
        client,
        last: Cell::new(tick()),
        busy: worker.busy(place),
        _guest: Guest::new(worker, Kind::Udp, None),
    })
}

fn dial(from: SocketAddrV4, to: SocketAddrV4, foreign: bool) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    if foreign {
        socket.set_ip_transparent_v4(true)?;
        socket.set_reuse_address(true)?;
    }
    socket.bind(&SocketAddr::V4(from).into())?;
    socket.connect(&SocketAddr::V4(to).into())?;
    UdpSocket::from_std(socket.into())
}

/// Carries answers back until the flow is over.
async fn back(worker: Rc<Worker>, flow: Rc<Flow>, socket: Rc<UdpSocket>, flows: Flows) {
    let mut room = vec![0; DATAGRAM];
    let mut alarm = Alarm::new(IDLE);
    loop {
        let mut buffer = tokio::io::ReadBuf::new(&mut room);
        let come = poll_fn(|cx| {
            if flow.busy.cut.is_done(cx) {
                return Poll::Ready(false);
            }
            if let Poll::Ready(read) = flow.socket.poll_recv(cx, &mut buffer) {
                // A port that is closed now may open again.
                return Poll::Ready(read.is_ok() || tick().saturating_sub(flow.last.get()) < IDLE);
            }
            while alarm.poll(cx).is_ready() {
                let silent = tick().saturating_sub(flow.last.get());
                if silent >= IDLE {
                    return Poll::Ready(false);
                }
                alarm.set(IDLE - silent);
            }
            Poll::Pending
        })
        .await;
        if !come {
            break;
        }
        let size = buffer.filled().len();
        if size > 0 {
            flow.last.set(tick());
            worker.tally.bytes(Kind::Udp, size as u64);
            let _ = socket.send_to(&room[..size], SocketAddr::V4(flow.client)).await;
        }
    }
    flows.borrow_mut().remove(&flow.client);
}
