//! Connections to targets: made in time or given up, and given up early when there is another.

use crate::one::One;
use crate::place::Place;
use crate::tally::Kind;
use crate::wire::Wire;
use crate::worker::Worker;
use bytes::Bytes;
use h2::client::SendRequest;
use rustls::pki_types::ServerName;
use socket2::SockRef;
use std::cell::Cell;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use world::Backend;

/// To connect, and for the handshake of TLS (ALB guide, troubleshooting).
pub(crate) const CONNECT: Duration = Duration::from_secs(10);
/// The same while there is another target to turn to.
pub(crate) const HURRY: Duration = Duration::from_secs(1);
/// What was sent and not acknowledged for so long means that the target is gone.
const ACKNOWLEDGE: Duration = Duration::from_secs(3);

/// Why there is no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Miss {
    /// Refused, reset or unreachable.
    Refused,
    TimedOut,
    /// TLS could not be agreed on.
    Handshake,
    HandshakeTimedOut,
}

/// How long what was seen of the routes counts.
const ROUTES: Duration = Duration::from_secs(5);

/// Whether answers to addresses that are not its own come back to this node: a route makes all
/// addresses local (`local 0.0.0.0/0`, in whatever table). Without, targets see the node's address.
pub(crate) fn returns() -> bool {
    thread_local! {
        static SEEN: Cell<Option<(Instant, bool)>> = const { Cell::new(None) };
    }
    if let Some((when, yes)) = SEEN.get()
        && when.elapsed() < ROUTES
    {
        return yes;
    }
    let routes = std::fs::read_to_string("/proc/thread-self/net/fib_trie").unwrap_or_default();
    let yes = routes.contains("/0 host LOCAL");
    SEEN.set(Some((Instant::now(), yes)));
    yes
}

/// A plain connection to a target, `from` another address than the node's own if that is given.
pub(crate) async fn connect(
    place: &Place,
    from: Option<SocketAddr>,
    within: Duration,
) -> Result<TcpStream, Miss> {
    let dial = async {
        let socket = TcpSocket::new_v4()?;
        if let Some(from) = from {
            let raw = SockRef::from(&socket);
            raw.set_ip_transparent_v4(true)?;
            raw.set_freebind_v4(true)?;
            // A client may use its port again while its last connection waits for its end.
            raw.set_reuse_address(true)?;
            socket.bind(from)?;
        }
        socket.set_nodelay(true)?;
        SockRef::from(&socket).set_tcp_user_timeout(Some(ACKNOWLEDGE.max(within)))?;
        let stream = socket.connect(place.address.into()).await?;
        SockRef::from(&stream).set_tcp_user_timeout(Some(ACKNOWLEDGE))?;
        io::Result::Ok(stream)
    };
    match timeout(within, dial).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) if error.kind() == io::ErrorKind::TimedOut => Err(Miss::TimedOut),
        Ok(Err(_)) => Err(Miss::Refused),
        Err(_) => Err(Miss::TimedOut),
    }
}

/// TLS over a connection to a target; `which` of the worker's configurations.
pub(crate) async fn secure(worker: &Worker, stream: TcpStream, which: usize) -> Result<Wire, Miss> {
    let connector = TlsConnector::from(worker.tls[which].clone());
    let peer = stream.peer_addr().map_or(IpAddr::from([127, 0, 0, 1]), |peer| peer.ip());
    match timeout(CONNECT, connector.connect(ServerName::IpAddress(peer.into()), stream)).await {
        Ok(Ok(tls)) => Ok(Wire::Tls(Box::new(tls.into()))),
        Ok(Err(_)) => Err(Miss::Handshake),
        Err(_) => Err(Miss::HandshakeTimedOut),
    }
}

/// A connection for one HTTP/1.1 request; true when it was used before.
pub(crate) async fn one(
    worker: &Worker,
    place: &Place,
    speaks: Backend,
    within: Duration,
) -> Result<(Box<One>, bool), Miss> {
    if let Some(spare) = worker.take_spare(place) {
        return Ok((spare, true));
    }
    let stream = connect(place, None, within).await?;
    let wire = match speaks {
        Backend::Https1 => secure(worker, stream, 0).await?,
        _ => Wire::Plain(stream),
    };
    worker.tally.opened(Kind::Http);
    Ok((Box::new(One::new(wire)), false))
}

/// A connection of HTTP/2 that takes another stream; all of a worker share one.
pub(crate) async fn two(
    worker: &Rc<Worker>,
    place: &Place,
    speaks: Backend,
    within: Duration,
) -> Result<(SendRequest<Bytes>, bool), Miss> {
    let known = worker.twos.borrow().get(&place.id).cloned();
    if let Some(known) = known {
        // All its streams may be taken, or the target gone without a word.
        match timeout(within, known.ready()).await {
            Ok(Ok(ready)) => return Ok((ready, true)),
            _ => drop(worker.twos.borrow_mut().remove(&place.id)),
        }
    }
    let stream = connect(place, None, within).await?;
    let wire = match speaks {
        Backend::Https2 | Backend::Grpcs => secure(worker, stream, 1).await?,
        _ => Wire::Plain(stream),
    };
    let shake = h2::client::Builder::new()
        .initial_window_size(1 << 20)
        .initial_connection_window_size(4 << 20)
        .enable_push(false)
        .handshake(wire);
    let shaken = timeout(within, shake).await.map_err(|_| Miss::TimedOut)?;
    let (send, connection) = shaken.map_err(|_| Miss::Refused)?;
    let (owner, id) = (worker.clone(), place.id);
    worker.tally.opened(Kind::Http);
    tokio::task::spawn_local(async move {
        let _ = connection.await;
        owner.twos.borrow_mut().remove(&id);
        owner.tally.closed(Kind::Http);
    });
    let ready = timeout(within, send.ready()).await.map_err(|_| Miss::TimedOut)?;
    let ready = ready.map_err(|_| Miss::Refused)?;
    worker.twos.borrow_mut().insert(place.id, ready.clone());
    Ok((ready, false))
}
