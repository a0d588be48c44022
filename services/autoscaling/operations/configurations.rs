//! Launch configurations: made, deleted, described.

use super::rules::{self, invalid};
use crate::model::{Group, LaunchConfiguration, Source, text};
use api_autoscaling::{
    CreateLaunchConfigurationOutput, CreateLaunchConfigurationType,
    DeleteLaunchConfigurationOutput, LaunchConfigurationNameType, LaunchConfigurationNamesType,
    LaunchConfigurationsType,
};
use region::{Call, Refusal, serve};
use shape::Shaped;

/// Launch configurations that a scope may have (Auto Scaling quotas).
pub(super) const CONFIGURATIONS: usize = 200;

/// docs: API_CreateLaunchConfiguration
pub(super) fn create_launch_configuration(
    call: &mut Call,
    input: CreateLaunchConfigurationType,
) -> Result<CreateLaunchConfigurationOutput, Refusal> {
    serve!(
        call,
        own @ CreateLaunchConfigurationType {
            launch_configuration_name,
            image_id,
            key_name,
            security_groups,
            user_data,
            instance_type,
            block_device_mappings,
            instance_monitoring,
            iam_instance_profile,
            ebs_optimized,
            associate_public_ip_address,
            placement_tenancy,
            metadata_options,
        } = input
    );
    let name = own.launch_configuration_name.clone();
    if call.find::<LaunchConfiguration>(&name).is_some() {
        let message = format!(
            "Launch Configuration by this name already exists - A launch configuration already \
             exists with the name {name}"
        );
        return Err(Refusal::new("AlreadyExists", message));
    }
    if call.list::<LaunchConfiguration>().len() >= CONFIGURATIONS {
        let message =
            format!("You have reached the limit of {CONFIGURATIONS} launch configurations");
        return Err(Refusal::new("LimitExceeded", message));
    }
    let image = own.image_id.as_deref().filter(|id| !id.is_empty());
    if image.is_none() {
        return Err(invalid("Valid requests must contain the ImageId parameter."));
    }
    let kind = own.instance_type.as_deref();
    let kind =
        kind.ok_or_else(|| invalid("Valid requests must contain the InstanceType parameter."))?;
    if ec2::model::types::named(kind).is_none() {
        return Err(invalid(format!("Invalid instance type: {kind}")));
    }
    if own.placement_tenancy.as_deref().is_some_and(|one| !matches!(one, "" | "default")) {
        return Err(Refusal::not_implemented("PlacementTenancy"));
    }
    let path = format!("launchConfiguration:{}:launchConfigurationName/{name}", call.request_id);
    let arn = call.scope.arn("autoscaling", &path);
    let data = shape::to_json(&own.into_record());
    call.put(name, LaunchConfiguration { arn, created: call.now, data });
    Ok(CreateLaunchConfigurationOutput {})
}

/// docs: API_DeleteLaunchConfiguration
pub(super) fn delete_launch_configuration(
    call: &mut Call,
    input: LaunchConfigurationNameType,
) -> Result<DeleteLaunchConfigurationOutput, Refusal> {
    serve!(call, LaunchConfigurationNameType { launch_configuration_name } = input);
    let name = launch_configuration_name;
    if call.find::<LaunchConfiguration>(&name).is_none() {
        return Err(invalid(format!(
            "Launch configuration name not found - Launch configuration {name} not found"
        )));
    }
    let uses = |group: &Group| group.source == Source::Configuration(name.clone());
    if let Some((group, _)) = call.list::<Group>().iter().find(|(_, group)| uses(group)) {
        let message = format!(
            "Cannot delete launch configuration {name} because it is attached to AutoScalingGroup \
             {group}"
        );
        return Err(Refusal::new("ResourceInUse", message));
    }
    call.forget::<LaunchConfiguration>(name);
    Ok(DeleteLaunchConfigurationOutput {})
}

/// docs: API_DescribeLaunchConfigurations
pub(super) fn describe_launch_configurations(
    call: &mut Call,
    input: LaunchConfigurationNamesType,
) -> Result<LaunchConfigurationsType, Refusal> {
    serve!(
        call,
        LaunchConfigurationNamesType { launch_configuration_names, next_token, max_records } =
            input
    );
    let names = launch_configuration_names.unwrap_or_default();
    let mut all = call.list::<LaunchConfiguration>();
    all.retain(|(name, _)| names.is_empty() || names.iter().any(|one| one == name.as_str()));
    let (page, next_token) =
        rules::page(all, |(name, _)| name.to_string(), next_token, max_records, 50)?;
    let mut shown = Vec::new();
    for (_, one) in page {
        shown.push(show(&one)?);
    }
    Ok(LaunchConfigurationsType { launch_configurations: Some(shown), next_token })
}

fn show(one: &LaunchConfiguration) -> Result<api_autoscaling::LaunchConfiguration, Refusal> {
    let schema = api_autoscaling::LaunchConfiguration::schema();
    let record = shape::from_json(schema, &one.data).map_err(Refusal::bug)?;
    let mut shown =
        api_autoscaling::LaunchConfiguration::from_record(record).map_err(Refusal::bug)?;
    shown.created_time = Some(text::stamp(one.created));
    shown.launch_configuration_arn = Some(one.arn.clone());
    shown.ebs_optimized = shown.ebs_optimized.or(Some(false));
    shown.key_name = shown.key_name.or(Some(String::new()));
    shown.kernel_id = Some(String::new());
    shown.ramdisk_id = Some(String::new());
    shown.user_data = shown.user_data.or(Some(String::new()));
    shown.security_groups = shown.security_groups.or(Some(Vec::new()));
    shown.block_device_mappings = shown.block_device_mappings.or(Some(Vec::new()));
    shown.classic_link_vpc_security_groups = Some(Vec::new());
    let monitoring = api_autoscaling::InstanceMonitoring { enabled: Some(true) };
    shown.instance_monitoring = shown.instance_monitoring.or(Some(monitoring));
    Ok(shown)
}
