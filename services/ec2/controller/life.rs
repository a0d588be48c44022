//! What follows when an instance's machine is gone: interfaces and volumes are let go.

use super::instance::interfaces;
use crate::model::{Instance, State};
use ebs::model::Volume;
use region::{Key, Plan, Tags, View};
use vpc::model::{Attachment, NetworkInterface};
use world::Id;

/// It stops: its interfaces stay its own, and give back what they had from the public pool.
pub(super) fn stopped(view: &View, key: &Key, instance: &Instance, plan: &mut Plan) {
    for (id, interface) in interfaces(view, key) {
        let attachment = interface.attachment.clone();
        let attachment = attachment.map(|one| Attachment { active: false, ..one });
        let idle = NetworkInterface { public: None, attachment, ..(*interface).clone() };
        plan.want(Key::new(&key.scope, id), idle);
    }
    plan.want(key.clone(), Instance { state: State::Stopped, ..instance.clone() });
}

/// It ends: what goes with it goes, and the rest is free again.
pub(super) fn terminated(view: &View, key: &Key, instance: &Instance, plan: &mut Plan) {
    for (id, interface) in interfaces(view, key) {
        let key = Key::new(&key.scope, id);
        if interface.attachment.as_ref().is_some_and(|one| one.delete_on_termination) {
            plan.forget::<Tags>(key.clone());
            plan.forget::<NetworkInterface>(key);
        } else {
            let free = NetworkInterface { public: None, attachment: None, ..(*interface).clone() };
            plan.want(key, free);
        }
    }
    instance.volumes().for_each(|id| release(view, key, id, plan));
    let over =
        Instance { state: State::Terminated, root: None, disks: Vec::new(), ..instance.clone() };
    plan.want(key.clone(), over);
}

fn release(view: &View, key: &Key, id: &Id, plan: &mut Plan) {
    let key = Key::new(&key.scope, id.clone());
    let Some(volume) = view.store.get::<Volume>(&key) else { return };
    let goes = volume.attachment.as_ref().is_some_and(|one| one.delete_on_termination);
    let deleting = volume.deleting || goes;
    plan.want(key, Volume { attachment: None, deleting, ..(**volume).clone() });
}
