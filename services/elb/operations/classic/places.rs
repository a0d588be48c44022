//! Where classic balancers are: subnets, zones and security groups.

use super::refuse::{self, configuration};
use crate::model::{Classic, Kind, Node};
use crate::operations::v2::balancers::groups;
use crate::operations::v2::nodes::{self, Kin, Mapping};
use api_elb::{
    AddAvailabilityZonesInput, AddAvailabilityZonesOutput, ApplySecurityGroupsToLoadBalancerInput,
    ApplySecurityGroupsToLoadBalancerOutput, AttachLoadBalancerToSubnetsInput,
    AttachLoadBalancerToSubnetsOutput, DetachLoadBalancerFromSubnetsInput,
    DetachLoadBalancerFromSubnetsOutput, RemoveAvailabilityZonesInput,
    RemoveAvailabilityZonesOutput,
};
use region::{Call, Refusal, serve};
use std::collections::BTreeMap;
use vpc::model::NetworkInterface;
use world::Zone;

/// The default subnets of zones.
pub(super) fn default_subnets(call: &Call, zones: &[String]) -> Result<Vec<String>, Refusal> {
    let subnet = |zone: &String| {
        let found = vpc::model::find::default_subnet(call.store(), &call.scope, &Zone::from(zone));
        found.map(|(id, _)| id.to_string()).ok_or_else(|| {
            let message = format!("Requested AvailabilityZone {zone} is not valid");
            Refusal::new("ValidationError", message)
        })
    };
    zones.iter().map(subnet).collect()
}

/// Adds a node in each of these places.
pub(super) fn grow(
    call: &mut Call,
    name: &str,
    one: &mut Classic,
    places: &BTreeMap<Zone, Mapping>,
) -> Result<(), Refusal> {
    let (hex, groups) = (one.hex.clone(), one.groups.clone());
    let kin = Kin {
        description: format!("ELB {name}"),
        hex: &hex,
        internal: one.internal,
        groups: &groups,
        transparent: false,
    };
    for (zone, mapping) in places {
        let node = nodes::make(call, &kin, zone, mapping)?;
        one.nodes.insert(zone.clone(), node);
    }
    Ok(())
}

fn shown(one: &Classic) -> Option<Vec<String>> {
    Some(one.nodes.values().map(|node| node.subnet.to_string()).collect())
}

fn attach(call: &mut Call, name: &str, subnets: Vec<String>) -> Result<Classic, Refusal> {
    let mut one = refuse::find(call, name)?;
    let present =
        |subnet: &String| one.nodes.values().any(|node| *node.subnet.as_str() == **subnet);
    let fresh = subnets.into_iter().filter(|subnet| !present(subnet));
    let mappings: Vec<Mapping> = fresh.map(Mapping::plain).collect();
    if mappings.is_empty() {
        return Ok(one);
    }
    let (vpc, mut places) = nodes::places(call, &mappings)?;
    if vpc != one.vpc {
        let message = "The subnets must belong to the VPC of the load balancer";
        return Err(Refusal::new("InvalidSubnet", message));
    }
    // A subnet of a zone that has one takes its place (API_AttachLoadBalancerToSubnets).
    let replaced: Vec<(Zone, Node)> = places
        .keys()
        .filter_map(|zone| Some((zone.clone(), one.nodes.get(zone)?.clone())))
        .collect();
    for (zone, node) in replaced {
        nodes::take_away(call, &node);
        one.nodes.remove(&zone);
    }
    places.retain(|zone, _| !one.nodes.contains_key(zone));
    grow(call, name, &mut one, &places)?;
    call.put(name, one.clone());
    Ok(one)
}

fn detach(
    call: &mut Call,
    name: &str,
    gone: impl Fn(&Zone, &Node) -> bool,
) -> Result<Classic, Refusal> {
    let mut one = refuse::find(call, name)?;
    let leaving: Vec<(Zone, Node)> = one
        .nodes
        .iter()
        .filter(|(zone, node)| gone(zone, node))
        .map(|(zone, node)| (zone.clone(), node.clone()))
        .collect();
    if leaving.len() == one.nodes.len() {
        let message = "The load balancer must be attached to at least one subnet";
        return Err(configuration(message));
    }
    for (zone, node) in leaving {
        nodes::take_away(call, &node);
        one.nodes.remove(&zone);
    }
    call.put(name, one.clone());
    Ok(one)
}

