//! DescribeInstanceAttribute, ResetInstanceAttribute.

use crate::operations::{answer, rules};
use api_ec2::{
    AttributeBooleanValue, AttributeValue, DescribeInstanceAttributeRequest, EnclaveOptions,
    InstanceAttribute, ResetInstanceAttributeOutput, ResetInstanceAttributeRequest,
};
use region::{Call, Refusal, serve};
use vpc::form::{invalid, text};
use vpc::model::{NetworkInterface, find};

/// docs: API_DescribeInstanceAttribute
pub(super) fn describe_instance_attribute(
    call: &mut Call,
    input: DescribeInstanceAttributeRequest,
) -> Result<InstanceAttribute, Refusal> {
    serve!(call, DescribeInstanceAttributeRequest { instance_id, attribute } = input);
    let instance = rules::instance(call, &instance_id)?;
    let options = &instance.options;
    let key = call.key(&instance_id);
    let mut shown = InstanceAttribute { instance_id: text(&instance_id), ..Default::default() };
    let word = |value: &str| Some(AttributeValue { value: text(value) });
    let truth = |value: bool| Some(AttributeBooleanValue { value: Some(value) });
    let nothing = || Some(AttributeValue { value: None });
    match attribute.as_str() {
        "instanceType" => shown.instance_type = word(&instance.kind),
        "userData" => {
            shown.user_data = Some(AttributeValue { value: instance.user_data.clone() });
        }
        "disableApiTermination" => {
            shown.disable_api_termination = truth(options.protect_termination);
        }
        "disableApiStop" => shown.disable_api_stop = truth(options.protect_stop),
        "instanceInitiatedShutdownBehavior" => {
            let behaviour = if options.shutdown_terminates { "terminate" } else { "stop" };
            shown.instance_initiated_shutdown_behavior = word(behaviour);
        }
        "rootDeviceName" => shown.root_device_name = word(&instance.root_device),
        "blockDeviceMapping" => {
            let disks = answer::instance::disks(call.store(), &key, &instance);
            shown.block_device_mappings = Some(disks);
        }
        "ebsOptimized" => shown.ebs_optimized = truth(options.ebs_optimized),
        "enaSupport" => shown.ena_support = truth(true),
        "enclaveOptions" => shown.enclave_options = Some(EnclaveOptions { enabled: Some(false) }),
        "sriovNetSupport" => shown.sriov_net_support = word("simple"),
        "productCodes" => shown.product_codes = Some(Vec::new()),
        "kernel" => shown.kernel_id = nothing(),
        "ramdisk" => shown.ramdisk_id = nothing(),
        "groupSet" | "sourceDestCheck" => {
            let whole = answer::instance::of(call.store(), &key, &instance);
            if attribute == "groupSet" {
                shown.groups = whole.security_groups;
            } else {
                shown.source_dest_check = whole.source_dest_check.and_then(truth);
            }
        }
        other => return Err(invalid(format!("Unknown instance attribute: {other}"))),
    }
    Ok(shown)
}

/// docs: API_ResetInstanceAttribute
pub(super) fn reset_instance_attribute(
    call: &mut Call,
    input: ResetInstanceAttributeRequest,
) -> Result<ResetInstanceAttributeOutput, Refusal> {
    serve!(call, ResetInstanceAttributeRequest { instance_id, attribute } = input);
    rules::living(call, &instance_id)?;
    if attribute != "sourceDestCheck" {
        return Err(Refusal::not_implemented(format!("Resetting the attribute {attribute}")));
    }
    source_dest_check(call, &instance_id, true)?;
    Ok(ResetInstanceAttributeOutput {})
}

/// Changes the check of an instance that has one interface.
pub(super) fn source_dest_check(call: &mut Call, id: &str, on: bool) -> Result<(), Refusal> {
    let (eni, interface) = only_interface(call, id)?;
    call.put(eni, NetworkInterface { source_dest_check: on, ..interface });
    Ok(())
}

/// The interface of an instance that has only one; with more AWS wants the interface itself named.
pub(super) fn only_interface(
    call: &Call,
    id: &str,
) -> Result<(world::Id, NetworkInterface), Refusal> {
    let all = find::of_instance(call.store(), &call.scope, id);
    match &all[..] {
        [(eni, interface)] => Ok((eni.clone(), (**interface).clone())),
        _ => {
            let message = format!(
                "There are multiple interfaces attached to instance '{id}'. Please specify an \
                 interface ID for the operation instead."
            );
            Err(Refusal::new("InvalidInstanceID", message))
        }
    }
}
