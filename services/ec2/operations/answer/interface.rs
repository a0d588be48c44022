//! Interfaces as instances show them.

use super::second;
use api_ec2::{
    InstanceNetworkInterface, InstanceNetworkInterfaceAssociation,
    InstanceNetworkInterfaceAttachment, InstancePrivateIpAddress,
};
use region::{Key, Scope, Store};
use std::net::Ipv4Addr;
use vpc::form::{owner, text};
use vpc::model::{NetworkInterface, Vpc, find};
use world::Id;

/// One of an instance's interfaces.
pub(crate) fn of(
    store: &Store,
    scope: &Scope,
    id: &Id,
    interface: &NetworkInterface,
) -> InstanceNetworkInterface {
    let association = |private| association(store, scope, id, interface, private);
    let name = |private| private_name(store, scope, interface, private);
    let address = |private: &Ipv4Addr| InstancePrivateIpAddress {
        association: association(*private),
        primary: Some(*private == interface.primary()),
        private_dns_name: name(*private),
        private_ip_address: text(private),
    };
    InstanceNetworkInterface {
        association: association(interface.primary()),
        attachment: attachment(interface),
        description: text(&interface.description),
        groups: Some(vpc::group_identifiers(store, scope, &interface.groups)),
        interface_type: text("interface"),
        ipv6_addresses: Some(Vec::new()),
        mac_address: text(interface.mac_text()),
        network_interface_id: text(id),
        owner_id: owner(scope),
        private_dns_name: name(interface.primary()),
        private_ip_address: text(interface.primary()),
        private_ip_addresses: Some(interface.addresses.iter().map(address).collect()),
        source_dest_check: Some(interface.source_dest_check),
        status: text("in-use"),
        subnet_id: text(&interface.subnet),
        vpc_id: text(&interface.vpc),
        ..Default::default()
    }
}

fn attachment(interface: &NetworkInterface) -> Option<InstanceNetworkInterfaceAttachment> {
    let attachment = interface.attachment.as_ref()?;
    Some(InstanceNetworkInterfaceAttachment {
        attach_time: Some(second(attachment.attached)),
        attachment_id: text(&attachment.id),
        delete_on_termination: Some(attachment.delete_on_termination),
        device_index: Some(i32::from(attachment.index)),
        network_card_index: Some(0),
        status: text("attached"),
        ..Default::default()
    })
}

fn association(
    store: &Store,
    scope: &Scope,
    id: &Id,
    interface: &NetworkInterface,
    private: Ipv4Addr,
) -> Option<InstanceNetworkInterfaceAssociation> {
    let public = find::public_of(store, scope, id, interface, private)?;
    let elastic = find::elastic(store, scope, id, private).is_some();
    Some(InstanceNetworkInterfaceAssociation {
        ip_owner_id: if elastic { owner(scope) } else { text("amazon") },
        public_dns_name: text(public_name(store, scope, interface, public)),
        public_ip: text(public),
        ..Default::default()
    })
}

/// The public name of an address of this interface; empty where its VPC gives none.
pub(crate) fn public_name(
    store: &Store,
    scope: &Scope,
    interface: &NetworkInterface,
    public: Ipv4Addr,
) -> String {
    let vpc = store.get::<Vpc>(&Key::new(scope, interface.vpc.clone()));
    vpc.map(|vpc| find::public_name(scope, vpc, public)).unwrap_or_default()
}

fn private_name(
    store: &Store,
    scope: &Scope,
    interface: &NetworkInterface,
    private: Ipv4Addr,
) -> Option<String> {
    let vpc = store.get::<Vpc>(&Key::new(scope, interface.vpc.clone()))?;
    vpc.dns_hostnames.then(|| find::private_name(scope, private))
}
