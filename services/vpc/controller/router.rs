//! A VPC is a router.

use crate::model::{InternetGateway, Vpc, find};
use region::{Changed, Key, Plan, View};
use world::{Router, Thing};

/// The router, with a link to the internet while a gateway is attached.
pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(vpc) = view.store.get::<Vpc>(key) else { return };
    let router = Router {
        blocks: vpc.blocks.iter().map(|block| block.cidr).collect(),
        internet: find::gateway(view.store, &key.scope, &key.id).is_some(),
    };
    plan.thing(key.id.clone(), Thing::Router(router));
}

/// The VPCs that a gateway left or came to.
pub(super) fn of_gateway(view: &View, changed: &Changed) -> Vec<Key> {
    let before = changed.before::<InternetGateway>().and_then(|gateway| gateway.vpc.clone());
    let after = view.store.get::<InternetGateway>(&changed.key);
    let after = after.and_then(|gateway| gateway.vpc.clone());
    before.into_iter().chain(after).map(|vpc| Key::new(&changed.key.scope, vpc)).collect()
}
