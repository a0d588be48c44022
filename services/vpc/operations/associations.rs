//! Which private addresses Elastic IP addresses stand for.

use super::addresses::named;
use super::interfaces::own;
use crate::form::{
    self, ADDRESS_ASSOCIATION, INSTANCE, NETWORK_INTERFACE, combination, invalid, text,
};
use crate::model::{Address, AddressAssociation, NetworkInterface, find, pool};
use api_ec2::*;
use region::{Call, Refusal, serve};
use world::Id;

/// docs: API_AssociateAddress
pub fn associate_address(
    call: &mut Call,
    input: AssociateAddressRequest,
) -> Result<AssociateAddressResult, Refusal> {
    serve!(
        call,
        AssociateAddressRequest {
            allocation_id,
            public_ip,
            instance_id,
            network_interface_id,
            private_ip_address,
            allow_reassociation
        } = input
    );
    let (id, address) = named(call, allocation_id, public_ip)?;
    let (interface_id, interface) =
        target(call, instance_id, network_interface_id, private_ip_address.is_some())?;
    let private = match private_ip_address {
        None => interface.primary(),
        Some(private) => {
            let private = form::address("privateIpAddress", &private)?;
            if !interface.addresses.contains(&private) {
                let message = format!(
                    "The private IP address {private} is not assigned to interface {interface_id}"
                );
                return Err(invalid(message));
            }
            private
        }
    };
    if find::gateway(call.store(), &call.scope, &interface.vpc).is_none() {
        let message = format!("Network {} is not attached to any internet gateway", interface.vpc);
        return Err(Refusal::new("Gateway.NotAttached", message));
    }
    if let Some(used) = &address.association {
        if used.interface == interface_id && used.private == private {
            return Ok(AssociateAddressResult { association_id: text(&used.id) });
        }
        if allow_reassociation != Some(true) {
            let message =
                format!("resource {id} is already associated with associate-id {}", used.id);
            return Err(Refusal::new("Resource.AlreadyAssociated", message));
        }
        give_back(call, &used.interface, &id)?;
    }
    // An address that stood for it before stands for nothing now.
    if let Some((other, before)) = find::elastic(call.store(), &call.scope, &interface_id, private)
    {
        call.put(other, Address { association: None, ..(*before).clone() });
    }
    if private == interface.primary() && interface.public.is_some() {
        call.put(interface_id.clone(), NetworkInterface { public: None, ..interface });
    }
    let association = call.fresh_id("eipassoc-");
    let used = AddressAssociation { id: association.clone(), interface: interface_id, private };
    call.put(id, Address { public: address.public, association: Some(used) });
    Ok(AssociateAddressResult { association_id: text(association) })
}

/// The interface that a request names by itself, by its instance, or by both.
fn target(
    call: &Call,
    instance: Option<String>,
    interface: Option<String>,
    private_given: bool,
) -> Result<(Id, NetworkInterface), Refusal> {
    if let Some(id) = interface {
        let record = NETWORK_INTERFACE.take::<NetworkInterface>(call, &id)?;
        own(&id, &record)?;
        if instance.is_some_and(|instance| record.index_in(&instance).is_none()) {
            let message = format!("The interface {id} is not attached to that instance");
            return Err(combination(message));
        }
        return Ok((Id::from(id), record));
    }
    let Some(instance) = instance else {
        let message = "Either instance ID or network interface id must be specified";
        return Err(Refusal::new("MissingParameter", message));
    };
    INSTANCE.check(&instance)?;
    let all = find::of_instance(call.store(), &call.scope, &instance);
    if all.len() > 1 && !private_given {
        let message = format!(
            "There are multiple interfaces attached to instance '{instance}'. Please specify an \
             interface ID for the operation instead."
        );
        return Err(Refusal::new("InvalidInstanceID", message));
    }
    let first = all.into_iter().next().ok_or_else(|| INSTANCE.unknown(&instance))?;
    Ok((first.0, (*first.1).clone()))
}

/// docs: API_DisassociateAddress
pub fn disassociate_address(
    call: &mut Call,
    input: DisassociateAddressRequest,
) -> Result<DisassociateAddressOutput, Refusal> {
    serve!(call, DisassociateAddressRequest { association_id, public_ip } = input);
    let (id, address) = match (association_id, public_ip) {
        (Some(association), None) => {
            ADDRESS_ASSOCIATION.check(&association)?;
            let all = call.list::<Address>();
            let found = all.into_iter().find(|(_, address)| {
                address.association.as_ref().is_some_and(|used| used.id.as_str() == association)
            });
            found.ok_or_else(|| ADDRESS_ASSOCIATION.unknown(&association))?
        }
        (None, Some(public)) => named(call, None, Some(public))?,
        (None, None) => {
            let message = "Either public IP or association id must be specified";
            return Err(Refusal::new("MissingParameter", message));
        }
        (Some(_), Some(_)) => {
            let message = "You may specify public IP or association id, but not both in the same \
                           call";
            return Err(combination(message));
        }
    };
    if let Some(used) = &address.association {
        give_back(call, &used.interface, &id)?;
    }
    Ok(DisassociateAddressOutput {})
}

/// Ends an association. The interface gets a public address from the pool again, if it is one
/// that does (EC2 user guide, "Elastic IP addresses").
pub(super) fn give_back(call: &mut Call, interface: &Id, id: &Id) -> Result<(), Refusal> {
    let Some(address) = call.find::<Address>(id.as_str()) else { return Ok(()) };
    call.put(id.clone(), Address { association: None, ..(*address).clone() });
    let Some(record) = call.find::<NetworkInterface>(interface.as_str()) else { return Ok(()) };
    own(interface.as_str(), &record)?;
    if record.attachment.as_ref().is_some_and(|attachment| attachment.active) {
        let mut record = (*record).clone();
        pool::assign(call, interface, &mut record)?;
        call.put(interface.clone(), record);
    }
    Ok(())
}
