//! The region's own room: credentials, tags, tokens, faults, and which scopes were furnished.

use crate::account::{Credential, GLOBAL};
use crate::meter::Metrics;
use crate::token::Spent;
use crate::{
    Call, Controller, Key, Plan, Record, Scope, Service, Store, Tags, View, deaf, keep,
    keep_planes, record,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use world::Fault;

/// The faults that hold, in the order in which they were injected.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Faults {
    pub(crate) all: Vec<Fault>,
    /// Those that are there because plans say so.
    pub(crate) planned: Vec<Fault>,
}

impl Record for Faults {
    const KIND: &'static str = "region/faults";
    const VERSION: u16 = 2;

    fn load(version: u16, bytes: &[u8]) -> Result<Faults, String> {
        let read = match version {
            // Before plans could speak of faults.
            1 => serde_json::from_slice(bytes).map(|all| Faults { all, planned: Vec::new() }),
            2 => serde_json::from_slice(bytes),
            _ => return Err(format!("region/faults of version {version} cannot be read here")),
        };
        read.map_err(|error| format!("region/faults: {error}"))
    }
}

/// A scope has got its default VPC and the like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Furnished {}

record!(Furnished, "region/furnished", 1);

/// The region itself, as a room without an API.
pub(crate) static SERVICE: Service = Service {
    name: "region",
    api: &API,
    operations: &[],
    keeps: &[
        keep::<Credential>,
        keep::<Tags>,
        keep::<Spent>,
        keep::<Faults>,
        keep::<Furnished>,
        keep_planes::<Metrics>,
    ],
    controllers: &[Controller { kind: "region/token", plan: forget_token, wakes: &[], hear: deaf }],
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
    store.get::<Faults>(&faults_key()).map(|faults| faults.all.clone()).unwrap_or_default()
}

pub(crate) fn planned(store: &Store) -> Vec<Fault> {
    let faults = store.get::<Faults>(&faults_key());
    faults.map(|faults| faults.planned.clone()).unwrap_or_default()
}

pub(crate) fn furnished(store: &Store) -> BTreeSet<Scope> {
    store.all::<Furnished>().map(|(key, _)| key.scope.clone()).collect()
}

pub(crate) fn furnish(call: &mut Call) {
    call.put("furnished", Furnished {});
}
