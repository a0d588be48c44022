//! The plan for one instance: its machine, and what follows from what the world says of it.

use super::{credentials, life, machine, measure};
use crate::model::{Instance, Reason, State};
use ebs::model::Volume;
use iam::model::{InstanceProfile, Role};
use region::{Changed, Controller, Key, Plan, Record, Tags, View, Wake};
use vpc::model::{Address, NetworkInterface, find};
use world::{Health, Id, Span, Thing, Time};

pub(super) const CONTROLLER: Controller = Controller {
    kind: Instance::KIND,
    plan,
    wakes: &[
        Wake { kind: NetworkInterface::KIND, find: of_interface },
        Wake { kind: Address::KIND, find: of_address },
        Wake { kind: Volume::KIND, find: of_volume },
        Wake { kind: Tags::KIND, find: of_tags },
        Wake { kind: InstanceProfile::KIND, find: of_profile },
        Wake { kind: Role::KIND, find: of_profile },
    ],
    hear: measure::hear,
};

/// A terminated instance is shown this long (EC2 user guide, "Terminate Amazon EC2 instances").
const SHOWN: Span = Span::seconds(3600);
/// Whoever waits for an end looks again after this long, in case that its news was lost in a
/// crash of the control plane.
const LOOK_AGAIN: Span = Span::seconds(1);
/// A machine that was asked to boot after a crash is asked again after this long.
const ASK_AGAIN: Span = Span::seconds(10);
/// So many crashes in a row are followed by a boot.
const CRASHES: u32 = 5;
/// A machine that ran this long did not crash in a row.
const IN_A_ROW: Span = Span::seconds(300);

fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(instance) = view.store.get::<Instance>(key) else { return };
    match instance.state {
        State::Pending | State::Running => on(view, key, instance, plan),
        State::Stopping => {
            if view.health(&key.id).is_some() {
                return plan.again(view.now + LOOK_AGAIN);
            }
            life::stopped(view, key, instance, plan);
        }
        State::ShuttingDown => {
            if view.health(&key.id).is_some() {
                return plan.again(view.now + LOOK_AGAIN);
            }
            life::terminated(view, key, instance, plan);
        }
        State::Stopped => {}
        State::Terminated => {
            let ended = instance.reason.as_ref().map_or(instance.launched, |reason| reason.at);
            if ended + SHOWN > view.now {
                return plan.again(ended + SHOWN);
            }
            plan.forget::<Instance>(key.clone());
            plan.forget::<Tags>(key.clone());
        }
    }
}

fn on(view: &View, key: &Key, instance: &Instance, plan: &mut Plan) {
    if let Some(machine) = machine::of(view, key, instance) {
        plan.thing(key.id.clone(), Thing::Machine(machine));
    }
    if let Some(present) = credentials::of(view, key, instance) {
        present.plan(plan);
    }
    let pending = instance.state == State::Pending;
    let mut next = instance.clone();
    next.impaired = match view.actual.get(&key.id) {
        Some((Health::Dark, since)) => Some(*since),
        _ => None,
    };
    match view.actual.get(&key.id) {
        Some((Health::Ready, _)) if pending => {
            next.state = State::Running;
            next.ran = true;
        }
        Some((Health::Off(true), _)) => {
            next.state = if instance.options.shutdown_terminates {
                State::ShuttingDown
            } else {
                State::Stopping
            };
            next.reason = Some(Reason::guest(view.now));
        }
        Some((Health::Off(false), since)) => {
            let since = *since;
            return crashed(view.now, since, key, next, plan);
        }
        Some((Health::Failed(why), _)) if pending => fail(view.now, why, &mut next),
        _ if pending => {
            if let Some(why) = broken_disk(view, key, instance) {
                fail(view.now, &why, &mut next);
            }
        }
        _ => {}
    }
    if next != *instance {
        plan.want(key.clone(), next);
    }
}

/// A launch that the world cannot carry out ends the instance; a start that it cannot stops it.
fn fail(now: Time, why: &str, next: &mut Instance) {
    next.state = if next.ran { State::Stopping } else { State::ShuttingDown };
    next.reason = Some(Reason::world(now, why));
}

fn broken_disk(view: &View, key: &Key, instance: &Instance) -> Option<String> {
    let volume = |id: &Id| view.store.get::<Volume>(&Key::new(&key.scope, id.clone()));
    instance.volumes().find_map(|id| match volume(id) {
        Some(volume) => volume.failure.as_ref().map(|why| format!("{id}: {why}")),
        None => Some(format!("{id} is gone")),
    })
}

/// Simplified automatic recovery: a crashed machine boots again, a few times.
fn crashed(now: Time, since: Time, key: &Key, mut next: Instance, plan: &mut Plan) {
    // The boot that was asked for after this crash may not have begun yet.
    if since <= next.booted && now < next.booted + ASK_AGAIN {
        return plan.again(next.booted + ASK_AGAIN);
    }
    let again = since.since(next.booted) < IN_A_ROW;
    next.crashes = if again { next.crashes + 1 } else { 1 };
    if next.crashes > CRASHES || next.options.auto_recovery == "disabled" {
        next.state = State::Stopping;
        next.reason = Some(Reason::world(now, "the machine keeps crashing"));
    } else {
        next.boot_again(now);
    }
    plan.want(key.clone(), next);
}

// === whose changes concern whom ===

fn of_interface(view: &View, changed: &Changed) -> Vec<Key> {
    let now = view.store.get::<NetworkInterface>(&changed.key);
    let both = [now.map(|row| &**row), changed.before::<NetworkInterface>()];
    let attachments = both.into_iter().flatten().filter_map(|one| one.attachment.as_ref());
    let key = |id: &Id| Key::new(&changed.key.scope, id.clone());
    attachments.map(|attachment| key(&attachment.instance)).collect()
}

fn of_address(view: &View, changed: &Changed) -> Vec<Key> {
    let now = view.store.get::<Address>(&changed.key);
    let both = [now.map(|row| &**row), changed.before::<Address>()];
    let used = both.into_iter().flatten().filter_map(|one| one.association.as_ref());
    let scope = &changed.key.scope;
    let instance = |id: &Id| {
        let interface = view.store.get::<NetworkInterface>(&Key::new(scope, id.clone()))?;
        Some(Key::new(scope, interface.attachment.as_ref()?.instance.clone()))
    };
    used.filter_map(|used| instance(&used.interface)).collect()
}

fn of_volume(view: &View, changed: &Changed) -> Vec<Key> {
    let now = view.store.get::<Volume>(&changed.key);
    let both = [now.map(|row| &**row), changed.before::<Volume>()];
    let attachments = both.into_iter().flatten().filter_map(|one| one.attachment.as_ref());
    attachments.map(|attachment| Key::new(&changed.key.scope, &attachment.instance)).collect()
}

fn of_profile(view: &View, changed: &Changed) -> Vec<Key> {
    let account = &changed.key.scope.account;
    let all = view.store.all::<Instance>();
    let here = all.filter(|(key, one)| {
        key.scope.account == *account && one.state.is_on() && one.options.profile.is_some()
    });
    here.map(|(key, _)| key.clone()).collect()
}

fn of_tags(_: &View, changed: &Changed) -> Vec<Key> {
    if changed.key.id.as_str().starts_with("i-") { vec![changed.key.clone()] } else { Vec::new() }
}

/// The interfaces of an instance, in the order of their devices.
pub(super) fn interfaces(view: &View, key: &Key) -> Vec<(Id, std::sync::Arc<NetworkInterface>)> {
    find::of_instance(view.store, &key.scope, key.id.as_str())
}
