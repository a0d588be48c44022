//! CreateImage, RegisterImage, CopyImage, DeregisterImage.

use crate::model::images::{self, Found};
use crate::model::{Image, ImageDisk, Instance, RootSource, State};
use crate::operations::rules;
use api_ec2::{
    BlockDeviceMapping, CopyImageRequest, CopyImageResult, CreateImageRequest, CreateImageResult,
    DeregisterImageRequest, DeregisterImageResult, EbsBlockDevice, RegisterImageRequest,
    RegisterImageResult,
};
use ebs::model::{Snapshot, Visible, Volume};
use region::{Call, Refusal, Scope, Tags, serve};
use vpc::form::{forget_tags, missing, put_tags, tags_by_type, tags_for, text};
use world::{Form, Id};

/// docs: API_CreateImage
pub(super) fn create_image(
    call: &mut Call,
    input: CreateImageRequest,
) -> Result<CreateImageResult, Refusal> {
    serve!(
        call,
        CreateImageRequest {
            instance_id,
            name,
            description,
            no_reboot,
            tag_specifications,
            block_device_mappings,
        } = input
    );
    rules::absent(&block_device_mappings, "BlockDeviceMappings")?;
    let mut tags = tags_by_type(tag_specifications, &["image", "snapshot"])?;
    free(call, &name)?;
    let mut instance = rules::instance(call, &instance_id)?;
    if !matches!(instance.state, State::Running | State::Stopped) {
        let message = format!(
            "The instance '{instance_id}' is in the state '{}'; it must be running or stopped.",
            instance.state.name()
        );
        return Err(Refusal::new("IncorrectState", message));
    }
    if instance.root.is_none() {
        let message = format!(
            "Instance '{instance_id}' does not have a volume attached at root ({})",
            instance.root_device
        );
        return Err(Refusal::new("IncorrectState", message));
    }
    let id = call.fresh_id("ami-");
    let mut disks = Vec::new();
    for volume_id in instance.volumes().cloned().collect::<Vec<_>>() {
        let text = format!("Created by CreateImage({instance_id}) for {id}");
        let (snapshot, disk) = freeze(call, &volume_id, text)?;
        put_tags(call, &snapshot, "snapshot", tags.get("snapshot").cloned().unwrap_or_default())?;
        disks.push(disk);
    }
    if no_reboot != Some(true) && instance.state == State::Running {
        instance.boot_again(call.now);
        call.put(&instance_id, instance.clone());
    }
    let image = Image {
        name,
        description: description.unwrap_or_default(),
        created: call.now,
        root_device: instance.root_device.clone(),
        disks,
        imds_v2: of_instance(call, &instance),
        instance: Some(instance_id),
        copied: None,
        visible: Visible::default(),
    };
    call.put(id.clone(), image);
    put_tags(call, &id, "image", tags.remove("image").unwrap_or_default())?;
    Ok(CreateImageResult { image_id: text(id) })
}

fn of_instance(call: &Call, instance: &Instance) -> bool {
    let image = images::find(call.store(), &call.scope, &instance.image);
    image.is_some_and(|image| image.imds_v2())
}

/// A snapshot of a volume of an instance, and the disk of an image that it makes.
fn freeze(call: &mut Call, id: &Id, description: String) -> Result<(Id, ImageDisk), Refusal> {
    let volume = ebs::rules::volume(call, id.as_str())?;
    let snapshot = Snapshot::of_volume(id, &volume, description, call.now)?;
    let frozen = call.fresh_id("snap-");
    call.put(frozen.clone(), snapshot);
    let Volume { performance, attachment, .. } = volume;
    let attachment = attachment.ok_or_else(|| Refusal::bug("an instance's volume is detached"))?;
    let disk = ImageDisk {
        device: attachment.device,
        source: RootSource::Snapshot(frozen.to_string()),
        gib: performance.gib,
        iops: performance.iops.filter(|_| performance.kind != "gp2"),
        throughput: performance.throughput,
        kind: performance.kind,
        delete_on_termination: attachment.delete_on_termination,
    };
    Ok((frozen, disk))
}

