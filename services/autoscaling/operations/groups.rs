//! CreateAutoScalingGroup, UpdateAutoScalingGroup, DeleteAutoScalingGroup.

use super::rules::{self, bounds, invalid, number, resize};
use super::{form, source, tags};
use crate::controller::details;
use crate::model::{Activity, Group};
use api_autoscaling::{
    CreateAutoScalingGroupOutput, CreateAutoScalingGroupType, DeleteAutoScalingGroupOutput,
    DeleteAutoScalingGroupType, UpdateAutoScalingGroupOutput, UpdateAutoScalingGroupType,
};
use region::{Call, Refusal, serve};

/// Groups that a scope may have (Auto Scaling quotas).
pub(super) const GROUPS: usize = 500;

/// docs: API_CreateAutoScalingGroup
pub(super) fn create_auto_scaling_group(
    call: &mut Call,
    input: CreateAutoScalingGroupType,
) -> Result<CreateAutoScalingGroupOutput, Refusal> {
    serve!(
        call,
        own @ CreateAutoScalingGroupType {
            auto_scaling_group_name,
            launch_configuration_name,
            launch_template,
            mixed_instances_policy,
            min_size,
            max_size,
            desired_capacity,
            default_cooldown,
            availability_zones,
            availability_zone_ids,
            availability_zone_distribution,
            load_balancer_names,
            target_group_arns,
            traffic_sources,
            health_check_type,
            health_check_grace_period,
            placement_group,
            vpc_zone_identifier,
            termination_policies,
            new_instances_protected_from_scale_in,
            capacity_rebalance,
            lifecycle_hook_specification_list,
            tags,
            service_linked_role_arn,
            max_instance_lifetime,
            context,
            desired_capacity_type,
            default_instance_warmup,
            instance_maintenance_policy,
            deletion_protection,
        } = input
    );
    let name = own.auto_scaling_group_name.clone();
    fresh_name(call, &name)?;
    let (min, max) = (number(own.min_size, "MinSize")?, number(own.max_size, "MaxSize")?);
    let desired = own.desired_capacity.map(|one| number(one, "DesiredCapacity")).transpose()?;
    bounds(min, max, desired)?;
    let mut group = fresh(call, &name, own)?;
    (group.min, group.max) = (min, max);
    resize(call, &mut group, desired.unwrap_or(min), "a user request created an AutoScalingGroup");
    call.put(name, group);
    Ok(CreateAutoScalingGroupOutput {})
}

/// A new group, but for its bounds.
fn fresh(call: &mut Call, name: &str, own: CreateAutoScalingGroupType) -> Result<Group, Refusal> {
    let source = source::source(
        call,
        own.launch_configuration_name,
        own.launch_template,
        own.mixed_instances_policy,
    )?;
    let source = source.ok_or_else(|| {
        invalid(
            "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, \
             InstanceId or MixedInstancesPolicy parameter.",
        )
    })?;
    let path = format!("autoScalingGroup:{}:autoScalingGroupName/{name}", call.request_id);
    let mut group = Group::new(call.scope.arn("autoscaling", &path), call.now, source);
    let settings = UpdateAutoScalingGroupType {
        availability_zones: own.availability_zones,
        availability_zone_ids: own.availability_zone_ids,
        availability_zone_distribution: own.availability_zone_distribution,
        vpc_zone_identifier: own.vpc_zone_identifier,
        default_cooldown: own.default_cooldown,
        health_check_type: own.health_check_type,
        health_check_grace_period: own.health_check_grace_period,
        placement_group: own.placement_group,
        termination_policies: own.termination_policies,
        new_instances_protected_from_scale_in: own.new_instances_protected_from_scale_in,
        capacity_rebalance: own.capacity_rebalance,
        service_linked_role_arn: own.service_linked_role_arn,
        max_instance_lifetime: own.max_instance_lifetime,
        context: own.context,
        desired_capacity_type: own.desired_capacity_type,
        default_instance_warmup: own.default_instance_warmup,
        instance_maintenance_policy: own.instance_maintenance_policy,
        deletion_protection: own.deletion_protection,
        ..Default::default()
    };
    change(call, &mut group, settings)?;
    if group.zones.is_empty() {
        return Err(invalid("At least one Availability Zone or VPC Subnet is required."));
    }
    group.tags = tags::read(call, name, own.tags.unwrap_or_default())?;
    form::hooks(call, &mut group, own.lifecycle_hook_specification_list.unwrap_or_default())?;
    let sources = own.traffic_sources.unwrap_or_default();
    let (classic, groups) = (own.load_balancer_names, own.target_group_arns);
    super::balancers::add(call, &mut group, classic, groups, sources)?;
    Ok(group)
}

