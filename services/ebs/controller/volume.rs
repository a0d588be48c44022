//! Volumes are disks. A disk that goes stays until snapshots of it are complete.

use super::LOOK_AGAIN;
use crate::model::{Origin, Snapshot, Volume};
use region::{Changed, Controller, Key, Plan, Record, Tags, View, Wake, deaf};
use world::{Disk, Health, Thing, Zone};

pub(super) const CONTROLLER: Controller = Controller {
    kind: Volume::KIND,
    plan,
    wakes: &[Wake { kind: Snapshot::KIND, find: origin }],
    hear: deaf,
};

/// The volume that a snapshot is taken of.
fn origin(view: &View, changed: &Changed) -> Vec<Key> {
    let now = view.store.get::<Snapshot>(&changed.key).map(|snapshot| &snapshot.origin);
    let before = changed.before::<Snapshot>().map(|snapshot| &snapshot.origin);
    match now.or(before) {
        Some(Origin::Volume(id)) => vec![Key { id: id.clone(), ..changed.key.clone() }],
        _ => Vec::new(),
    }
}

fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(volume) = view.store.get::<Volume>(key) else { return };
    let health = view.health(&key.id);
    if volume.deleting && !is_being_read(view, key) {
        if health.is_none() {
            plan.forget::<Volume>(key.clone());
            plan.forget::<Tags>(key.clone());
        } else {
            plan.again(view.now + LOOK_AGAIN);
        }
        return;
    }
    let disk = Disk {
        zone: Zone::from(&volume.zone),
        size: volume.bytes(),
        form: volume.form,
        source: volume.source.clone(),
    };
    plan.thing(key.id.clone(), Thing::Disk(disk));
    let seen = match health {
        Some(Health::Ready) => Volume { made: true, failure: None, ..(**volume).clone() },
        Some(Health::Failed(why)) if !volume.made => {
            Volume { failure: Some(why.clone()), ..(**volume).clone() }
        }
        _ => return,
    };
    plan.want(key.clone(), seen);
}

/// Whether a snapshot is being taken of it. Once the volume shall go, only such matter.
fn is_being_read(view: &View, key: &Key) -> bool {
    view.store.list::<Snapshot>(&key.scope).any(|(_, snapshot)| {
        snapshot.completed.is_none()
            && !snapshot.deleting
            && snapshot.origin == Origin::Volume(key.id.clone())
    })
}
