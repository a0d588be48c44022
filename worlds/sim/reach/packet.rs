//! A packet, where it starts and what becomes of it.

use std::net::Ipv4Addr;
use world::{Id, Traffic};

/// Where a packet starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// A machine, by its own routing: from the primary address of the interface whose segment
    /// holds the destination, else of the first interface.
    Machine(Id),
    /// A plugged port, with any source address, forged ones included.
    Port(Id, Ipv4Addr),
    /// A host of the internet.
    Internet(Ipv4Addr),
}

/// What a packet carries, as filters see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Source and destination port.
    Tcp(u16, u16),
    /// Source and destination port.
    Udp(u16, u16),
    /// Type and code.
    Icmp(u8, u8),
    /// Any other IP protocol, by number.
    Other(u8),
}

impl Flow {
    /// An ICMP echo request.
    pub const PING: Flow = Flow::Icmp(8, 0);

    /// IP protocol number (IANA).
    pub fn protocol(self) -> u8 {
        match self {
            Flow::Tcp(..) => 6,
            Flow::Udp(..) => 17,
            Flow::Icmp(..) => 1,
            Flow::Other(number) => number,
        }
    }

    /// What answers this, if anything does.
    pub fn answer(self) -> Option<Flow> {
        match self {
            Flow::Tcp(source, target) => Some(Flow::Tcp(target, source)),
            Flow::Udp(source, target) => Some(Flow::Udp(target, source)),
            Flow::Icmp(8, code) => Some(Flow::Icmp(0, code)),
            Flow::Icmp(..) => None,
            Flow::Other(number) => Some(Flow::Other(number)),
        }
    }

    /// Whether a rule for this traffic means this packet.
    pub fn matches(self, traffic: &Traffic) -> bool {
        if traffic.protocol.is_some_and(|protocol| protocol != self.protocol()) {
            return false;
        }
        if let Some((first, last)) = traffic.ports {
            let (Flow::Tcp(_, port) | Flow::Udp(_, port)) = self else { return false };
            if port < first || port > last {
                return false;
            }
        }
        if let Some(icmp) = traffic.icmp {
            let Flow::Icmp(kind, code) = self else { return false };
            if kind != icmp.kind || icmp.code.is_some_and(|wanted| wanted != code) {
                return false;
            }
        }
        true
    }
}

/// The first packet of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// Where it starts.
    pub from: From,
    /// Destination address as the sender writes it.
    pub to: Ipv4Addr,
    /// What it carries; the source port decides whether a ladder passes the answer.
    pub flow: Flow,
}

/// What becomes of a packet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// It arrives at this machine.
    Arrives(Id),
    /// It arrives at a host of the internet.
    Outside,
    /// Something on its way drops it without a word.
    Dropped,
    /// No route leads there, or nobody has the address.
    NoRoute,
}