fn fresh_name(call: &Call, name: &str) -> Result<(), Refusal> {
    if name.contains(':') {
        return Err(invalid("AutoScalingGroup name must not contain a colon"));
    }
    if call.find::<Group>(name).is_some() {
        let message = format!(
            "AutoScalingGroup by this name already exists - A group with the name {name} already \
             exists"
        );
        return Err(Refusal::new("AlreadyExists", message));
    }
    if call.list::<Group>().len() >= GROUPS {
        let message = format!("You have reached the limit of {GROUPS} Auto Scaling groups");
        return Err(Refusal::new("LimitExceeded", message));
    }
    Ok(())
}

fn units(kind: Option<&str>) -> Result<(), Refusal> {
    match kind {
        None | Some("" | "units") => Ok(()),
        Some(other) => Err(Refusal::not_implemented(format!("A DesiredCapacityType of {other}"))),
    }
}

/// docs: API_UpdateAutoScalingGroup
pub(super) fn update_auto_scaling_group(
    call: &mut Call,
    input: UpdateAutoScalingGroupType,
) -> Result<UpdateAutoScalingGroupOutput, Refusal> {
    serve!(
        call,
        own @ UpdateAutoScalingGroupType {
            auto_scaling_group_name,
            launch_configuration_name,
            launch_template,
            mixed_instances_policy,
            min_size,
            max_size,
            desired_capacity,
            default_cooldown,
            availability_zones,
            availability_zone_ids,
            availability_zone_distribution,
            health_check_type,
            health_check_grace_period,
            placement_group,
            vpc_zone_identifier,
            termination_policies,
            new_instances_protected_from_scale_in,
            capacity_rebalance,
            service_linked_role_arn,
            max_instance_lifetime,
            context,
            desired_capacity_type,
            default_instance_warmup,
            instance_maintenance_policy,
            deletion_protection,
        } = input
    );
    let name = own.auto_scaling_group_name.clone();
    let mut group = rules::own(call, &name)?;
    if rules::refresh(call, &group).is_some_and(|(_, one)| one.wanted.is_some())
        && (own.launch_template.is_some() || own.mixed_instances_policy.is_some())
    {
        let message = "An instance refresh with a desired configuration is in progress";
        return Err(Refusal::new("ScalingActivityInProgress", message));
    }
    let before = group.clone();
    change(call, &mut group, own.clone())?;
    if group.zones != before.zones || group.source != before.source {
        // What was refused there may be possible now.
        group.troubles.clear();
    }
    let least = own.min_size.map(|one| number(one, "MinSize")).transpose()?;
    let most = own.max_size.map(|one| number(one, "MaxSize")).transpose()?;
    let wanted = own.desired_capacity.map(|one| number(one, "DesiredCapacity")).transpose()?;
    group.min = least.unwrap_or(group.min);
    group.max = most.unwrap_or(group.max);
    bounds(group.min, group.max, wanted)?;
    let desired = wanted.unwrap_or_else(|| group.desired.clamp(group.min, group.max));
    let reason = format!(
        "a user request update of AutoScalingGroup constraints to min: {}, max: {}, desired: \
         {desired}",
        group.min, group.max
    );
    resize(call, &mut group, desired, &reason);
    call.put(name, group);
    Ok(UpdateAutoScalingGroupOutput {})
}

