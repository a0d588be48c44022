//! What changes by itself with time: credentials of sessions that are over are forgotten.

use region::{Controller, Credential, Key, Plan, View, deaf};
use world::Span;

/// Credentials are the region's own records; those that end were made here.
pub(crate) const CONTROLLERS: &[Controller] =
    &[Controller { kind: "region/credential", plan: forget, wakes: &[], hear: deaf }];

/// So long after their end the front door still says that they have expired, and not that nobody
/// knows them.
const REMEMBERED: Span = Span::seconds(3600);

fn forget(view: &View, key: &Key, plan: &mut Plan) {
    let Some(credential) = view.store.get::<Credential>(key) else { return };
    let Some(end) = credential.expires.map(|expires| expires + REMEMBERED) else { return };
    if end <= view.now {
        plan.forget::<Credential>(key.clone());
    } else {
        plan.again(end);
    }
}
