//! What a target is at this moment: by names, or by tags, parameters and filters; all of it or a
//! random part.

use super::design::{Selection, selection};
use super::invalid;
use crate::model::catalog::{GROUP, INSTANCE, ROLE, SUBNET, VOLUME};
use crate::model::{Target, Words, id_of};
use autoscaling::model::Group;
use ebs::model::Volume;
use ec2::model::Instance;
use region::{Call, Refusal, Tags};
use vpc::model::{NetworkInterface, Subnet, find};
use world::Id;

/// ARNs, sorted.
pub(super) fn resolve(call: &mut Call, target: &Target) -> Result<Vec<String>, Refusal> {
    let mut found = match target.kind.as_str() {
        INSTANCE => instances(call, target)?,
        SUBNET => subnets(call, target)?,
        VOLUME => volumes(call, target)?,
        GROUP => groups(call, target)?,
        ROLE if !target.arns.is_empty() => target.arns.clone(),
        kind => {
            let message = format!("Choosing {kind} by tags");
            return Err(Refusal::not_implemented(message));
        }
    };
    found.sort();
    found.dedup();
    let count = match selection(&target.selection) {
        Some(Selection::Count(count)) => count,
        // At least one, as AWS rounds down to none and then fails.
        Some(Selection::Percent(share)) => found.len() * share / 100,
        Some(Selection::All) | None => found.len(),
    };
    while found.len() > count {
        let at = call.chance() % found.len() as u64;
        found.remove(at as usize);
    }
    Ok(found)
}

fn tagged(call: &Call, id: &Id, wanted: &Words) -> bool {
    let tags = Tags::of(call.store(), &call.scope, id.as_str());
    wanted.iter().all(|(key, value)| tags.get(key) == Some(value))
}

fn named(target: &Target, id: &Id) -> bool {
    target.arns.is_empty() || target.arns.iter().any(|arn| id_of(arn) == *id)
}

fn instances(call: &Call, target: &Target) -> Result<Vec<String>, Refusal> {
    let mut found = Vec::new();
    for (id, instance) in call.list::<Instance>() {
        let wanted = named(target, &id) && tagged(call, &id, &target.tags);
        if !wanted || instance.state.is_over() {
            continue;
        }
        let primary = find::primary(call.store(), &call.scope, id.as_str());
        let primary = primary.map(|(_, interface)| interface);
        if passes(target, |path| of_instance(path, &instance, primary.as_deref()))? {
            found.push(call.scope.arn("ec2", &format!("instance/{id}")));
        }
    }
    Ok(found)
}

/// The value at a path of an instance's description. docs: FIS, resource filters.
fn of_instance(
    path: &str,
    instance: &Instance,
    primary: Option<&NetworkInterface>,
) -> Option<Option<String>> {
    Some(match path {
        "State.Name" => Some(instance.state.name().to_owned()),
        "Placement.AvailabilityZone" => Some(instance.zone.to_string()),
        "InstanceType" => Some(instance.kind.clone()),
        "ImageId" => Some(instance.image.clone()),
        "KeyName" => instance.key_name.clone(),
        "VpcId" => primary.map(|interface| interface.vpc.to_string()),
        "SubnetId" => primary.map(|interface| interface.subnet.to_string()),
        "PrivateIpAddress" => primary.map(|interface| interface.primary().to_string()),
        _ => return None,
    })
}

fn subnets(call: &Call, target: &Target) -> Result<Vec<String>, Refusal> {
    let zone = target.parameters.get("availabilityZoneIdentifier");
    let zone = zone.map(|text| crate::controller::zone_named(&call.scope, text));
    let vpc = target.parameters.get("vpc").map(|text| id_of(text));
    let mut found = Vec::new();
    for (id, subnet) in call.list::<Subnet>() {
        let wanted = named(target, &id)
            && tagged(call, &id, &target.tags)
            && zone.as_ref().is_none_or(|zone| *zone == subnet.zone)
            && vpc.as_ref().is_none_or(|vpc| *vpc == subnet.vpc);
        let value = |path: &str| {
            Some(match path {
                "AvailabilityZone" => Some(subnet.zone.to_string()),
                "VpcId" => Some(subnet.vpc.to_string()),
                "SubnetId" => Some(id.to_string()),
                "CidrBlock" => Some(subnet.cidr.to_string()),
                _ => return None,
            })
        };
        if wanted && passes(target, value)? {
            found.push(call.scope.arn("ec2", &format!("subnet/{id}")));
        }
    }
    Ok(found)
}

fn volumes(call: &Call, target: &Target) -> Result<Vec<String>, Refusal> {
    let zone = target.parameters.get("availabilityZoneIdentifier");
    let zone = zone.map(|text| crate::controller::zone_named(&call.scope, text));
    let mut found = Vec::new();
    for (id, volume) in call.list::<Volume>() {
        let wanted = named(target, &id)
            && tagged(call, &id, &target.tags)
            && zone.as_ref().is_none_or(|zone| zone.as_str() == volume.zone)
            && !volume.deleting;
        let user = volume.attachment.as_ref();
        let value = |path: &str| {
            Some(match path {
                "VolumeId" => Some(id.to_string()),
                "AvailabilityZone" => Some(volume.zone.clone()),
                "State" => Some(volume.state().to_owned()),
                "VolumeType" => Some(volume.performance.kind.to_string()),
                "Attachments.InstanceId" => user.map(|user| user.instance.clone()),
                "Attachments.Device" => user.map(|user| user.device.clone()),
                "Attachments.DeleteOnTermination" => {
                    user.map(|user| user.delete_on_termination.to_string())
                }
                _ => return None,
            })
        };
        if wanted && passes(target, value)? {
            found.push(call.scope.arn("ec2", &format!("volume/{id}")));
        }
    }
    Ok(found)
}

fn groups(call: &Call, target: &Target) -> Result<Vec<String>, Refusal> {
    let mut found = Vec::new();
    for (name, group) in call.list::<Group>() {
        let tags = &group.tags;
        let has =
            |key: &String, value: &String| tags.get(key).is_some_and(|tag| tag.value == *value);
        let wanted = named(target, &name)
            && target.tags.iter().all(|(key, value)| has(key, value))
            && !group.deleting;
        if wanted && passes(target, |_| None)? {
            found.push(group.arn.clone());
        }
    }
    Ok(found)
}

fn passes(
    target: &Target,
    value: impl Fn(&str) -> Option<Option<String>>,
) -> Result<bool, Refusal> {
    for (path, values) in &target.filters {
        let found = value(path);
        let found =
            found.ok_or_else(|| invalid(format!("The filter path {path} is not known.")))?;
        if found.is_none_or(|found| !values.contains(&found)) {
            return Ok(false);
        }
    }
    Ok(true)
}
