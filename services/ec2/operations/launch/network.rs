//! Where a launch goes and what interfaces it has.

use super::Count;
use crate::model::instances;
use crate::model::types::InstanceType;
use api_ec2::{InstanceNetworkInterfaceSpecification, RunInstancesRequest};
use region::{Call, Refusal, serve};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use vpc::form::{NETWORK_INTERFACE, SUBNET, combination, invalid, missing};
use vpc::model::{NetworkInterface, Subnet, find, taken, usable};
use world::{Id, Zone};

/// An interface of an instance to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Interface {
    pub(crate) index: u8,
    pub(crate) existing: Option<Id>,
    pub(crate) subnet: String,
    pub(crate) description: String,
    pub(crate) addresses: Vec<Ipv4Addr>,
    pub(crate) secondary: usize,
    pub(crate) groups: Vec<String>,
    pub(crate) public: bool,
    pub(crate) delete_on_termination: bool,
}

/// The zone and the interfaces, the primary one first.
pub(super) fn resolve(
    call: &mut Call,
    input: &RunInstancesRequest,
    kind: &InstanceType,
) -> Result<(Zone, Vec<Interface>), Refusal> {
    let zone = placement(call, input)?;
    let specified = input.network_interfaces.clone().unwrap_or_default();
    let mut interfaces = if specified.is_empty() {
        vec![plain(call, input, zone.as_ref(), kind)?]
    } else {
        apart(input)?;
        let several = specified.len() > 1;
        let mut all = Vec::new();
        for one in specified {
            all.push(specific(call, one, zone.as_ref(), kind, several)?);
        }
        all
    };
    interfaces.sort_by_key(|interface| interface.index);
    check_together(&interfaces, kind)?;
    let zones: BTreeSet<Zone> = interfaces.iter().filter_map(|one| zone_of(call, one)).collect();
    let mut zones = zones.into_iter();
    let found = zones.next().ok_or_else(|| Refusal::bug("an interface is in no zone"))?;
    if zones.next().is_some() {
        return Err(combination("All network interfaces must be in the same Availability Zone."));
    }
    if zone.as_ref().is_some_and(|zone| *zone != found) {
        let subnet = &interfaces[0].subnet;
        let wanted = zone.map(|zone| zone.to_string()).unwrap_or_default();
        return Err(invalid(format!(
            "Value ({wanted}) for parameter availabilityZone is invalid. Subnet '{subnet}' is in \
             the availability zone {found}"
        )));
    }
    if call.is_dark(&found) {
        return Err(crate::operations::rules::no_capacity(call, kind.name, &found));
    }
    Ok((found, interfaces))
}

/// As many instances as the subnets have addresses for.
pub(super) fn fit(call: &Call, count: Count, all: &[Interface]) -> Result<u32, Refusal> {
    let fixed = all.iter().any(|one| one.existing.is_some() || !one.addresses.is_empty());
    if fixed && count.max > 1 {
        return Err(combination(
            "A network interface or private IP address can be given to one instance only.",
        ));
    }
    let mut needs: BTreeMap<&str, usize> = BTreeMap::new();
    for one in all.iter().filter(|one| one.existing.is_none()) {
        *needs.entry(&one.subnet).or_default() += one.addresses.len().max(1) + one.secondary;
    }
    let mut most = count.max;
    for (id, need) in needs {
        let Some(subnet) = call.find::<Subnet>(id) else { continue };
        let used = taken(call.store(), &call.scope, &Id::from(id)).len();
        let free = usable(&subnet.cidr).count().saturating_sub(used);
        most = most.min(u32::try_from(free / need).unwrap_or(u32::MAX));
    }
    if most >= count.min {
        return Ok(most);
    }
    let subnet = all.first().map(|one| one.subnet.as_str()).unwrap_or_default();
    let message = format!(
        "There are not enough free addresses in subnet '{subnet}' to satisfy the requested number \
         of instances."
    );
    Err(Refusal::new("InsufficientFreeAddressesInSubnet", message))
}

/// The zone that the placement names; refuses what placement cannot be here.
fn placement(call: &Call, input: &RunInstancesRequest) -> Result<Option<Zone>, Refusal> {
    let Some(placement) = input.placement.clone() else { return Ok(None) };
    let tenancy = placement.tenancy.as_deref();
    crate::operations::rules::one_of(tenancy, &["default"], "Tenancy")?;
    let named = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    let refused = [
        (named(&placement.affinity), "Placement.Affinity"),
        (named(&placement.group_id), "Placement.GroupId"),
        (named(&placement.group_name), "Placement.GroupName"),
        (named(&placement.host_id), "Placement.HostId"),
        (named(&placement.host_resource_group_arn), "Placement.HostResourceGroupArn"),
        (named(&placement.spread_domain), "Placement.SpreadDomain"),
        (placement.partition_number.is_some_and(|number| number > 0), "Placement.PartitionNumber"),
    ];
    if let Some((_, what)) = refused.iter().find(|(given, _)| *given) {
        return Err(Refusal::not_implemented(format!("The parameter {what}")));
    }
    let region = region::zone::RegionInfo::named(&call.scope.region);
    let of_id = placement.availability_zone_id.as_deref().filter(|id| !id.is_empty());
    let by_id = of_id.and_then(|id| {
        let region = region?;
        region.zones().find(|zone| region.zone_id(zone).as_deref() == Some(id))
    });
    let zone = placement.availability_zone.filter(|zone| !zone.is_empty());
    match zone.or(by_id).or(of_id.map(str::to_owned)) {
        Some(zone) => Ok(Some(Zone::from(ebs::rules::zone(call, &zone)?))),
        None => Ok(None),
    }
}

