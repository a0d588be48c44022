//! ModifyVolume, DescribeVolumesModifications: type, size (it only grows) and speed.

use crate::model::{Modification, Performance, Volume};
use crate::operations::{answer, rules};
use api_ec2::{
    DescribeVolumesModificationsRequest, DescribeVolumesModificationsResult, ModifyVolumeRequest,
    ModifyVolumeResult, VolumeModification,
};
use region::listing::{self, Field};
use region::{Call, Refusal, serve};
use vpc::form::{self, invalid, list};

/// docs: API_ModifyVolume
pub(super) fn modify_volume(
    call: &mut Call,
    input: ModifyVolumeRequest,
) -> Result<ModifyVolumeResult, Refusal> {
    serve!(
        call,
        ModifyVolumeRequest {
            volume_id,
            size,
            volume_type,
            iops,
            throughput,
            multi_attach_enabled,
        } = input
    );
    rules::only_false(multi_attach_enabled, "The parameter MultiAttachEnabled=true")?;
    let volume = rules::volume(call, &volume_id)?;
    if volume.failure.is_some() || !volume.made {
        let message = format!("Volume {volume_id} is in the state {}.", volume.state());
        return Err(Refusal::new("IncorrectModificationState", message));
    }
    let present = &volume.performance;
    let gib = size.unwrap_or(i32::try_from(present.gib).unwrap_or(i32::MAX));
    if u32::try_from(gib).is_ok_and(|gib| gib < present.gib) {
        return Err(invalid(format!(
            "New size cannot be smaller than existing size {}GiB",
            present.gib
        )));
    }
    let same = volume_type.as_ref().is_none_or(|kind| *kind == present.kind);
    let kind = volume_type.unwrap_or_else(|| present.kind.clone());
    // What was ordered stays as long as the type does; only the types with a choice have it.
    let choice = |now: Option<u32>| now.filter(|_| same).and_then(|now| i32::try_from(now).ok());
    let iops = iops.or_else(|| choice(present.iops.filter(|_| kind != "gp2")));
    let throughput = throughput.or_else(|| choice(present.throughput));
    let target = Performance::order(&kind, gib, iops, throughput)?;
    let change =
        Modification { original: present.clone(), target: target.clone(), started: call.now };
    let shown = answer::modification(&volume_id, &change);
    let state = Some("modifying".to_owned());
    let shown = VolumeModification {
        modification_state: state,
        progress: Some(0),
        end_time: None,
        ..shown
    };
    call.put(&volume_id, Volume { performance: target, modification: Some(change), ..volume });
    Ok(ModifyVolumeResult { volume_modification: Some(shown) })
}

/// docs: API_DescribeVolumesModifications
pub(super) fn describe_volumes_modifications(
    call: &mut Call,
    input: DescribeVolumesModificationsRequest,
) -> Result<DescribeVolumesModificationsResult, Refusal> {
    serve!(
        call,
        DescribeVolumesModificationsRequest { volume_ids, filters, max_results, next_token } =
            input
    );
    let ids = volume_ids.unwrap_or_default();
    for id in &ids {
        if rules::volume(call, id)?.modification.is_none() {
            let message = format!("Modification for volume '{id}' does not exist.");
            return Err(Refusal::new("InvalidVolumeModification.NotFound", message));
        }
    }
    let all = call.list::<Volume>().into_iter().filter_map(|(id, volume)| {
        let named = ids.is_empty() || ids.iter().any(|one| one == id.as_str());
        let change = volume.modification.as_ref().filter(|_| named && !volume.deleting)?;
        Some(answer::modification(id.as_str(), change))
    });
    let kept = listing::filter(all.collect(), &form::filters(filters)?, FIELDS, |_| Vec::new())?;
    let limit = max_results.map(|limit| limit.max(1) as usize);
    let name = |one: &VolumeModification| one.volume_id.clone().unwrap_or_default();
    let (page, next_token) = listing::page(kept, name, next_token.as_deref(), limit)?;
    Ok(DescribeVolumesModificationsResult { volumes_modifications: Some(page), next_token })
}

const FIELDS: &[Field<VolumeModification>] = &[
    ("modification-state", |m| list(&m.modification_state)),
    ("original-size", |m| list(&m.original_size)),
    ("original-volume-type", |m| list(&m.original_volume_type)),
    ("target-size", |m| list(&m.target_size)),
    ("target-volume-type", |m| list(&m.target_volume_type)),
    ("volume-id", |m| list(&m.volume_id)),
];
