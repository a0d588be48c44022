//! Sockets that clients come to: one for each listener and worker, told apart by the kernel. They
//! open and close as the configuration says.

use crate::crowd::{Arrival, Seat};
use crate::one::One;
use crate::plan::{Door, Plan};
use crate::prepare::Caller;
use crate::tally::{Count, Kind};
use crate::wire::Wire;
use crate::worker::Worker;
use crate::{datagram, http1, http2, stream};
use socket2::{Domain, Protocol, Socket, Type};
use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, SocketAddrV4};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use world::Speech;

/// A handshake of TLS may take so long.
const HANDSHAKE: Duration = Duration::from_secs(10);
const BACKLOG: i32 = 4096;

/// A worker's open listeners.
#[derive(Default)]
pub(crate) struct Open {
    tasks: HashMap<(u16, bool), (Speech, JoinHandle<()>)>,
}

fn speaks_tcp(speech: Speech) -> bool {
    speech != Speech::Udp
}

fn speaks_udp(speech: Speech) -> bool {
    matches!(speech, Speech::Udp | Speech::TcpUdp)
}

fn socket(worker: &Worker, port: u16, kind: Type, protocol: Protocol) -> io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, kind, Some(protocol))?;
    socket.set_reuse_port(true)?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&SocketAddr::from((worker.address, port)).into())?;
    Ok(socket)
}

impl Open {
    /// Opens and closes listeners until they are those of `plan`.
    pub fn follow(&mut self, worker: &Rc<Worker>, plan: &Arc<Plan>) {
        self.tasks.retain(|(port, udp), (speech, task)| {
            let wanted = plan.door(*port).is_some_and(|door| {
                door.speaks == *speech
                    && if *udp { speaks_udp(door.speaks) } else { speaks_tcp(door.speaks) }
            });
            if !wanted {
                task.abort();
            }
            wanted
        });
        for door in &plan.doors {
            let (port, speech) = (door.port, door.speaks);
            if speaks_tcp(speech) && !self.tasks.contains_key(&(port, false)) {
                let task = tokio::task::spawn_local(accept(worker.clone(), port));
                self.tasks.insert((port, false), (speech, task));
            }
            if speaks_udp(speech) && !self.tasks.contains_key(&(port, true)) {
                let task = tokio::task::spawn_local(receive(worker.clone(), port));
                self.tasks.insert((port, true), (speech, task));
            }
        }
    }
}

async fn accept(worker: Rc<Worker>, port: u16) {
    loop {
        let listener = socket(&worker, port, Type::STREAM, Protocol::TCP).and_then(|socket| {
            socket.listen(BACKLOG)?;
            TcpListener::from_std(socket.into())
        });
        let Ok(listener) = listener else {
            // The address may not be there yet.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        loop {
            match listener.accept().await {
                Ok((tcp, SocketAddr::V4(client))) => {
                    let _ = tcp.set_nodelay(true);
                    match worker.crowd.seat(worker.index) {
                        seat if seat.worker() == worker.index => {
                            welcome(&worker, port, tcp, client, seat);
                        }
                        seat => {
                            let Ok(tcp) = tcp.into_std() else { continue };
                            worker.crowd.send(Arrival { tcp, client, port, seat });
                        }
                    }
                }
                Ok(_) => {}
                Err(_) => {
                    // Out of descriptors: those that wait, wait on.
                    worker.tally.add(Count::Refused, 1);
                    sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }
}

/// Serves a client that comes to this worker.
fn welcome(worker: &Rc<Worker>, port: u16, tcp: TcpStream, client: SocketAddrV4, seat: Seat) {
    let plan = worker.plan();
    let Some(door) = plan.door(port).cloned() else { return };
    let worker = worker.clone();
    if door.speaks == Speech::Http {
        // Most connections wait most of the time: nothing but this is held then.
        let guest = Guest::new(&worker, Kind::Http, Some(seat));
        let caller = Caller { client, https: false, tls: None, door };
        let one = One::new(Wire::Plain(tcp));
        let served = http1::serve(worker, one, caller, guest);
        tokio::task::spawn_local(served);
    } else {
        tokio::task::spawn_local(Box::pin(greet(worker, door, tcp, client, seat)));
    }
}

/// Serves a client that another worker has accepted.
pub(crate) fn arrive(worker: &Rc<Worker>, arrival: Arrival) {
    let Arrival { tcp, client, port, seat } = arrival;
    if let Ok(tcp) = TcpStream::from_std(tcp) {
        welcome(worker, port, tcp, client, seat);
    }
}

async fn receive(worker: Rc<Worker>, port: u16) {
    loop {
        let made = socket(&worker, port, Type::DGRAM, Protocol::UDP).and_then(|socket| {
            let _ = socket.set_recv_buffer_size(4 << 20);
            UdpSocket::from_std(socket.into())
        });
        match made {
            Ok(socket) => datagram::serve(worker.clone(), Rc::new(socket), port).await,
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
}

/// Counts a connection until it is over.
pub(crate) struct Guest {
    worker: Rc<Worker>,
    kind: Kind,
    _seat: Option<Seat>,
}

impl Guest {
    pub fn new(worker: &Rc<Worker>, kind: Kind, seat: Option<Seat>) -> Guest {
        worker.tally.opened(kind);
        Guest { worker: worker.clone(), kind, _seat: seat }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.worker.tally.closed(self.kind);
    }
}

async fn greet(
    worker: Rc<Worker>,
    door: Arc<Door>,
    tcp: TcpStream,
    client: SocketAddrV4,
    seat: Seat,
) {
    let kind = match door.speaks {
        Speech::Https => Kind::Http,
        Speech::Tls => Kind::Tls,
        _ => Kind::Tcp,
    };
    let guest = Guest::new(&worker, kind, Some(seat));
    let wire = match &door.tls {
        None => Wire::Plain(tcp),
        Some(config) => {
            let shake = TlsAcceptor::from(config.clone()).accept(tcp);
            match timeout(HANDSHAKE, Box::pin(shake)).await {
                Ok(Ok(tls)) => Wire::Tls(Box::new(tls.into())),
                _ => {
                    worker.tally.add(Count::TlsFailed, 1);
                    return;
                }
            }
        }
    };
    if kind != Kind::Http {
        return Box::pin(stream::serve(worker, door, wire, client)).await;
    }
    let tls = wire.tls();
    let two = match &wire {
        Wire::Tls(tls) => tls.get_ref().1.alpn_protocol() == Some(b"h2"),
        Wire::Plain(_) => false,
    };
    let caller = Caller { client, https: tls.is_some(), tls, door };
    match two {
        true => Box::pin(http2::serve(worker, wire, Vec::new(), caller)).await,
        false => http1::serve(worker, One::new(wire), caller, guest).await,
    }
}