/// docs: API_RegisterImage. Boot mode and enhanced networking do not differ here.
pub(super) fn register_image(
    call: &mut Call,
    input: RegisterImageRequest,
) -> Result<RegisterImageResult, Refusal> {
    serve!(call, RegisterImageRequest {
        name, description, architecture, root_device_name, block_device_mappings, imds_support,
        virtualization_type, tag_specifications, image_location,
    } unheeded { ena_support, sriov_net_support, boot_mode } = input);
    rules::one_of(architecture.as_deref(), &["x86_64"], "Architecture")?;
    rules::one_of(virtualization_type.as_deref(), &["hvm"], "VirtualizationType")?;
    let tags = tags_for(tag_specifications, "image")?;
    free(call, &name)?;
    let root = root_device_name.ok_or_else(|| missing("RootDeviceName"))?;
    let mut disks = Vec::new();
    disks.extend(image_location.map(|location| imported(&root, &location)).transpose()?);
    for mapping in block_device_mappings.unwrap_or_default() {
        disks.push(registered(call, mapping)?);
    }
    disks.sort_by_key(|disk| disk.device != root);
    root_boots(call, &root, disks.first())?;
    let id = call.fresh_id("ami-");

    let image = Image {
        name,
        description: description.unwrap_or_default(),
        created: call.now,
        root_device: root,
        disks,
        instance: None,
        copied: None,
        visible: Visible::default(),
        imds_v2: imds_support.as_deref() == Some("v2.0"),
    };
    call.put(id.clone(), image);
    put_tags(call, &id, "image", tags)?;
    Ok(RegisterImageResult { image_id: text(id) })
}

/// The root disk of a root file system that was unpacked on this host: `maquette/NAME`, as
/// `maquette image import` registers it. On AWS a location is a bundle in S3.
fn imported(root: &str, location: &str) -> Result<ImageDisk, Refusal> {
    let name = location.strip_prefix("maquette/").filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| {
        let message = "An image location is maquette/NAME; unpack one with `maquette image import`";
        Refusal::new("InvalidParameterValue", message)
    })?;
    Ok(ImageDisk {
        device: root.to_owned(),
        source: RootSource::World(name.to_owned()),
        gib: 8,
        kind: "gp3".to_owned(),
        iops: None,
        throughput: None,
        delete_on_termination: true,
    })
}

/// Refuses an image whose root device holds nothing to boot from.
fn root_boots(call: &Call, root: &str, first: Option<&ImageDisk>) -> Result<(), Refusal> {
    let refuse = |message: String| Err(Refusal::new("InvalidBlockDeviceMapping", message));
    match first.filter(|disk| disk.device == root).map(|disk| &disk.source) {
        Some(RootSource::World(_)) => Ok(()),
        Some(RootSource::Snapshot(id)) => match ebs::rules::snapshot(call, id)?.1.form {
            Form::Tree => Ok(()),
            Form::Block => refuse(format!("{id} holds nothing to boot from")),
        },
        _ => refuse(format!("The root device {root} needs a mapping with a snapshot.")),
    }
}

fn registered(call: &mut Call, mapping: BlockDeviceMapping) -> Result<ImageDisk, Refusal> {
    serve!(call, BlockDeviceMapping { device_name, ebs } = mapping);
    let device = device_name.ok_or_else(|| missing("deviceName"))?;
    ebs::rules::device(&device)?;
    let block = ebs.ok_or_else(|| missing("BlockDeviceMapping.Ebs"))?;
    serve!(
        call,
        EbsBlockDevice {
            snapshot_id,
            volume_size,
            volume_type,
            iops,
            throughput,
            delete_on_termination,
            encrypted,
            kms_key_id,
        } = block
    );
    ebs::rules::plain(encrypted, kms_key_id.as_ref())?;
    let new = match &snapshot_id {
        Some(id) => {
            let (_, snapshot) = ebs::rules::snapshot(call, id)?;
            ebs::model::NewVolume::of_snapshot("", id, &snapshot)
        }
        None => ebs::model::NewVolume::blank(""),
    };
    let kind = volume_type.unwrap_or_else(|| "gp2".to_owned());
    let order = ebs::model::NewVolume {
        kind: Some(kind.clone()),
        gib: volume_size,
        iops,
        throughput,
        ..new
    };
    let made = order.record(call.now)?.performance;
    Ok(ImageDisk {
        device,
        source: snapshot_id.map_or(RootSource::Blank, RootSource::Snapshot),
        gib: made.gib,
        iops: made.iops.filter(|_| kind != "gp2"),
        throughput: made.throughput,
        kind,
        delete_on_termination: delete_on_termination.unwrap_or(true),
    })
}

