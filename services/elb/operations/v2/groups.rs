//! CreateTargetGroup, DeleteTargetGroup, DescribeTargetGroups.

use super::group_settings::{Wanted, check};
use super::{answer, refuse, tags};
use crate::model::{TagSet, TargetGroup, TargetHealth, find, name};
use api_elbv2::{
    CreateTargetGroupInput, CreateTargetGroupOutput, DeleteTargetGroupInput,
    DeleteTargetGroupOutput, DescribeTargetGroupsInput, DescribeTargetGroupsOutput,
};
use refuse::{configuration, invalid};
use region::{Call, Key, Refusal, serve};
use std::collections::BTreeMap;
use vpc::model::Vpc;
use world::Id;

/// Target groups in a region (ELB quotas).
pub(super) const GROUPS: usize = 3000;

/// docs: API_CreateTargetGroup
pub fn create_target_group(
    call: &mut Call,
    input: CreateTargetGroupInput,
) -> Result<CreateTargetGroupOutput, Refusal> {
    serve!(
        call,
        CreateTargetGroupInput {
            name,
            protocol,
            protocol_version,
            port,
            vpc_id,
            target_type,
            ip_address_type,
            tags,
            health_check_enabled,
            health_check_interval_seconds,
            health_check_path,
            health_check_port,
            health_check_protocol,
            health_check_timeout_seconds,
            healthy_threshold_count,
            unhealthy_threshold_count,
            matcher
        } = input
    );
    refuse::check_name("Target group", &name)?;
    let kind = kind(target_type, ip_address_type)?;
    let (protocol, version) = protocols(protocol, protocol_version)?;
    let port = port.ok_or_else(|| invalid("A port must be specified"))? as u16;
    let vpc = vpc_id.ok_or_else(|| invalid("A VPC ID must be specified"))?;
    if call.find::<Vpc>(&vpc).is_none() {
        return Err(invalid(format!("The VPC ID '{vpc}' is not found")));
    }
    let tags = tags::read(tags)?;
    let wanted = Wanted {
        enabled: health_check_enabled,
        protocol: health_check_protocol,
        port: health_check_port,
        path: health_check_path,
        interval: health_check_interval_seconds,
        timeout: health_check_timeout_seconds,
        healthy: healthy_threshold_count,
        unhealthy: unhealthy_threshold_count,
        matcher,
    };
    let group = TargetGroup {
        check: check(call, &protocol, version.as_deref(), None, wanted)?,
        name,
        kind,
        protocol,
        version,
        port,
        vpc: Id::from(vpc),
        attributes: BTreeMap::new(),
        targets: BTreeMap::new(),
        created: call.now,
    };
    let all = call.list::<TargetGroup>();
    if let Some((id, present)) = all.iter().find(|(_, one)| one.name == group.name) {
        let key = call.key(id.clone());
        return same(call, &key, present, &group);
    }
    if all.len() >= GROUPS {
        let message = "The maximum number of target groups has been reached";
        return Err(Refusal::new("TooManyTargetGroups", message));
    }
    let hex = refuse::hex(call);
    let key = call.key(format!("targetgroup/{}/{hex}", group.name));
    tags::put(call, &name::group(&key.scope, key.id.as_str()), tags)?;
    call.put_at(key.clone(), group.clone());
    Ok(shown(call, &key, &group))
}

fn shown(call: &Call, key: &Key, group: &TargetGroup) -> CreateTargetGroupOutput {
    CreateTargetGroupOutput { target_groups: Some(vec![answer::group(call.store(), key, group)]) }
}

fn same(
    call: &Call,
    key: &Key,
    present: &TargetGroup,
    wanted: &TargetGroup,
) -> Result<CreateTargetGroupOutput, Refusal> {
    let settings = |group: &TargetGroup| {
        let TargetGroup { kind, protocol, version, port, vpc, check, .. } = group.clone();
        (kind, protocol, version, port, vpc, check)
    };
    if settings(present) == settings(wanted) {
        return Ok(shown(call, key, present));
    }
    let message = format!(
        "A target group with the same name '{}' exists, but with different settings",
        present.name
    );
    Err(Refusal::new("DuplicateTargetGroupName", message))
}

