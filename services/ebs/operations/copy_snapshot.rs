//! CopySnapshot, within one region or between two of this world.

use crate::model::Snapshot;
use crate::operations::rules;
use api_ec2::{CopySnapshotRequest, CopySnapshotResult};
use region::{Call, Refusal, Scope, serve};
use vpc::form::{invalid, put_tags, tag_set, tags_for, text};

/// docs: API_CopySnapshot
pub(super) fn copy_snapshot(
    call: &mut Call,
    input: CopySnapshotRequest,
) -> Result<CopySnapshotResult, Refusal> {
    serve!(call, CopySnapshotRequest {
        source_snapshot_id, source_region, destination_region, description, encrypted, kms_key_id,
        tag_specifications,
    } unheeded { presigned_url } = input);
    rules::plain(encrypted, kms_key_id.as_ref())?;
    if destination_region.is_some_and(|region| *region != *call.scope.region) {
        return Err(invalid("The destination is the region that is called."));
    }
    let tags = tags_for(tag_specifications, "snapshot")?;
    let description = description
        .unwrap_or_else(|| format!("[Copied {source_snapshot_id} from {source_region}]"));
    let copy = copy(call, &source_region, &source_snapshot_id, description)?;
    let id = call.fresh_id("snap-");
    call.put(id.clone(), copy);
    put_tags(call, &id, "snapshot", tags)?;
    let tags = tag_set(call.store(), &call.scope, id.as_str());
    Ok(CopySnapshotResult { snapshot_id: text(id), tags })
}

/// The record of a copy, in the call's region, of a snapshot in another.
fn copy(call: &Call, from: &str, id: &str, description: String) -> Result<Snapshot, Refusal> {
    rules::SNAPSHOT.check(id)?;
    let there = Scope::new(&call.scope.account, from);
    let found = Snapshot::find(call.store(), &there, id);
    let (_, source) = found.ok_or_else(|| rules::SNAPSHOT.unknown(id))?;
    rules::complete(id, &source)?;
    Snapshot::copy_of(&call.scope, id, &source, description, call.now)
}
