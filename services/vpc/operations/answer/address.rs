//! Elastic IP addresses as clients see them.

use crate::form::{ALLOCATION, List, list, owner, tag_set, text};
use crate::model::{Address, NetworkInterface};
use region::{Key, Scope, Store};
use world::Id;

/// The answer for one.
pub fn address(store: &Store, scope: &Scope, id: &Id, address: &Address) -> api_ec2::Address {
    let mut answer = api_ec2::Address {
        allocation_id: text(id),
        domain: text("vpc"),
        network_border_group: text(&scope.region),
        public_ip: text(address.public),
        public_ipv4_pool: text("amazon"),
        tags: tag_set(store, scope, id.as_str()),
        ..Default::default()
    };
    if let Some(used) = &address.association {
        let interface = Key::new(scope, used.interface.clone());
        let interface = store.get::<NetworkInterface>(&interface);
        let attachment = interface.and_then(|interface| interface.attachment.as_ref());
        answer.association_id = text(&used.id);
        answer.instance_id = attachment.and_then(|attachment| text(&attachment.instance));
        answer.network_interface_id = text(&used.interface);
        answer.network_interface_owner_id = owner(scope);
        answer.private_ip_address = text(used.private);
        answer.subnet_id = interface.and_then(|interface| text(&interface.subnet));
    }
    answer
}

/// DescribeAddresses.
pub const LIST: List<api_ec2::Address> = List {
    noun: ALLOCATION,
    id: |address| &address.allocation_id,
    tags: |address| &address.tags,
    fields: &[
        ("allocation-id", |address| list(&address.allocation_id)),
        ("association-id", |address| list(&address.association_id)),
        ("domain", |address| list(&address.domain)),
        ("instance-id", |address| list(&address.instance_id)),
        ("network-border-group", |address| list(&address.network_border_group)),
        ("network-interface-id", |address| list(&address.network_interface_id)),
        ("network-interface-owner-id", |address| list(&address.network_interface_owner_id)),
        ("private-ip-address", |address| list(&address.private_ip_address)),
        ("public-ip", |address| list(&address.public_ip)),
    ],
};
