//! What a world must let its tests do beside the `World` trait: send packets, touch files,
//! and kill the control plane.

use std::net::Ipv4Addr;
use world::{Id, Source, Span, World, Zone};

/// Where a probe starts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Inside a machine that runs.
    Machine(Id),
    /// A client on the internet.
    Internet,
}

/// A question asked of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Probe {
    /// A TCP connection to this port, on which the listener says who it is.
    Tcp(u16),
    /// A UDP datagram to this port and one back.
    Udp(u16),
    /// An ICMP echo; every machine that runs answers, without a listener.
    Ping,
}

/// What came of a probe.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// An answer came: from this machine, or from whom the probe cannot tell.
    Answered(Option<Id>),
    /// No answer came: dropped, refused, or no way there.
    Silent,
}

/// A world under test. Every call may block; none may lose events of the world.
pub trait Ground {
    /// The world. After [`Ground::restart`] a new one over the same reality.
    fn world(&mut self) -> &mut dyn World;

    /// Two zones that the world has.
    fn zones(&self) -> [Zone; 2];

    /// What root disks are made of: an image that boots.
    fn image(&self) -> Source;

    /// An address of the internet's pool that was not handed out before.
    fn public_address(&mut self) -> Ipv4Addr;

    /// A host of the internet that answers pings and TCP on port 80.
    fn internet_host(&mut self) -> Ipv4Addr;

    /// Asks once, gives up after a time that is long beside a round trip.
    fn probe(&mut self, from: &Place, to: Ipv4Addr, probe: Probe) -> Reach;

    /// Sends one packet from inside a machine with a forged source address, and says whether it
    /// arrived at the machine `to` (where `run_listener` runs for the probe). None: the world
    /// cannot tell, and the case passes.
    fn forge(
        &mut self,
        from: &Id,
        source: Ipv4Addr,
        to: (&Id, Ipv4Addr),
        probe: Probe,
    ) -> Option<bool>;

    /// Runs a process in the machine, until the machine's next boot, that answers this probe with
    /// the machine's id. Returns when it listens, on all addresses.
    fn run_listener(&mut self, machine: &Id, probe: Probe);

    /// Writes a file on the machine's root disk; it must survive the machine's end.
    fn write_file(&mut self, machine: &Id, path: &str, bytes: &[u8]);

    /// Formats the disk that the machine has as this device, and mounts it there. False: the
    /// world has no block devices here, and the case passes.
    fn mount(&mut self, machine: &Id, device: &str, at: &str) -> bool;

    /// Begins to write a file of the machine, and does not wait for the end.
    fn begin_writing(&mut self, machine: &Id, path: &str, bytes: &[u8]);

    /// Reads a file of the machine's root disk, or of one that was mounted; none: there is no
    /// such file.
    fn read_file(&mut self, machine: &Id, path: &str) -> Option<Vec<u8>>;

    /// `kill -9` of the control plane, and a new world over what is left.
    fn restart(&mut self);

    /// How long something that must come may take.
    fn patience(&self) -> Span;

    /// How long to wait before believing that something does not come.
    fn quiet(&self) -> Span;
}
