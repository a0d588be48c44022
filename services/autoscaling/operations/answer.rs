//! Groups and instances as the API shows them.

use super::tags;
use crate::model::{Group, Member, Mixed, Source, TemplateRef, Version, text};
use api_autoscaling::{
    AutoScalingGroup, AutoScalingInstanceDetails, AvailabilityZoneDistribution, EnabledMetric,
    Instance, InstanceMaintenancePolicy, InstancesDistribution, LaunchTemplate,
    LaunchTemplateOverrides, LaunchTemplateSpecification, MixedInstancesPolicy, SuspendedProcess,
    TrafficSourceIdentifier,
};
use region::Call;
use world::Id;

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A template as the group names it.
pub(super) fn template(one: &TemplateRef) -> LaunchTemplateSpecification {
    LaunchTemplateSpecification {
        launch_template_id: some(&one.id),
        launch_template_name: some(&one.name),
        version: one.version.clone(),
    }
}

/// A mixed instances policy.
pub(super) fn mixed(one: &Mixed) -> MixedInstancesPolicy {
    let overrides = one.overrides.iter().map(|one| LaunchTemplateOverrides {
        instance_type: one.kind.clone(),
        weighted_capacity: one.weight.map(|weight| weight.to_string()),
        launch_template_specification: one.template.as_ref().map(template),
        ..Default::default()
    });
    MixedInstancesPolicy {
        instances_distribution: Some(InstancesDistribution {
            on_demand_allocation_strategy: some(&one.strategy),
            on_demand_base_capacity: Some(one.base as i32),
            on_demand_percentage_above_base_capacity: Some(one.above as i32),
            spot_allocation_strategy: some(&one.spot_strategy),
            spot_instance_pools: one.spot_pools.or(Some(2)),
            spot_max_price: None,
        }),
        launch_template: Some(LaunchTemplate {
            launch_template_specification: Some(template(&one.template)),
            overrides: Some(overrides.collect()),
        }),
    }
}

fn version(one: &Version) -> (Option<String>, Option<LaunchTemplateSpecification>) {
    match one {
        Version::Configuration(name) => (Some(name.clone()), None),
        Version::Template(id, name, number) => {
            let shown = LaunchTemplateSpecification {
                launch_template_id: some(id),
                launch_template_name: some(name),
                version: Some(number.to_string()),
            };
            (None, Some(shown))
        }
    }
}

fn zone_id(call: &Call, zone: &str) -> Option<String> {
    region::zone::RegionInfo::named(&call.scope.region)?.zone_id(zone)
}

fn health(member: &Member) -> String {
    if member.sick.is_some() { "Unhealthy" } else { "Healthy" }.to_owned()
}

/// An instance as its group shows it.
fn instance(call: &Call, group: &Group, id: &Id, member: &Member) -> Instance {
    let (configuration, template) = member.version.as_ref().map(version).unwrap_or_default();
    let image = call.find::<ec2::model::Instance>(id.as_str());
    Instance {
        availability_zone: Some(member.zone.clone()),
        availability_zone_id: zone_id(call, &member.zone),
        health_status: Some(health(member)),
        image_id: image.map(|one| one.image.clone()),
        instance_id: some(id.as_str()),
        instance_type: some(&member.kind),
        launch_configuration_name: configuration,
        launch_template: template,
        lifecycle_state: some(member.stage.name()),
        protected_from_scale_in: Some(member.protected),
        weighted_capacity: group.source.weighted().then(|| member.weight.to_string()),
    }
}

/// An instance as DescribeAutoScalingInstances shows it.
pub(super) fn details(
    call: &Call,
    name: &str,
    group: &Group,
    id: &Id,
    member: &Member,
) -> AutoScalingInstanceDetails {
    let one = instance(call, group, id, member);
    AutoScalingInstanceDetails {
        auto_scaling_group_name: some(name),
        availability_zone: one.availability_zone,
        availability_zone_id: one.availability_zone_id,
        health_status: one.health_status.map(|text| text.to_uppercase()),
        image_id: one.image_id,
        instance_id: one.instance_id,
        instance_type: one.instance_type,
        launch_configuration_name: one.launch_configuration_name,
        launch_template: one.launch_template,
        lifecycle_state: one.lifecycle_state,
        protected_from_scale_in: one.protected_from_scale_in,
        weighted_capacity: one.weighted_capacity,
    }
}

/// What a group launches: configuration, template, mix.
type Launched = (Option<String>, Option<LaunchTemplateSpecification>, Option<MixedInstancesPolicy>);

