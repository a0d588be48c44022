//! An Elastic IP address lets go of an interface, or a private address, that is gone.

use crate::model::{Address, NetworkInterface};
use region::{Changed, Key, Plan, View};

/// Ends an association with nothing.
pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(address) = view.store.get::<Address>(key) else { return };
    let Some(used) = &address.association else { return };
    let interface = Key::new(&key.scope, used.interface.clone());
    let interface = view.store.get::<NetworkInterface>(&interface);
    if !interface.is_some_and(|interface| interface.addresses.contains(&used.private)) {
        plan.want(key.clone(), Address { association: None, ..(**address).clone() });
    }
}

/// The addresses that stand for an interface.
pub(super) fn of_interface(view: &View, changed: &Changed) -> Vec<Key> {
    let all = view.store.list::<Address>(&changed.key.scope);
    let of = |address: &Address| {
        address.association.as_ref().is_some_and(|used| used.interface == changed.key.id)
    };
    all.filter(|(_, address)| of(address)).map(|(key, _)| key.clone()).collect()
}
