//! Parameters that AWS publishes under `/aws/service`: images, regions and zones. The same for
//! every account; nobody can change them.

use region::Scope;
use region::zone::{REGIONS, RegionInfo};
use shape::Timestamp;

/// A published parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Public {
    /// `/aws/service/…`.
    pub(crate) name: String,
    /// What it holds.
    pub(crate) value: String,
    /// `text` or `aws:ec2:image`.
    pub(crate) data_type: &'static str,
    /// When, where that is known.
    pub(crate) modified: Option<Timestamp>,
}

/// What every published name begins with.
pub(crate) const PREFIX: &str = "/aws/service/";

const PLACES: &str = "/aws/service/global-infrastructure";

/// Everything that is published in a region, by name.
pub(crate) fn all(scope: &Scope) -> Vec<Public> {
    let mut all = images(&scope.region);
    REGIONS.iter().for_each(|region| all.extend(places(region)));
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

/// The published parameter of this name.
pub(crate) fn find(scope: &Scope, name: &str) -> Option<Public> {
    if !name.starts_with(PREFIX) {
        return None;
    }
    all(scope).into_iter().find(|one| one.name == name)
}

fn images(region: &str) -> Vec<Public> {
    let names = |image: ec2::PublicImage| {
        let modified = Timestamp::parse(image.created);
        image.parameters.iter().map(move |name| Public {
            name: (*name).to_owned(),
            value: image.id.clone(),
            data_type: if name.contains("/canonical/") { "aws:ec2:image" } else { "text" },
            modified,
        })
    };
    ec2::public_images(region).into_iter().flat_map(names).collect()
}

fn places(region: &RegionInfo) -> Vec<Public> {
    let text =
        |name: String, value: String| Public { name, value, data_type: "text", modified: None };
    let at = format!("{PLACES}/regions/{}", region.name);
    let mut all = vec![
        text(at.clone(), region.name.to_owned()),
        text(format!("{at}/longName"), region.title.to_owned()),
        text(format!("{at}/partition"), "aws".to_owned()),
        text(format!("{at}/domain"), "amazonaws.com".to_owned()),
    ];
    for zone in region.zones() {
        let id = region.zone_id(&zone).unwrap_or_default();
        all.push(text(format!("{PLACES}/availability-zones/{id}"), id.clone()));
        all.push(text(format!("{at}/availability-zones/{id}"), id.clone()));
        all.push(text(
            format!("{PLACES}/availability-zones/{id}/parent-region"),
            region.name.to_owned(),
        ));
    }
    all
}
