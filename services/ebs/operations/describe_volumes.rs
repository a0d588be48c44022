//! DescribeVolumes.

use crate::model::Volume;
use crate::operations::{answer, rules};
use api_ec2::{DescribeVolumesRequest, DescribeVolumesResult, VolumeAttachment};
use region::{Call, Refusal, serve};
use vpc::form::{List, Query, list};

/// docs: API_DescribeVolumes
pub(super) fn describe_volumes(
    call: &mut Call,
    input: DescribeVolumesRequest,
) -> Result<DescribeVolumesResult, Refusal> {
    serve!(call, DescribeVolumesRequest { volume_ids, filters, max_results, next_token }
        unheeded { include_managed_resources } = input);
    let query = Query { ids: volume_ids, filters, max_results, next_token };
    let (volumes, next_token) = LIST.page(all(call), query)?;
    Ok(DescribeVolumesResult { volumes: Some(volumes), next_token })
}

/// Every volume of the scope, as the API shows it.
pub(super) fn all(call: &Call) -> Vec<api_ec2::Volume> {
    let volumes = call.store().list::<Volume>(&call.scope);
    volumes.map(|(key, volume)| answer::volume(call.store(), key, volume)).collect()
}

/// How volumes are listed.
pub(super) const LIST: List<api_ec2::Volume> = List {
    noun: rules::VOLUME,
    id: |v| &v.volume_id,
    tags: |v| &v.tags,
    fields: &[
        ("attachment.attach-time", |v| of(v, |a| a.attach_time.map(|at| at.iso8601_millis()))),
        ("attachment.delete-on-termination", |v| {
            of(v, |a| a.delete_on_termination.map(|yes| yes.to_string()))
        }),
        ("attachment.device", |v| of(v, |a| a.device.clone())),
        ("attachment.instance-id", |v| of(v, |a| a.instance_id.clone())),
        ("attachment.status", |v| of(v, |a| a.state.clone())),
        ("availability-zone", |v| list(&v.availability_zone)),
        ("availability-zone-id", |v| list(&v.availability_zone_id)),
        ("create-time", |v| list(&v.create_time.map(|at| at.iso8601_millis()))),
        ("encrypted", |v| list(&v.encrypted)),
        ("multi-attach-enabled", |v| list(&v.multi_attach_enabled)),
        ("size", |v| list(&v.size)),
        ("snapshot-id", |v| list(&v.snapshot_id)),
        ("status", |v| list(&v.state)),
        ("volume-id", |v| list(&v.volume_id)),
        ("volume-type", |v| list(&v.volume_type)),
    ],
};

fn of(volume: &api_ec2::Volume, read: fn(&VolumeAttachment) -> Option<String>) -> Vec<String> {
    volume.attachments.iter().flatten().filter_map(read).collect()
}
