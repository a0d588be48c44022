//! Plugs network interfaces into instances and out of them.

use super::interfaces::own;
use crate::form::{ATTACHMENT, INSTANCE, NETWORK_INTERFACE, combination, invalid, text};
use crate::model::{Attachment, NetworkInterface, find};
use api_ec2::*;
use region::{Call, Refusal, serve};

/// Interfaces of one instance; AWS's largest types have 15 (EC2 user guide, "Maximum IP addresses
/// per network interface").
const INTERFACES_PER_INSTANCE: i32 = 15;

/// docs: API_AttachNetworkInterface
pub fn attach_network_interface(
    call: &mut Call,
    input: AttachNetworkInterfaceRequest,
) -> Result<AttachNetworkInterfaceResult, Refusal> {
    serve!(
        call,
        AttachNetworkInterfaceRequest {
            network_interface_id,
            instance_id,
            device_index,
            network_card_index
        } = input
    );
    if network_card_index.is_some_and(|card| card != 0) {
        return Err(Refusal::not_implemented("NetworkCardIndex other than 0"));
    }
    let id = network_interface_id;
    let mut interface = NETWORK_INTERFACE.take::<NetworkInterface>(call, &id)?;
    own(&id, &interface)?;
    INSTANCE.check(&instance_id)?;
    let present = find::of_instance(call.store(), &call.scope, &instance_id);
    let first = present.first().filter(|(_, one)| one.index_in(&instance_id) == Some(0));
    let (_, first) = first.ok_or_else(|| INSTANCE.unknown(&instance_id))?;
    if interface.attachment.is_some() {
        let message = format!("Interface: [{id}] in use.");
        return Err(Refusal::new("InvalidNetworkInterface.InUse", message));
    }
    if interface.zone != first.zone {
        let message = "You may not attach a network interface to an instance if they are not in \
                       the same availability zone";
        return Err(combination(message));
    }
    if interface.vpc != first.vpc {
        return Err(Refusal::not_implemented("An interface of another VPC in an instance"));
    }
    if !(0..INTERFACES_PER_INSTANCE).contains(&device_index) {
        let message = format!(
            "Interface count {} exceeds the limit of {INTERFACES_PER_INSTANCE}.",
            device_index.saturating_add(1)
        );
        return Err(Refusal::new("AttachmentLimitExceeded", message));
    }
    let index = device_index as u8;
    if present.iter().any(|(_, one)| one.index_in(&instance_id) == Some(index)) {
        let message = format!(
            "Instance '{instance_id}' already has an interface attached at device index '{index}'."
        );
        return Err(invalid(message));
    }
    let attachment = Attachment {
        id: call.fresh_id("eni-attach-"),
        instance: instance_id.into(),
        index,
        delete_on_termination: false,
        attached: call.now,
        active: first.attachment.as_ref().is_some_and(|attachment| attachment.active),
    };
    let shown = text(&attachment.id);
    interface.attachment = Some(attachment);
    call.put(id, interface);
    Ok(AttachNetworkInterfaceResult { attachment_id: shown, network_card_index: Some(0) })
}

/// docs: API_DetachNetworkInterface
pub fn detach_network_interface(
    call: &mut Call,
    input: DetachNetworkInterfaceRequest,
) -> Result<DetachNetworkInterfaceOutput, Refusal> {
    serve!(call, DetachNetworkInterfaceRequest { attachment_id } unheeded { force } = input);
    ATTACHMENT.check(&attachment_id)?;
    let all = call.list::<NetworkInterface>();
    let found = all.into_iter().find(|(_, interface)| {
        interface.attachment.as_ref().is_some_and(|one| one.id.as_str() == attachment_id)
    });
    let (id, interface) = found.ok_or_else(|| ATTACHMENT.unknown(&attachment_id))?;
    own(id.as_str(), &interface)?;
    if interface.attachment.as_ref().is_some_and(|attachment| attachment.index == 0) {
        let message = "The network interface at device index 0 and networkCard index 0 cannot be \
                       detached.";
        return Err(Refusal::new("OperationNotPermitted", message));
    }
    call.put(id, NetworkInterface { attachment: None, ..(*interface).clone() });
    Ok(DetachNetworkInterfaceOutput {})
}
