//! Reserved instances: what is on offer, and what was bought. What that does to the bill is the
//! business of the room `pricing`.

use super::types;
use api_pricing::prices::{List, units};
use api_pricing::reserved::{Fees, TERMS, Terms};
use region::record;
use serde::{Deserialize, Serialize};
use world::{Span, Time};

/// What is reserved; nothing else runs here.
pub const PRODUCT: &str = "Linux/UNIX";
const YEAR: u64 = 365 * 86_400;

/// A reservation that was bought. Kept under its id, a UUID.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reserved {
    /// `t3.micro`.
    pub kind: String,
    /// The zone it is for; none: the region.
    pub zone: Option<String>,
    /// So many instances.
    pub count: u32,
    /// `standard` or `convertible`.
    pub class: String,
    /// `No Upfront`, `Partial Upfront` or `All Upfront`.
    pub payment: String,
    /// USD for each instance, when it was bought.
    pub upfront: f64,
    /// USD for each hour of each instance.
    pub hourly: f64,
    /// When it was bought.
    pub start: Time,
    /// When its term ends.
    pub end: Time,
}

record!(Reserved, "ec2/reserved-instances", 1);

impl Reserved {
    /// USD for an hour of one instance, with the hour's share of what was paid ahead.
    pub fn effective(&self) -> f64 {
        self.upfront / (self.end.since(self.start).0 as f64 / 3.6e9) + self.hourly
    }

    /// Normalised units of one instance.
    pub fn units(&self) -> f64 {
        self.kind.split_once('.').and_then(|(_, size)| units(size)).unwrap_or(1.0)
    }
}

/// Something that can be bought.
#[derive(Debug, Clone, PartialEq)]
pub struct Offering {
    /// A UUID that is always the same for the same offering.
    pub id: String,
    /// `t3.micro`.
    pub kind: &'static str,
    /// The zone it is for; none: the region.
    pub zone: Option<String>,
    /// For how long and how it is paid.
    pub terms: &'static Terms,
    /// What it costs.
    pub fees: Fees,
}

impl Offering {
    /// Its term.
    pub fn span(&self) -> Span {
        Span::seconds(YEAR * u64::from(self.terms.years))
    }
}

/// All offerings of a region: for the region as a whole, and for each of `zones`.
pub fn offerings(region: &str, zones: &[String]) -> Vec<Offering> {
    let list = List::of(region);
    let mut all = Vec::new();
    for kind in types::all() {
        for terms in &TERMS {
            let Some(fees) = list.fees(kind.name, terms) else { continue };
            let places = std::iter::once(None).chain(zones.iter().cloned().map(Some));
            all.extend(places.map(|zone| {
                let place = zone.as_deref().unwrap_or(region);
                let id = identity(&format!("{place} {} {}", kind.name, terms.code));
                Offering { id, kind: kind.name, zone, terms, fees }
            }));
        }
    }
    all
}

/// A UUID made of a text.
fn identity(text: &str) -> String {
    // FNV-1a, twice: any even spread will do, and nobody gains by two offerings with one id.
    let half = |seed: u64| {
        text.bytes().fold(seed, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3).rotate_left(5)
        })
    };
    uuid([half(0xcbf2_9ce4_8422_2325), half(0x6c62_272e_07bb_0142)])
}

/// A UUID of these bits, as AWS writes it.
pub(crate) fn uuid([high, low]: [u64; 2]) -> String {
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0x0fff | 0x4000,
        low >> 48 & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}