/// docs: API_AttachLoadBalancerToSubnets
pub fn attach_load_balancer_to_subnets(
    call: &mut Call,
    input: AttachLoadBalancerToSubnetsInput,
) -> Result<AttachLoadBalancerToSubnetsOutput, Refusal> {
    serve!(call, AttachLoadBalancerToSubnetsInput { load_balancer_name, subnets } = input);
    let one = attach(call, &load_balancer_name, subnets)?;
    Ok(AttachLoadBalancerToSubnetsOutput { subnets: shown(&one) })
}

/// docs: API_DetachLoadBalancerFromSubnets
pub fn detach_load_balancer_from_subnets(
    call: &mut Call,
    input: DetachLoadBalancerFromSubnetsInput,
) -> Result<DetachLoadBalancerFromSubnetsOutput, Refusal> {
    serve!(call, DetachLoadBalancerFromSubnetsInput { load_balancer_name, subnets } = input);
    let gone = |_: &Zone, node: &Node| subnets.iter().any(|id| **id == *node.subnet.as_str());
    let one = detach(call, &load_balancer_name, gone)?;
    Ok(DetachLoadBalancerFromSubnetsOutput { subnets: shown(&one) })
}

/// docs: API_EnableAvailabilityZonesForLoadBalancer
pub fn enable_availability_zones(
    call: &mut Call,
    input: AddAvailabilityZonesInput,
) -> Result<AddAvailabilityZonesOutput, Refusal> {
    serve!(call, AddAvailabilityZonesInput { load_balancer_name, availability_zones } = input);
    let subnets = default_subnets(call, &availability_zones)?;
    let one = attach(call, &load_balancer_name, subnets)?;
    let zones = one.nodes.keys().map(ToString::to_string).collect();
    Ok(AddAvailabilityZonesOutput { availability_zones: Some(zones) })
}

/// docs: API_DisableAvailabilityZonesForLoadBalancer
pub fn disable_availability_zones(
    call: &mut Call,
    input: RemoveAvailabilityZonesInput,
) -> Result<RemoveAvailabilityZonesOutput, Refusal> {
    serve!(call, RemoveAvailabilityZonesInput { load_balancer_name, availability_zones } = input);
    let gone = |zone: &Zone, _: &Node| availability_zones.iter().any(|one| **one == *zone.as_str());
    let one = detach(call, &load_balancer_name, gone)?;
    let zones = one.nodes.keys().map(ToString::to_string).collect();
    Ok(RemoveAvailabilityZonesOutput { availability_zones: Some(zones) })
}

/// docs: API_ApplySecurityGroupsToLoadBalancer
pub fn apply_security_groups_to_load_balancer(
    call: &mut Call,
    input: ApplySecurityGroupsToLoadBalancerInput,
) -> Result<ApplySecurityGroupsToLoadBalancerOutput, Refusal> {
    serve!(
        call,
        ApplySecurityGroupsToLoadBalancerInput { load_balancer_name, security_groups } = input
    );
    let mut one = refuse::find(call, &load_balancer_name)?;
    if security_groups.is_empty() {
        return Err(configuration("At least one security group must be specified"));
    }
    one.groups = groups(call, Kind::Application, &one.vpc, Some(security_groups))?;
    for node in one.nodes.values() {
        if let Some(interface) = call.find::<NetworkInterface>(node.interface.as_str()) {
            let groups = one.groups.clone();
            call.put(node.interface.clone(), NetworkInterface { groups, ..(*interface).clone() });
        }
    }
    let shown = one.groups.iter().map(ToString::to_string).collect();
    call.put(load_balancer_name, one);
    Ok(ApplySecurityGroupsToLoadBalancerOutput { security_groups: Some(shown) })
}