fn launched(source: &Source) -> Launched {
    match source {
        Source::Configuration(name) => (Some(name.clone()), None, None),
        Source::Template(one) => (None, Some(template(one)), None),
        Source::Mixed(one) => (None, None, Some(mixed(one))),
    }
}

fn role(call: &Call, group: &Group) -> String {
    let own = || {
        format!(
            "arn:aws:iam::{}:role/aws-service-role/autoscaling.amazonaws.com/\
             AWSServiceRoleForAutoScaling",
            call.scope.account
        )
    };
    group.role.clone().unwrap_or_else(own)
}

fn policies(group: &Group) -> Vec<String> {
    match group.policies.is_empty() {
        true => vec!["Default".to_owned()],
        false => group.policies.clone(),
    }
}

fn maintenance(group: &Group) -> Option<InstanceMaintenancePolicy> {
    let (least, most) = group.maintenance?;
    Some(InstanceMaintenancePolicy {
        min_healthy_percentage: Some(least as i32),
        max_healthy_percentage: Some(most as i32),
    })
}

/// What is attached of a kind, or of every kind.
fn attached(group: &Group, kind: &str) -> Vec<TrafficSourceIdentifier> {
    let own = group.attached.iter().filter(|(_, one)| one.state != "Removing");
    let own = own.filter(|(_, one)| kind.is_empty() || one.kind == kind);
    let one = |(name, one): (&String, &crate::model::Attached)| TrafficSourceIdentifier {
        identifier: name.clone(),
        r#type: Some(one.kind.clone()),
    };
    own.map(one).collect()
}

/// A group.
pub(super) fn group(call: &Call, name: &str, group: &Group, with: bool) -> AutoScalingGroup {
    let members = group.members.iter().filter(|_| with);
    let instances = members.map(|(id, member)| instance(call, group, id, member));
    let named = |kind| attached(group, kind).into_iter().map(|one| one.identifier).collect();
    let (launch_configuration_name, launch_template, mixed_instances_policy) =
        launched(&group.source);
    AutoScalingGroup {
        auto_scaling_group_arn: some(&group.arn),
        auto_scaling_group_name: some(name),
        availability_zone_distribution: Some(AvailabilityZoneDistribution {
            capacity_distribution_strategy: some(&group.distribution),
        }),
        availability_zones: Some(group.zones.clone()),
        availability_zone_ids: Some(
            group.zones.iter().filter_map(|zone| zone_id(call, zone)).collect(),
        ),
        capacity_rebalance: group.capacity_rebalance.then_some(true),
        context: group.context.clone(),
        created_time: Some(text::stamp(group.created)),
        default_cooldown: Some(group.cooldown as i32),
        default_instance_warmup: group.warmup.map(|seconds| seconds as i32),
        deletion_protection: some(&group.deletion_protection),
        desired_capacity: Some(group.desired as i32),
        enabled_metrics: Some(enabled(group)),
        health_check_grace_period: Some(group.grace as i32),
        health_check_type: Some(group.checks.join(",")),
        instance_maintenance_policy: maintenance(group),
        instances: Some(instances.collect()),
        launch_configuration_name,
        launch_template,
        load_balancer_names: Some(named("elb")),
        max_instance_lifetime: group.lifetime.map(|seconds| seconds as i32),
        max_size: Some(group.max as i32),
        min_size: Some(group.min as i32),
        mixed_instances_policy,
        new_instances_protected_from_scale_in: Some(group.protect),
        service_linked_role_arn: Some(role(call, group)),
        status: group.deleting.then(|| "Delete in progress".to_owned()),
        suspended_processes: Some(suspended(group)),
        tags: Some(tags::shown(name, group)),
        target_group_arns: Some(named("elbv2")),
        termination_policies: Some(policies(group)),
        traffic_sources: Some(attached(group, "")),
        vpc_zone_identifier: Some(group.subnets.join(",")),
        ..Default::default()
    }
}

fn enabled(group: &Group) -> Vec<EnabledMetric> {
    let one = |metric: &String| EnabledMetric {
        granularity: some("1Minute"),
        metric: Some(metric.clone()),
    };
    group.metrics.iter().map(one).collect()
}

fn suspended(group: &Group) -> Vec<SuspendedProcess> {
    let one = |(process, reason): (&String, &String)| SuspendedProcess {
        process_name: Some(process.clone()),
        suspension_reason: Some(reason.clone()),
    };
    group.suspended.iter().map(one).collect()
}
