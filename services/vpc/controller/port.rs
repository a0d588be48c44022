//! A network interface is a port, plugged in while its instance has a machine.

use crate::model::{Address, NetworkInterface, find};
use region::{Changed, Key, Plan, View};
use world::{Plug, Port, Thing};

/// The port.
pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(interface) = view.store.get::<NetworkInterface>(key) else { return };
    let address = |private: &std::net::Ipv4Addr| {
        let public = find::public_of(view.store, &key.scope, &key.id, interface, *private);
        world::Address { private: *private, public }
    };
    let active = interface.attachment.as_ref().filter(|attachment| attachment.active);
    let port = Port {
        segment: interface.subnet.clone(),
        mac: interface.mac,
        addresses: interface.addresses.iter().map(address).collect(),
        groups: interface.groups.clone(),
        guarded: interface.source_dest_check,
        plug: active.map(|at| Plug { machine: at.instance.clone(), index: at.index }),
        uncounted: is_free(interface),
    };
    plan.thing(key.id.clone(), Thing::Port(port));
}

/// Between zones, what application and classic balancers exchange with others is not charged; what
/// network balancers do, is. docs: ELB guide, "Cross-zone load balancing"; EC2 on-demand pricing.
fn is_free(interface: &NetworkInterface) -> bool {
    interface.requester.as_deref() == Some("amazon-elb")
        && !interface.description.starts_with("ELB net/")
}

/// The interfaces that an Elastic IP address left or came to.
pub(super) fn of_address(view: &View, changed: &Changed) -> Vec<Key> {
    let interface = |address: &Address| Some(address.association.as_ref()?.interface.clone());
    let before = changed.before::<Address>().and_then(interface);
    let after = view.store.get::<Address>(&changed.key).and_then(|address| interface(address));
    before.into_iter().chain(after).map(|id| Key::new(&changed.key.scope, id)).collect()
}
