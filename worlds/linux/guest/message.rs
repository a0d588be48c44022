//! What the control plane and a zone process say to each other: JSON behind a length of four bytes.

use crate::renamed::Renamed;
use linux_store::Root;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use world::{Amount, Card, Findings, Guest, Health, Id, Program, Size, Span, Usage, Zone};

/// A machine as a zone process needs to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineOrder {
    /// Its name.
    pub id: Id,
    /// Rises with each boot that is asked for.
    pub boot: u32,
    /// What it may use; a change takes effect at the next boot.
    pub size: Size,
    /// The customer's system. A new card takes effect at once, the rest at the next boot.
    pub guest: Guest,
    /// The file that pins its network namespace, interfaces inside.
    pub netns: PathBuf,
    /// From what its root is overlaid.
    pub root: Root,
    /// Block devices, plugged in and out while it runs.
    pub disks: Vec<Plugged>,
    /// Where its requests to the metadata service come from: router, private address.
    pub addresses: Vec<(Id, Ipv4Addr)>,
    /// What goes into its resolv.conf.
    pub nameserver: Option<Ipv4Addr>,
    /// The domain in which short names are looked up.
    #[serde(default)]
    pub search: Option<String>,
}

/// A machine that runs a program of the world's own, as a process without a root of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeOrder {
    /// Its name.
    pub id: Id,
    /// Rises with each boot that is asked for.
    pub boot: u32,
    /// Where it runs, as the region names it.
    pub zone: Zone,
    /// What it may use; a change takes effect at the next boot.
    pub size: Size,
    /// What it runs; a change takes effect at once, without a new boot.
    pub program: Program,
    /// The file that pins the network namespace in which it listens.
    pub space: PathBuf,
    /// The file that pins the internet's.
    pub internet: PathBuf,
    /// Its own addresses, the primary one first.
    pub addresses: Vec<Ipv4Addr>,
    /// The port on which a resolver is reached, in its router's namespace.
    pub port: u16,
    /// The directory for logs that it is asked to keep.
    pub logs: PathBuf,
}

/// Public addresses, and the region in which each is now; none: nowhere any more.
pub type Regions = Vec<(Ipv4Addr, Option<String>)>;

/// The cities that shall be, by name, for the process that carries their packets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitiesOrder {
    /// The region's run directory.
    pub run: PathBuf,
    /// The file that pins the internet's network namespace.
    pub internet: PathBuf,
    /// As `names::places` calls them.
    pub names: BTreeSet<String>,
}

/// From a zone process to the process of a node: first an order, then whatever changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    /// Be this.
    Be(Box<NodeOrder>),
    /// Go on with other names.
    Renamed(Box<Renamed>),
    /// Say what you did since the last time, or since you began; the number comes back.
    Meter(u64),
    /// Carry the packets of these cities.
    Cities(CitiesOrder),
    /// How far these addresses are away has changed.
    Regions(Regions),
}

/// From the process of a node to its zone process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Said {
    /// It works as ordered.
    Ready,
    /// It does not, and cannot; why. It tries again when it is told something else.
    Failed(String),
    /// What it has found out, whole.
    Findings(Findings),
    /// What it did, by name.
    Used(u64, BTreeMap<String, Amount>),
    /// A city can be entered, or not; why.
    City(String, Option<String>),
}

/// A block disk in a machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Plugged {
    /// The disk.
    pub disk: Id,
    /// The file with its bytes.
    pub file: PathBuf,
    /// Where the machine sees it: `/dev/sdf`, which is also `/dev/xvdf`.
    pub device: String,
}

/// From the control plane to a zone process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// Make it run, or become like this. A machine that switched itself off stays off until its
    /// boot number rises.
    Ensure(Box<MachineOrder>),
    /// The same for a machine that runs a program of the world's own.
    Node(Box<NodeOrder>),
    /// Of such a machine, which was ordered over this link, only names change.
    Renamed(Id, Box<Renamed>),
    /// Tell findings and usage to this control plane, what is known already first; a span of usage
    /// is so long, and begins at a multiple of it since 1970.
    Meter(Span),
    /// Make a city of the internet; [`News::City`] answers.
    City(String),
    /// Where public addresses are; adds to what was said before.
    Regions(Regions),
    /// Shut it down, its programs warned first, and forget it.
    Remove(Id),
    /// What it can learn about itself, from now on.
    Card(Id, Box<Card>),
    /// End its processes at once, once.
    Kill(Id),
    /// It stops running and keeps its memory.
    Freeze(Id),
    /// It runs on.
    Thaw(Id),
    /// The zone loses power: every machine ends at once, none boots.
    Darken,
    /// Power is back: what was ordered meanwhile boots; what had been running is off.
    Lighten,
    /// Answer the metadata address in this network namespace.
    ServeMetadata {
        /// The router, as in [`MachineOrder::addresses`].
        router: Id,
        /// The file that pins its network namespace.
        netns: PathBuf,
        /// TCP port of 169.254.169.254 as the namespace sees it.
        port: u16,
    },
    /// Stop answering there.
    EndMetadata(Id),
    /// Say what exists; the number comes back with the answer.
    Inventory(u64),
    /// Machines and process end.
    Halt,
}

/// From a zone process to the control plane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum News {
    /// Its first program runs.
    Ready(Seen),
    /// A node that ended by itself begins again.
    Coming(Id),
    /// A city can be entered, or not; why.
    City(String, Option<String>),
    /// What a node has found out, whole.
    Findings(Id, Findings),
    /// What a machine used in one span.
    Usage(Id, Usage),
    /// It was ordered and does not run: it switched itself off (`true`) or crashed.
    Off(Id, bool),
    /// The zone has no power.
    Dark(Id),
    /// It cannot be made; why.
    Failed(Id, String),
    /// Nothing is left of it.
    Gone(Id),
    /// A disk could not be plugged in; machine, disk, why. The machine runs on.
    PlugFailed(Id, Id, String),
    /// A disk is in (`true`) or out: machine, disk.
    Plug(Id, Id, bool),
    /// What exists, with the number of the question; only to who asked.
    Inventory(u64, Vec<Seen>),
    /// The metadata service cannot be had on this router; why.
    MetadataFailed(Id, String),
}

/// A machine as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Its name.
    pub id: Id,
    /// The boot number that it runs with.
    pub boot: u32,
    /// How it is.
    pub health: Health,
    /// Its first process and when that started (clock ticks since the host's boot), while it runs.
    pub process: Option<(i32, u64)>,
    /// What of its size the host could not hold it to, for a person to read.
    pub shortfalls: Vec<String>,
}
