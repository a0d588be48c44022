//! An instance as the world's machine.

use super::card;
use super::instance::interfaces;
use crate::model::Instance;
use crate::model::types;
use ebs::model::Volume;
use region::{Key, View};
use world::{Guest, Id, Machine, Program, Slot};

/// The machine of an instance that is on. None while it has nothing to boot from.
pub(super) fn of(view: &View, key: &Key, instance: &Instance) -> Option<Machine> {
    let kind = types::named(&instance.kind)?;
    let root = instance.root.clone()?;
    let interfaces = interfaces(view, key);
    let user_data = instance.user_data.as_deref().and_then(shape::base64::decode);
    let guest = Guest {
        hostname: card::hostname(key, instance, &interfaces),
        first_boot: user_data.clone().filter(|data| data.starts_with(b"#!")),
        keys: instance.key.iter().cloned().collect(),
        card: card::of(view, key, instance, &interfaces, user_data),
    };
    Some(Machine {
        zone: instance.zone.clone(),
        size: kind.size(),
        root: Some(root),
        disks: instance.disks.iter().filter_map(|id| slot(view, key, id)).collect(),
        ports: interfaces.into_iter().map(|(id, _)| id).collect(),
        program: Program::Guest(guest),
        boot: instance.boot,
    })
}

fn slot(view: &View, key: &Key, id: &Id) -> Option<Slot> {
    let volume = view.store.get::<Volume>(&Key::new(&key.scope, id.clone()))?;
    let attachment = volume.attachment.as_ref()?;
    Some(Slot { disk: id.clone(), device: attachment.device.clone() })
}
