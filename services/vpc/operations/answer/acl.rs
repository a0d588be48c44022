//! Network ACLs as clients see them.

use super::each;
use crate::form::{List, NETWORK_ACL, list, owner, tag_set_or_empty, text};
use crate::model::make::EVERYWHERE;
use crate::model::{AclEntry, AclPeer, DEFAULT_RULE, NetworkAcl, Protocol, find};
use api_ec2::{IcmpTypeCode, NetworkAclAssociation, NetworkAclEntry, PortRange};
use region::{Scope, Store};
use world::Id;

/// The answer for one, with the last rule of each direction that AWS always shows.
pub fn acl(store: &Store, scope: &Scope, id: &Id, acl: &NetworkAcl) -> api_ec2::NetworkAcl {
    let way = |egress: bool| {
        let own = acl.entries.iter().filter(move |entry| entry.egress == egress).map(entry);
        own.chain([entry(&last(egress))])
    };
    let subnets = find::subnets(store, scope, &acl.vpc);
    let associations = subnets.filter(|(_, subnet)| subnet.acl.target == *id);
    let association =
        |(subnet, record): (&Id, &std::sync::Arc<crate::model::Subnet>)| NetworkAclAssociation {
            network_acl_association_id: text(&record.acl.id),
            network_acl_id: text(id),
            subnet_id: text(subnet),
        };
    api_ec2::NetworkAcl {
        associations: Some(associations.map(association).collect()),
        entries: Some(way(true).chain(way(false)).collect()),
        is_default: Some(acl.default),
        network_acl_id: text(id),
        owner_id: owner(scope),
        tags: tag_set_or_empty(store, scope, id.as_str()),
        vpc_id: text(&acl.vpc),
    }
}

fn last(egress: bool) -> AclEntry {
    AclEntry {
        number: DEFAULT_RULE,
        egress,
        protocol: Protocol::ALL,
        allow: false,
        peer: AclPeer::V4(EVERYWHERE),
        ports: None,
        icmp: None,
    }
}

fn entry(entry: &AclEntry) -> NetworkAclEntry {
    let (v4, v6) = match &entry.peer {
        AclPeer::V4(block) => (text(block), None),
        AclPeer::V6(block) => (None, text(block)),
    };
    NetworkAclEntry {
        cidr_block: v4,
        egress: Some(entry.egress),
        icmp_type_code: entry
            .icmp
            .map(|(kind, code)| IcmpTypeCode { code: Some(code), r#type: Some(kind) }),
        ipv6_cidr_block: v6,
        port_range: entry
            .ports
            .map(|(from, to)| PortRange { from: Some(from.into()), to: Some(to.into()) }),
        protocol: text(entry.protocol.number()),
        rule_action: text(if entry.allow { "allow" } else { "deny" }),
        rule_number: Some(entry.number.into()),
    }
}

fn icmp(acl: &api_ec2::NetworkAcl, part: fn(&IcmpTypeCode) -> Option<i32>) -> Vec<String> {
    let all = acl.entries.iter().flatten().filter_map(|entry| entry.icmp_type_code.as_ref());
    all.filter_map(part).map(|number| number.to_string()).collect()
}

fn ports(acl: &api_ec2::NetworkAcl, part: fn(&PortRange) -> Option<i32>) -> Vec<String> {
    let all = acl.entries.iter().flatten().filter_map(|entry| entry.port_range.as_ref());
    all.filter_map(part).map(|number| number.to_string()).collect()
}

/// DescribeNetworkAcls.
pub const LIST: List<api_ec2::NetworkAcl> = List {
    noun: NETWORK_ACL,
    id: |acl| &acl.network_acl_id,
    tags: |acl| &acl.tags,
    fields: &[
        ("association.association-id", |acl| {
            each(&acl.associations, |one| &one.network_acl_association_id)
        }),
        ("association.network-acl-id", |acl| each(&acl.associations, |one| &one.network_acl_id)),
        ("association.subnet-id", |acl| each(&acl.associations, |one| &one.subnet_id)),
        ("default", |acl| list(&acl.is_default)),
        ("entry.cidr", |acl| each(&acl.entries, |entry| &entry.cidr_block)),
        ("entry.egress", |acl| each(&acl.entries, |entry| &entry.egress)),
        ("entry.icmp.code", |acl| icmp(acl, |icmp| icmp.code)),
        ("entry.icmp.type", |acl| icmp(acl, |icmp| icmp.r#type)),
        ("entry.ipv6-cidr", |acl| each(&acl.entries, |entry| &entry.ipv6_cidr_block)),
        ("entry.port-range.from", |acl| ports(acl, |ports| ports.from)),
        ("entry.port-range.to", |acl| ports(acl, |ports| ports.to)),
        ("entry.protocol", |acl| each(&acl.entries, |entry| &entry.protocol)),
        ("entry.rule-action", |acl| each(&acl.entries, |entry| &entry.rule_action)),
        ("entry.rule-number", |acl| each(&acl.entries, |entry| &entry.rule_number)),
        ("network-acl-id", |acl| list(&acl.network_acl_id)),
        ("owner-id", |acl| list(&acl.owner_id)),
        ("vpc-id", |acl| list(&acl.vpc_id)),
    ],
};
