//! Network interfaces: create, delete, describe, attributes.

use crate::form::{
    self, ATTACHMENT, NETWORK_INTERFACE, Query, combination, forget_tags, invalid, tags_for, text,
};
use crate::model::{self, NetworkInterface};
use crate::operations::answer::interface as answer;
use api_ec2::*;
use region::{Call, Refusal, serve};
use std::net::Ipv4Addr;
use world::Id;

/// docs: API_CreateNetworkInterface
pub fn create_network_interface(
    call: &mut Call,
    input: CreateNetworkInterfaceRequest,
) -> Result<CreateNetworkInterfaceResult, Refusal> {
    serve!(
        call,
        CreateNetworkInterfaceRequest {
            subnet_id,
            description,
            groups,
            private_ip_address,
            private_ip_addresses,
            secondary_private_ip_address_count,
            interface_type,
            client_token,
            tag_specifications
        } = input
    );
    if interface_type.as_deref().is_some_and(|kind| kind != "interface") {
        return Err(Refusal::not_implemented("InterfaceType other than interface"));
    }
    let tags = tags_for(tag_specifications, NETWORK_INTERFACE.resource_type)?;
    let addresses = addresses(private_ip_address, private_ip_addresses)?;
    let request = model::Request {
        subnet: subnet_id,
        description: description.unwrap_or_default(),
        addresses,
        secondary: count(secondary_private_ip_address_count)?,
        groups: groups.unwrap_or_default(),
    };
    let (id, interface) = model::draft(call, request)?;
    call.put(id.clone(), interface.clone());
    form::put_tags(call, &id, NETWORK_INTERFACE.resource_type, tags)?;
    let shown = answer::interface(call.store(), &call.scope, &id, &interface);
    let shown = api_ec2::NetworkInterface { status: text("pending"), ..shown };
    Ok(CreateNetworkInterfaceResult { network_interface: Some(shown), client_token })
}

/// How many secondary addresses are asked for.
pub(super) fn count(count: Option<i32>) -> Result<usize, Refusal> {
    let count = count.unwrap_or_default();
    usize::try_from(count).map_err(|_| {
        invalid(format!("Value ({count}) for parameter secondaryPrivateIpAddressCount is invalid."))
    })
}

/// The private addresses that a request names, the primary one first.
pub fn addresses(
    primary: Option<String>,
    list: Option<Vec<PrivateIpAddressSpecification>>,
) -> Result<Vec<Ipv4Addr>, Refusal> {
    let mut first: Vec<Ipv4Addr> = Vec::new();
    let mut rest = Vec::new();
    if let Some(primary) = primary {
        first.push(form::address("privateIpAddress", &primary)?);
    }
    for one in list.unwrap_or_default() {
        let address = one.private_ip_address.ok_or_else(|| form::missing("privateIpAddress"))?;
        let address = form::address("privateIpAddress", &address)?;
        match one.primary {
            Some(true) if !first.contains(&address) => first.push(address),
            Some(true) => {}
            _ => rest.push(address),
        }
    }
    match (first.len(), rest.len()) {
        (0, 0) | (1, _) => {}
        (0, _) => {
            return Err(form::missing("privateIpAddresses.primary"));
        }
        _ => return Err(combination("Only one primary private IP address can be specified.")),
    }
    first.extend(rest);
    Ok(first)
}

/// docs: API_DescribeNetworkInterfaces
pub fn describe_network_interfaces(
    call: &mut Call,
    input: DescribeNetworkInterfacesRequest,
) -> Result<DescribeNetworkInterfacesResult, Refusal> {
    serve!(call, DescribeNetworkInterfacesRequest {
        network_interface_ids, filters, max_results, next_token
    } unheeded { include_managed_resources } = input);
    let all = call.list::<NetworkInterface>();
    let all =
        all.iter().map(|(id, one)| answer::interface(call.store(), &call.scope, id, one)).collect();
    let query = Query { ids: network_interface_ids, filters, max_results, next_token };
    let (interfaces, next_token) = answer::LIST.page(all, query)?;
    Ok(DescribeNetworkInterfacesResult { network_interfaces: Some(interfaces), next_token })
}

