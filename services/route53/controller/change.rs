//! A change is remembered for a while, then forgotten.

use crate::model::Change;
use region::{Key, Plan, View};

pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(change) = view.store.get::<Change>(key) else { return };
    match change.until <= view.now {
        true => plan.forget::<Change>(key.clone()),
        false => plan.again(change.until),
    }
}
