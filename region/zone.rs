//! The regions and Availability Zones that exist. Data only; a zone's health is the world's.

/// A region and its zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegionInfo {
    /// `ap-northeast-2`.
    pub name: &'static str,
    /// `Asia Pacific (Seoul)`.
    pub title: &'static str,
    /// The letters of its zones; the name of a zone is the region's name and its letter.
    pub letters: &'static [char],
    /// The prefix of its zone ids: `apne2` gives `apne2-az1`.
    pub short: &'static str,
}

/// Every region that Maquette models.
pub const REGIONS: &[RegionInfo] = &[
    RegionInfo {
        name: "ap-northeast-2",
        title: "Asia Pacific (Seoul)",
        letters: &['a', 'b', 'c', 'd'],
        short: "apne2",
    },
    RegionInfo {
        name: "ap-northeast-1",
        title: "Asia Pacific (Tokyo)",
        letters: &['a', 'c', 'd'],
        short: "apne1",
    },
    RegionInfo {
        name: "eu-west-3",
        title: "Europe (Paris)",
        letters: &['a', 'b', 'c'],
        short: "euw3",
    },
    RegionInfo {
        name: "us-east-1",
        title: "US East (N. Virginia)",
        letters: &['a', 'b', 'c', 'd', 'e', 'f'],
        short: "use1",
    },
];

/// The region that is used when a client names none.
pub const HOME: &str = "us-east-1";

impl RegionInfo {
    /// The region of this name.
    pub fn named(name: &str) -> Option<&'static RegionInfo> {
        REGIONS.iter().find(|region| region.name == name)
    }

    /// Names of its zones, in order: `us-east-1a`, ...
    pub fn zones(&self) -> impl Iterator<Item = String> + '_ {
        self.letters.iter().map(|letter| format!("{}{letter}", self.name))
    }

    /// The zone id of a zone's name: `use1-az1` for `us-east-1a`.
    pub fn zone_id(&self, zone: &str) -> Option<String> {
        let at = self.zones().position(|name| name == zone)?;
        Some(format!("{}-az{}", self.short, at + 1))
    }
}
