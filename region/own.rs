//! The region's own room: credentials, tags, tokens, faults, and which scopes were furnished.

use crate::account::{Credential, GLOBAL};
use crate::token::Spent;
use crate::{Call, Controller, Key, Plan, Scope, Service, Store, Tags, View, keep, record};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use world::Fault;

/// The faults that hold, in the order in which they were injected.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Faults(pub(crate) Vec<Fault>);

record!(Faults, "region/faults", 1);

/// A scope has got its default VPC and the like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Furnished {}

record!(Furnished, "region/furnished", 1);

/// The region itself, as a room without an API.
pub(crate) static SERVICE: Service = Service {
    name: "region",
    api: &API,
    operations: &[],
    keeps: &[keep::<Credential>, keep::<Tags>, keep::<Spent>, keep::<Faults>, keep::<Furnished>],
    controllers: &[Controller { kind: "region/token", plan: forget_token, wakes: &[] }],
    furnish: None,
};

static API: shape::Api = shape::Api {
    name: "region",
    endpoint_prefix: "",
    signing_name: "",
    version: "",
    service_id: "",
    target_prefix: None,
    json_version: None,
    protocols: &[],
    xml_namespace: None,
    query_compatible: false,
    operations: &[],
    errors: &[],
    all_operations: &[],
};

fn forget_token(view: &View, key: &Key, plan: &mut Plan) {
    let Some(spent) = view.store.get::<Spent>(key) else { return };
    if spent.until <= view.now {
        plan.forget::<Spent>(key.clone());
    } else {
        plan.again(spent.until);
    }
}

pub(crate) fn faults_key() -> Key {
    Key::new(&Scope::new("", GLOBAL), "faults")
}

pub(crate) fn faults(store: &Store) -> Vec<Fault> {
    store.get::<Faults>(&faults_key()).map(|faults| faults.0.clone()).unwrap_or_default()
}

pub(crate) fn furnished(store: &Store) -> BTreeSet<Scope> {
    store.all::<Furnished>().map(|(key, _)| key.scope.clone()).collect()
}

pub(crate) fn furnish(call: &mut Call) {
    call.put("furnished", Furnished {});
}
