//! CreateSnapshot.

use crate::model::Snapshot;
use crate::operations::{answer, rules};
use api_ec2::CreateSnapshotRequest;
use region::{Call, Refusal, serve};
use vpc::form::{put_tags, tags_for};
use world::Id;

/// docs: API_CreateSnapshot
pub(super) fn create_snapshot(
    call: &mut Call,
    input: CreateSnapshotRequest,
) -> Result<api_ec2::Snapshot, Refusal> {
    serve!(call, CreateSnapshotRequest { volume_id, description, tag_specifications } = input);
    let volume = rules::volume(call, &volume_id)?;
    let tags = tags_for(tag_specifications, "snapshot")?;
    let description = description.unwrap_or_default();
    let snapshot = Snapshot::of_volume(&Id::from(&volume_id), &volume, description, call.now)?;
    let id = call.fresh_id("snap-");
    call.put(id.clone(), snapshot.clone());
    put_tags(call, &id, "snapshot", tags)?;
    Ok(answer::snapshot(call.store(), &call.key(id), &snapshot, None))
}
