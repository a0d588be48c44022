//! SetSecurityGroups, SetSubnets, SetIpAddressType.

use super::nodes::{self, Kin};
use super::{answer, balancers, refuse};
use crate::model::{Kind, LoadBalancer, Node};
use api_elbv2::{
    SetIpAddressTypeInput, SetIpAddressTypeOutput, SetSecurityGroupsInput, SetSecurityGroupsOutput,
    SetSubnetsInput, SetSubnetsOutput,
};
use refuse::configuration;
use region::{Call, Refusal, serve};
use vpc::model::NetworkInterface;
use world::Zone;

/// docs: API_SetSecurityGroups
pub fn set_security_groups(
    call: &mut Call,
    input: SetSecurityGroupsInput,
) -> Result<SetSecurityGroupsOutput, Refusal> {
    serve!(
        call,
        SetSecurityGroupsInput {
            load_balancer_arn,
            security_groups,
            enforce_security_group_inbound_rules_on_private_link_traffic
        } = input
    );
    let (key, balancer) = refuse::balancer(call, &load_balancer_arn)?;
    let mut balancer = (*balancer).clone();
    if balancer.kind == Kind::Network && balancer.groups.is_empty() && !security_groups.is_empty() {
        // NLB guide, "Security groups": none at creation means none for ever.
        let message = "You cannot set security groups on a Network Load Balancer that was created \
                       without security groups";
        return Err(configuration(message));
    }
    if security_groups.is_empty() {
        return Err(configuration("At least one security group must be specified"));
    }
    let given = Some(security_groups);
    balancer.groups = balancers::groups(call, balancer.kind, &balancer.vpc, given)?;
    if let Some(enforce) = enforce_security_group_inbound_rules_on_private_link_traffic {
        balancer.enforce = Some(enforce);
    }
    for node in balancer.nodes.values() {
        let interface = call.find::<NetworkInterface>(node.interface.as_str());
        if let Some(interface) = interface {
            let groups = balancer.groups.clone();
            call.put(node.interface.clone(), NetworkInterface { groups, ..(*interface).clone() });
        }
    }
    let shown = balancer.groups.iter().map(ToString::to_string).collect();
    let enforce = balancer.enforce.clone();
    call.put_at(key, balancer);
    Ok(SetSecurityGroupsOutput {
        enforce_security_group_inbound_rules_on_private_link_traffic: enforce,
        security_group_ids: Some(shown),
    })
}

/// docs: API_SetSubnets
pub fn set_subnets(call: &mut Call, input: SetSubnetsInput) -> Result<SetSubnetsOutput, Refusal> {
    serve!(
        call,
        SetSubnetsInput { load_balancer_arn, subnets, subnet_mappings, ip_address_type } = input
    );
    if ip_address_type.is_some_and(|kind| kind != "ipv4") {
        return Err(Refusal::not_implemented("IpAddressType other than ipv4"));
    }
    let (key, balancer) = refuse::balancer(call, &load_balancer_arn)?;
    let mut balancer = (*balancer).clone();
    let mappings = nodes::mappings(call, subnets, subnet_mappings)?;
    let (vpc, places) = nodes::places(call, &mappings)?;
    if vpc != balancer.vpc {
        let message = "The subnets must belong to the VPC of the load balancer";
        return Err(Refusal::new("InvalidSubnet", message));
    }
    nodes::check(call, balancer.kind, balancer.internal, &vpc, &places)?;
    let leaving = |(zone, node): &(&Zone, &Node)| {
        places.get(*zone).is_none_or(|mapping| *mapping.subnet != *node.subnet.as_str())
    };
    let gone: Vec<(Zone, Node)> = balancer
        .nodes
        .iter()
        .filter(leaving)
        .map(|(zone, node)| (zone.clone(), node.clone()))
        .collect();
    if balancer.kind == Kind::Network && gone.iter().any(|(zone, _)| places.contains_key(zone)) {
        let message = "The subnet of an enabled Availability Zone cannot be changed for a Network \
                       Load Balancer";
        return Err(configuration(message));
    }
    for (zone, node) in &gone {
        nodes::take_away(call, node);
        balancer.nodes.remove(zone);
    }
    let groups = balancer.groups.clone();
    let hex = balancer.hex.clone();
    let kin = Kin {
        description: format!("ELB {}", key.id),
        hex: &hex,
        internal: balancer.internal,
        groups: &groups,
        transparent: balancer.kind == Kind::Network,
    };
    for (zone, mapping) in &places {
        if !balancer.nodes.contains_key(zone) {
            let node = nodes::make(call, &kin, zone, mapping)?;
            balancer.nodes.insert(zone.clone(), node);
        }
    }
    call.put_at::<LoadBalancer>(key.clone(), balancer.clone());
    Ok(SetSubnetsOutput {
        availability_zones: Some(answer::zones(call.store(), &key, &balancer)),
        enable_prefix_for_ipv6_source_nat: None,
        ip_address_type: answer::text("ipv4"),
    })
}

/// docs: API_SetIpAddressType
pub fn set_ip_address_type(
    call: &mut Call,
    input: SetIpAddressTypeInput,
) -> Result<SetIpAddressTypeOutput, Refusal> {
    serve!(call, SetIpAddressTypeInput { load_balancer_arn, ip_address_type } = input);
    refuse::balancer(call, &load_balancer_arn)?;
    if ip_address_type != "ipv4" {
        return Err(Refusal::not_implemented("IpAddressType other than ipv4"));
    }
    Ok(SetIpAddressTypeOutput { ip_address_type: Some(ip_address_type) })
}
