//! The kinds of physical things, storage among them, and their states of health.

use crate::{Filter, Id, Machine, Port, Router, Segment, Zone};
use serde::{Deserialize, Serialize};

/// A physical thing that a world can hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Thing {
    /// Forwards packets between segments, ports and the internet.
    Router(Router),
    /// One network in one zone.
    Segment(Segment),
    /// A machine's place on a segment.
    Port(Port),
    /// Decides which packets pass.
    Filter(Filter),
    /// Bytes that outlive machines.
    Disk(Disk),
    /// Frozen contents of a disk.
    Snapshot(Snapshot),
    /// Whatever runs.
    Machine(Machine),
}

/// Which kind a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// See [`Thing::Router`].
    Router,
    /// See [`Thing::Segment`].
    Segment,
    /// See [`Thing::Port`].
    Port,
    /// See [`Thing::Filter`].
    Filter,
    /// See [`Thing::Disk`].
    Disk,
    /// See [`Thing::Snapshot`].
    Snapshot,
    /// See [`Thing::Machine`].
    Machine,
}

impl Thing {
    /// The kind of this thing.
    pub fn kind(&self) -> Kind {
        match self {
            Thing::Router(_) => Kind::Router,
            Thing::Segment(_) => Kind::Segment,
            Thing::Port(_) => Kind::Port,
            Thing::Filter(_) => Kind::Filter,
            Thing::Disk(_) => Kind::Disk,
            Thing::Snapshot(_) => Kind::Snapshot,
            Thing::Machine(_) => Kind::Machine,
        }
    }
}

/// What shape the bytes of a disk have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Form {
    /// A tree of files over an image: what a machine boots from.
    Tree,
    /// A block device: what a machine formats and mounts itself.
    Block,
}

/// What a disk holds when it is new.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Source {
    /// Nothing.
    Blank,
    /// An image of the world's own, by name: `host` is the machine's own `/usr` behind an
    /// allow-list, others are imported.
    Image(String),
    /// The contents of a snapshot.
    Snapshot(Id),
}

/// Bytes that live in one zone and outlive the machines that use them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Disk {
    /// The zone it lives in.
    pub zone: Zone,
    /// Bytes. A disk may grow, never shrink.
    pub size: u64,
    /// What shape its bytes have; never changes.
    pub form: Form,
    /// What it held when it was new; read once, at creation.
    pub source: Source,
}

/// The contents of a disk at the moment when this was first ensured; belongs to no zone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Snapshot {
    /// The disk, which may be gone by now.
    pub disk: Id,
    /// The shape of its bytes.
    pub form: Form,
}

/// How a thing is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Health {
    /// Being made, or waiting for something that it needs.
    Coming,
    /// Exists and works as ordered. A machine: its first program runs.
    Ready,
    /// A machine that was ordered and does not run: it switched itself off (`true`) or crashed.
    Off(bool),
    /// Without power or links, by a fault.
    Dark,
    /// Cannot be made; why, for a person to read.
    Failed(String),
}

/// A thing as the inventory found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub id: Id,
    /// Its kind.
    pub kind: Kind,
    /// How it is.
    pub health: Health,
}
