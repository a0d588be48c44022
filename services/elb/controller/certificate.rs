//! Certificates of listeners: as nodes need them, and who uses which.

use crate::model::{self, Listener, name};
use acm::model::{Use, usable};
use iam::model::ServerCertificate;
use region::{Arn, GLOBAL, Key, Plan, Scope, Store, View};
use std::collections::BTreeMap;

/// The certificates of a listener that exist.
pub(super) fn of(view: &View, listener: &Listener) -> Vec<world::Certificate> {
    listener.certificates.iter().filter_map(|arn| find(view.store, arn)).collect()
}

/// A certificate of acm, by ARN.
pub(crate) fn find(store: &Store, arn: &str) -> Option<world::Certificate> {
    let found = usable(store, arn).or_else(|| of_iam(store, arn))?;
    Some(world::Certificate { names: found.names, chain: found.chain, key: found.key })
}

/// A server certificate of iam, by ARN.
fn of_iam(store: &Store, arn: &str) -> Option<acm::model::Usable> {
    let arn = Arn::parse(arn).filter(|arn| arn.service == "iam")?;
    let name = arn.resource.strip_prefix("server-certificate/")?.rsplit('/').next()?;
    let key = Key::new(&Scope::new(arn.account, GLOBAL), name.to_lowercase());
    let found = store.get::<ServerCertificate>(&key)?;
    acm::model::foreign(&found.body, found.chain.as_deref(), &found.private_key)
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
