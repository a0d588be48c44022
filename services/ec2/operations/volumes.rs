//! AttachVolume, DetachVolume: they change a volume and an instance at once.

use crate::model::{Instance, State};
use crate::operations::{launch, rules};
use api_ec2::{AttachVolumeRequest, DetachVolumeRequest, VolumeAttachment};
use ebs::model::{Attachment, Volume};
use region::{Call, Refusal, serve};
use vpc::form::{invalid, text};
use world::{Form, Id};

fn state(message: String) -> Refusal {
    Refusal::new("IncorrectState", message)
}

/// docs: API_AttachVolume
pub(super) fn attach_volume(
    call: &mut Call,
    input: AttachVolumeRequest,
) -> Result<VolumeAttachment, Refusal> {
    serve!(call, AttachVolumeRequest { volume_id, instance_id, device } = input);
    let mut volume = ebs::rules::volume(call, &volume_id)?;
    let mut instance = rules::instance(call, &instance_id)?;
    ebs::rules::device(&device)?;
    if let Some(attachment) = &volume.attachment {
        let message = format!("{volume_id} is already attached to {}", attachment.instance);
        return Err(Refusal::new("VolumeInUse", message));
    }
    if volume.state() != "available" {
        return Err(state(format!("{volume_id} is not 'available'.")));
    }
    if !instance.state.is_on() && instance.state != State::Stopped {
        return Err(state(format!("Instance '{instance_id}' is not 'running'.")));
    }
    if volume.zone != instance.zone.as_str() {
        let message = format!(
            "The volume '{volume_id}' is not in the same availability zone as instance \
             '{instance_id}'"
        );
        return Err(Refusal::new("InvalidVolume.ZoneMismatch", message));
    }
    if taken(call, &instance, &device) {
        return Err(invalid(format!(
            "Invalid value '{device}' for unixDevice. Attachment point {device} is already in use"
        )));
    }
    place(&mut instance, &volume, &volume_id, &device)?;
    volume.attachment = Some(Attachment {
        instance: instance_id.clone(),
        device,
        at: call.now,
        delete_on_termination: false,
    });
    let shown = ebs::answer::attachment(&volume_id, &volume);
    call.put(&volume_id, volume);
    call.put(&instance_id, instance);
    Ok(VolumeAttachment { state: text("attaching"), ..shown.unwrap_or_default() })
}

fn taken(call: &Call, instance: &Instance, device: &str) -> bool {
    let short = |name: &str| name.trim_start_matches("/dev/").to_owned();
    instance.volumes().any(|id| {
        let volume = call.find::<Volume>(id.as_str());
        let attachment = volume.as_ref().and_then(|volume| volume.attachment.as_ref());
        attachment.is_some_and(|one| short(&one.device) == short(device))
    })
}

/// The root device takes what machines boot from, while the instance is stopped; every other
/// device takes the rest.
fn place(instance: &mut Instance, volume: &Volume, id: &str, device: &str) -> Result<(), Refusal> {
    if instance.volumes().count() >= launch::VOLUMES {
        let message = format!("An instance can have {} volumes.", launch::VOLUMES);
        return Err(Refusal::new("AttachmentLimitExceeded", message));
    }
    match (device == instance.root_device, volume.form) {
        (true, Form::Tree) if instance.root.is_none() && instance.state == State::Stopped => {
            instance.root = Some(Id::from(id));
            Ok(())
        }
        (true, Form::Block) => Err(state(format!("{id} holds nothing to boot from."))),
        (false, Form::Block) => {
            instance.disks.push(Id::from(id));
            Ok(())
        }
        (true, Form::Tree) => Err(state(format!(
            "A root volume can be attached to a stopped instance only; it is '{}'.",
            instance.state.name()
        ))),
        (false, Form::Tree) => {
            Err(Refusal::not_implemented("A root file system as a further volume"))
        }
    }
}

/// docs: API_DetachVolume. The world takes a disk out whether its guest likes it or not.
pub(super) fn detach_volume(
    call: &mut Call,
    input: DetachVolumeRequest,
) -> Result<VolumeAttachment, Refusal> {
    serve!(call, DetachVolumeRequest { volume_id, instance_id, device } unheeded { force }
        = input);
    let volume = ebs::rules::volume(call, &volume_id)?;
    let Some(attachment) = volume.attachment.clone() else {
        return Err(state(format!("Volume '{volume_id}' is in the 'available' state.")));
    };
    let other = instance_id.is_some_and(|id| id != attachment.instance)
        || device.is_some_and(|device| device != attachment.device);
    if other {
        let message = format!(
            "The volume '{volume_id}' is not attached there, but to {} as {}.",
            attachment.instance, attachment.device
        );
        return Err(Refusal::new("InvalidAttachment.NotFound", message));
    }
    let mut instance = rules::instance(call, &attachment.instance)?;
    if instance.root.as_ref().is_some_and(|root| root.as_str() == volume_id) {
        if instance.state != State::Stopped {
            let message = format!(
                "Unable to detach root volume '{volume_id}' from instance '{}'",
                attachment.instance
            );
            return Err(Refusal::new("OperationNotPermitted", message));
        }
        instance.root = None;
    }
    instance.disks.retain(|id| id.as_str() != volume_id);
    let shown = ebs::answer::attachment(&volume_id, &volume);
    call.put(&attachment.instance, instance);
    call.put(&volume_id, Volume { attachment: None, ..volume });
    Ok(VolumeAttachment { state: text("detaching"), ..shown.unwrap_or_default() })
}
