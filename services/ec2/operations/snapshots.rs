//! CreateSnapshots, DeleteSnapshot: the two that look at instances and images too.

use super::images;
use crate::operations::rules;
use api_ec2::{
    CreateSnapshotsRequest, CreateSnapshotsResult, DeleteSnapshotOutput, DeleteSnapshotRequest,
    InstanceSpecification, SnapshotInfo,
};
use ebs::model::Snapshot;
use region::{Call, Refusal, Tags, serve};
use vpc::form::{owner, put_tags, tag_set, tags_for, text};
use world::Id;

/// docs: API_CreateSnapshots
pub(super) fn create_snapshots(
    call: &mut Call,
    input: CreateSnapshotsRequest,
) -> Result<CreateSnapshotsResult, Refusal> {
    serve!(
        call,
        CreateSnapshotsRequest {
            instance_specification,
            description,
            tag_specifications,
            copy_tags_from_source,
        } = input
    );
    serve!(
        call,
        InstanceSpecification { instance_id, exclude_boot_volume, exclude_data_volume_ids } =
            instance_specification
    );
    let tags = tags_for(tag_specifications, "snapshot")?;
    let instance = rules::living(call, &instance_id)?;
    let without = exclude_data_volume_ids.unwrap_or_default();
    let root = instance.root.iter().filter(|_| exclude_boot_volume != Some(true));
    let disks = instance.disks.iter().filter(|id| !without.iter().any(|one| one == id.as_str()));
    let mut shown = Vec::new();
    for id in root.chain(disks) {
        let volume = ebs::rules::volume(call, id.as_str())?;
        let text = description.clone().unwrap_or_default();
        let snapshot = Snapshot::of_volume(id, &volume, text, call.now)?;
        let new = call.fresh_id("snap-");
        call.put(new.clone(), snapshot.clone());
        let mut tags = tags.clone();
        if copy_tags_from_source.as_deref() == Some("volume") {
            let copied = Tags::of(call.store(), &call.scope, id.as_str());
            for (key, value) in copied {
                tags.entry(key).or_insert(value);
            }
        }
        put_tags(call, &new, "snapshot", tags)?;
        shown.push(info(call, &new, &snapshot));
    }
    Ok(CreateSnapshotsResult { snapshots: Some(shown) })
}

fn info(call: &Call, id: &Id, snapshot: &Snapshot) -> SnapshotInfo {
    SnapshotInfo {
        description: text(&snapshot.description),
        encrypted: Some(false),
        owner_id: owner(&call.scope),
        progress: text("0%"),
        snapshot_id: text(id),
        start_time: Some(ebs::answer::moment(snapshot.started)),
        state: text("pending"),
        tags: tag_set(call.store(), &call.scope, id.as_str()),
        volume_id: text(snapshot.volume()),
        volume_size: i32::try_from(snapshot.gib).ok(),
        ..Default::default()
    }
}

/// docs: API_DeleteSnapshot
pub(super) fn delete_snapshot(
    call: &mut Call,
    input: DeleteSnapshotRequest,
) -> Result<DeleteSnapshotOutput, Refusal> {
    serve!(call, DeleteSnapshotRequest { snapshot_id } = input);
    let snapshot = ebs::rules::own_snapshot(call, &snapshot_id)?;
    if let Some(image) = images::uses(call, &snapshot_id) {
        let message = format!("The snapshot {snapshot_id} is currently in use by {image}");
        return Err(Refusal::new("InvalidSnapshot.InUse", message));
    }
    call.put(&snapshot_id, Snapshot { deleting: true, ..snapshot });
    Ok(DeleteSnapshotOutput {})
}