/// Everything but the bounds.
fn change(
    call: &mut Call,
    group: &mut Group,
    own: UpdateAutoScalingGroupType,
) -> Result<(), Refusal> {
    form::absent(own.placement_group.is_some_and(|one| !one.is_empty()), "PlacementGroup")?;
    units(own.desired_capacity_type.as_deref())?;
    let source = source::source(
        call,
        own.launch_configuration_name,
        own.launch_template,
        own.mixed_instances_policy,
    )?;
    if let Some(source) = source {
        group.source = source;
    }
    let places = form::places(
        call,
        own.availability_zones,
        own.availability_zone_ids,
        own.vpc_zone_identifier,
    )?;
    if let Some((zones, subnets)) = places {
        (group.zones, group.subnets) = (zones, subnets);
    }
    if let Some(one) = own.availability_zone_distribution {
        group.distribution = form::distribution(call, one)?;
    }
    if let Some(one) = own.default_cooldown {
        group.cooldown = number(one, "DefaultCooldown")?;
    }
    if let Some(one) = own.health_check_type {
        group.checks = form::checks(&one)?;
    }
    if let Some(one) = own.health_check_grace_period {
        group.grace = number(one, "HealthCheckGracePeriod")?;
    }
    if let Some(one) = own.termination_policies {
        group.policies = form::policies(one)?;
    }
    if let Some(one) = own.max_instance_lifetime {
        group.lifetime = form::lifetime(one)?;
    }
    if let Some(one) = own.default_instance_warmup {
        group.warmup = form::warmup(one)?;
    }
    if let Some(one) = own.instance_maintenance_policy {
        group.maintenance = form::maintenance(call, one)?;
    }
    group.protect = own.new_instances_protected_from_scale_in.unwrap_or(group.protect);
    group.capacity_rebalance = own.capacity_rebalance.unwrap_or(group.capacity_rebalance);
    group.role = own.service_linked_role_arn.or(group.role.take());
    group.context = own.context.or(group.context.take());
    if let Some(one) = own.deletion_protection {
        group.deletion_protection = one;
    }
    Ok(())
}

/// docs: API_DeleteAutoScalingGroup
pub(super) fn delete_auto_scaling_group(
    call: &mut Call,
    input: DeleteAutoScalingGroupType,
) -> Result<DeleteAutoScalingGroupOutput, Refusal> {
    serve!(call, DeleteAutoScalingGroupType { auto_scaling_group_name, force_delete } = input);
    let name = auto_scaling_group_name;
    let mut group = (*rules::group(call, &name)?).clone();
    let force = force_delete == Some(true);
    let protected = match group.deletion_protection.as_str() {
        "prevent-all-deletion" => true,
        "prevent-force-deletion" => force,
        _ => false,
    };
    if protected {
        let message = format!("AutoScalingGroup '{name}' is protected from deletion");
        return Err(Refusal::new("ResourceInUse", message));
    }
    if group.deleting {
        return Ok(DeleteAutoScalingGroupOutput {});
    }
    if !force && !group.members.is_empty() {
        if group.members.values().all(|member| member.stage.is_ending()) {
            let message = "You cannot delete an AutoScalingGroup while there are scaling \
                           activities in progress for that group.";
            return Err(Refusal::new("ScalingActivityInProgress", message));
        }
        let message = "You cannot delete an AutoScalingGroup while there are instances or pending \
                       Spot instance request(s) still in the group.";
        return Err(Refusal::new("ResourceInUse", message));
    }
    (group.min, group.max) = (0, 0);
    resize(call, &mut group, 0, "a user request force deleted AutoScalingGroup");
    group.deleting = true;
    let key = call.key(&*name);
    for (id, member) in group.members.clone() {
        if member.stage.is_ending() || member.stage.counts() {
            continue;
        }
        // Who stands by goes too.
        let cause = group.why.join(" ");
        let about = details(&member.subnet, &member.zone);
        let description = format!("Terminating EC2 instance: {id}");
        let activity = Activity::open(&mut group, &key, call.now, description, cause, about);
        rules::put_activity(call, &activity);
        if let Some(one) = group.members.get_mut(&id) {
            one.stage = crate::model::Stage::Terminating;
            one.activity = Some(activity.number);
        }
    }
    group.members.values_mut().for_each(|member| member.protected = false);
    call.put(name, group);
    Ok(DeleteAutoScalingGroupOutput {})
}
