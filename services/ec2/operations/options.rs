//! ModifyInstanceMetadataOptions, ModifyInstanceMaintenanceOptions, ModifyPrivateDnsNameOptions,
//! GetInstanceMetadataDefaults, MonitorInstances,
//! UnmonitorInstances.

use crate::operations::{answer, launch, rules};
use api_ec2::{
    GetInstanceMetadataDefaultsRequest, GetInstanceMetadataDefaultsResult,
    InstanceMetadataDefaultsResponse, InstanceMetadataOptionsRequest, InstanceMonitoring,
    ModifyInstanceMaintenanceOptionsRequest, ModifyInstanceMaintenanceOptionsResult,
    ModifyInstanceMetadataOptionsRequest, ModifyInstanceMetadataOptionsResult,
    ModifyPrivateDnsNameOptionsRequest, ModifyPrivateDnsNameOptionsResult, MonitorInstancesRequest,
    MonitorInstancesResult, UnmonitorInstancesRequest, UnmonitorInstancesResult,
};
use region::{Call, Refusal, serve};
use vpc::form::text;

/// docs: API_ModifyInstanceMetadataOptions
pub(super) fn modify_instance_metadata_options(
    call: &mut Call,
    input: ModifyInstanceMetadataOptionsRequest,
) -> Result<ModifyInstanceMetadataOptionsResult, Refusal> {
    serve!(
        call,
        ModifyInstanceMetadataOptionsRequest {
            instance_id,
            http_endpoint,
            http_protocol_ipv6,
            http_put_response_hop_limit,
            http_tokens,
            instance_metadata_tags,
        } = input
    );
    let mut instance = rules::living(call, &instance_id)?;
    let wanted = InstanceMetadataOptionsRequest {
        http_endpoint,
        http_protocol_ipv6,
        http_put_response_hop_limit,
        http_tokens,
        instance_metadata_tags,
    };
    launch::apply_metadata(call, &mut instance.options.metadata, wanted)?;
    let mut shown = answer::instance::metadata(&instance.options.metadata);
    // What is asked for here; what DescribeInstances says once it is applied, which is at once.
    shown.state = text("pending");
    call.put(&instance_id, instance);
    Ok(ModifyInstanceMetadataOptionsResult {
        instance_id: text(instance_id),
        instance_metadata_options: Some(shown),
    })
}

/// docs: API_GetInstanceMetadataDefaults. An account has none of its own here.
pub(super) fn get_instance_metadata_defaults(
    call: &mut Call,
    input: GetInstanceMetadataDefaultsRequest,
) -> Result<GetInstanceMetadataDefaultsResult, Refusal> {
    serve!(call, GetInstanceMetadataDefaultsRequest {} = input);
    Ok(GetInstanceMetadataDefaultsResult {
        account_level: Some(InstanceMetadataDefaultsResponse::default()),
    })
}

/// docs: API_MonitorInstances
pub(super) fn monitor_instances(
    call: &mut Call,
    input: MonitorInstancesRequest,
) -> Result<MonitorInstancesResult, Refusal> {
    serve!(call, MonitorInstancesRequest { instance_ids } = input);
    let shown = monitor(call, &instance_ids, true)?;
    Ok(MonitorInstancesResult { instance_monitorings: Some(shown) })
}

/// docs: API_UnmonitorInstances
pub(super) fn unmonitor_instances(
    call: &mut Call,
    input: UnmonitorInstancesRequest,
) -> Result<UnmonitorInstancesResult, Refusal> {
    serve!(call, UnmonitorInstancesRequest { instance_ids } = input);
    let shown = monitor(call, &instance_ids, false)?;
    Ok(UnmonitorInstancesResult { instance_monitorings: Some(shown) })
}

fn monitor(call: &mut Call, ids: &[String], on: bool) -> Result<Vec<InstanceMonitoring>, Refusal> {
    let mut shown = Vec::new();
    for (id, mut instance) in rules::all(call, ids)? {
        instance.options.monitoring = on;
        call.put(&id, instance);
        let state = answer::instance::monitoring(on);
        shown.push(InstanceMonitoring { instance_id: text(id), monitoring: Some(state) });
    }
    Ok(shown)
}

/// docs: API_ModifyInstanceMaintenanceOptions
pub(super) fn modify_instance_maintenance_options(
    call: &mut Call,
    input: ModifyInstanceMaintenanceOptionsRequest,
) -> Result<ModifyInstanceMaintenanceOptionsResult, Refusal> {
    serve!(call, ModifyInstanceMaintenanceOptionsRequest { instance_id, auto_recovery } = input);
    let mut instance = rules::living(call, &instance_id)?;
    if let Some(wanted) = auto_recovery {
        instance.options.auto_recovery = wanted;
    }
    let auto_recovery = text(&instance.options.auto_recovery);
    call.put(&instance_id, instance);
    Ok(ModifyInstanceMaintenanceOptionsResult {
        auto_recovery,
        instance_id: text(instance_id),
        ..Default::default()
    })
}

/// docs: API_ModifyPrivateDnsNameOptions
pub(super) fn modify_private_dns_name_options(
    call: &mut Call,
    input: ModifyPrivateDnsNameOptionsRequest,
) -> Result<ModifyPrivateDnsNameOptionsResult, Refusal> {
    serve!(
        call,
        ModifyPrivateDnsNameOptionsRequest {
            instance_id,
            private_dns_hostname_type,
            enable_resource_name_dns_a_record,
            enable_resource_name_dns_aaaa_record,
        } = input
    );
    ebs::rules::only_false(enable_resource_name_dns_aaaa_record, "IPv6 names")?;
    let mut instance = rules::living(call, &instance_id)?;
    if let Some(wanted) = private_dns_hostname_type {
        rules::stopped(&instance_id, &instance)?;
        instance.options.hostname_type = wanted;
    }
    if let Some(on) = enable_resource_name_dns_a_record {
        instance.options.resource_name_a = on;
    }
    call.put(&instance_id, instance);
    Ok(ModifyPrivateDnsNameOptionsResult { r#return: Some(true) })
}