/// Interfaces say for themselves what the request would say for all of them.
fn apart(input: &RunInstancesRequest) -> Result<(), Refusal> {
    let given = |list: &Option<Vec<String>>| list.as_ref().is_some_and(|list| !list.is_empty());
    let twice = [
        (input.subnet_id.is_some(), "subnet ID"),
        (given(&input.security_group_ids) || given(&input.security_groups), "security groups"),
        (input.private_ip_address.is_some(), "private address"),
    ];
    match twice.iter().find(|(given, _)| *given) {
        None => Ok(()),
        Some((_, what)) => Err(combination(format!(
            "Network interfaces and an instance-level {what} may not be specified on the same \
             request"
        ))),
    }
}

/// The one interface of a launch that describes none.
fn plain(
    call: &mut Call,
    input: &RunInstancesRequest,
    zone: Option<&Zone>,
    kind: &InstanceType,
) -> Result<Interface, Refusal> {
    let names = input.security_groups.clone().unwrap_or_default();
    if input.subnet_id.is_some() && !names.is_empty() {
        return Err(combination(
            "The parameter groupName cannot be used with the parameter subnet",
        ));
    }
    let (subnet, found) = subnet(call, input.subnet_id.as_deref(), zone, kind)?;
    let mut groups = input.security_group_ids.clone().unwrap_or_default();
    for name in names {
        let id = find::group_named(call.store(), &call.scope, &found.vpc, &name);
        let unknown = || {
            let vpc = &found.vpc;
            let message =
                format!("The security group '{name}' does not exist in default VPC '{vpc}'");
            Refusal::new("InvalidGroup.NotFound", message)
        };
        groups.push(id.ok_or_else(unknown)?.to_string());
    }
    let addresses = input.private_ip_address.iter().map(|text| address(text));
    Ok(Interface {
        index: 0,
        existing: None,
        subnet,
        description: String::new(),
        addresses: addresses.collect::<Result<_, _>>()?,
        secondary: 0,
        groups,
        public: found.map_public_ip,
        delete_on_termination: true,
    })
}

type Specification = InstanceNetworkInterfaceSpecification;

/// An interface that the launch describes.
fn specific(
    call: &mut Call,
    one: Specification,
    zone: Option<&Zone>,
    kind: &InstanceType,
    several: bool,
) -> Result<Interface, Refusal> {
    serve!(
        call,
        InstanceNetworkInterfaceSpecification {
            associate_public_ip_address,
            delete_on_termination,
            description,
            device_index,
            groups,
            interface_type,
            network_card_index,
            network_interface_id,
            private_ip_address,
            private_ip_addresses,
            secondary_private_ip_address_count,
            subnet_id,
            ipv6_address_count,
        } = one
    );
    crate::operations::rules::one_of(interface_type.as_deref(), &["interface"], "InterfaceType")?;
    if network_card_index.is_some_and(|card| card != 0) || ipv6_address_count.is_some_and(|n| n > 0)
    {
        return Err(Refusal::not_implemented("NetworkCardIndex above 0 and IPv6"));
    }
    let index = device_index.ok_or_else(|| missing("deviceIndex"))?;
    let index = u8::try_from(index)
        .map_err(|_| invalid(format!("Value ({index}) for parameter deviceIndex is invalid.")))?;
    if let Some(id) = network_interface_id {
        if associate_public_ip_address.is_some() || subnet_id.is_some() || groups.is_some() {
            return Err(combination(
                "A network interface that exists keeps its subnet, addresses and security groups.",
            ));
        }
        return existing(call, id, index, delete_on_termination);
    }
    let listed = private_ip_addresses.unwrap_or_default();
    let primary = listed.iter().filter(|one| one.primary == Some(true));
    let others = listed.iter().filter(|one| one.primary != Some(true));
    let texts = primary.chain(others).filter_map(|one| one.private_ip_address.as_ref());
    let addresses = private_ip_address.iter().chain(texts).map(|text| address(text));
    let (subnet, found) = subnet(call, subnet_id.as_deref(), zone, kind)?;
    if associate_public_ip_address.is_some() && (index != 0 || several) {
        return Err(combination(
            "The associatePublicIPAddress parameter can only be specified for the network \
             interface with DeviceIndex 0, and when it is the only one.",
        ));
    }
    let public = associate_public_ip_address.unwrap_or(found.map_public_ip && !several);
    Ok(Interface {
        index,
        existing: None,
        subnet,
        description: description.unwrap_or_default(),
        addresses: addresses.collect::<Result<_, _>>()?,
        secondary: secondary_private_ip_address_count.unwrap_or(0).max(0) as usize,
        groups: groups.unwrap_or_default(),
        public,
        delete_on_termination: delete_on_termination.unwrap_or(true),
    })
}

