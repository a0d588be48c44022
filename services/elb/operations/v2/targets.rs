//! RegisterTargets and DeregisterTargets.

use super::refuse;
use crate::model::{Registration, TargetGroup, find};
use api_elbv2::{
    DeregisterTargetsInput, DeregisterTargetsOutput, RegisterTargetsInput, RegisterTargetsOutput,
    TargetDescription,
};
use ec2::model::{Instance, State};
use region::{Call, Refusal, serve};
use std::net::Ipv4Addr;
use vpc::model::{Subnet, Vpc};
use world::{Ipv4Net, Zone};

/// Targets of one group (ELB quotas).
const TARGETS: usize = 1000;

fn wrong(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidTarget", message)
}

/// docs: API_RegisterTargets
pub fn register_targets(
    call: &mut Call,
    input: RegisterTargetsInput,
) -> Result<RegisterTargetsOutput, Refusal> {
    serve!(call, RegisterTargetsInput { target_group_arn, targets } = input);
    let (key, group) = refuse::group(call, &target_group_arn)?;
    let mut group = (*group).clone();
    for target in targets {
        let (id, port, zone) = read(call, target)?;
        let zone = match group.kind.as_str() {
            "instance" => instance(call, &group, &id, zone)?,
            _ => address(call, &group, &id, zone)?,
        };
        let port = port.unwrap_or(group.port);
        let name = format!("{id}:{port}");
        let staying = group.targets.get(&name).filter(|one| one.leaving.is_none());
        if staying.is_none() {
            let one = Registration { id, port, zone, at: call.now, leaving: None };
            group.targets.insert(name, one);
        }
    }
    if group.targets.len() > TARGETS {
        let message = "The maximum number of targets per target group has been reached";
        return Err(Refusal::new("TooManyTargets", message));
    }
    call.put_at(key, group);
    Ok(RegisterTargetsOutput {})
}

/// One target of a request: id, port, zone.
pub(super) fn read(
    call: &mut Call,
    target: TargetDescription,
) -> Result<(String, Option<u16>, Option<String>), Refusal> {
    serve!(call, TargetDescription { id, port, availability_zone } = target);
    Ok((id, port.map(|port| port as u16), availability_zone))
}

fn instance(
    call: &Call,
    group: &TargetGroup,
    id: &str,
    zone: Option<String>,
) -> Result<Option<Zone>, Refusal> {
    if zone.is_some() {
        let message = "You cannot specify an Availability Zone for a target of type instance";
        return Err(refuse::invalid(message));
    }
    let unknown = || wrong(format!("Instance ID '{id}' is not valid"));
    let instance = call.find::<Instance>(id).ok_or_else(unknown)?;
    let primary = vpc::model::find::primary(call.store(), &call.scope, id);
    if primary.is_some_and(|(_, interface)| interface.vpc != group.vpc) {
        let message = format!(
            "The following targets are not in the target group VPC '{}': '{id}'",
            group.vpc
        );
        return Err(wrong(message));
    }
    if instance.state != State::Running {
        let message = format!(
            "The following targets are not in a running state and cannot be registered: '{id}'"
        );
        return Err(wrong(message));
    }
    Ok(None)
}

/// Blocks whose addresses may be targets outside the VPC (API_TargetDescription).
const PRIVATE: [&str; 4] = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"];

fn address(
    call: &Call,
    group: &TargetGroup,
    id: &str,
    zone: Option<String>,
) -> Result<Option<Zone>, Refusal> {
    let unknown = || refuse::invalid(format!("The IP address '{id}' is not a valid IPv4 address"));
    let address: Ipv4Addr = id.parse().map_err(|_| unknown())?;
    let vpc = call.find::<Vpc>(group.vpc.as_str());
    let inside =
        vpc.is_some_and(|vpc| vpc.blocks.iter().any(|block| block.cidr.contains(&address)));
    if !inside {
        let blocks = PRIVATE.iter().filter_map(|block| block.parse::<Ipv4Net>().ok());
        if !blocks.into_iter().any(|block| block.contains(&address)) {
            let message = format!(
                "The IP address '{id}' is not within the VPC CIDR of '{}' or one of the blocks \
                 10.0.0.0/8, 100.64.0.0/10, 172.16.0.0/12 and 192.168.0.0/16",
                group.vpc
            );
            return Err(wrong(message));
        }
        return match zone.as_deref() {
            Some("all") => Ok(None),
            _ => Err(wrong(format!(
                "The Availability Zone of the IP address '{id}', which is outside the VPC, must \
                 be 'all'"
            ))),
        };
    }
    let subnets = call.list::<Subnet>();
    let mut here = subnets.iter().filter(|(_, subnet)| subnet.vpc == group.vpc);
    let subnet = here.find(|(_, subnet)| subnet.cidr.contains(&address));
    Ok(subnet.map(|(_, subnet)| subnet.zone.clone()))
}

/// docs: API_DeregisterTargets
pub fn deregister_targets(
    call: &mut Call,
    input: DeregisterTargetsInput,
) -> Result<DeregisterTargetsOutput, Refusal> {
    serve!(call, DeregisterTargetsInput { target_group_arn, targets } = input);
    let (key, group) = refuse::group(call, &target_group_arn)?;
    let mut group = (*group).clone();
    let used = !find::used(call.store(), &key).is_empty();
    for target in targets {
        let (id, port, _) = read(call, target)?;
        // Without a port all registrations of the target go.
        let named: Vec<String> = group
            .targets
            .iter()
            .filter(|(_, one)| one.id == id && port.is_none_or(|port| port == one.port))
            .map(|(name, _)| name.clone())
            .collect();
        for name in named {
            if !used {
                group.targets.remove(&name);
            } else if let Some(one) = group.targets.get_mut(&name) {
                one.leaving.get_or_insert(call.now);
            }
        }
    }
    call.put_at(key, group);
    Ok(DeregisterTargetsOutput {})
}
