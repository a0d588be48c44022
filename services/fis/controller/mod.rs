//! Experiments go on by themselves.

mod drive;
mod experiment;
mod network;

use region::zone::RegionInfo;
use region::{Controller, Scope};
use world::Zone;

/// All controllers of this room.
pub(crate) const CONTROLLERS: &[Controller] = &[experiment::CONTROLLER];

/// A zone by its name or its id.
pub(crate) fn zone_named(scope: &Scope, text: &str) -> Zone {
    let info = RegionInfo::named(&scope.region);
    let by_id =
        info.and_then(|info| info.zones().find(|zone| info.zone_id(zone).as_deref() == Some(text)));
    Zone::from(by_id.as_deref().unwrap_or(text))
}
