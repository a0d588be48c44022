//! What changes by itself with time: tasks that are over are forgotten.

use crate::model::RoleDeletion;
use region::{Controller, Key, Plan, View, deaf};

/// The room's controllers.
pub(crate) const CONTROLLERS: &[Controller] =
    &[Controller { kind: "iam/role-deletion", plan: forget, wakes: &[], hear: deaf }];

fn forget(view: &View, key: &Key, plan: &mut Plan) {
    let Some(deletion) = view.store.get::<RoleDeletion>(key) else { return };
    if deletion.until <= view.now {
        plan.forget::<RoleDeletion>(key.clone());
    } else {
        plan.again(deletion.until);
    }
}
