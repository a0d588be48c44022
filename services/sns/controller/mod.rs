//! Messages go to where they are wanted: to queues by asking them, elsewhere by courier.

mod courier;
mod queue;

use crate::model::{Content, Courier, Delivery, Recent};
use region::{Changed, Controller, Key, Plan, View, Wake, deaf};

/// The room's controllers.
pub(crate) const CONTROLLERS: &[Controller] = &[
    Controller { kind: "sns/delivery", plan: queue::plan, wakes: &[], hear: queue::hear },
    Controller { kind: "sns/recent", plan: forget, wakes: &[], hear: deaf },
    Controller {
        kind: "sns/courier",
        plan: courier::plan,
        wakes: &[
            Wake { kind: "sns/delivery", find: the_courier },
            Wake { kind: "sns/subscription", find: |_, _| vec![Courier::key()] },
        ],
        hear: deaf,
    },
];

/// What was published long ago is no longer recognised.
fn forget(view: &View, key: &Key, plan: &mut Plan) {
    let Some(recent) = view.store.get::<Recent>(key) else { return };
    match recent.until <= view.now {
        true => plan.forget::<Recent>(key.clone()),
        false => plan.again(recent.until),
    }
}

/// Deliveries by HTTP concern the courier.
fn the_courier(view: &View, changed: &Changed) -> Vec<Key> {
    let posts = |one: &Delivery| matches!(one.content, Content::Post { .. });
    let now = view.store.get::<Delivery>(&changed.key).map(|one| &**one);
    let either = [now, changed.before::<Delivery>()].into_iter().flatten().any(posts);
    if either { vec![Courier::key()] } else { Vec::new() }
}
