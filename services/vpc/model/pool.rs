//! The public addresses of this world: which there are, and who has them.

use crate::model::{Address, NetworkInterface};
use region::{Call, Refusal, Store};
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

/// The documentation ranges (RFC 5737), each a /24: they lead nowhere outside.
const RANGES: [[u8; 3]; 3] = [[203, 0, 113], [198, 51, 100], [192, 0, 2]];

/// Below this, 192.0.2.0/24 belongs to the internet itself.
const INTERNET_OWN: u8 = 15;

/// Every public address that may be given out, in a fixed order.
pub fn all() -> impl Iterator<Item = Ipv4Addr> {
    let hosts = RANGES.iter().flat_map(|range| (1..=254).map(move |last| (range, last)));
    let free = hosts.filter(|(range, last)| range[0] != 192 || *last > INTERNET_OWN);
    free.map(|([a, b, c], last)| Ipv4Addr::new(*a, *b, *c, last))
}

/// Every public address that somebody has, in any account and region.
pub fn taken(store: &Store) -> BTreeSet<Ipv4Addr> {
    let elastic = store.all::<Address>().map(|(_, address)| address.public);
    let auto = store.all::<NetworkInterface>().filter_map(|(_, interface)| interface.public);
    elastic.chain(auto).collect()
}

/// A public address that nobody has; any of them, so that one that was given back is not at once
/// somebody else's. Put the record that holds it before the next is picked.
pub fn pick(call: &mut Call) -> Result<Ipv4Addr, Refusal> {
    let taken = taken(call.store());
    let free: Vec<Ipv4Addr> = all().filter(|address| !taken.contains(address)).collect();
    if free.is_empty() {
        let message = "There are not enough free addresses in the public pool of this world.";
        return Err(Refusal::new("InsufficientAddressCapacity", message).status(503));
    }
    Ok(free[(call.chance() % free.len() as u64) as usize])
}

/// Gives an interface the public address that it gets at each start of its instance: only if it
/// is such a one, is device 0, has none yet, and no Elastic IP address stands for it.
pub fn assign(
    call: &mut Call,
    id: &world::Id,
    interface: &mut NetworkInterface,
) -> Result<(), Refusal> {
    let primary = interface.attachment.as_ref().is_some_and(|attachment| attachment.index == 0);
    let elastic = super::find::elastic(call.store(), &call.scope, id, interface.primary());
    if interface.auto_public && primary && interface.public.is_none() && elastic.is_none() {
        interface.public = Some(pick(call)?);
    }
    Ok(())
}
