//! Questions about balancers that more than one room asks. Nothing here changes anything.

use super::{
    Classic, InstanceHealth, InstanceState, InstanceStatus, Kind, Listener, LoadBalancer, Member,
    Node, Nodes, Observed, Reason, State, TargetGroup, TargetHealth, name,
};
use region::{Key, Scope, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::Arc;
use vpc::model::NetworkInterface;
use world::{Id, Time, Zone};

pub use super::name::hosted_zone;

/// A registered target and how it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetStatus {
    /// `i-…` or an address.
    pub id: String,
    /// Where it listens.
    pub port: u16,
    /// For addresses, as registered.
    pub zone: Option<Zone>,
    /// How it is.
    pub state: State,
    /// Why.
    pub reason: Option<Reason>,
    /// Since when it is in that state.
    pub since: Time,
    /// When it was registered.
    pub registered: Time,
}

/// A balancer by its DNS name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its record.
    pub key: Key,
    /// Its DNS name, as it is shown.
    pub dns: String,
    /// The hosted zone that aliases name.
    pub hosted_zone: String,
    /// Its region.
    pub region: String,
    /// Whether it has private addresses only.
    pub internal: bool,
    /// Where it lives.
    pub vpc: Id,
    /// One a zone.
    pub nodes: Vec<NodeAddress>,
    /// What evaluating an alias's target finds: a node is well, and every target group has a
    /// healthy target (Route 53 guide, "Evaluate target health").
    pub healthy: bool,
}

/// Where a balancer's node can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeAddress {
    /// Its zone.
    pub zone: Zone,
    /// In its subnet.
    pub private: Ipv4Addr,
    /// On the internet.
    pub public: Option<Ipv4Addr>,
    /// Whether clients should be sent there.
    pub well: bool,
}

/// The target group of an ARN.
pub fn group(store: &Store, arn: &str) -> Option<(Key, Arc<TargetGroup>)> {
    let key = name::key(arn, "targetgroup")?;
    let group = store.get::<TargetGroup>(&key)?.clone();
    Some((key, group))
}

/// The balancers that send requests to a target group: one at most.
pub fn used(store: &Store, group: &Key) -> Vec<Key> {
    let arn = name::group(&group.scope, group.id.as_str());
    let all = store.list::<Listener>(&group.scope);
    let naming = all.filter(|(_, listener)| listener.groups().contains(arn.as_str()));
    let keys = naming.map(|(key, listener)| Key::new(&key.scope, &listener.balancer));
    keys.collect::<BTreeSet<Key>>().into_iter().collect()
}

/// The listeners of a balancer, with their keys.
pub fn listeners<'a>(
    store: &'a Store,
    balancer: &Key,
) -> impl Iterator<Item = (&'a Key, &'a Arc<Listener>)> {
    let id = balancer.id.clone();
    let all = store.list::<Listener>(&balancer.scope);
    all.filter(move |(_, listener)| *listener.balancer == *id.as_str())
}

/// The target groups that a balancer sends requests to, with their keys.
pub fn groups(store: &Store, balancer: &Key) -> BTreeMap<Key, Arc<TargetGroup>> {
    let arns = listeners(store, balancer).flat_map(|(_, listener)| listener.groups());
    arns.filter_map(|arn| group(store, arn)).collect()
}

/// The targets of a group; none of an unknown one.
pub fn targets(store: &Store, key: &Key) -> Vec<TargetStatus> {
    let Some(group) = store.get::<TargetGroup>(key) else { return Vec::new() };
    let used = !used(store, key).is_empty();
    let health = store.get::<TargetHealth>(key).filter(|_| used);
    let status = |(name, one): (&String, &super::Registration)| {
        let observed = health.and_then(|health| health.targets.get(name).cloned());
        let (state, reason) = match (used, one.leaving) {
            (_, Some(_)) => (State::Draining, Reason::Deregistering),
            (true, None) => (State::Initial, Reason::Registering),
            (false, None) => (State::Unused, Reason::NotInUse),
        };
        let since = one.leaving.unwrap_or(one.at);
        let Observed { state, reason, since } =
            observed.unwrap_or(Observed { state, reason: Some(reason), since });
        let (id, zone) = (one.id.clone(), one.zone.clone());
        TargetStatus { id, port: one.port, zone, state, reason, since, registered: one.at }
    };
    group.targets.iter().map(status).collect()
}

