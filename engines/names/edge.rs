//! The internet's names in one process: the authoritative server, a caching resolver for clients
//! there, and the health checkers, whose findings steer the answers at once.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::time::Duration;
use world::{Amount, Findings, Names};

/// What the process that runs it decides. The default is for the internet's own namespace.
#[derive(Debug)]
pub struct EdgeOptions {
    /// Where it answers with authority, UDP and TCP.
    pub listen: Vec<SocketAddr>,
    /// Further sockets on which it answers with authority; may belong to other namespaces.
    pub udp: Vec<UdpSocket>,
    /// Like `udp`.
    pub tcp: Vec<TcpListener>,
    /// Where the caching resolver answers, UDP and TCP.
    pub resolver: Vec<SocketAddr>,
    /// Region and source address of each checker; the address none: whatever the kernel takes.
    pub checkers: Vec<(String, Option<Ipv4Addr>)>,
    /// Threads that answer over UDP.
    pub workers: usize,
}

impl Default for EdgeOptions {
    fn default() -> Self {
        let at = |address| SocketAddr::new(std::net::IpAddr::V4(address), 53);
        EdgeOptions {
            listen: world::NAME_SERVERS.into_iter().map(at).collect(),
            udp: Vec::new(),
            tcp: Vec::new(),
            resolver: vec![at(world::INTERNET_RESOLVER)],
            checkers: Vec::new(),
            workers: 2,
        }
    }
}

/// A running one. Ends when dropped.
#[derive(Debug)]
pub struct Edge {}

impl Edge {
    /// Starts it; it has bound all its sockets on return.
    pub fn start(_config: Names, _options: EdgeOptions) -> io::Result<Edge> {
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }

    /// From now on like this; what did not change goes on undisturbed.
    pub fn configure(&self, _config: Names) {}

    /// What the checkers have found so far.
    pub fn findings(&self) -> Findings {
        Findings::default()
    }

    /// Waits until the findings changed since the last call of `findings`; whether they did.
    pub fn wait_change(&self, _timeout: Duration) -> bool {
        false
    }

    /// What was done since the last call.
    pub fn take_usage(&self) -> BTreeMap<String, Amount> {
        BTreeMap::new()
    }
}
