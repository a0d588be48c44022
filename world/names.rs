//! Name service, as configuration: what the name servers of the internet answer, what their
//! checkers look at, and what a router's own resolver knows beside.

use crate::{Id, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// The name servers and health checkers of the internet; one machine, in the zone [`crate::EDGE`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Names {
    /// What is answered with authority, by an id of the zone.
    pub zones: BTreeMap<Id, NameZone>,
    /// What is looked at.
    pub checks: BTreeMap<Id, Look>,
}

/// A router's own resolver, for the machines of one zone: answers at the second address of the
/// router's first block and at 169.254.169.253.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Resolver {
    /// Where it answers.
    pub router: Id,
    /// Zones that only this router sees; they win over the internet's.
    pub zones: BTreeMap<Id, NameZone>,
    /// The checks that those zones' records name.
    pub checks: BTreeMap<Id, Look>,
}

/// One zone of names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct NameZone {
    /// Lower case, with its last dot: `whatisthetime.com.`
    pub name: String,
    /// All records.
    pub records: Vec<NameRecord>,
}

/// Records of one name and type; several with the same name and type are chosen among.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NameRecord {
    /// Lower case, with its last dot; `*.` in front stands for any label.
    pub name: String,
    /// `A`, `AAAA`, `CNAME`, ...
    pub kind: String,
    /// How it is chosen among its like.
    pub choice: NameChoice,
    /// Not chosen while this check is unwell.
    pub check: Option<Id>,
    /// What it answers.
    pub answer: NameAnswer,
}

/// What a record answers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NameAnswer {
    /// Values in the text form of zone files, and for how long they may be kept.
    Values {
        /// Seconds.
        ttl: u32,
        /// One each.
        values: Vec<String>,
    },
    /// Whatever the records of this name (in the same zone) and the same type answer.
    Alias {
        /// Lower case, with its last dot.
        name: String,
        /// Count it unwell while all that it leads to is unwell.
        look: bool,
    },
    /// These addresses, kept up to date by whoever owns them, with their health.
    Addresses {
        /// Seconds.
        ttl: u32,
        /// Address, and whether it is well now.
        addresses: Vec<(Ipv4Addr, bool)>,
        /// Count it unwell while this is not so: what it stands for works.
        well: Option<bool>,
    },
}

/// How a record is chosen among those with the same name and type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NameChoice {
    /// It is the only one.
    Simple,
    /// In proportion to this weight, 0 to 255.
    Weighted(u32),
    /// The one whose region is nearest, by latency, to who asks.
    Latency(String),
    /// The one for where who asks is; the most particular place wins.
    Place {
        /// `EU`.
        continent: Option<String>,
        /// `FR`; `*` is everywhere else.
        country: Option<String>,
        /// `CA`, of the United States.
        subdivision: Option<String>,
    },
    /// The first (`true`) while it is well, else the second.
    Failover(bool),
    /// Up to eight that are well.
    Multivalue,
}

/// What a health checker looks at, from several places of the internet.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Look {
    /// What is looked at.
    pub at: LookAt,
    /// Well counts as unwell and the other way round.
    pub inverted: bool,
    /// Always well (before inversion); nothing is looked at.
    pub disabled: bool,
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LookAt {
    /// Something that answers.
    Endpoint {
        /// None: the name is resolved at each look.
        address: Option<Ipv4Addr>,
        /// For Host and server name; also resolved where there is no address.
        name: Option<String>,
        /// TCP port.
        port: u16,
        /// What is asked; none: only a TCP connection.
        path: Option<String>,
        /// Within TLS, whatever the certificate.
        tls: bool,
        /// Send the name in TLS.
        sni: bool,
        /// The first 5,120 bytes of the body must hold this.
        text: Option<String>,
        /// From one look to the next, of each checker.
        every: Span,
        /// So many equal looks in a row count.
        threshold: u32,
        /// From the places of these regions only; empty: all.
        from: Vec<String>,
    },
    /// At least so many of these checks are well.
    Calculated {
        /// How many.
        least: u32,
        /// Which.
        of: Vec<Id>,
    },
    /// Whatever this says; kept up to date by whoever owns it. None: nothing is known.
    Told(Option<bool>),
}
