//! The thin server: a desk at an HTTP door that knows callers by their address.

use crate::{Card, protocol};
use http_door::{Answer, Desk, Door, Limits, Listening, Reply, Request};
use std::io;
use std::net::{IpAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Who calls from this address: the instance's id and its card. The address is proof of identity
/// only where the network makes it so. Called on the door's thread: returns at once.
pub type Lookup = Arc<dyn Fn(IpAddr) -> Option<(String, Arc<Card>)> + Send + Sync>;

/// Limits that fit: small requests, many quiet instances.
pub fn limits() -> Limits {
    Limits {
        header_bytes: 8 * 1024,
        headers: 64,
        body_bytes: 1024,
        bodies_bytes: 64 * 1024,
        header_timeout: Duration::from_secs(5),
        body_timeout: Duration::from_secs(5),
        idle_timeout: Duration::from_secs(100),
        connections: 1024,
    }
}

/// One listener with a door of its own.
pub fn serve(listener: TcpListener, lookup: Lookup, secret: &[u8]) -> io::Result<Door> {
    http_door::serve(listener, desk(lookup, secret), limits())
}

/// One more listener at a door that is open already: one thread serves a whole zone. Each VPC's
/// listener has its own lookup, for two VPCs may use the same addresses.
pub fn attend(
    door: &Door,
    listener: TcpListener,
    lookup: Lookup,
    secret: &[u8],
) -> io::Result<Listening> {
    door.listen(listener, desk(lookup, secret))
}

/// The desk alone. `secret` seals the tokens: the same as before a restart keeps them good.
pub fn desk(lookup: Lookup, secret: &[u8]) -> Arc<dyn Desk> {
    Arc::new(Counter { lookup, secret: secret.to_vec() })
}

struct Counter {
    lookup: Lookup,
    secret: Vec<u8>,
}

impl Desk for Counter {
    fn take(&self, request: Request, reply: Reply) {
        let Some((owner, card)) = (self.lookup)(request.peer.ip().to_canonical()) else {
            reply.send(Answer::new(404, "no instance has this address\n"));
            return;
        };
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now_ms = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        reply.send(protocol::answer(
            &card,
            &owner,
            &self.secret,
            &request.method,
            &request.target,
            &request.headers,
            now_ms,
        ));
    }
}