/// docs: API_DeleteNetworkInterface
pub fn delete_network_interface(
    call: &mut Call,
    input: DeleteNetworkInterfaceRequest,
) -> Result<DeleteNetworkInterfaceOutput, Refusal> {
    serve!(call, DeleteNetworkInterfaceRequest { network_interface_id } = input);
    let interface = NETWORK_INTERFACE.find::<NetworkInterface>(call, &network_interface_id)?;
    own(&network_interface_id, &interface)?;
    if interface.attachment.is_some() {
        let message = format!("Network interface '{network_interface_id}' is currently in use.");
        return Err(invalid(message));
    }
    let id = Id::from(&network_interface_id);
    call.forget::<NetworkInterface>(id.clone());
    forget_tags(call, &id);
    Ok(DeleteNetworkInterfaceOutput {})
}

/// Refuses to change what another service made for itself.
pub(super) fn own(id: &str, interface: &NetworkInterface) -> Result<(), Refusal> {
    if interface.requester.is_none() {
        return Ok(());
    }
    let message = format!("You do not have permission to access the specified resource: {id}");
    Err(Refusal::new("AuthFailure", message))
}

/// docs: API_ModifyNetworkInterfaceAttribute
pub fn modify_network_interface_attribute(
    call: &mut Call,
    input: ModifyNetworkInterfaceAttributeRequest,
) -> Result<ModifyNetworkInterfaceAttributeOutput, Refusal> {
    serve!(
        call,
        ModifyNetworkInterfaceAttributeRequest {
            network_interface_id,
            description,
            groups,
            source_dest_check,
            attachment
        } = input
    );
    let id = network_interface_id;
    let mut interface = NETWORK_INTERFACE.take::<NetworkInterface>(call, &id)?;
    own(&id, &interface)?;
    let given = [
        description.is_some(),
        groups.is_some(),
        source_dest_check.is_some(),
        attachment.is_some(),
    ];
    match given.iter().filter(|given| **given).count() {
        0 => return Err(form::missing("Attribute")),
        1 => {}
        _ => return Err(combination("Fields for multiple attribute types specified")),
    }
    if let Some(description) = description {
        interface.description = description.value.unwrap_or_default();
    }
    if let Some(groups) = groups {
        if groups.is_empty() {
            return Err(form::missing("SecurityGroupId"));
        }
        let place = format!("interface {id}");
        interface.groups = model::check_groups(call, &interface.vpc, &place, &groups)?;
    }
    if let Some(check) = source_dest_check {
        interface.source_dest_check = check.value.ok_or_else(|| form::missing("Value"))?;
    }
    if let Some(changes) = attachment {
        serve!(
            call,
            NetworkInterfaceAttachmentChanges { attachment_id, delete_on_termination } = changes
        );
        let attachment_id = attachment_id.ok_or_else(|| form::missing("attachmentId"))?;
        ATTACHMENT.check(&attachment_id)?;
        let present = interface.attachment.as_mut();
        let present = present.filter(|present| present.id.as_str() == attachment_id);
        let present = present.ok_or_else(|| ATTACHMENT.unknown(&attachment_id))?;
        present.delete_on_termination =
            delete_on_termination.ok_or_else(|| form::missing("deleteOnTermination"))?;
    }
    call.put(id, interface);
    Ok(ModifyNetworkInterfaceAttributeOutput {})
}

/// docs: API_DescribeNetworkInterfaceAttribute
pub fn describe_network_interface_attribute(
    call: &mut Call,
    input: DescribeNetworkInterfaceAttributeRequest,
) -> Result<DescribeNetworkInterfaceAttributeResult, Refusal> {
    serve!(
        call,
        DescribeNetworkInterfaceAttributeRequest { network_interface_id, attribute } = input
    );
    let id = network_interface_id;
    let interface = NETWORK_INTERFACE.find::<NetworkInterface>(call, &id)?;
    let attribute = attribute.ok_or_else(|| form::missing("attribute"))?;
    let mut shown = DescribeNetworkInterfaceAttributeResult::default();
    match attribute.as_str() {
        "description" => {
            shown.description = Some(AttributeValue { value: text(&interface.description) });
        }
        "groupSet" => {
            let groups = answer::groups(call.store(), &call.scope, &interface.groups);
            shown.groups = Some(groups);
        }
        "sourceDestCheck" => {
            let value = Some(interface.source_dest_check);
            shown.source_dest_check = Some(AttributeBooleanValue { value });
        }
        "attachment" => shown.attachment = answer::attachment(&call.scope, &interface),
        "associatePublicIpAddress" => {
            shown.associate_public_ip_address = Some(interface.auto_public)
        }
        other => {
            return Err(invalid(format!("Value ({other}) for parameter attribute is invalid.")));
        }
    }
    shown.network_interface_id = Some(id);
    Ok(shown)
}
