//! Network interfaces as clients see them.

use super::{each, none};
use crate::form::{List, NETWORK_INTERFACE, list, owner, tag_set_or_empty, text};
use crate::model::{NetworkInterface, SecurityGroup, Vpc, find};
use api_ec2::{
    GroupIdentifier, NetworkInterfaceAssociation, NetworkInterfaceAttachment,
    NetworkInterfacePrivateIpAddress, OperatorResponse,
};
use region::{Key, Scope, Store};
use shape::Timestamp;
use std::net::Ipv4Addr;
use world::Id;

/// The answer for one.
pub fn interface(
    store: &Store,
    scope: &Scope,
    id: &Id,
    interface: &NetworkInterface,
) -> api_ec2::NetworkInterface {
    let primary = association(store, scope, id, interface, interface.primary());
    let address = |private: &Ipv4Addr| NetworkInterfacePrivateIpAddress {
        association: association(store, scope, id, interface, *private),
        primary: Some(*private == interface.primary()),
        private_dns_name: private_name(store, scope, interface, *private),
        private_ip_address: text(private),
    };
    api_ec2::NetworkInterface {
        private_ip_addresses: Some(interface.addresses.iter().map(address).collect()),
        association: primary,
        attachment: attachment(scope, interface),
        availability_zone: text(&interface.zone),
        availability_zone_id: super::subnet::zone_id(scope, interface.zone.as_str()),
        description: text(&interface.description),
        groups: Some(shown_groups(store, scope, interface)),
        interface_type: text(kind(interface)),
        ipv6_addresses: Some(Vec::new()),
        mac_address: text(interface.mac_text()),
        network_interface_id: text(id),
        operator: Some(OperatorResponse { managed: Some(false), ..Default::default() }),
        owner_id: owner(scope),
        private_dns_name: private_name(store, scope, interface, interface.primary()),
        private_ip_address: text(interface.primary()),
        requester_id: interface.requester.clone(),
        requester_managed: Some(interface.requester.is_some()),
        source_dest_check: Some(interface.source_dest_check),
        status: text(if interface.attachment.is_some() { "in-use" } else { "available" }),
        subnet_id: text(&interface.subnet),
        tag_set: tag_set_or_empty(store, scope, id.as_str()),
        vpc_id: text(&interface.vpc),
        ..Default::default()
    }
}

/// Interfaces have private names where their VPC's resolver answers and gives host names.
fn private_name(
    store: &Store,
    scope: &Scope,
    interface: &NetworkInterface,
    private: Ipv4Addr,
) -> Option<String> {
    let vpc = store.get::<Vpc>(&Key::new(scope, interface.vpc.clone()))?;
    vpc.dns_hostnames.then(|| find::private_name(scope, private))
}

/// What kind of interface it is: `interface` unless a network balancer made it.
fn kind(interface: &NetworkInterface) -> &'static str {
    let network = interface.description.starts_with("ELB net/");
    if interface.requester.is_some() && network { "network_load_balancer" } else { "interface" }
}

/// Its security groups; what stands for none of them on a service's own interface is not shown.
fn shown_groups(
    store: &Store,
    scope: &Scope,
    interface: &NetworkInterface,
) -> Vec<GroupIdentifier> {
    let mut all = groups(store, scope, &interface.groups);
    all.retain(|group| interface.requester.is_none() || group.group_name.is_some());
    all
}

/// Security groups by id and name, as interfaces and instances show them.
pub fn groups(store: &Store, scope: &Scope, groups: &[Id]) -> Vec<GroupIdentifier> {
    let name = |id: &Id| {
        let group = store.get::<SecurityGroup>(&Key::new(scope, id.clone()))?;
        text(&group.name)
    };
    let one = |id| GroupIdentifier { group_id: text(id), group_name: name(id) };
    groups.iter().map(one).collect()
}

/// Where it is plugged in.
pub fn attachment(
    scope: &Scope,
    interface: &NetworkInterface,
) -> Option<NetworkInterfaceAttachment> {
    let attachment = interface.attachment.as_ref()?;
    let own = &interface.requester;
    Some(NetworkInterfaceAttachment {
        attach_time: Some(Timestamp(attachment.attached.millis() as i64)),
        attachment_id: text(&attachment.id),
        delete_on_termination: Some(attachment.delete_on_termination),
        // A service's own machine is nobody's instance.
        device_index: Some(if own.is_some() { 1 } else { attachment.index.into() }),
        instance_id: if own.is_some() { None } else { text(&attachment.instance) },
        instance_owner_id: own.clone().or_else(|| owner(scope)),
        network_card_index: Some(0),
        status: text("attached"),
        ..Default::default()
    })
}

