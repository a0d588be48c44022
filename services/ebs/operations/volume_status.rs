//! DescribeVolumeStatus: what the world says of each disk.

use super::describe_volumes;
use api_ec2::{
    DescribeVolumeStatusRequest, DescribeVolumeStatusResult, VolumeStatusDetails, VolumeStatusInfo,
    VolumeStatusItem,
};
use region::{Call, Refusal, serve};
use vpc::form::{Query, text};
use world::{Health, Id};

/// docs: API_DescribeVolumeStatus
pub(super) fn describe_volume_status(
    call: &mut Call,
    input: DescribeVolumeStatusRequest,
) -> Result<DescribeVolumeStatusResult, Refusal> {
    serve!(call, DescribeVolumeStatusRequest { volume_ids, filters, max_results, next_token }
        unheeded { include_managed_resources } = input);
    let query = Query { ids: volume_ids, filters, max_results, next_token };
    let all = describe_volumes::all(call);
    let (volumes, next_token) = describe_volumes::LIST.page(all, query)?;
    let items = volumes.into_iter().map(|volume| item(call, volume)).collect();
    Ok(DescribeVolumeStatusResult { volume_statuses: Some(items), next_token })
}

fn item(call: &Call, volume: api_ec2::Volume) -> VolumeStatusItem {
    let id = volume.volume_id.clone().unwrap_or_default();
    let id_of = Id::from(&id);
    let stalls = call.stalls(&id_of);
    let (status, enabled) = match call.health(&id_of) {
        Some(Health::Ready) if stalls => ("impaired", "passed"),
        Some(Health::Ready) => ("ok", "passed"),
        Some(Health::Failed(_) | Health::Dark) => ("impaired", "failed"),
        _ => ("insufficient-data", "insufficient-data"),
    };
    let detail = VolumeStatusDetails { name: text("io-enabled"), status: text(enabled) };
    let speed = if stalls { "stalled" } else { "not-applicable" };
    let speed = VolumeStatusDetails { name: text("io-performance"), status: text(speed) };
    VolumeStatusItem {
        actions: Some(Vec::new()),
        events: Some(Vec::new()),
        availability_zone: volume.availability_zone,
        availability_zone_id: volume.availability_zone_id,
        volume_id: Some(id),
        volume_status: Some(VolumeStatusInfo {
            status: text(status),
            details: Some(vec![detail, speed]),
        }),
        ..Default::default()
    }
}
