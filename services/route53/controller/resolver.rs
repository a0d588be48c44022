//! The resolver of a VPC: one machine in each zone where somebody could ask it.

use super::servers::machine;
use super::zone;
use crate::model::owned::{public_names, record, values};
use crate::model::{Health, HealthCheck, HostedZone, Kind, Servers, VpcPlace, owned, servers};
use region::{Key, Plan, Store, View};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::Arc;
use vpc::model::{NetworkInterface, Vpc, find};
use world::{Id, Look, LookAt, NameZone, Program, Resolver};

/// Seconds that the resolver's own names are kept.
const TTL: u32 = 60;

/// States a resolver for each zone in which the VPC has a network interface, if it has DNS
/// support; and that there are name servers on the internet, which it asks.
pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(vpc) = view.store.get::<Vpc>(key) else { return };
    let inside: Vec<(&Id, &Arc<NetworkInterface>)> =
        find::interfaces(view.store, &key.scope).filter(|(_, one)| one.vpc == key.id).collect();
    if inside.is_empty() {
        return;
    }
    plan.want(servers(), Servers {});
    if !vpc.dns_support {
        return;
    }
    let mut zones = private_names(view.store, key, &inside);
    let mut checks = BTreeMap::new();
    for (key, hosted) in seen(view.store, key) {
        let zone = zone::zone(view.store, key, hosted);
        for check in zone.records.iter().filter_map(|record| record.check.as_ref()) {
            tell(view.store, key, check, &mut checks);
        }
        zones.insert(key.id.clone(), Arc::new(zone));
    }
    let places: BTreeSet<_> = inside.iter().map(|(_, one)| &one.zone).collect();
    for place in places {
        let resolver = Resolver {
            router: key.id.clone(),
            place: key.scope.region.to_string(),
            zones: zones.clone(),
            checks: checks.clone(),
        };
        let program = Program::Resolver(Box::new(resolver));
        plan.thing(Id::from(format!("dns-{}-{place}", key.id)), machine(place.as_str(), program));
    }
}

/// The private hosted zones that a VPC sees.
fn seen<'a>(store: &'a Store, vpc: &Key) -> impl Iterator<Item = (&'a Key, &'a Arc<HostedZone>)> {
    let place = VpcPlace { region: vpc.scope.region.to_string(), id: vpc.id.to_string() };
    store.all::<HostedZone>().filter(move |(_, zone)| zone.vpcs.contains(&place))
}

/// The names that AWS gives to the addresses of a VPC, as they are seen inside: private names in
/// both directions, and public names, which lead to private addresses here.
fn private_names(
    store: &Store,
    vpc: &Key,
    inside: &[(&Id, &Arc<NetworkInterface>)],
) -> BTreeMap<Id, Arc<NameZone>> {
    let mut zones = BTreeMap::new();
    let domain = format!("{}.", find::internal_domain(&vpc.scope));
    let mut all = owned::head(&domain).to_vec();
    let mut alone = |name: String, kind: &str, value: String| {
        let mut records = owned::head(&name).to_vec();
        records.push(record(&name, kind, values(TTL, &[value])));
        zones.insert(Id::from(format!("aws/{name}")), Arc::new(NameZone::new(name, records)));
    };
    for (id, interface) in inside {
        for address in &interface.addresses {
            let name = format!("{}.", find::private_name(&vpc.scope, *address));
            all.push(record(&name, "A", values(TTL, &[address.to_string()])));
            alone(reverse(*address), "PTR", name);
        }
        let key = Key::new(&vpc.scope, (*id).clone());
        for (name, private, _) in public_names(store, &key, interface) {
            alone(name, "A", private.to_string());
        }
    }
    let own = Arc::new(NameZone::new(&domain, all));
    zones.insert(Id::from(format!("aws/{domain}")), own);
    zones
}

/// `5.0.0.10.in-addr.arpa.`
fn reverse(address: Ipv4Addr) -> String {
    let [a, b, c, d] = address.octets();
    format!("{d}.{c}.{b}.{a}.in-addr.arpa.")
}

/// A check and those that it is calculated from, as the internet's checkers found them.
fn tell(store: &Store, zone: &Key, id: &Id, checks: &mut BTreeMap<Id, Look>) {
    let key = Key::new(&zone.scope, id.clone());
    let Some(check) = store.get::<HealthCheck>(&key) else { return };
    if checks.contains_key(id) {
        return;
    }
    let well = store.get::<Health>(&key).map(|health| health.well);
    let (at, inverted, disabled) = match &check.kind {
        Kind::Calculated { least, children } => {
            let of = children.iter().map(Id::from).collect();
            let at = LookAt::Calculated { least: *least, of };
            (at, check.inverted, check.disabled)
        }
        // Inverted already.
        _ => (LookAt::Told(well), false, check.disabled && well.is_none()),
    };
    checks.insert(id.clone(), Look { at, inverted, disabled, last: None });
    if let Kind::Calculated { children, .. } = &check.kind {
        children.iter().for_each(|child| tell(store, zone, &Id::from(child), checks));
    }
}
