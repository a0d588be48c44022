//! The names that AWS itself gives to things, all in one place: name servers, balancers, and
//! instances with public addresses. Not the customers' zones.

use crate::model::{DelegationSet, HostedZone, name};
use elb::model::{Named, NodeAddress};
use region::zone::REGIONS;
use region::{Key, Scope, Store};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use vpc::model::{NetworkInterface, Vpc, find};
use world::{Id, NAME_SERVERS, NameAnswer, NameChoice, NameRecord, NameZone};

/// Seconds that names of instances and name servers are kept outside; they never change their
/// meaning.
const LASTING: u32 = 86_400;

/// Seconds that a balancer's addresses are kept (developer guide, "Values for alias records").
const BALANCER: u32 = 60;

/// What an alias to this target answers, with the verdict of evaluating its health; none: the
/// target is not of AWS or does not exist.
pub(crate) fn alias(store: &Store, zone: &str, target: &str) -> Option<NameAnswer> {
    let balancer = elb::model::find::by_dns(store, target)?;
    (balancer.hosted_zone == zone).then(|| addresses(&balancer, Some(balancer.healthy)))
}

/// Why an alias of this type may not lead there, in Route 53's words.
pub(crate) fn alias_fault(store: &Store, zone: &str, target: &str, kind: &str) -> Option<String> {
    let lies = |domain: &String| name::within(target, domain);
    let outside = "the alias target name does not lie within the target zone";
    match balancer_domain(zone) {
        Some(domain) if lies(&domain) && matches!(kind, "A" | "AAAA") => {
            alias(store, zone, target).is_none().then(|| "that target was not found".to_owned())
        }
        _ => Some(outside.to_owned()),
    }
}

/// `eu-west-3.elb.amazonaws.com.`, for network balancers `elb.eu-west-3.amazonaws.com.`, by the
/// hosted zone's id of the balancers.
fn balancer_domain(zone: &str) -> Option<String> {
    let kinds = REGIONS.iter().flat_map(|region| [(region.name, true), (region.name, false)]);
    let of = |(region, network): &(&str, bool)| elb::model::find::hosted_zone(region, *network);
    let (region, network) = kinds.into_iter().find(|kind| of(kind) == zone)?;
    Some(match network {
        true => format!("elb.{region}.amazonaws.com."),
        false => format!("{region}.elb.amazonaws.com."),
    })
}

/// A balancer's nodes, as its name answers them.
fn addresses(balancer: &Named, well: Option<bool>) -> NameAnswer {
    let address = |node: &NodeAddress| {
        let address = node.public.filter(|_| !balancer.internal);
        (address.unwrap_or(node.private), node.well)
    };
    let addresses = balancer.nodes.iter().map(address).collect();
    NameAnswer::Addresses { ttl: BALANCER, addresses, well }
}

/// `front-123.eu-west-3.elb.amazonaws.com.`, `back-456.elb.eu-west-3.amazonaws.com.`
fn balancers(store: &Store, zones: &mut Zones) {
    for balancer in elb::model::find::balancers(store) {
        let name = format!("{}.", balancer.dns.to_ascii_lowercase());
        let Some((_, zone)) = name.split_once('.') else { continue };
        let zone = zone.to_owned();
        let answer = addresses(&balancer, None);
        zones.put(&zone, format!("dualstack.{name}"), answer.clone());
        zones.put(&zone, name, answer);
    }
}

/// Every zone of AWS's own that holds something, by an id of its own.
pub(crate) fn zones(store: &Store) -> BTreeMap<Id, Arc<NameZone>> {
    let mut zones = Zones::default();
    name_servers(store, &mut zones);
    instances(store, &mut zones);
    balancers(store, &mut zones);
    zones.done()
}

/// Zones that are being filled.
#[derive(Default)]
struct Zones(BTreeMap<String, BTreeMap<String, NameAnswer>>);

impl Zones {
    /// `name` is below `zone`; both with their last dot.
    fn put(&mut self, zone: &str, name: String, answer: NameAnswer) {
        self.0.entry(zone.to_owned()).or_default().insert(name, answer);
    }

    fn done(self) -> BTreeMap<Id, Arc<NameZone>> {
        let zone = |(name, answers): (String, BTreeMap<String, NameAnswer>)| {
            let mut records = head(&name).to_vec();
            records.extend(answers.into_iter().map(|(name, answer)| record(&name, "A", answer)));
            (Id::from(format!("aws/{name}")), Arc::new(NameZone::new(name, records)))
        };
        self.0.into_iter().map(zone).collect()
    }
}

/// A record without like.
pub(crate) fn record(name: &str, kind: &str, answer: NameAnswer) -> NameRecord {
    let (name, kind) = (name.to_owned(), kind.to_owned());
    NameRecord { name, kind, choice: NameChoice::Simple, check: None, answer }
}

/// Values with a time to live in seconds.
pub(crate) fn values(ttl: u32, values: &[String]) -> NameAnswer {
    NameAnswer::Values { ttl, values: values.to_vec() }
}

/// SOA and NS of a zone of AWS's own.
pub(crate) fn head(zone: &str) -> [NameRecord; 2] {
    let soa = "ns-0.awsdns-00.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 60";
    let servers = crate::model::PRIVATE_SERVERS.map(|server| format!("{server}."));
    [
        record(zone, "SOA", values(900, &[soa.to_owned()])),
        record(zone, "NS", values(172_800, &servers)),
    ]
}

/// The name servers' own addresses.
fn name_servers(store: &Store, zones: &mut Zones) {
    let hosted = store.all::<HostedZone>().flat_map(|(_, zone)| &zone.name_servers);
    let sets = store.all::<DelegationSet>().flat_map(|(_, set)| &set.name_servers);
    let own = crate::model::PRIVATE_SERVERS.map(str::to_owned);
    for server in hosted.chain(sets).chain(&own) {
        let Some((_, domain)) = server.split_once('.') else { continue };
        let top = ["com", "net", "org", "co.uk"].iter().position(|top| domain.ends_with(top));
        let address = NAME_SERVERS[top.unwrap_or_default()];
        let answer = values(LASTING, &[address.to_string()]);
        zones.put(&format!("{domain}."), format!("{server}."), answer);
    }
}

/// `ec2-203-0-113-5.compute-1.amazonaws.com.`, by the public address.
fn instances(store: &Store, zones: &mut Zones) {
    for (key, interface) in store.all::<NetworkInterface>() {
        for (name, _, public) in public_names(store, key, interface) {
            let Some((_, domain)) = name.split_once('.') else { continue };
            let answer = values(LASTING, &[public.to_string()]);
            zones.put(domain, name.clone(), answer);
        }
    }
}

/// The public names of an interface: name, private address, public address.
pub(crate) fn public_names(
    store: &Store,
    key: &Key,
    interface: &NetworkInterface,
) -> Vec<(String, Ipv4Addr, Ipv4Addr)> {
    let Some(vpc) = store.get::<Vpc>(&Key::new(&key.scope, interface.vpc.clone())) else {
        return Vec::new();
    };
    if !vpc.dns_hostnames || !vpc.dns_support {
        return Vec::new();
    }
    let name = |scope: &Scope, public| format!("{}.", find::public_name(scope, vpc, public));
    let public = |private: &Ipv4Addr| {
        let public = find::public_of(store, &key.scope, &key.id, interface, *private)?;
        Some((name(&key.scope, public), *private, public))
    };
    interface.addresses.iter().filter_map(public).collect()
}
