//! Images as the API shows them.

use crate::model::images::Found;
use crate::model::{ImageDisk, RootSource};
use api_ec2::{BlockDeviceMapping, EbsBlockDevice};
use region::{Scope, View};
use vpc::form::{owner, tag_set, text};
use world::Health;

/// `available`, `pending` while a snapshot of it is not complete, `failed`.
pub(crate) fn state(view: &View, image: &Found) -> &'static str {
    let Found::Own(key, own) = image else { return "available" };
    let mut state = "available";
    for disk in &own.disks {
        let RootSource::Snapshot(id) = &disk.source else { continue };
        let found = image.behind(view.store, &key.scope, id);
        let complete = found.is_some_and(|snapshot| snapshot.completed.is_some());
        let health = view.health(&world::Id::from(id));
        match health {
            _ if complete => {}
            Some(Health::Failed(_)) => return "failed",
            _ => state = "pending",
        }
    }
    state
}

/// An image.
pub(crate) fn of(view: &View, scope: &Scope, image: &Found) -> api_ec2::Image {
    let state = state(view, image);
    let mut shown = api_ec2::Image {
        architecture: text("x86_64"),
        block_device_mappings: Some(
            image.disks().iter().map(|disk| mapping(image, disk)).collect(),
        ),
        boot_mode: text("uefi-preferred"),
        ena_support: Some(true),
        hypervisor: text("xen"),
        image_id: text(image.id()),
        image_type: text("machine"),
        imds_support: image.imds_v2().then(|| "v2.0".to_owned()),
        platform_details: text("Linux/UNIX"),
        root_device_name: text(image.root_device()),
        root_device_type: text("ebs"),
        sriov_net_support: text("simple"),
        state: text(state),
        usage_operation: text("RunInstances"),
        virtualization_type: text("hvm"),
        ..Default::default()
    };
    match image {
        Found::Public(image) => {
            shown.creation_date = text(image.created);
            shown.description =
                text(format!("{} (in Maquette: the host's own system)", image.title));
            shown.image_location = text(format!("amazon/{}", image.name));
            shown.image_owner_alias = image.alias.and_then(text);
            shown.name = text(image.name);
            shown.owner_id = text(image.owner);
            shown.public = Some(true);
        }
        Found::Own(key, own) => {
            let created = ebs::answer::moment(own.created).iso8601_millis();
            shown.creation_date = text(created);
            shown.description = text(&own.description);
            shown.image_location = text(format!("{}/{}", key.scope.account, own.name));
            shown.name = text(&own.name);
            shown.owner_id = owner(&key.scope);
            shown.public = Some(own.visible.all);
            shown.source_instance_id = own.instance.clone();
            shown.source_image_id = own.copied.as_ref().map(|(id, _)| id.clone());
            shown.source_image_region = own.copied.as_ref().map(|(_, region)| region.clone());
            shown.tags = tag_set(view.store, scope, key.id.as_str());
        }
    }
    shown
}

fn mapping(image: &Found, disk: &ImageDisk) -> BlockDeviceMapping {
    let number = |number: Option<u32>| number.and_then(|number| i32::try_from(number).ok());
    BlockDeviceMapping {
        device_name: text(&disk.device),
        ebs: Some(EbsBlockDevice {
            delete_on_termination: Some(disk.delete_on_termination),
            encrypted: Some(false),
            iops: number(disk.iops),
            snapshot_id: image.snapshot_of(disk),
            throughput: number(disk.throughput),
            volume_size: number(Some(disk.gib)),
            volume_type: text(&disk.kind),
            ..Default::default()
        }),
        ..Default::default()
    }
}
