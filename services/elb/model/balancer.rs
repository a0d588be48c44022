//! Load balancers of the second generation, and the nodes that they are in the world.

use region::record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use world::{Id, Time, Zone};

/// Which kind of load balancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Speaks HTTP.
    Application,
    /// Hands on connections and datagrams.
    Network,
}

impl Kind {
    /// `application`, as the API says it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Application => "application",
            Kind::Network => "network",
        }
    }

    /// `app`, as ARNs say it.
    pub fn short(self) -> &'static str {
        match self {
            Kind::Application => "app",
            Kind::Network => "net",
        }
    }
}

/// A load balancer; its key is the end of its ARN, `app/NAME/HEX`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadBalancer {
    /// Unique in the account and region.
    pub name: String,
    /// Sixteen hexadecimal digits.
    pub hex: String,
    /// Which kind.
    pub kind: Kind,
    /// Whether it has private addresses only.
    pub internal: bool,
    /// Where it lives.
    pub vpc: Id,
    /// Security groups; empty for a network balancer that has none and passes everything.
    pub groups: Vec<Id>,
    /// Whether groups apply to what comes through PrivateLink; stored only.
    pub enforce: Option<String>,
    /// One node a zone.
    pub nodes: BTreeMap<Zone, Node>,
    /// Its DNS name.
    pub dns: String,
    /// Seals its cookies.
    pub secret: world::Secret,
    /// When it was made.
    pub created: Time,
    /// Attributes that were set; others have their defaults.
    pub attributes: BTreeMap<String, String>,
    /// Whether all its nodes have once been there: its state is `active` from then on.
    pub active: bool,
}

record!(LoadBalancer, "elb/load-balancer", 1);

/// A node: a machine on an interface of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Its subnet.
    pub subnet: Id,
    /// Its interface, `eni-…`.
    pub interface: Id,
    /// The Elastic IP address that was given for it, `eipalloc-…`.
    pub allocation: Option<Id>,
    /// The private address that was asked for.
    pub private: Option<Ipv4Addr>,
}

impl LoadBalancer {
    /// The machine of the node in a zone.
    pub fn machine(&self, zone: &Zone) -> Id {
        machine(&self.hex, zone)
    }

    /// An attribute that was set, or its default.
    pub fn attribute(&self, name: &str) -> &str {
        let set = self.attributes.get(name).map(String::as_str);
        set.unwrap_or_else(|| super::attribute::default(super::attribute::of(self.kind), name))
    }

    /// The group in the world that passes everything, for a balancer without security groups.
    pub fn open_group(&self) -> Id {
        Id::from(format!("elb-open-{}", self.hex))
    }
}

/// The machine of a node: one a balancer and zone.
pub fn machine(hex: &str, zone: &Zone) -> Id {
    let letter = zone.as_str().chars().last().unwrap_or('x');
    Id::from(format!("elb-{hex}-{letter}"))
}

/// Which of a balancer's nodes answer; observed. Its key is the balancer's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Nodes {
    /// Whether clients should be sent to the node of a zone: its machine works, and it knows
    /// healthy targets of every group that has targets.
    pub well: BTreeMap<Zone, bool>,
    /// Whether the machine works, whatever its targets do.
    pub ready: BTreeMap<Zone, bool>,
}

record!(Nodes, "elb/nodes", 1);