/// docs: API_CopyImage
pub(super) fn copy_image(
    call: &mut Call,
    input: CopyImageRequest,
) -> Result<CopyImageResult, Refusal> {
    serve!(
        call,
        CopyImageRequest {
            name,
            description,
            source_image_id,
            source_region,
            encrypted,
            kms_key_id,
            copy_image_tags,
            tag_specifications,
        } = input
    );
    ebs::rules::plain(encrypted, kms_key_id.as_ref())?;
    let mut tags = tags_by_type(tag_specifications, &["image", "snapshot"])?;
    free(call, &name)?;
    rules::IMAGE.check(&source_image_id)?;
    let there = Scope::new(&call.scope.account, &source_region);
    let unknown = || rules::IMAGE.unknown(&source_image_id);
    let source = images::find(call.store(), &there, &source_image_id).ok_or_else(unknown)?;
    if crate::operations::answer::image::state(&call.view(), &source) != "available" {
        let message = format!("Image '{source_image_id}' is not in the state 'available'.");
        return Err(Refusal::new("InvalidAMIID.Unavailable", message));
    }
    let id = call.fresh_id("ami-");
    let mut disks = source.disks();
    for disk in &mut disks {
        let RootSource::Snapshot(old) = &disk.source else { continue };
        let found = source.behind(call.store(), &there, old);
        let snapshot = found.ok_or_else(|| ebs::rules::SNAPSHOT.unknown(old))?;
        let title = format!("Copied for DestinationAmi {id} from SourceAmi {source_image_id}");
        let copy = Snapshot::copy_of(&call.scope, old, &snapshot, title, call.now)?;
        let new = call.fresh_id("snap-");
        call.put(new.clone(), copy);
        put_tags(call, &new, "snapshot", tags.get("snapshot").cloned().unwrap_or_default())?;
        disk.source = RootSource::Snapshot(new.to_string());
    }
    let own = match &source {
        Found::Own(_, image) => image.description.clone(),
        Found::Public(image) => image.title.to_owned(),
    };
    let image = Image {
        name,
        description: description.unwrap_or(own),
        created: call.now,
        root_device: source.root_device().to_owned(),
        disks,
        instance: None,
        imds_v2: source.imds_v2(),
        copied: Some((source_image_id.clone(), source_region)),
        visible: Visible::default(),
    };
    call.put(id.clone(), image);
    let mut own = tags.remove("image").unwrap_or_default();
    if copy_image_tags == Some(true) {
        for (key, value) in Tags::of(call.store(), &there, &source_image_id) {
            own.entry(key).or_insert(value);
        }
    }
    put_tags(call, &id, "image", own)?;
    Ok(CopyImageResult { image_id: text(id) })
}

/// docs: API_DeregisterImage. Its snapshots stay, as on AWS.
pub(super) fn deregister_image(
    call: &mut Call,
    input: DeregisterImageRequest,
) -> Result<DeregisterImageResult, Refusal> {
    serve!(call, DeregisterImageRequest { image_id, delete_associated_snapshots } = input);
    ebs::rules::only_false(delete_associated_snapshots, "DeleteAssociatedSnapshots=true")?;
    own(call, &image_id)?;
    call.forget::<Image>(&image_id);
    forget_tags(call, &Id::from(&image_id));
    Ok(DeregisterImageResult { r#return: Some(true), delete_snapshot_results: Some(Vec::new()) })
}

/// The account's own image; a copy, to change and put back.
pub(super) fn own(call: &Call, id: &str) -> Result<Image, Refusal> {
    rules::IMAGE.check(id)?;
    match images::find(call.store(), &call.scope, id) {
        Some(Found::Own(key, image)) if key.scope == call.scope => Ok((*image).clone()),
        Some(_) => {
            let message = format!("Not authorized for image:{id}");
            Err(Refusal::new("AuthFailure", message).status(403))
        }
        None => {
            let message = format!("The image id '[{id}]' does not exist");
            Err(Refusal::new("InvalidAMIID.NotFound", message))
        }
    }
}

/// An image name that can be given: 3 to 128 characters of AWS's set, not taken.
fn free(call: &Call, name: &str) -> Result<(), Refusal> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || " ()[]./-'@_".contains(c);
    if !(3..=128).contains(&name.len()) || !name.chars().all(allowed) {
        return Err(Refusal::new(
            "InvalidAMIName.Malformed",
            "AMI names must be between 3 and 128 characters long, and may contain letters, \
             numbers, '(', ')', '[', ']', ' ', '.', '/', '-', ''', '@' and '_'",
        ));
    }
    let taken = call.list::<Image>().into_iter().find(|(_, image)| image.name == name);
    match taken {
        None => Ok(()),
        Some((id, _)) => {
            let message = format!("AMI name {name} is already in use by AMI {id}");
            Err(Refusal::new("InvalidAMIName.Duplicate", message))
        }
    }
}

/// Which image uses a snapshot.
pub(super) fn uses(call: &Call, snapshot: &str) -> Option<Id> {
    let uses =
        |disk: &ImageDisk| matches!(&disk.source, RootSource::Snapshot(id) if id == snapshot);
    let all = call.list::<Image>();
    all.into_iter().find(|(_, image)| image.disks.iter().any(uses)).map(|(id, _)| id)
}
