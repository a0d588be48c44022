//! IP protocols as rules name them: `-1`, `tcp`, `udp`, `icmp`, `icmpv6` or a number.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A protocol of a rule; `None` inside is every protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Protocol(pub Option<u8>);

/// ICMP for IPv6 (IANA protocol numbers).
const ICMP_V6: u8 = 58;

impl Protocol {
    /// Every protocol.
    pub const ALL: Protocol = Protocol(None);
    /// TCP.
    pub const TCP: Protocol = Protocol(Some(6));
    /// UDP.
    pub const UDP: Protocol = Protocol(Some(17));
    /// ICMP.
    pub const ICMP: Protocol = Protocol(Some(1));
    /// ICMP for IPv6.
    pub const ICMP_V6: Protocol = Protocol(Some(ICMP_V6));

    /// Reads a name or a number; `None` when it is neither.
    pub fn parse(text: &str) -> Option<Protocol> {
        Some(match text.to_ascii_lowercase().as_str() {
            "-1" | "all" => Protocol::ALL,
            "tcp" => Protocol::TCP,
            "udp" => Protocol::UDP,
            "icmp" => Protocol::ICMP,
            "icmpv6" => Protocol::ICMP_V6,
            number => Protocol(Some(number.parse().ok()?)),
        })
    }

    /// Whether rules of it have ports.
    pub fn has_ports(self) -> bool {
        self == Protocol::TCP || self == Protocol::UDP
    }

    /// Whether rules of it have ICMP types and codes.
    pub fn is_icmp(self) -> bool {
        self == Protocol::ICMP || self == Protocol::ICMP_V6
    }

    /// The number as network ACLs show it: `6`, or `-1`.
    pub fn number(self) -> String {
        self.0.map_or("-1".into(), |number| number.to_string())
    }
}

impl fmt::Display for Protocol {
    /// As security groups show it: by name where AWS has one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Protocol::TCP => f.write_str("tcp"),
            Protocol::UDP => f.write_str("udp"),
            Protocol::ICMP => f.write_str("icmp"),
            Protocol::ICMP_V6 => f.write_str("icmpv6"),
            other => f.write_str(&other.number()),
        }
    }
}
