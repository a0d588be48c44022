//! Which public zones the internet asks: what the registrar says, and what holds where nobody
//! registered a domain.
//!
//! On AWS every zone answers on its own four name servers, and only delegation decides which of
//! them anybody asks. Here all name servers are one machine, so one zone of a name answers: of a
//! registered domain the zone to whose name servers it is delegated, or none and a referral; of a
//! name that nobody registered the zone that was made first, as a convenience (on AWS it would
//! answer to those who ask its name servers directly, and resolve for nobody).

use crate::model::domain::Domain;
use crate::model::{HostedZone, owned};
use region::{Key, Store};
use std::collections::BTreeMap;
use std::sync::Arc;
use world::{Id, NameZone};

/// Seconds that a delegation is kept, as registries do.
const DELEGATION: u32 = 172_800;

type Zone<'a> = (&'a Key, &'a Arc<HostedZone>);

/// The public zones that answer.
pub(super) fn answering(store: &Store) -> Vec<Zone<'_>> {
    let mut alike: BTreeMap<&str, Vec<Zone>> = BTreeMap::new();
    for (key, zone) in store.all::<HostedZone>().filter(|(_, zone)| !zone.private) {
        alike.entry(&zone.name).or_default().push((key, zone));
    }
    let domains = domains(store);
    let mut chosen = Vec::new();
    for (name, mut zones) in alike {
        zones.sort_by_key(|(key, zone)| (zone.created, key.id.clone()));
        chosen.extend(match domains.get(name.trim_end_matches('.')) {
            Some(domain) => zones.into_iter().find(|(_, zone)| delegated(domain, zone)),
            None => zones.into_iter().next(),
        });
    }
    chosen
}

fn domains(store: &Store) -> BTreeMap<&str, &Arc<Domain>> {
    store.all::<Domain>().map(|(key, domain)| (key.id.as_str(), domain)).collect()
}

fn delegated(domain: &Domain, zone: &HostedZone) -> bool {
    domain.name_servers.iter().any(|server| zone.name_servers.contains(server))
}

/// Zones of top-level domains that refer to name servers which no zone here has.
pub(super) fn referrals(store: &Store) -> BTreeMap<Id, Arc<NameZone>> {
    let mut zones: BTreeMap<Id, NameZone> = BTreeMap::new();
    for (name, domain) in domains(store) {
        let mut hosted = store.all::<HostedZone>().filter(|(_, zone)| !zone.private);
        let name = format!("{name}.");
        if hosted.any(|(_, zone)| zone.name == name && delegated(domain, zone)) {
            continue;
        }
        let Some((_, top)) = name.split_once('.') else { continue };
        let id = Id::from(format!("top/{top}"));
        let fresh = || NameZone::new(top, owned::head(top));
        let servers: Vec<String> =
            domain.name_servers.iter().map(|server| format!("{server}.")).collect();
        let cut = owned::record(&name, "NS", owned::values(DELEGATION, &servers));
        zones.entry(id).or_insert_with(fresh).records.push(Arc::new(cut));
    }
    zones.into_iter().map(|(id, zone)| (id, Arc::new(zone))).collect()
}
