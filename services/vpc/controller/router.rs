//! A VPC is a router.

use crate::model::{InternetGateway, Vpc, find};
use region::meter::Measure;
use region::{Changed, Heard, Key, Plan, View};
use world::{Router, Thing, gauge};

/// What routers carried, for the bill. AWS shows no such metrics: the namespace is our own.
const CARRIED: [(&str, &str); 3] = [
    (gauge::INTERNET_OUT, "InternetBytesOut"),
    (gauge::INTERNET_IN, "InternetBytesIn"),
    (gauge::BETWEEN_ZONES, "BetweenZonesBytes"),
];

/// The router, with a link to the internet while a gateway is attached.
pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(vpc) = view.store.get::<Vpc>(key) else { return };
    let router = Router {
        blocks: vpc.blocks.iter().map(|block| block.cidr).collect(),
        internet: find::gateway(view.store, &key.scope, &key.id).is_some(),
    };
    plan.thing(key.id.clone(), Thing::Router(router));
}

/// Notes what the router carried.
pub(super) fn hear(_: &View, key: &Key, heard: &Heard, plan: &mut Plan) {
    let Heard::Usage(_, usage) = heard else { return };
    for (amount, name) in CARRIED {
        let Some(amount) = usage.amounts.get(amount).filter(|amount| amount.sum > 0.0) else {
            continue;
        };
        let vpc = [("VpcId", key.id.as_str())];
        let (at, span) = (usage.from, usage.to.since(usage.from));
        let measure = Measure::of("Maquette/Network", name, vpc, "Bytes", at, span, amount.clone());
        plan.measure(&key.scope, measure);
    }
}

/// The VPCs that a gateway left or came to.
pub(super) fn of_gateway(view: &View, changed: &Changed) -> Vec<Key> {
    let before = changed.before::<InternetGateway>().and_then(|gateway| gateway.vpc.clone());
    let after = view.store.get::<InternetGateway>(&changed.key);
    let after = after.and_then(|gateway| gateway.vpc.clone());
    before.into_iter().chain(after).map(|vpc| Key::new(&changed.key.scope, vpc)).collect()
}
