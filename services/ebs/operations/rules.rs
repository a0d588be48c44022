//! Checks that the operations of this room and of `ec2` share: ids, zones, states.

use crate::model::{Snapshot, Volume};
use region::{Call, Key, Refusal};
use std::sync::Arc;
use vpc::form::{Noun, invalid};

/// `vol-…`
pub const VOLUME: Noun =
    Noun { prefix: "vol-", code: "InvalidVolume", name: "volume", resource_type: "volume" };

/// `snap-…`
pub const SNAPSHOT: Noun =
    Noun { prefix: "snap-", code: "InvalidSnapshot", name: "snapshot", resource_type: "snapshot" };

/// A volume that is not on its way out; a copy, to change and put back.
pub fn volume(call: &Call, id: &str) -> Result<Volume, Refusal> {
    let volume = VOLUME.take::<Volume>(call, id)?;
    if volume.deleting { Err(VOLUME.unknown(id)) } else { Ok(volume) }
}

/// A snapshot that the account may use: its own, or one shared with it.
pub fn snapshot(call: &Call, id: &str) -> Result<(Key, Arc<Snapshot>), Refusal> {
    SNAPSHOT.check(id)?;
    Snapshot::find(call.store(), &call.scope, id).ok_or_else(|| unknown_snapshot(id))
}

/// The account's own snapshot; a copy, to change and put back.
pub fn own_snapshot(call: &Call, id: &str) -> Result<Snapshot, Refusal> {
    let (key, snapshot) = snapshot(call, id)?;
    if key.scope != call.scope {
        let message = format!("You do not have permission to access the snapshot '{id}'.");
        return Err(Refusal::new("AuthFailure", message).status(403));
    }
    Ok((*snapshot).clone())
}

/// AWS says this of snapshots without the article and with a full stop.
fn unknown_snapshot(id: &str) -> Refusal {
    let message = format!("The snapshot '{id}' does not exist.");
    Refusal::new("InvalidSnapshot.NotFound", message)
}

/// A snapshot that volumes can be made of.
pub fn complete(id: &str, snapshot: &Snapshot) -> Result<(), Refusal> {
    if snapshot.completed.is_some() {
        return Ok(());
    }
    let message = format!("Snapshot '{id}' is not 'completed'.");
    Err(Refusal::new("IncorrectState", message))
}

/// A zone of the call's region, by name.
pub fn zone(call: &Call, name: &str) -> Result<String, Refusal> {
    let region = region::zone::RegionInfo::named(&call.scope.region);
    if region.is_some_and(|region| region.zones().any(|zone| zone == name)) {
        return Ok(name.to_owned());
    }
    let region = &call.scope.region;
    let message =
        format!("Invalid availability zone: [{name}]. It is not a zone of the region {region}.");
    Err(Refusal::new("InvalidParameterValue", message))
}

/// Encryption is not real here, so it is refused rather than claimed.
pub fn plain(encrypted: Option<bool>, key: Option<&String>) -> Result<(), Refusal> {
    if encrypted == Some(true) || key.is_some() {
        return Err(Refusal::not_implemented("Encryption of volumes and snapshots"));
    }
    Ok(())
}

/// A member that may only say no.
pub fn only_false(value: Option<bool>, what: &str) -> Result<(), Refusal> {
    if value == Some(true) { Err(Refusal::not_implemented(what)) } else { Ok(()) }
}

/// `/dev/sdf`, `xvdf`: where an instance sees a volume.
pub fn device(name: &str) -> Result<(), Refusal> {
    let short = name.strip_prefix("/dev/").unwrap_or(name);
    let letters = ["sd", "xvd", "hd"].iter().find_map(|prefix| short.strip_prefix(prefix));
    let good = letters.is_some_and(|rest| {
        !rest.is_empty()
            && rest.len() <= 4
            && rest.starts_with(|first: char| first.is_ascii_lowercase())
            && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    if good {
        return Ok(());
    }
    Err(invalid(format!(
        "Value ({name}) for parameter device is invalid. {name} is not a valid EBS device name."
    )))
}
