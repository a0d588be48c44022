//! Secondary private addresses of network interfaces.

use super::interfaces::{count, own};
use crate::form::{self, NETWORK_INTERFACE, combination, invalid, text};
use crate::model::{self, NetworkInterface, Subnet};
use api_ec2::*;
use region::{Call, Refusal, serve};
use std::net::Ipv4Addr;
use world::Id;

/// docs: API_AssignPrivateIpAddresses
pub fn assign_private_ip_addresses(
    call: &mut Call,
    input: AssignPrivateIpAddressesRequest,
) -> Result<AssignPrivateIpAddressesResult, Refusal> {
    serve!(
        call,
        AssignPrivateIpAddressesRequest {
            network_interface_id,
            private_ip_addresses,
            secondary_private_ip_address_count,
            allow_reassignment
        } = input
    );
    let id = network_interface_id;
    let mut interface = NETWORK_INTERFACE.take::<NetworkInterface>(call, &id)?;
    own(&id, &interface)?;
    let given = parse(private_ip_addresses)?;
    let more = count(secondary_private_ip_address_count)?;
    if given.is_empty() == (more == 0) {
        let message = "Exactly one of PrivateIpAddresses and SecondaryPrivateIpAddressCount must \
                       be given";
        return Err(combination(message));
    }
    if allow_reassignment == Some(true) {
        take_away(call, &id, &interface.subnet, &given)?;
    }
    let wanted = given.len() + more;
    if interface.addresses.len() + wanted > model::ADDRESSES_PER_INTERFACE {
        let limit = model::ADDRESSES_PER_INTERFACE;
        let message = format!("Number of private addresses will exceed limit: {limit}.");
        return Err(Refusal::new("PrivateIpAddressLimitExceeded", message));
    }
    let subnet = call.find::<Subnet>(interface.subnet.as_str());
    let subnet = subnet.ok_or_else(|| Refusal::bug("an interface without a subnet"))?;
    let new = model::addresses(call, &interface.subnet, &subnet, &given, wanted)?;
    interface.addresses.extend(&new);
    call.put(id.clone(), interface);
    let shown = |address| AssignedPrivateIpAddress { private_ip_address: text(address) };
    Ok(AssignPrivateIpAddressesResult {
        network_interface_id: Some(id),
        assigned_private_ip_addresses: Some(new.into_iter().map(shown).collect()),
        ..Default::default()
    })
}

fn parse(addresses: Option<Vec<String>>) -> Result<Vec<Ipv4Addr>, Refusal> {
    let all = addresses.unwrap_or_default();
    all.iter().map(|address| form::address("privateIpAddress", address)).collect()
}

/// Takes secondary addresses from other interfaces of the subnet.
fn take_away(
    call: &mut Call,
    id: &str,
    subnet: &Id,
    addresses: &[Ipv4Addr],
) -> Result<(), Refusal> {
    for (other, interface) in call.list::<NetworkInterface>() {
        if interface.subnet != *subnet || other.as_str() == id {
            continue;
        }
        if addresses.contains(&interface.primary()) {
            let message = format!(
                "Address {} is the primary address of {other} and cannot be reassigned.",
                interface.primary()
            );
            return Err(Refusal::new("InvalidIPAddress.InUse", message));
        }
        let mut interface = (*interface).clone();
        interface.addresses.retain(|address| !addresses.contains(address));
        call.put(other, interface);
    }
    Ok(())
}

/// docs: API_UnassignPrivateIpAddresses
pub fn unassign_private_ip_addresses(
    call: &mut Call,
    input: UnassignPrivateIpAddressesRequest,
) -> Result<UnassignPrivateIpAddressesOutput, Refusal> {
    serve!(
        call,
        UnassignPrivateIpAddressesRequest { network_interface_id, private_ip_addresses } = input
    );
    let id = network_interface_id;
    let mut interface = NETWORK_INTERFACE.take::<NetworkInterface>(call, &id)?;
    own(&id, &interface)?;
    let given = parse(private_ip_addresses)?;
    if given.is_empty() {
        return Err(form::missing("privateIpAddresses"));
    }
    if given.iter().any(|address| !interface.addresses.contains(address)) {
        let message = format!("Some of the specified addresses are not assigned to interface {id}");
        return Err(invalid(message));
    }
    if given.contains(&interface.primary()) {
        let message = "The primary private IP address of an interface cannot be unassigned";
        return Err(invalid(message));
    }
    interface.addresses.retain(|address| !given.contains(address));
    call.put(id, interface);
    Ok(UnassignPrivateIpAddressesOutput {})
}
