//! Scheduled actions: at their moment the group gets their bounds (Auto Scaling user guide,
//! "Scheduled scaling"). Moments are real, whatever the pace.

use crate::model::{Group, Process, Scheduled, text};
use region::{Controller, Key, Plan, Record, View, deaf};

pub(super) const CONTROLLER: Controller =
    Controller { kind: Scheduled::KIND, plan, wakes: &[], hear: deaf };

fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(action) = view.store.get::<Scheduled>(key) else { return };
    let Some(next) = action.next else { return plan.forget::<Scheduled>(key.clone()) };
    if next > view.now {
        return plan.again(next);
    }
    let group_key = Key::new(&key.scope, &action.group);
    let group = view.store.get::<Group>(&group_key);
    let may =
        |group: &&std::sync::Arc<Group>| group.may(Process::ScheduledActions) && !group.deleting;
    if let Some(group) = group.filter(may) {
        let mut group = (**group).clone();
        apply(view, action, &mut group);
        plan.want(group_key, group);
    }
    let action = Scheduled { next: action.after(view.now), ..(**action).clone() };
    match action.next {
        Some(next) => plan.again(next),
        None => return plan.forget::<Scheduled>(key.clone()),
    }
    plan.want(key.clone(), action);
}

fn apply(view: &View, action: &Scheduled, group: &mut Group) {
    group.min = action.min.unwrap_or(group.min);
    group.max = action.max.unwrap_or(group.max).max(group.min);
    let wanted = action.desired.unwrap_or(group.desired).clamp(group.min, group.max);
    if wanted == group.desired {
        return;
    }
    let from = group.desired;
    group.why.push(format!(
        "At {} a scheduled action update of AutoScalingGroup constraints to min: {}, max: {}, \
         desired: {wanted} changing the desired capacity from {from} to {wanted}.",
        text::at(view.now),
        group.min,
        group.max
    ));
    group.desired = wanted;
}
