//! Subnets: create, delete, describe, attributes.

use crate::form::{self, Query, SUBNET, VPC, combination, forget_tags, invalid, tags_for};
use crate::model::make::{self, overlap};
use crate::model::{NetworkInterface, Subnet, Vpc, find};
use api_ec2::*;
use region::{Call, Refusal, serve};
use world::{Id, Ipv4Net, Zone};

/// docs: API_CreateSubnet
pub fn create_subnet(
    call: &mut Call,
    input: CreateSubnetRequest,
) -> Result<CreateSubnetResult, Refusal> {
    serve!(
        call,
        CreateSubnetRequest {
            vpc_id,
            cidr_block,
            availability_zone,
            availability_zone_id,
            tag_specifications,
            ipv6_native
        } = input
    );
    if ipv6_native == Some(true) {
        return Err(Refusal::not_implemented("Ipv6Native: IPv6"));
    }
    let vpc = VPC.find::<Vpc>(call, &vpc_id)?;
    let vpc_key = Id::from(&vpc_id);
    let zone = zone(call, availability_zone, availability_zone_id)?;
    let cidr = cidr_block.ok_or_else(|| form::missing("cidrBlock"))?;
    let cidr = form::block("cidrBlock", &cidr)?;
    check(call, &vpc_key, &vpc, &cidr)?;
    let tags = tags_for(tag_specifications, SUBNET.resource_type)?;
    let subnet = make::subnet(call, &vpc_key, zone, cidr)?;
    let id = call.fresh_id("subnet-");
    call.put(id.clone(), subnet);
    form::put_tags(call, &id, SUBNET.resource_type, tags)?;
    Ok(CreateSubnetResult { subnet: Some(show(call, &id)) })
}

fn check(call: &Call, id: &Id, vpc: &Vpc, cidr: &Ipv4Net) -> Result<(), Refusal> {
    if !(16..=28).contains(&cidr.prefix_len()) || !vpc.holds(cidr) {
        return Err(Refusal::new("InvalidSubnet.Range", format!("The CIDR '{cidr}' is invalid.")));
    }
    let mut others = find::subnets(call.store(), &call.scope, id);
    if others.any(|(_, other)| overlap(&other.cidr, cidr)) {
        let message = format!("The CIDR '{cidr}' conflicts with another subnet");
        return Err(Refusal::new("InvalidSubnet.Conflict", message));
    }
    Ok(())
}

/// The zone by name or id; the region's first where nobody says.
fn zone(call: &Call, name: Option<String>, id: Option<String>) -> Result<Zone, Refusal> {
    let zones = make::zones(call);
    let parameter = if name.is_some() { "availabilityZone" } else { "availabilityZoneId" };
    let asked = match (name, id) {
        (Some(_), Some(_)) => {
            let message = "The parameters AvailabilityZone and AvailabilityZoneId cannot be used \
                           together";
            return Err(combination(message));
        }
        (None, None) => return zones.first().map(Zone::from).ok_or_else(no_zones),
        (Some(name), None) | (None, Some(name)) => name,
    };
    let id = |zone: &str| crate::operations::answer::subnet::zone_id(&call.scope, zone);
    let found = zones.iter().find(|zone| match parameter {
        "availabilityZone" => **zone == asked,
        _ => id(zone).as_ref() == Some(&asked),
    });
    found.map(Zone::from).ok_or_else(|| {
        invalid(format!(
            "Value ({asked}) for parameter {parameter} is invalid. Subnets can currently only be \
             created in the following availability zones: {}.",
            zones.join(", ")
        ))
    })
}

fn no_zones() -> Refusal {
    Refusal::bug("the region has no zones")
}

/// docs: API_CreateDefaultSubnet
pub fn create_default_subnet(
    call: &mut Call,
    input: CreateDefaultSubnetRequest,
) -> Result<CreateDefaultSubnetResult, Refusal> {
    serve!(
        call,
        CreateDefaultSubnetRequest { availability_zone, availability_zone_id, ipv6_native } = input
    );
    if ipv6_native == Some(true) {
        return Err(Refusal::not_implemented("Ipv6Native: IPv6"));
    }
    if availability_zone.is_none() && availability_zone_id.is_none() {
        return Err(form::missing("availabilityZone"));
    }
    let zone = zone(call, availability_zone, availability_zone_id)?;
    let Some((vpc, _)) = find::default_vpc(call.store(), &call.scope) else {
        let message = "No default VPC for this user";
        return Err(Refusal::new("DefaultVpcDoesNotExist", message));
    };
    if let Some((id, _)) = find::default_subnet(call.store(), &call.scope, &zone) {
        let message = format!("'{id}' is already the default subnet in {zone}.");
        return Err(Refusal::new("DefaultSubnetAlreadyExistsInAvailabilityZone", message));
    }
    let id = make::default_subnet(call, &vpc, zone.as_str())?;
    Ok(CreateDefaultSubnetResult { subnet: Some(show(call, &id)) })
}