fn kind(target_type: Option<String>, address_type: Option<String>) -> Result<String, Refusal> {
    if address_type.is_some_and(|kind| kind != "ipv4") {
        return Err(Refusal::not_implemented("IpAddressType other than ipv4"));
    }
    let kind = target_type.unwrap_or_else(|| "instance".into());
    if !matches!(kind.as_str(), "instance" | "ip") {
        return Err(Refusal::not_implemented(format!("A target group of type {kind}")));
    }
    Ok(kind)
}

fn protocols(
    protocol: Option<String>,
    version: Option<String>,
) -> Result<(String, Option<String>), Refusal> {
    let protocol = protocol.ok_or_else(|| invalid("A protocol must be specified"))?;
    match protocol.as_str() {
        "HTTP" | "HTTPS" => {
            let version = version.unwrap_or_else(|| "HTTP1".into());
            if !matches!(version.as_str(), "HTTP1" | "HTTP2" | "GRPC") {
                return Err(invalid(format!("Protocol version '{version}' is not valid")));
            }
            Ok((protocol, Some(version)))
        }
        "TCP" | "TLS" | "UDP" | "TCP_UDP" => match version {
            None => Ok((protocol, None)),
            Some(_) => Err(configuration(
                "Protocol version cannot be specified for target groups with protocol TCP, TLS, \
                 UDP or TCP_UDP",
            )),
        },
        _ => Err(Refusal::not_implemented(format!("The protocol {protocol}"))),
    }
}

/// docs: API_DeleteTargetGroup
pub fn delete_target_group(
    call: &mut Call,
    input: DeleteTargetGroupInput,
) -> Result<DeleteTargetGroupOutput, Refusal> {
    serve!(call, DeleteTargetGroupInput { target_group_arn } = input);
    let (key, _) = match refuse::group(call, &target_group_arn) {
        Ok(found) => found,
        // Deleting what does not exist succeeds.
        Err(refusal) if refusal.code == "TargetGroupNotFound" => {
            return Ok(DeleteTargetGroupOutput {});
        }
        Err(refusal) => return Err(refusal),
    };
    if !find::used(call.store(), &key).is_empty() {
        let message = format!(
            "Target group '{target_group_arn}' is currently in use by a listener or a rule"
        );
        return Err(Refusal::new("ResourceInUse", message));
    }
    call.forget_at::<TargetGroup>(&key);
    call.forget_at::<TargetHealth>(&key);
    call.forget::<TagSet>(target_group_arn);
    Ok(DeleteTargetGroupOutput {})
}

/// docs: API_DescribeTargetGroups
pub fn describe_target_groups(
    call: &mut Call,
    input: DescribeTargetGroupsInput,
) -> Result<DescribeTargetGroupsOutput, Refusal> {
    serve!(
        call,
        DescribeTargetGroupsInput {
            load_balancer_arn,
            target_group_arns,
            names,
            marker,
            page_size
        } = input
    );
    let arns = target_group_arns.unwrap_or_default();
    let names = names.unwrap_or_default();
    let given = [load_balancer_arn.is_some(), !arns.is_empty(), !names.is_empty()];
    if given.iter().filter(|given| **given).count() > 1 {
        let message = "Only one of target group ARNs, target group names and load balancer ARN \
                       can be specified";
        return Err(invalid(message));
    }
    let mut all: Vec<(Key, TargetGroup)> = Vec::new();
    let list = call.list::<TargetGroup>();
    for arn in &arns {
        let (key, group) = refuse::group(call, arn)?;
        all.push((key, (*group).clone()));
    }
    for name in &names {
        let found = list.iter().find(|(_, one)| one.name == *name).ok_or_else(|| {
            Refusal::new("TargetGroupNotFound", "One or more target groups not found")
        })?;
        all.push((call.key(found.0.clone()), (*found.1).clone()));
    }
    if let Some(arn) = load_balancer_arn {
        let (key, _) = refuse::balancer(call, &arn)?;
        let groups = find::groups(call.store(), &key).into_iter();
        all = groups.map(|(key, group)| (key, (*group).clone())).collect();
    } else if arns.is_empty() && names.is_empty() {
        all = list.iter().map(|(id, one)| (call.key(id.clone()), (**one).clone())).collect();
    }
    let name = |(key, _): &(Key, TargetGroup)| key.id.to_string();
    all.sort_by_key(name);
    let (all, next_marker) = refuse::page(all, name, marker, page_size)?;
    let shown = all.iter().map(|(key, one)| answer::group(call.store(), key, one)).collect();
    Ok(DescribeTargetGroupsOutput { target_groups: Some(shown), next_marker })
}
