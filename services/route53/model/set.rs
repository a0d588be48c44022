//! Resource record sets: what a name and type answer, and how one is chosen among its like.

use crate::model::name;
use region::{Key, record};
use serde::{Deserialize, Serialize};

/// A record set; its key is [`RecordSet::key`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordSet {
    /// Normal form: `www.example.com.`, `\052.example.com.`
    pub name: String,
    /// `A`, `AAAA`, ...
    pub kind: String,
    /// What tells it from others of the same name and type.
    pub identifier: Option<String>,
    /// How it is chosen among them.
    pub routing: Routing,
    /// The health check that decides whether it is chosen.
    pub check: Option<String>,
    /// What it answers.
    pub target: Target,
}

record!(RecordSet, "route53/record-set", 1);

/// A routing policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Routing {
    /// It is the only one.
    Simple,
    /// 0 to 255.
    Weighted(u32),
    /// A region's name.
    Latency(String),
    /// Codes; country `*` is the default.
    Geolocation(Place),
    /// PRIMARY is `true`.
    Failover(bool),
    /// One of up to eight.
    Multivalue,
    /// The nearest on the globe.
    Geoproximity(Position),
}

/// A point of the earth that draws askers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The AWS region that lies there.
    pub region: Option<String>,
    /// Latitude and longitude as given, degrees.
    pub coordinates: Option<(String, String)>,
    /// -99 to 99: above 0 it draws more askers; as given.
    pub bias: Option<i32>,
}

impl Position {
    /// Latitude and longitude in hundredths of a degree; none for a region that is not known.
    pub(crate) fn place(&self) -> Option<(i32, i32)> {
        match (&self.region, &self.coordinates) {
            (Some(region), _) => {
                names::places::home(region).map(|city| (city.latitude, city.longitude))
            }
            (None, Some((latitude, longitude))) => {
                let hundredths = |text: &str| {
                    let degrees: f64 = text.parse().ok()?;
                    Some((degrees * 100.0).round() as i32)
                };
                hundredths(latitude).zip(hundredths(longitude))
            }
            (None, None) => None,
        }
    }
}

/// A place of the earth.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// `EU`.
    pub continent: Option<String>,
    /// `FR`; `*` is everywhere else.
    pub country: Option<String>,
    /// `CA`, of the United States.
    pub subdivision: Option<String>,
}

/// What a record set answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// Values as they were given.
    Values {
        /// Seconds.
        ttl: u32,
        /// One each, as given.
        values: Vec<String>,
    },
    /// Whatever something else answers.
    Alias {
        /// The hosted zone's id: this zone's, or that of a kind of AWS resource in a region.
        zone: String,
        /// Normal form.
        name: String,
        /// EvaluateTargetHealth.
        evaluate: bool,
    },
}

impl RecordSet {
    /// Its key within its zone: sorts as ListResourceRecordSets does, by name with the last label
    /// first, then by type, then by identifier.
    pub fn key(&self, zone: &Key) -> Key {
        let identifier = self.identifier.as_deref().unwrap_or_default();
        place(zone, &self.name, &self.kind, identifier)
    }

    /// `[name='x.', type='A', set-identifier='y']`, as Route 53 names it in messages.
    pub(crate) fn title(&self) -> String {
        let identifier = self.identifier.as_ref();
        let identifier = identifier.map(|one| format!(", set-identifier='{one}'"));
        let identifier = identifier.unwrap_or_default();
        format!("[name='{}', type='{}'{identifier}]", self.name, self.kind)
    }
}

/// The key of the record set with this name, type and identifier; with empty ones, that of the
/// first that could come there.
pub(crate) fn place(zone: &Key, domain: &str, kind: &str, identifier: &str) -> Key {
    let scope = super::HostedZone::records(zone);
    // A tab sorts before the space that separates labels: a name comes before what is below it.
    let id = match (kind, identifier) {
        ("", _) => format!("{}\t", name::sort_key(domain)),
        _ => format!("{}\t{kind}\t{identifier}", name::sort_key(domain)),
    };
    Key::new(&scope, id)
}

impl Routing {
    /// The word for it in Route 53's messages.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Routing::Simple => "simple",
            Routing::Weighted(_) => "weighted",
            Routing::Latency(_) => "latency",
            Routing::Geolocation(_) => "geolocation",
            Routing::Failover(_) => "failover",
            Routing::Multivalue => "multivalue answer",
            Routing::Geoproximity(_) => "geoproximity",
        }
    }
}
