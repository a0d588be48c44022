//! Machines: whatever runs, in a zone, on ports, from a disk.

use crate::{Balancer, Courier, Id, Names, Resolver, Zone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whatever runs. Its network namespace, limits and supervision are the world's affair.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Machine {
    /// The zone it runs in.
    pub zone: Zone,
    /// What it may use.
    pub size: Size,
    /// What it boots from, a [`crate::Form::Tree`] disk. None: a program of the world's own.
    pub root: Option<Id>,
    /// Further disks, plugged in and out while it runs.
    pub disks: Vec<Slot>,
    /// The ports it boots with, in the order of their plugs; it boots when they all work.
    pub ports: Vec<Id>,
    /// What it runs.
    pub program: Program,
    /// Rises with each boot that is asked for: a higher number than the running one is a reboot.
    pub boot: u32,
}

/// Limits of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Size {
    /// Thousandths of a processor; also what it sees as its number of processors, rounded up.
    pub millicpus: u32,
    /// Bytes.
    pub memory: u64,
    /// Processes and threads.
    pub pids: u32,
}

/// A disk in a machine.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Slot {
    /// The disk.
    pub disk: Id,
    /// Where the machine sees it: `/dev/sdf`.
    pub device: String,
}

/// What a machine runs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Program {
    /// A customer's system: whatever its root disk holds.
    Guest(Guest),
    /// A node of a load balancer.
    Balancer(Box<Balancer>),
    /// The name servers and health checkers of the internet, in the zone [`crate::EDGE`].
    Names(Box<Names>),
    /// The resolver of a router, for one zone.
    Resolver(Box<Resolver>),
    /// Delivers HTTP requests, in the zone [`crate::EDGE`].
    Courier(Box<Courier>),
}

/// A customer's system.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Guest {
    /// Host name.
    pub hostname: String,
    /// Run as root at the first boot of this machine on this disk, never again: a script (`#!`).
    pub first_boot: Option<Vec<u8>>,
    /// OpenSSH public keys, one line each, that may log in.
    pub keys: Vec<String>,
    /// What it can learn about itself from its link-local metadata address.
    pub card: Card,
}

/// What a machine can learn about itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Card {
    /// Whether the metadata address answers at all.
    pub enabled: bool,
    /// Whether a session token is needed.
    pub tokens_required: bool,
    /// IP time-to-live of token answers, 1 to 64.
    pub hop_limit: u8,
    /// Path below the version (`meta-data/instance-id`) to text.
    pub tree: BTreeMap<String, String>,
    /// The raw user data.
    pub user_data: Option<Vec<u8>>,
}
