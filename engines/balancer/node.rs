//! The handle of a running node.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;
use world::{Amount, Balancer, Findings, Zone};

/// A node that serves until it is dropped.
pub struct Node;

impl Node {
    /// Starts serving on `address` in `zone`, on threads of its own; access log lines are appended
    /// to `log` while the configuration wants them.
    pub fn start(
        _zone: Zone,
        _address: Ipv4Addr,
        _config: Balancer,
        _log: Option<PathBuf>,
    ) -> std::io::Result<Node> {
        Ok(Node)
    }

    /// Takes over another configuration; breaks no connection that need not break.
    pub fn configure(&self, _config: Balancer) {}

    /// What its health checks have found so far, by `POOL/TARGET`.
    pub fn findings(&self) -> Findings {
        Findings::default()
    }

    /// Waits until findings have changed since the last call that returned true, `timeout` at most;
    /// true when they have.
    pub fn wait_change(&self, timeout: Duration) -> bool {
        std::thread::sleep(timeout);
        false
    }

    /// What it did since the last call; names in [`world::traffic`].
    pub fn take_usage(&self) -> BTreeMap<String, Amount> {
        BTreeMap::new()
    }
}
