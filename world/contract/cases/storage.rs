//! Disks and snapshots.

use crate::Site;
use crate::topology::all_out;
use world::{Id, Source, Thing};

fn ground_floor(site: &mut Site<'_>) -> Id {
    let router = site.router("10.9.0.0/16", false);
    let group = site.group(&router, vec![all_out()]);
    let segment = site.segment(&router, 0, "10.9.1.0/24", Vec::new());
    site.port(&segment, "10.9.1.10", &[&group])
}

pub(super) fn a_disk_outlives_its_machine(site: &mut Site<'_>) {
    let port = ground_floor(site);
    let image = site.ground.image();
    let disk = site.disk(0, image);
    let first = site.machine_on(&port, &disk);
    site.settle();
    site.ground.write_file(&first, "/root/kept", b"by the first");
    site.remove(&first);
    site.until_gone(std::slice::from_ref(&first));
    let second = site.machine_on(&port, &disk);
    site.settle();
    let kept = site.ground.read_file(&second, "/root/kept");
    assert_eq!(kept.as_deref(), Some(&b"by the first"[..]));
}

/// It holds what the disk held when it was ensured, after the disk has changed and gone.
pub(super) fn a_snapshot_keeps_its_moment(site: &mut Site<'_>) {
    let port = ground_floor(site);
    let image = site.ground.image();
    let disk = site.disk(0, image);
    let first = site.machine_on(&port, &disk);
    site.settle();
    site.ground.write_file(&first, "/root/early", b"in the picture");
    let snapshot = site.snapshot(&disk);
    site.settle();
    site.ground.write_file(&first, "/root/late", b"after the picture");
    site.remove(&first);
    site.until_gone(std::slice::from_ref(&first));
    site.remove(&disk);
    site.until_gone(std::slice::from_ref(&disk));
    let copy = site.disk(0, Source::Snapshot(snapshot));
    let second = site.machine_on(&port, &copy);
    site.settle();
    let early = site.ground.read_file(&second, "/root/early");
    assert_eq!(early.as_deref(), Some(&b"in the picture"[..]));
    assert_eq!(site.ground.read_file(&second, "/root/late"), None);
}

pub(super) fn a_disk_grows(site: &mut Site<'_>) {
    let port = ground_floor(site);
    let image = site.ground.image();
    let disk = site.disk(0, image);
    let machine = site.machine_on(&port, &disk);
    site.settle();
    site.ground.write_file(&machine, "/root/kept", b"through growth");
    let Thing::Disk(mut larger) = site.things[&disk].clone() else { panic!("{disk} is a disk") };
    larger.size *= 2;
    site.ensure(&disk, Thing::Disk(larger));
    site.settle();
    let kept = site.ground.read_file(&machine, "/root/kept");
    assert_eq!(kept.as_deref(), Some(&b"through growth"[..]));
}