/// The public address of a private one.
pub fn association(
    store: &Store,
    scope: &Scope,
    id: &Id,
    interface: &NetworkInterface,
    private: Ipv4Addr,
) -> Option<NetworkInterfaceAssociation> {
    let public = find::public_of(store, scope, id, interface, private)?;
    let vpc = store.get::<Vpc>(&Key::new(scope, interface.vpc.clone()))?;
    let elastic = find::elastic(store, scope, id, private);
    let used = elastic.as_ref().and_then(|(_, address)| address.association.as_ref());
    Some(NetworkInterfaceAssociation {
        allocation_id: elastic.as_ref().and_then(|(id, _)| text(id)),
        association_id: used.and_then(|used| text(&used.id)),
        ip_owner_id: if elastic.is_some() { owner(scope) } else { text("amazon") },
        public_dns_name: text(find::public_name(scope, vpc, public)),
        public_ip: text(public),
        ..Default::default()
    })
}

fn of_association(
    interface: &api_ec2::NetworkInterface,
    part: fn(&NetworkInterfaceAssociation) -> &Option<String>,
) -> Vec<String> {
    interface.association.iter().flat_map(|association| list(part(association))).collect()
}

fn of_attachment<T: ToString>(
    interface: &api_ec2::NetworkInterface,
    part: fn(&NetworkInterfaceAttachment) -> &Option<T>,
) -> Vec<String> {
    interface.attachment.iter().flat_map(|attachment| list(part(attachment))).collect()
}

fn of_addresses(
    interface: &api_ec2::NetworkInterface,
    part: fn(&NetworkInterfaceAssociation) -> &Option<String>,
) -> Vec<String> {
    let all = interface.private_ip_addresses.iter().flatten();
    let associations = all.filter_map(|address| address.association.as_ref());
    associations.flat_map(|association| list(part(association))).collect()
}

/// DescribeNetworkInterfaces.
pub const LIST: List<api_ec2::NetworkInterface> = List {
    noun: NETWORK_INTERFACE,
    id: |interface| &interface.network_interface_id,
    tags: |interface| &interface.tag_set,
    fields: &[
        ("addresses.association.owner-id", |one| of_addresses(one, |at| &at.ip_owner_id)),
        ("addresses.association.public-ip", |one| of_addresses(one, |at| &at.public_ip)),
        ("addresses.primary", |one| each(&one.private_ip_addresses, |at| &at.primary)),
        ("addresses.private-ip-address", |one| {
            each(&one.private_ip_addresses, |at| &at.private_ip_address)
        }),
        ("association.allocation-id", |one| of_association(one, |at| &at.allocation_id)),
        ("association.association-id", |one| of_association(one, |at| &at.association_id)),
        ("association.ip-owner-id", |one| of_association(one, |at| &at.ip_owner_id)),
        ("association.public-dns-name", |one| of_association(one, |at| &at.public_dns_name)),
        ("association.public-ip", |one| of_association(one, |at| &at.public_ip)),
        ("attachment.attach-time", |one| {
            let at = one.attachment.as_ref().and_then(|attachment| attachment.attach_time);
            at.iter().map(|at| at.iso8601_millis()).collect()
        }),
        ("attachment.attachment-id", |one| of_attachment(one, |at| &at.attachment_id)),
        ("attachment.delete-on-termination", |one| {
            of_attachment(one, |at| &at.delete_on_termination)
        }),
        ("attachment.device-index", |one| of_attachment(one, |at| &at.device_index)),
        ("attachment.instance-id", |one| of_attachment(one, |at| &at.instance_id)),
        ("attachment.instance-owner-id", |one| of_attachment(one, |at| &at.instance_owner_id)),
        ("attachment.status", |one| of_attachment(one, |at| &at.status)),
        ("availability-zone", |one| list(&one.availability_zone)),
        ("availability-zone-id", |one| list(&one.availability_zone_id)),
        ("description", |one| list(&one.description)),
        ("group-id", |one| each(&one.groups, |group| &group.group_id)),
        ("group-name", |one| each(&one.groups, |group| &group.group_name)),
        ("interface-type", |one| list(&one.interface_type)),
        ("ipv6-addresses.ipv6-address", none),
        ("mac-address", |one| list(&one.mac_address)),
        ("network-interface-id", |one| list(&one.network_interface_id)),
        ("operator.managed", |one| {
            one.operator.iter().flat_map(|operator| list(&operator.managed)).collect()
        }),
        ("operator.principal", none),
        ("owner-id", |one| list(&one.owner_id)),
        ("private-dns-name", |one| list(&one.private_dns_name)),
        ("private-ip-address", |one| list(&one.private_ip_address)),
        ("requester-id", |one| list(&one.requester_id)),
        ("requester-managed", |one| list(&one.requester_managed)),
        ("source-dest-check", |one| list(&one.source_dest_check)),
        ("status", |one| list(&one.status)),
        ("subnet-id", |one| list(&one.subnet_id)),
        ("vpc-id", |one| list(&one.vpc_id)),
    ],
};