fn existing(
    call: &Call,
    id: String,
    index: u8,
    delete_on_termination: Option<bool>,
) -> Result<Interface, Refusal> {
    let interface = NETWORK_INTERFACE.find::<NetworkInterface>(call, &id)?;
    if interface.attachment.is_some() {
        let message = format!("Interface: [{id}] in use.");
        return Err(Refusal::new("InvalidNetworkInterface.InUse", message));
    }
    Ok(Interface {
        index,
        existing: Some(Id::from(id)),
        subnet: interface.subnet.to_string(),
        description: String::new(),
        addresses: Vec::new(),
        secondary: 0,
        groups: Vec::new(),
        public: false,
        delete_on_termination: delete_on_termination.unwrap_or(false),
    })
}

fn check_together(all: &[Interface], kind: &InstanceType) -> Result<(), Refusal> {
    let indexes: BTreeSet<u8> = all.iter().map(|one| one.index).collect();
    if indexes.len() < all.len() || !indexes.contains(&0) {
        return Err(invalid(
            "Each network interface requires a unique device index, and one must have 0.",
        ));
    }
    let existing: BTreeSet<&Id> = all.iter().filter_map(|one| one.existing.as_ref()).collect();
    if existing.len() < all.iter().filter(|one| one.existing.is_some()).count() {
        return Err(invalid("A network interface can be given once only."));
    }
    if all.len() > kind.interfaces {
        let message = format!(
            "Number of network interfaces exceeds the limit of {} for instance type {}",
            kind.interfaces, kind.name
        );
        return Err(Refusal::new("AttachmentLimitExceeded", message));
    }
    let most = all.iter().map(|one| one.addresses.len().max(1) + one.secondary).max();
    if most.is_some_and(|most| most > kind.addresses) {
        let message = format!(
            "Number of private addresses exceeds the limit of {} for instance type {}",
            kind.addresses, kind.name
        );
        return Err(Refusal::new("PrivateIpAddressLimitExceeded", message));
    }
    Ok(())
}

fn zone_of(call: &Call, one: &Interface) -> Option<Zone> {
    call.find::<Subnet>(&one.subnet).map(|subnet| subnet.zone.clone())
}

/// The subnet that a launch names, or a default one.
fn subnet(
    call: &mut Call,
    id: Option<&str>,
    zone: Option<&Zone>,
    kind: &InstanceType,
) -> Result<(String, std::sync::Arc<Subnet>), Refusal> {
    if let Some(id) = id {
        return Ok((id.to_owned(), SUBNET.find::<Subnet>(call, id)?));
    }
    let (store, scope) = (call.store(), &call.scope);
    let (vpc, _) = find::default_vpc(store, scope).ok_or_else(|| {
        let message = "No default VPC for this user. GroupName is only supported for EC2-Classic \
                       and default VPC.";
        Refusal::new("VPCIdNotSpecified", message)
    })?;
    let mut subnets = find::default_subnets(store, scope);
    subnets.retain(|(_, subnet)| zone.is_none_or(|zone| subnet.zone == *zone));
    if subnets.is_empty() {
        let place = zone.map(|zone| format!(" in {zone}")).unwrap_or_default();
        let message = format!(
            "No subnets found for the default VPC '{vpc}'{place}. Please specify a subnet."
        );
        return Err(Refusal::new("MissingInput", message));
    }
    let dark = subnets[0].1.zone.clone();
    // Where power failed, nobody launches who has a choice.
    let lit = |(_, subnet): &(Id, std::sync::Arc<Subnet>)| !call.is_dark(&subnet.zone);
    subnets.retain(lit);
    let load = |zone: &Zone| {
        let all = instances(call.store(), &call.scope);
        all.filter(|(_, one)| !one.state.is_over() && one.zone == *zone).count()
    };
    let loads: Vec<usize> = subnets.iter().map(|(_, subnet)| load(&subnet.zone)).collect();
    let least = loads.iter().min().copied();
    let mut loads = loads.into_iter();
    subnets.retain(|_| loads.next() == least);
    if subnets.is_empty() {
        return Err(crate::operations::rules::no_capacity(call, kind.name, &dark));
    }
    let at = call.chance() % subnets.len() as u64;
    let (id, subnet) = subnets.swap_remove(at as usize);
    Ok((id.to_string(), subnet))
}

fn address(text: &str) -> Result<Ipv4Addr, Refusal> {
    text.parse().map_err(|_| invalid(format!("Invalid IPv4 address: '{text}'")))
}
