//! Questions about the records of a scope that more than one room asks. Nothing here changes
//! anything.

use crate::model::{
    Address, InternetGateway, NetworkAcl, NetworkInterface, RouteTable, SecurityGroup, Subnet, Vpc,
};
use region::{Scope, Store};
use std::net::Ipv4Addr;
use std::sync::Arc;
use world::{Id, Zone};

/// The default VPC, if there is one.
pub fn default_vpc(store: &Store, scope: &Scope) -> Option<(Id, Arc<Vpc>)> {
    let found = store.list::<Vpc>(scope).find(|(_, vpc)| vpc.default);
    found.map(|(key, vpc)| (key.id.clone(), vpc.clone()))
}

/// The default subnet of a zone, if there is one.
pub fn default_subnet(store: &Store, scope: &Scope, zone: &Zone) -> Option<(Id, Arc<Subnet>)> {
    default_subnets(store, scope).into_iter().find(|(_, subnet)| subnet.zone == *zone)
}

/// All default subnets, in the order of their zones.
pub fn default_subnets(store: &Store, scope: &Scope) -> Vec<(Id, Arc<Subnet>)> {
    let all = store.list::<Subnet>(scope).filter(|(_, subnet)| subnet.default);
    let mut all: Vec<_> = all.map(|(key, subnet)| (key.id.clone(), subnet.clone())).collect();
    all.sort_by(|(_, a), (_, b)| a.zone.cmp(&b.zone));
    all
}

/// The default security group of a VPC.
pub fn default_group(store: &Store, scope: &Scope, vpc: &Id) -> Option<Id> {
    let mut all = store.list::<SecurityGroup>(scope);
    let found = all.find(|(_, group)| group.vpc == *vpc && group.is_default());
    found.map(|(key, _)| key.id.clone())
}

/// The security group of this name in a VPC.
pub fn group_named(store: &Store, scope: &Scope, vpc: &Id, name: &str) -> Option<Id> {
    let mut all = store.list::<SecurityGroup>(scope);
    let found = all.find(|(_, group)| group.vpc == *vpc && group.name == name);
    found.map(|(key, _)| key.id.clone())
}

/// The default network ACL of a VPC.
pub fn default_acl(store: &Store, scope: &Scope, vpc: &Id) -> Option<Id> {
    let mut all = store.list::<NetworkAcl>(scope);
    let found = all.find(|(_, acl)| acl.vpc == *vpc && acl.default);
    found.map(|(key, _)| key.id.clone())
}

/// The internet gateway that is attached to a VPC.
pub fn gateway(store: &Store, scope: &Scope, vpc: &Id) -> Option<Id> {
    let mut all = store.list::<InternetGateway>(scope);
    let found = all.find(|(_, gateway)| gateway.vpc.as_ref() == Some(vpc));
    found.map(|(key, _)| key.id.clone())
}

/// Interfaces of a scope.
pub fn interfaces<'a>(
    store: &'a Store,
    scope: &Scope,
) -> impl Iterator<Item = (&'a Id, &'a Arc<NetworkInterface>)> {
    store.list::<NetworkInterface>(scope).map(|(key, interface)| (&key.id, interface))
}

/// The interfaces of an instance, in the order of their device indexes.
pub fn of_instance(
    store: &Store,
    scope: &Scope,
    instance: &str,
) -> Vec<(Id, Arc<NetworkInterface>)> {
    let all = interfaces(store, scope).filter(|(_, one)| one.index_in(instance).is_some());
    let mut all: Vec<_> = all.map(|(id, interface)| (id.clone(), interface.clone())).collect();
    all.sort_by_key(|(_, interface)| interface.index_in(instance));
    all
}

/// The primary interface of an instance.
pub fn primary(
    store: &Store,
    scope: &Scope,
    instance: &str,
) -> Option<(Id, Arc<NetworkInterface>)> {
    let first = of_instance(store, scope, instance).into_iter().next()?;
    (first.1.index_in(instance) == Some(0)).then_some(first)
}

/// The Elastic IP address that stands for a private address of an interface: its allocation id
/// and the record.
pub fn elastic(
    store: &Store,
    scope: &Scope,
    interface: &Id,
    private: Ipv4Addr,
) -> Option<(Id, Arc<Address>)> {
    let mut all = store.list::<Address>(scope);
    let found = all.find(|(_, address)| {
        let used = address.association.as_ref();
        used.is_some_and(|used| used.interface == *interface && used.private == private)
    });
    found.map(|(key, address)| (key.id.clone(), address.clone()))
}

/// The public address of a private address of an interface, by Elastic IP or from the pool.
pub fn public_of(
    store: &Store,
    scope: &Scope,
    id: &Id,
    interface: &NetworkInterface,
    private: Ipv4Addr,
) -> Option<Ipv4Addr> {
    match elastic(store, scope, id, private) {
        Some((_, address)) => Some(address.public),
        None => interface.public.filter(|_| private == interface.primary()),
    }
}

/// `ip-10-0-0-5.ec2.internal`, as AWS names private addresses.
pub fn private_name(scope: &Scope, address: Ipv4Addr) -> String {
    let dashed = address.to_string().replace('.', "-");
    format!("ip-{dashed}.{}", internal_domain(scope))
}

/// `ec2.internal`, or `REGION.compute.internal` outside us-east-1.
pub fn internal_domain(scope: &Scope) -> String {
    match &*scope.region {
        "us-east-1" => "ec2.internal".into(),
        region => format!("{region}.compute.internal"),
    }
}

/// `ec2-203-0-113-5.compute-1.amazonaws.com`; empty when the VPC gives no public names.
pub fn public_name(scope: &Scope, vpc: &Vpc, address: Ipv4Addr) -> String {
    if !vpc.dns_hostnames || !vpc.dns_support {
        return String::new();
    }
    let dashed = address.to_string().replace('.', "-");
    match &*scope.region {
        "us-east-1" => format!("ec2-{dashed}.compute-1.amazonaws.com"),
        region => format!("ec2-{dashed}.{region}.compute.amazonaws.com"),
    }
}

/// Route tables of a VPC.
pub fn tables<'a>(
    store: &'a Store,
    scope: &Scope,
    vpc: &'a Id,
) -> impl Iterator<Item = (&'a Id, &'a Arc<RouteTable>)> {
    let all = store.list::<RouteTable>(scope).filter(move |(_, table)| table.vpc == *vpc);
    all.map(|(key, table)| (&key.id, table))
}

/// Subnets of a VPC.
pub fn subnets<'a>(
    store: &'a Store,
    scope: &Scope,
    vpc: &'a Id,
) -> impl Iterator<Item = (&'a Id, &'a Arc<Subnet>)> {
    let all = store.list::<Subnet>(scope).filter(move |(_, subnet)| subnet.vpc == *vpc);
    all.map(|(key, subnet)| (&key.id, subnet))
}
