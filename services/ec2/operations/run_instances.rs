//! RunInstances.

use crate::model::{Instance, Shortage};
use crate::operations::launch::{self, Launch, Source};
use crate::operations::{answer, rules};
use api_ec2::{Reservation, RunInstancesRequest};
use region::{Call, Refusal, Tags, serve};
use vpc::form::put_tags;
use world::Id;

/// docs: API_RunInstances
pub(super) fn run_instances(
    call: &mut Call,
    input: RunInstancesRequest,
) -> Result<Reservation, Refusal> {
    serve!(
        call,
        own @ RunInstancesRequest {
            block_device_mappings,
            capacity_reservation_specification,
            client_token,
            credit_specification,
            disable_api_stop,
            disable_api_termination,
            ebs_optimized,
            enclave_options,
            hibernation_options,
            iam_instance_profile,
            image_id,
            instance_initiated_shutdown_behavior,
            instance_market_options,
            instance_type,
            key_name,
            launch_template,
            maintenance_options,
            max_count,
            metadata_options,
            min_count,
            monitoring,
            network_interfaces,
            placement,
            private_dns_name_options,
            private_ip_address,
            security_group_ids,
            security_groups,
            subnet_id,
            tag_specifications,
            user_data,
        } = input
    );
    let (input, template) = launch::merge(call, own)?;
    let launch = Launch::resolve(call, input)?;
    let group = launch.tags.get("instance").and_then(|tags| tags.get("aws:autoscaling:groupName"));
    if Shortage::strikes(call, &launch.zone, group.map(String::as_str)) {
        return Err(rules::no_capacity(call, launch.kind.name, &launch.zone));
    }
    let reservation = call.fresh_id("r-").to_string();
    let mut made = Vec::new();
    for index in 0..launch.count {
        let id = launch.make(call, &reservation, index)?;
        if let Some(source) = &template {
            hide(call, &id, source)?;
        }
        made.push(id);
    }
    let shown = made.iter().filter_map(|id| {
        let instance = call.find::<Instance>(id.as_str())?;
        Some(answer::instance::of(call.store(), &call.key(id.clone()), &instance))
    });
    let shown = shown.collect();
    Ok(answer::instance::reservation(&call.scope, &reservation, shown))
}

/// The tags by which AWS remembers the launch template of an instance.
fn hide(call: &mut Call, id: &Id, source: &Source) -> Result<(), Refusal> {
    let mut tags = Tags::of(call.store(), &call.scope, id.as_str());
    tags.insert("aws:ec2launchtemplate:id".to_owned(), source.id.clone());
    tags.insert("aws:ec2launchtemplate:version".to_owned(), source.version.to_string());
    put_tags(call, id, "instance", tags)
}
