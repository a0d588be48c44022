//! DeleteVolume.

use crate::model::Volume;
use crate::operations::rules;
use api_ec2::{DeleteVolumeOutput, DeleteVolumeRequest};
use region::{Call, Refusal, serve};

/// docs: API_DeleteVolume
pub(super) fn delete_volume(
    call: &mut Call,
    input: DeleteVolumeRequest,
) -> Result<DeleteVolumeOutput, Refusal> {
    serve!(call, DeleteVolumeRequest { volume_id } = input);
    let volume = rules::volume(call, &volume_id)?;
    if let Some(attachment) = &volume.attachment {
        let message =
            format!("Volume {volume_id} is currently attached to {}", attachment.instance);
        return Err(Refusal::new("VolumeInUse", message));
    }
    call.put(&volume_id, Volume { deleting: true, ..volume });
    Ok(DeleteVolumeOutput {})
}
