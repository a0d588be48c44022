//! The volumes of an instance to be: those of its image, as the launch changes them, and more.

use crate::model::images::Found;
use crate::model::{ImageDisk, RootSource};
use api_ec2::{BlockDeviceMapping, EbsBlockDevice};
use ebs::model::{NewVolume, Volume};
use region::{Call, Refusal, serve};
use vpc::form::missing;
use world::{Form, Source, Zone};

/// Volumes of one instance; AWS's limit on current types (EC2 user guide, "Volume limits").
pub(crate) const VOLUMES: usize = 28;

/// A volume of an instance to be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Disk {
    pub(crate) device: String,
    pub(crate) volume: Volume,
    pub(crate) delete_on_termination: bool,
}

fn bad(message: String) -> Refusal {
    Refusal::new("InvalidBlockDeviceMapping", message)
}

/// All volumes, the root's first.
pub(super) fn resolve(
    call: &mut Call,
    image: &Found,
    zone: &Zone,
    mappings: Option<&[BlockDeviceMapping]>,
) -> Result<Vec<Disk>, Refusal> {
    let mut wanted: Vec<(ImageDisk, EbsBlockDevice)> =
        image.disks().into_iter().map(|disk| (disk, EbsBlockDevice::default())).collect();
    let mut seen: Vec<String> = Vec::new();
    for mapping in mappings.unwrap_or_default() {
        serve!(
            call,
            BlockDeviceMapping { device_name, ebs, no_device, virtual_name } = mapping.clone()
        );
        let device = device_name.ok_or_else(|| missing("deviceName"))?;
        ebs::rules::device(&device)?;
        if seen.contains(&device) {
            return Err(bad(format!("The device '{device}' is used in more than one mapping")));
        }
        seen.push(device.clone());
        crate::operations::rules::absent(&virtual_name, "BlockDeviceMapping.VirtualName")?;
        let at = wanted.iter().position(|(disk, _)| disk.device == device);
        match (at, no_device, ebs) {
            (Some(0), Some(_), _) => {
                return Err(bad("The root device cannot be left out.".to_owned()));
            }
            (Some(at), Some(_), _) => drop(wanted.remove(at)),
            (None, Some(_), _) => {}
            (Some(at), None, Some(ebs)) => wanted[at].1 = ebs,
            (Some(_), None, None) => {}
            (None, None, Some(ebs)) => wanted.push((added(device), ebs)),
            (None, None, None) => return Err(missing("BlockDeviceMapping.Ebs")),
        }
    }
    if wanted.len() > VOLUMES {
        let message = format!("An instance can have {VOLUMES} volumes.");
        return Err(Refusal::new("AttachmentLimitExceeded", message));
    }
    let mut disks = Vec::new();
    for (place, (disk, ebs)) in wanted.into_iter().enumerate() {
        disks.push(volume(call, zone, image, disk, ebs, place == 0)?);
    }
    Ok(disks)
}

/// A disk that the image does not have.
fn added(device: String) -> ImageDisk {
    ImageDisk {
        device,
        source: RootSource::Blank,
        gib: 0,
        kind: "gp2".to_owned(),
        iops: None,
        throughput: None,
        delete_on_termination: true,
    }
}

fn volume(
    call: &mut Call,
    zone: &Zone,
    image: &Found,
    disk: ImageDisk,
    ebs: EbsBlockDevice,
    root: bool,
) -> Result<Disk, Refusal> {
    let shown = image.snapshot_of(&disk);
    serve!(
        call,
        EbsBlockDevice {
            delete_on_termination,
            encrypted,
            iops,
            kms_key_id,
            snapshot_id,
            throughput,
            volume_size,
            volume_type,
            availability_zone,
        } = ebs
    );
    ebs::rules::plain(encrypted, kms_key_id.as_ref())?;
    crate::operations::rules::absent(&availability_zone, "Ebs.AvailabilityZone")?;
    let zone = zone.as_str();
    let new = match (&disk.source, snapshot_id) {
        (RootSource::World(_) | RootSource::Snapshot(_), Some(id))
            if shown.as_ref() != Some(&id) =>
        {
            return Err(bad(format!("snapshotId cannot be modified on device {}", disk.device)));
        }
        (RootSource::World(name), _) => NewVolume {
            form: Form::Tree,
            source: Source::Image(name.clone()),
            least: disk.gib,
            snapshot: shown,
            ..NewVolume::blank(zone)
        },
        (RootSource::Snapshot(id), _) => {
            let behind = image.behind(call.store(), &call.scope, id);
            let behind = behind.ok_or_else(|| ebs::rules::SNAPSHOT.unknown(id))?;
            NewVolume::of_snapshot(zone, id, &behind)
        }
        (RootSource::Blank, Some(id)) => of_snapshot(call, zone, &id)?,
        (RootSource::Blank, None) => NewVolume::blank(zone),
    };
    match (root, new.form) {
        (true, Form::Block) => {
            return Err(bad(format!("{} holds nothing to boot from", disk.device)));
        }
        (false, Form::Tree) => {
            return Err(Refusal::not_implemented("A root file system as a further volume"));
        }
        _ => {}
    }
    let same = volume_type.as_ref().is_none_or(|kind| *kind == disk.kind);
    let kept = |number: Option<u32>| number.filter(|_| same).and_then(|n| i32::try_from(n).ok());
    let gib = (disk.gib > 0).then(|| i32::try_from(disk.gib).unwrap_or(i32::MAX));
    let new = NewVolume {
        kind: Some(volume_type.unwrap_or(disk.kind)),
        gib: volume_size.or(gib),
        iops: iops.or(kept(disk.iops)),
        throughput: throughput.or(kept(disk.throughput)),
        ..new
    };
    Ok(Disk {
        volume: new.record(call.now)?,
        delete_on_termination: delete_on_termination.unwrap_or(disk.delete_on_termination),
        device: disk.device,
    })
}

fn of_snapshot(call: &Call, zone: &str, id: &str) -> Result<NewVolume, Refusal> {
    let (_, snapshot) = ebs::rules::snapshot(call, id)?;
    ebs::rules::complete(id, &snapshot)?;
    Ok(NewVolume::of_snapshot(zone, id, &snapshot))
}
