//! CreateVolume.

use crate::model::NewVolume;
use crate::operations::{answer, rules};
use api_ec2::CreateVolumeRequest;
use region::{Call, Refusal, serve};
use vpc::form::{missing, put_tags, tags_for};

/// docs: API_CreateVolume
pub(super) fn create_volume(
    call: &mut Call,
    input: CreateVolumeRequest,
) -> Result<api_ec2::Volume, Refusal> {
    serve!(
        call,
        CreateVolumeRequest {
            availability_zone,
            availability_zone_id,
            size,
            snapshot_id,
            volume_type,
            iops,
            throughput,
            encrypted,
            kms_key_id,
            multi_attach_enabled,
            tag_specifications,
        } = input
    );
    rules::plain(encrypted, kms_key_id.as_ref())?;
    rules::only_false(multi_attach_enabled, "The parameter MultiAttachEnabled=true")?;
    let zone = match (availability_zone, availability_zone_id) {
        (Some(zone), _) => rules::zone(call, &zone)?,
        (None, Some(id)) => zone_of_id(call, &id)?,
        (None, None) => return Err(missing("availabilityZone")),
    };
    let tags = tags_for(tag_specifications, "volume")?;
    let new = match snapshot_id.filter(|id| !id.is_empty()) {
        Some(id) => {
            let (_, snapshot) = rules::snapshot(call, &id)?;
            rules::complete(&id, &snapshot)?;
            NewVolume::of_snapshot(&zone, &id, &snapshot)
        }
        None => NewVolume::blank(&zone),
    };
    let new = NewVolume { kind: volume_type, gib: size, iops, throughput, ..new };
    let volume = new.record(call.now)?;
    let id = call.fresh_id("vol-");
    call.put(id.clone(), volume.clone());
    put_tags(call, &id, "volume", tags)?;
    Ok(answer::volume(call.store(), &call.key(id), &volume))
}

fn zone_of_id(call: &Call, id: &str) -> Result<String, Refusal> {
    let region = region::zone::RegionInfo::named(&call.scope.region);
    let mut zones = region.into_iter().flat_map(|region| region.zones());
    let named =
        zones.find(|zone| region.and_then(|region| region.zone_id(zone)).as_deref() == Some(id));
    named.map_or_else(|| rules::zone(call, id), Ok)
}
