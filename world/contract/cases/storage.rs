//! Disks and snapshots.

use crate::Site;
use crate::topology::all_out;
use world::{Disk, Fault, Form, Health, Id, Slot, Source, Thing};

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

/// A machine with a block disk that it has mounted on `/data`; none: this world has no such disks.
fn with_data(site: &mut Site<'_>) -> Option<(Id, Id)> {
    let port = ground_floor(site);
    let machine = site.machine(&port);
    let data = site.fresh("vol");
    let zone = site.ground.zones()[0].clone();
    let (form, source) = (Form::Block, Source::Blank);
    site.ensure(&data, Thing::Disk(Disk { zone, size: 64 << 20, form, source }));
    site.settle();
    let slot = Slot { disk: data.clone(), device: "/dev/sdf".to_owned() };
    site.change(&machine, |thing| {
        let Thing::Machine(machine) = thing else { panic!("no machine") };
        machine.disks.push(slot);
    });
    site.settle();
    site.ground.mount(&machine, "/dev/sdf", "/data").then_some((machine, data))
}

/// And goes on when it is over, also when the control plane died meanwhile.
pub(super) fn who_writes_to_a_stalled_disk_waits(site: &mut Site<'_>) {
    let Some((machine, data)) = with_data(site) else { return };
    site.ground.write_file(&machine, "/data/early", b"before");
    let stall = Fault::Stall(data);
    site.inject(stall.clone());
    site.listen();
    site.ground.begin_writing(&machine, "/data/late", b"after");
    // Other disks are as they were.
    site.ground.write_file(&machine, "/root/beside", b"meanwhile");
    site.listen();
    assert_eq!(site.ground.read_file(&machine, "/data/late"), None);
    let early = site.ground.read_file(&machine, "/data/early");
    assert_eq!(early.as_deref(), Some(&b"before"[..]));
    // A region injects again what it remembers.
    site.restart();
    let all: Vec<Id> = site.things.keys().cloned().collect();
    all.iter().for_each(|id| site.again(id));
    site.listen();
    site.inject(stall.clone());
    site.listen();
    assert_eq!(site.ground.read_file(&machine, "/data/late"), None);
    site.heal(&stall);
    site.poll("who waited for the disk to go on", |site| {
        site.ground.read_file(&machine, "/data/late").as_deref() == Some(&b"after"[..])
    });
}

/// A machine ends though one of its programs waits for a disk.
pub(super) fn a_stalled_disk_keeps_no_machine_alive(site: &mut Site<'_>) {
    let Some((machine, data)) = with_data(site) else { return };
    let stall = Fault::Stall(data);
    site.inject(stall.clone());
    site.listen();
    site.ground.begin_writing(&machine, "/data/late", b"never");
    site.listen();
    site.inject(Fault::Kill(machine.clone()));
    site.until(&machine, Health::Off(false));
    site.remove(&machine);
    site.until_gone(std::slice::from_ref(&machine));
    site.heal(&stall);
}
