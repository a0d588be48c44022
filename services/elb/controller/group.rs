//! A target group by itself: targets that drained are gone, and terminated instances too.

use crate::model::{TargetGroup, TargetHealth, find};
use ec2::model::Instance;
use region::{Key, Plan, View};
use world::Span;

/// What time does to a group.
pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(group) = view.store.get::<TargetGroup>(key) else { return };
    let delay = Span::seconds(group.number("deregistration_delay.timeout_seconds").into());
    let delay = view.paced(delay);
    let mut next = (**group).clone();
    let used = !find::used(view.store, key).is_empty();
    next.targets.retain(|_, one| match one.leaving {
        // Nobody sends anything there: nothing can be under way.
        Some(_) if !used => false,
        Some(leaving) if leaving + delay <= view.now => false,
        Some(leaving) => {
            plan.again(leaving + delay);
            true
        }
        None => !is_over(view, key, &one.id),
    });
    if next != **group {
        plan.want(key.clone(), next);
    }
    if !used {
        plan.forget::<TargetHealth>(key.clone());
    }
}

/// Whether a target is an instance that was terminated: it is deregistered by itself.
fn is_over(view: &View, key: &Key, id: &str) -> bool {
    let gone = || id.starts_with("i-");
    let instance = view.store.get::<Instance>(&Key::new(&key.scope, id));
    instance.map_or_else(gone, |instance| instance.state == ec2::model::State::Terminated)
}
