//! Certificates of listeners: as nodes need them, and who uses which.

use crate::model::{self, Listener, name};
use acm::model::{Use, usable};
use region::{Key, Plan, Store, View};
use std::collections::BTreeMap;

/// The certificates of a listener that exist.
pub(super) fn of(view: &View, listener: &Listener) -> Vec<world::Certificate> {
    listener.certificates.iter().filter_map(|arn| find(view.store, arn)).collect()
}

/// A certificate of acm, by ARN.
pub(crate) fn find(store: &Store, arn: &str) -> Option<world::Certificate> {
    let found = usable(store, arn)?;
    Some(world::Certificate { names: found.names, chain: found.chain, key: found.key })
}

/// Tells acm which certificates the listeners of a balancer use: one record a balancer.
pub(super) fn uses(view: &View, balancer: &Key, plan: &mut Plan) {
    let mut used: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let arn = name::balancer(&balancer.scope, balancer.id.as_str());
    for (_, listener) in model::find::listeners(view.store, balancer) {
        for certificate in &listener.certificates {
            let users = used.entry(certificate.clone()).or_default();
            if !users.contains(&arn) {
                users.push(arn.clone());
            }
        }
    }
    if used.is_empty() {
        plan.forget::<Use>(balancer.clone());
    } else {
        plan.want(balancer.clone(), Use { used });
    }
}