/// Where the node of a balancer can be reached.
fn address(store: &Store, scope: &Scope, zone: &Zone, node: &Node, well: bool) -> NodeAddress {
    let interface = store.get::<NetworkInterface>(&Key::new(scope, node.interface.clone()));
    let private = interface.map_or(Ipv4Addr::UNSPECIFIED, |interface| interface.primary());
    let public = interface.and_then(|interface| {
        vpc::model::find::public_of(store, scope, &node.interface, interface, private)
    });
    NodeAddress { zone: zone.clone(), private, public, well }
}

/// Where nodes can be reached.
pub(crate) fn addresses(
    store: &Store,
    scope: &Scope,
    nodes: &BTreeMap<Zone, Node>,
    observed: Option<&Nodes>,
) -> Vec<NodeAddress> {
    let well = |zone: &Zone| observed.is_some_and(|nodes| nodes.well.get(zone) == Some(&true));
    nodes.iter().map(|(zone, node)| address(store, scope, zone, node, well(zone))).collect()
}

fn named(store: &Store, key: &Key, balancer: &LoadBalancer) -> Named {
    let observed = store.get::<Nodes>(key).map(|nodes| &**nodes);
    let nodes = addresses(store, &key.scope, &balancer.nodes, observed);
    let groups = groups(store, key);
    let alive = |group: &Key| targets(store, group).iter().any(|one| one.state == State::Healthy);
    let healthy = nodes.iter().any(|node| node.well) && groups.keys().all(alive);
    let network = balancer.kind == Kind::Network;
    Named {
        key: key.clone(),
        dns: balancer.dns.clone(),
        hosted_zone: hosted_zone(&key.scope.region, network).into(),
        region: key.scope.region.to_string(),
        internal: balancer.internal,
        vpc: balancer.vpc.clone(),
        nodes,
        healthy,
    }
}

/// The instances of a classic balancer; none of an unknown one.
pub fn instances(store: &Store, scope: &Scope, name: &str) -> Option<Vec<InstanceStatus>> {
    let key = Key::new(scope, name);
    let balancer = store.get::<Classic>(&key)?;
    let health = store.get::<InstanceHealth>(&key);
    let status = |(id, member): (&String, &Member)| {
        let observed = health.and_then(|health| health.instances.get(id).copied());
        let leaving = member.leaving.is_some();
        let state = match leaving {
            true => InstanceState::Leaving,
            false => observed.unwrap_or(InstanceState::Registering),
        };
        let (_, reason, description) = state.words();
        InstanceStatus {
            id: id.clone(),
            in_service: state.in_service(),
            reason: reason.into(),
            description: description.into(),
            leaving,
        }
    };
    Some(balancer.instances.iter().map(status).collect())
}

fn named_classic(store: &Store, key: &Key, balancer: &Classic) -> Named {
    let observed = store.get::<Nodes>(key).map(|nodes| &**nodes);
    let nodes = addresses(store, &key.scope, &balancer.nodes, observed);
    let instances = instances(store, &key.scope, key.id.as_str()).unwrap_or_default();
    let healthy = nodes.iter().any(|node| node.well) && instances.iter().any(|one| one.in_service);
    Named {
        key: key.clone(),
        dns: balancer.dns.clone(),
        hosted_zone: hosted_zone(&key.scope.region, false).into(),
        region: key.scope.region.to_string(),
        internal: balancer.internal,
        vpc: balancer.vpc.clone(),
        nodes,
        healthy,
    }
}

/// All balancers of all accounts and regions.
pub fn balancers(store: &Store) -> Vec<Named> {
    let second = store.all::<LoadBalancer>().map(|(key, one)| named(store, key, one));
    let classic = store.all::<Classic>().map(|(key, one)| named_classic(store, key, one));
    second.chain(classic).collect()
}

/// The balancer of a DNS name.
pub fn by_dns(store: &Store, dns: &str) -> Option<Named> {
    let plain = dns.trim_end_matches('.').to_ascii_lowercase();
    let plain = plain.strip_prefix("dualstack.").unwrap_or(&plain);
    let mut all = store.all::<LoadBalancer>();
    if let Some((key, one)) = all.find(|(_, one)| one.dns.eq_ignore_ascii_case(plain)) {
        return Some(named(store, key, one));
    }
    let mut all = store.all::<Classic>();
    let found = all.find(|(_, one)| one.dns.eq_ignore_ascii_case(plain));
    found.map(|(key, one)| named_classic(store, key, one))
}
