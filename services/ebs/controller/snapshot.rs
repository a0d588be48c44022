//! Snapshots are frozen disks; a copy is made by way of a disk that exists only meanwhile.

use super::LOOK_AGAIN;
use crate::model::{Origin, Snapshot, Volume};
use region::{Changed, Controller, Key, Plan, Record, Tags, View, Wake, deaf};
use world::{Disk, Health, Id, Source, Thing, Zone};

pub(super) const CONTROLLER: Controller = Controller {
    kind: Snapshot::KIND,
    plan,
    wakes: &[
        Wake { kind: Volume::KIND, find: read_by_volume },
        Wake { kind: Snapshot::KIND, find: read_by_copy },
    ],
    hear: deaf,
};

/// The snapshots with the id that a changed record reads, or read until now.
fn of_id(view: &View, ids: [Option<&Id>; 2]) -> Vec<Key> {
    let Some(id) = ids.into_iter().flatten().next() else { return Vec::new() };
    let all = view.store.all::<Snapshot>().filter(|(key, _)| key.id == *id);
    all.map(|(key, _)| key.clone()).collect()
}

fn read_by_volume(view: &View, changed: &Changed) -> Vec<Key> {
    let now = view.store.get::<Volume>(&changed.key);
    let before = changed.before::<Volume>();
    of_id(view, [now.and_then(|volume| volume.reads()), before.and_then(Volume::reads)])
}

fn read_by_copy(view: &View, changed: &Changed) -> Vec<Key> {
    let now = view.store.get::<Snapshot>(&changed.key);
    let before = changed.before::<Snapshot>();
    of_id(view, [now.and_then(|copy| copy.reads()), before.and_then(Snapshot::reads)])
}

fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(snapshot) = view.store.get::<Snapshot>(key) else { return };
    let health = view.health(&key.id);
    let between = Id::from(format!("copy-{}", key.id));
    if snapshot.deleting && !is_being_read(view, &key.id) {
        if health.is_none() && view.health(&between).is_none() {
            plan.forget::<Snapshot>(key.clone());
            plan.forget::<Tags>(key.clone());
        } else {
            plan.again(view.now + LOOK_AGAIN);
        }
        return;
    }
    let done = health == Some(&Health::Ready);
    let disk = match &snapshot.origin {
        Origin::Volume(id) => id.clone(),
        Origin::Copy(source, zone) => {
            if snapshot.completed.is_none() && !done {
                let disk = Disk {
                    zone: Zone::from(zone),
                    size: u64::from(snapshot.gib) << 30,
                    form: snapshot.form,
                    source: Source::Snapshot(source.clone()),
                };
                plan.thing(between.clone(), Thing::Disk(disk));
            }
            between.clone()
        }
    };
    // The world freezes a disk at the first order, so the disk must be complete by then.
    let copying = matches!(snapshot.origin, Origin::Copy(..));
    if !copying || snapshot.completed.is_some() || health.is_some() || is_ready(view, &between) {
        plan.thing(key.id.clone(), Thing::Snapshot(world::Snapshot { disk, form: snapshot.form }));
    }
    if done && snapshot.completed.is_none() {
        let completed = Some(view.now);
        plan.want(key.clone(), Snapshot { completed, ..(**snapshot).clone() });
    }
}

fn is_ready(view: &View, id: &Id) -> bool {
    view.health(id) == Some(&Health::Ready)
}

/// Whether a volume or a copy is still being made of it.
fn is_being_read(view: &View, id: &Id) -> bool {
    let volumes = view
        .store
        .all::<Volume>()
        .any(|(_, volume)| volume.reads() == Some(id) && !volume.deleting);
    volumes
        || view.store.all::<Snapshot>().any(|(_, copy)| copy.reads() == Some(id) && !copy.deleting)
}
