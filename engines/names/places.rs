//! Where on the globe who asks is: cities, the regions that lie in some of them, and how long a
//! packet takes. Pure.
//!
//! A round trip is the great circle (haversine, radius 6,371 km) there and back, times 1.5 because
//! cables do not follow it, at 204 km a millisecond (light in fibre of index 1.468, ITU-T G.652),
//! and 1 ms for what lies at both ends. Seoul to N. Virginia: 166 ms; Paris to Frankfurt: 8 ms.

mod cities;

pub use cities::CITIES;
use std::net::Ipv4Addr;
use std::sync::OnceLock;
use world::Ipv4Net;

const EARTH_KM: f64 = 6371.0;
const DETOUR: f64 = 1.5;
const FIBRE_KM_PER_MS: f64 = 204.0;
const ENDS_MS: f64 = 1.0;

/// A city of the internet.
#[derive(Debug, PartialEq, Eq)]
pub struct City {
    /// As commands name it: `sao-paulo`.
    pub name: &'static str,
    /// Route 53's code: `AF AN AS EU OC NA SA`.
    pub continent: &'static str,
    /// ISO 3166-1: `KR`.
    pub country: &'static str,
    /// ISO 3166-2 without the country, where it matters (US, CA, UA); else empty.
    pub subdivision: &'static str,
    /// Hundredths of a degree, north positive.
    pub latitude: i32,
    /// Hundredths of a degree, east positive.
    pub longitude: i32,
    /// The AWS region that lies there; empty: none.
    pub region: &'static str,
}

impl City {
    fn index(&self) -> usize {
        CITIES.iter().position(|city| city.name == self.name).unwrap_or(0)
    }

    /// The city's addresses, a /24 out of [`world::CITIES`].
    pub fn block(&self) -> Ipv4Net {
        let (start, _) = world::CITIES;
        let first = u32::from(start) + ((self.index() as u32) << 8);
        Ipv4Net::new(Ipv4Addr::from(first), 24).expect("24 bits are a length")
    }

    /// Where clients of the city speak from: the block's first address.
    pub fn client(&self) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(self.block().network()) + 1)
    }

    /// Where its health checkers speak from: from the block's tenth address on.
    pub fn checker(&self, ordinal: u8) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(self.block().network()) + 10 + u32::from(ordinal))
    }

    /// Kilometres to a point in hundredths of a degree.
    pub fn kilometres(&self, latitude: i32, longitude: i32) -> f64 {
        let angle = |hundredths: i32| (f64::from(hundredths) / 100.0).to_radians();
        let (north, other) = (angle(self.latitude), angle(latitude));
        let half = |difference: f64| (difference / 2.0).sin().powi(2);
        let across = half(angle(longitude) - angle(self.longitude));
        let chord = half(other - north) + north.cos() * other.cos() * across;
        2.0 * EARTH_KM * chord.sqrt().min(1.0).asin()
    }

    /// Milliseconds to another city and back.
    pub fn round_trip_ms(&self, other: &City) -> f64 {
        let way = self.kilometres(other.latitude, other.longitude);
        ENDS_MS + 2.0 * way * DETOUR / FIBRE_KM_PER_MS
    }
}

/// The city of this name; case, spaces, dots and underscores do not matter (`N. Virginia`), and a
/// region's code is its city's name too.
pub fn city(name: &str) -> Option<&'static City> {
    let plain = |text: &str| -> String {
        let text = text.replace(['ã', 'Ã'], "a").replace('é', "e").replace('ü', "u");
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    if let Some(city) = home(name) {
        return Some(city);
    }
    let wanted = plain(name);
    CITIES.iter().find(|city| plain(city.name) == wanted)
}

/// The city in which a region lies.
pub fn home(region: &str) -> Option<&'static City> {
    CITIES.iter().find(|city| !city.region.is_empty() && city.region == region)
}

/// Milliseconds from a city to a region and back; none when there is no such region.
pub fn round_trip_ms(city: &City, region: &str) -> Option<f64> {
    home(region).map(|home| city.round_trip_ms(home))
}

/// The city to which an address belongs.
pub fn of_address(address: Ipv4Addr) -> Option<&'static City> {
    let start = u32::from(world::CITIES.0);
    let index = u32::from(address).checked_sub(start)? >> 8;
    CITIES.get(index as usize)
}

/// Milliseconds there and back between all cities, by their places in the table.
pub(crate) fn table() -> &'static [Vec<f64>] {
    static TABLE: OnceLock<Vec<Vec<f64>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let row = |from: &City| CITIES.iter().map(|to| from.round_trip_ms(to)).collect();
        CITIES.iter().map(row).collect()
    })
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub struct Asker {
    /// Its address.
    pub address: Ipv4Addr,
    /// Its city, where that is known.
    pub city: Option<&'static City>,
    index: usize,
}

impl Asker {
    /// Whoever has this address.
    pub fn at(address: Ipv4Addr) -> Asker {
        Asker::from(address, of_address(address))
    }

    /// Whoever has this address, in this city.
    pub fn from(address: Ipv4Addr, city: Option<&'static City>) -> Asker {
        Asker { address, city, index: city.map_or(0, City::index) }
    }

    /// A client of this city.
    pub fn of(city: &'static City) -> Asker {
        Asker::from(city.client(), Some(city))
    }

    /// Milliseconds to the city at this place of the table, and back.
    pub(crate) fn milliseconds(&self, to: usize) -> Option<f64> {
        self.city?;
        table().get(self.index)?.get(to).copied()
    }
}

/// The health checkers that there are: so many in each of the regions from which Route 53 looks
/// (HealthCheckRegions), each with its region and source address.
pub fn checkers(each: u8) -> Vec<(String, Ipv4Addr)> {
    let cities = CHECKER_REGIONS.iter().filter_map(|region| home(region));
    let of = |city: &'static City| {
        (0..each).map(move |ordinal| (city.region.to_owned(), city.checker(ordinal)))
    };
    cities.flat_map(of).collect()
}

/// API_HealthCheckConfig, Regions.
pub const CHECKER_REGIONS: [&str; 8] = [
    "us-east-1",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "sa-east-1",
];
