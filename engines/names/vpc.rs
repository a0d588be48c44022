//! A router's own resolver: private zones first, then the internet's names, from a cache.

use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use world::{Amount, Resolver};

/// The way to the internet's name server.
#[derive(Debug)]
pub struct Upstream {
    /// A socket that reaches it (made in the internet's namespace).
    pub socket: UdpSocket,
    /// Its address: one of [`world::NAME_SERVERS`], port 53.
    pub server: SocketAddr,
}

/// What the process that runs it decides.
#[derive(Debug, Default)]
pub struct VpcOptions {
    /// Where it answers: sockets bound to port 53 in the router's namespace.
    pub udp: Vec<UdpSocket>,
    /// Like `udp`.
    pub tcp: Vec<TcpListener>,
    /// None: names outside the private zones get SERVFAIL.
    pub upstream: Option<Upstream>,
}

/// A running one. Ends when dropped.
#[derive(Debug)]
pub struct Vpc {}

impl Vpc {
    /// Starts it.
    pub fn start(_config: Resolver, _options: VpcOptions) -> io::Result<Vpc> {
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }

    /// From now on like this.
    pub fn configure(&self, _config: Resolver) {}

    /// What was done since the last call.
    pub fn take_usage(&self) -> BTreeMap<String, Amount> {
        BTreeMap::new()
    }
}
