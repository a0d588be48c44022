//! Records as the API shows them.

use crate::model::{Modification, Snapshot, Volume};
use region::{Key, Store, zone::RegionInfo};
use shape::Timestamp;
use vpc::form::{owner, tag_set, text};
use world::{Health, Time};

/// A moment as the API shows it.
pub fn moment(time: Time) -> Timestamp {
    Timestamp(i64::try_from(time.millis()).unwrap_or(i64::MAX))
}

fn count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// A volume.
pub fn volume(store: &Store, key: &Key, volume: &Volume) -> api_ec2::Volume {
    let region = RegionInfo::named(&key.scope.region);
    api_ec2::Volume {
        attachments: Some(attachment(key.id.as_str(), volume).into_iter().collect()),
        availability_zone_id: region.and_then(|region| region.zone_id(&volume.zone)),
        availability_zone: text(&volume.zone),
        create_time: Some(moment(volume.created)),
        encrypted: Some(false),
        iops: volume.performance.iops.map(count),
        multi_attach_enabled: Some(false),
        size: Some(count(volume.performance.gib)),
        snapshot_id: Some(volume.snapshot.clone().unwrap_or_default()),
        state: text(volume.state()),
        tags: tag_set(store, &key.scope, key.id.as_str()),
        throughput: volume.performance.throughput.map(count),
        volume_id: text(&key.id),
        volume_type: text(&volume.performance.kind),
        ..Default::default()
    }
}

/// The attachment of a volume, if it has one.
pub fn attachment(id: &str, volume: &Volume) -> Option<api_ec2::VolumeAttachment> {
    let attachment = volume.attachment.as_ref()?;
    Some(api_ec2::VolumeAttachment {
        attach_time: Some(moment(attachment.at)),
        delete_on_termination: Some(attachment.delete_on_termination),
        device: text(&attachment.device),
        instance_id: text(&attachment.instance),
        state: text(if volume.made { "attached" } else { "attaching" }),
        volume_id: text(id),
        ..Default::default()
    })
}

/// A snapshot.
pub fn snapshot(
    store: &Store,
    key: &Key,
    snapshot: &Snapshot,
    health: Option<&Health>,
) -> api_ec2::Snapshot {
    let failure = match health {
        Some(Health::Failed(why)) if snapshot.completed.is_none() => Some(why.clone()),
        _ => None,
    };
    api_ec2::Snapshot {
        completion_time: snapshot.completed.map(moment),
        description: text(&snapshot.description),
        encrypted: Some(false),
        owner_id: owner(&key.scope),
        progress: text(if snapshot.completed.is_some() { "100%" } else { "0%" }),
        snapshot_id: text(&key.id),
        start_time: Some(moment(snapshot.started)),
        state: text(snapshot.state(health)),
        state_message: failure,
        storage_tier: text("standard"),
        tags: tag_set(store, &key.scope, key.id.as_str()),
        volume_id: text(snapshot.volume()),
        volume_size: Some(count(snapshot.gib)),
        ..Default::default()
    }
}

/// The last change of a volume; complete as soon as the world has been told, which is at once.
pub fn modification(id: &str, change: &Modification) -> api_ec2::VolumeModification {
    let Modification { original, target, started } = change;
    api_ec2::VolumeModification {
        volume_id: text(id),
        modification_state: text("completed"),
        progress: Some(100),
        start_time: Some(moment(*started)),
        end_time: Some(moment(*started)),
        original_iops: original.iops.map(count),
        original_size: Some(count(original.gib)),
        original_throughput: original.throughput.map(count),
        original_volume_type: text(&original.kind),
        original_multi_attach_enabled: Some(false),
        target_iops: target.iops.map(count),
        target_size: Some(count(target.gib)),
        target_throughput: target.throughput.map(count),
        target_volume_type: text(&target.kind),
        target_multi_attach_enabled: Some(false),
        ..Default::default()
    }
}
