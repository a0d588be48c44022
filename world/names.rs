//! Name service, as configuration: what the name servers of the internet answer, what their
//! checkers look at, and what a router's own resolver knows beside.

use crate::{Id, Ipv4Net, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

/// Where the name servers of the internet answer with authority, all alike, at port 53. Below
/// 192.0.2.16, which is the internet's own.
pub const NAME_SERVERS: [Ipv4Addr; 4] = [
    Ipv4Addr::new(192, 0, 2, 2),
    Ipv4Addr::new(192, 0, 2, 3),
    Ipv4Addr::new(192, 0, 2, 4),
    Ipv4Addr::new(192, 0, 2, 5),
];

/// The caching resolver for clients on the internet, at port 53; a cache of its own for each city
/// that asks.
pub const INTERNET_RESOLVER: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 9);

/// The block out of which each city of the internet has a /24: 198.18.0.0/15, the range for
/// measurements (RFC 2544), which is no part of the public pool.
pub const CITIES: (Ipv4Addr, u8) = (Ipv4Addr::new(198, 18, 0, 0), 15);

/// The name servers and health checkers of the internet; one machine, in the zone [`crate::EDGE`].
///
/// Its findings: each check by its id, with inversion, calculation and disabling applied; and each
/// checker's own view (not inverted) as `CHECK/CHECKER`, the checker named `REGION-ORDINAL`
/// (`us-east-1-0`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Names {
    /// What is answered with authority, by an id of the zone. Of nested zones the innermost
    /// answers; of several with one name the first by id.
    pub zones: BTreeMap<Id, Arc<NameZone>>,
    /// What is looked at.
    pub checks: BTreeMap<Id, Look>,
}

/// A router's own resolver, for the machines of one zone: answers at the second address of the
/// router's first block and at 169.254.169.253.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Resolver {
    /// Where it answers.
    pub router: Id,
    /// The region from whose city it asks the internet: `ap-northeast-2`.
    pub place: String,
    /// Zones that only this router sees; they win over the internet's, also with what they lack.
    pub zones: BTreeMap<Id, Arc<NameZone>>,
    /// The checks that those zones' records name. An endpoint is not looked at from here and
    /// counts as well: state what the internet's checkers found as [`LookAt::Told`].
    pub checks: BTreeMap<Id, Look>,
}

/// One zone of names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct NameZone {
    /// Lower case, with its last dot: `whatisthetime.com.`
    pub name: String,
    /// All records, SOA and NS of the zone itself included.
    pub records: Vec<Arc<NameRecord>>,
}

impl NameZone {
    /// A zone of these records.
    pub fn new(name: impl Into<String>, records: impl IntoIterator<Item = NameRecord>) -> NameZone {
        NameZone { name: name.into(), records: records.into_iter().map(Arc::new).collect() }
    }
}

/// Records of one name and type; several with the same name and type are chosen among.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NameRecord {
    /// With its last dot; `*.` (or `\052.`) in front stands for any label. Bytes as in zone
    /// files: `\ddd` is octal, as Route 53 writes it.
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
    /// Whatever the records of this name and the same type answer: those of the same zone, or, if
    /// the name lies outside it, of the zone that holds it.
    Alias {
        /// Lower case, with its last dot.
        name: String,
        /// Count it unwell while all that it leads to is unwell, or there is nothing.
        look: bool,
    },
    /// These addresses, kept up to date by whoever owns them, with their health: up to eight
    /// that are well, in any order; if none is, all count. Only for `A`.
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
    /// In proportion to this weight, 0 to 255. Those of 0 only when no other is well; all 0: alike.
    Weighted(u32),
    /// The one whose region is nearest, by latency, to who asks.
    Latency(String),
    /// The one for where who asks is; the most particular place that is well wins.
    Place {
        /// `EU`.
        continent: Option<String>,
        /// `FR`; `*` is everywhere else.
        country: Option<String>,
        /// `CA`, of the United States.
        subdivision: Option<String>,
    },
    /// The nearest on the globe, its distance drawn closer or pushed away (geoproximity).
    Nearest {
        /// Hundredths of a degree, north is positive.
        latitude: i32,
        /// Hundredths of a degree, east is positive.
        longitude: i32,
        /// -99 to 99: above 0 it draws more askers.
        bias: i32,
    },
    /// The one with the longest block that holds who asks (IP-based); no block: everybody else.
    Network(Vec<Ipv4Net>),
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
    /// Well counts as unwell and the other way round; so what is not known is unwell.
    pub inverted: bool,
    /// Always well (before inversion); nothing is looked at.
    pub disabled: bool,
    /// Of an endpoint: what was found before, not inverted. Counts from when the check is new to a
    /// machine until it has found something out by itself; a later change means nothing.
    #[serde(default)]
    pub last: Option<bool>,
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LookAt {
    /// Something that answers.
    Endpoint {
        /// None: the name is resolved at each look, by the model's own name servers.
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
    /// Whatever this says; kept up to date by whoever owns it. None: nothing is known, which
    /// counts as well.
    Told(Option<bool>),
}