fn show(call: &Call, id: &Id) -> api_ec2::Subnet {
    let subnet = call.find::<Subnet>(id.as_str()).expect("it was just made");
    crate::operations::answer::subnet::subnet(call.store(), &call.scope, id, &subnet)
}

/// docs: API_DescribeSubnets
pub fn describe_subnets(
    call: &mut Call,
    input: DescribeSubnetsRequest,
) -> Result<DescribeSubnetsResult, Refusal> {
    serve!(call, DescribeSubnetsRequest { subnet_ids, filters, max_results, next_token } = input);
    let all = call.list::<Subnet>();
    let all = all
        .iter()
        .map(|(id, subnet)| {
            crate::operations::answer::subnet::subnet(call.store(), &call.scope, id, subnet)
        })
        .collect();
    let query = Query { ids: subnet_ids, filters, max_results, next_token };
    let (subnets, next_token) = crate::operations::answer::subnet::LIST.page(all, query)?;
    Ok(DescribeSubnetsResult { subnets: Some(subnets), next_token })
}

/// docs: API_DeleteSubnet
pub fn delete_subnet(
    call: &mut Call,
    input: DeleteSubnetRequest,
) -> Result<DeleteSubnetOutput, Refusal> {
    serve!(call, DeleteSubnetRequest { subnet_id } = input);
    SUBNET.find::<Subnet>(call, &subnet_id)?;
    let id = Id::from(&subnet_id);
    let mut interfaces = call.store().list::<NetworkInterface>(&call.scope);
    if interfaces.any(|(_, interface)| interface.subnet == id) {
        let message = format!("The subnet '{subnet_id}' has dependencies and cannot be deleted.");
        return Err(Refusal::new("DependencyViolation", message));
    }
    drop(interfaces);
    call.forget::<Subnet>(id.clone());
    forget_tags(call, &id);
    Ok(DeleteSubnetOutput {})
}

/// docs: API_ModifySubnetAttribute
pub fn modify_subnet_attribute(
    call: &mut Call,
    input: ModifySubnetAttributeRequest,
) -> Result<ModifySubnetAttributeOutput, Refusal> {
    serve!(
        call,
        ModifySubnetAttributeRequest {
            subnet_id,
            map_public_ip_on_launch,
            private_dns_hostname_type_on_launch,
            enable_resource_name_dns_a_record_on_launch,
            enable_resource_name_dns_aaaa_record_on_launch,
            assign_ipv6_address_on_creation,
            enable_dns64,
            map_customer_owned_ip_on_launch
        } = input
    );
    let mut subnet = SUBNET.take::<Subnet>(call, &subnet_id)?;
    let given = [
        map_public_ip_on_launch.is_some(),
        private_dns_hostname_type_on_launch.is_some(),
        enable_resource_name_dns_a_record_on_launch.is_some(),
        enable_resource_name_dns_aaaa_record_on_launch.is_some(),
        assign_ipv6_address_on_creation.is_some(),
        enable_dns64.is_some(),
        map_customer_owned_ip_on_launch.is_some(),
    ];
    match given.iter().filter(|given| **given).count() {
        0 => return Err(form::missing("Attribute")),
        1 => {}
        _ => return Err(combination("Fields for multiple attribute types specified")),
    }
    // A subnet without IPv6 and without customer-owned pools has these off, and only off.
    let off = [
        ("EnableResourceNameDnsAAAARecordOnLaunch", enable_resource_name_dns_aaaa_record_on_launch),
        ("AssignIpv6AddressOnCreation", assign_ipv6_address_on_creation),
        ("EnableDns64", enable_dns64),
        ("MapCustomerOwnedIpOnLaunch", map_customer_owned_ip_on_launch),
    ];
    for (name, value) in off {
        if value.and_then(|value| value.value) == Some(true) {
            return Err(Refusal::not_implemented(format!("The parameter {name}")));
        }
    }
    if let Some(value) = map_public_ip_on_launch {
        subnet.map_public_ip = value.value.ok_or_else(|| form::missing("Value"))?;
    }
    if let Some(value) = enable_resource_name_dns_a_record_on_launch {
        subnet.resource_name_a = value.value.ok_or_else(|| form::missing("Value"))?;
    }
    if let Some(kind) = private_dns_hostname_type_on_launch {
        if !matches!(kind.as_str(), "ip-name" | "resource-name") {
            let message =
                format!("Value ({kind}) for parameter privateDnsHostnameTypeOnLaunch is invalid.");
            return Err(invalid(message));
        }
        subnet.hostname_type = kind;
    }
    call.put(subnet_id, subnet);
    Ok(ModifySubnetAttributeOutput {})
}
