//! ModifyInstanceAttribute.

use super::instance_attribute::{only_interface, source_dest_check as set_check};
use crate::model::Instance;
use crate::operations::{launch, rules};
use api_ec2::{
    InstanceBlockDeviceMappingSpecification, ModifyInstanceAttributeOutput,
    ModifyInstanceAttributeRequest,
};
use ebs::model::{Attachment, Volume};
use region::{Call, Refusal, serve};
use vpc::form::{combination, invalid, missing};
use vpc::model::{NetworkInterface, check_groups};

/// docs: API_ModifyInstanceAttribute
pub(super) fn modify_instance_attribute(
    call: &mut Call,
    input: ModifyInstanceAttributeRequest,
) -> Result<ModifyInstanceAttributeOutput, Refusal> {
    serve!(
        call,
        ModifyInstanceAttributeRequest {
            instance_id,
            attribute,
            value,
            block_device_mappings,
            disable_api_stop,
            disable_api_termination,
            ebs_optimized,
            groups,
            instance_initiated_shutdown_behavior,
            instance_type,
            source_dest_check,
            user_data,
            ena_support,
        } = input
    );
    let id = instance_id;
    let mut instance = rules::living(call, &id)?;
    ena(ena_support)?;
    let mut wanted = Wanted {
        disable_api_stop: disable_api_stop.and_then(|one| one.value),
        disable_api_termination: disable_api_termination.and_then(|one| one.value),
        ebs_optimized: ebs_optimized.and_then(|one| one.value),
        shutdown: instance_initiated_shutdown_behavior.and_then(|one| one.value),
        kind: instance_type.and_then(|one| one.value),
        check: source_dest_check.and_then(|one| one.value),
        user_data: user_data.map(|one| shape::base64::encode(&one.value.unwrap_or_default())),
    };
    if let Some(name) = attribute {
        wanted.by_name(&name, value)?;
    }
    wanted.apply(&id, &mut instance)?;
    call.put(&id, instance);
    if let Some(on) = wanted.check {
        set_check(call, &id, on)?;
    }
    if let Some(groups) = groups.filter(|groups| !groups.is_empty()) {
        let (eni, interface) = only_interface(call, &id)?;
        let groups = check_groups(call, &interface.vpc, &format!("interface {eni}"), &groups)?;
        call.put(eni, NetworkInterface { groups, ..interface });
    }
    for mapping in block_device_mappings.unwrap_or_default() {
        device(call, &id, mapping)?;
    }
    Ok(ModifyInstanceAttributeOutput {})
}

#[derive(Default)]
struct Wanted {
    disable_api_stop: Option<bool>,
    disable_api_termination: Option<bool>,
    ebs_optimized: Option<bool>,
    shutdown: Option<String>,
    kind: Option<String>,
    check: Option<bool>,
    user_data: Option<String>,
}

impl Wanted {
    /// The older way: an attribute's name and its value as text.
    fn by_name(&mut self, name: &str, value: Option<String>) -> Result<(), Refusal> {
        let value = value.ok_or_else(|| missing("Value"))?;
        let truth = || match value.to_ascii_lowercase().as_str() {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            _ => Err(invalid(format!("Invalid value '{value}' for {name}: not true or false"))),
        };
        match name {
            "disableApiStop" => self.disable_api_stop = truth()?,
            "disableApiTermination" => self.disable_api_termination = truth()?,
            "ebsOptimized" => self.ebs_optimized = truth()?,
            "sourceDestCheck" => self.check = truth()?,
            "instanceInitiatedShutdownBehavior" => self.shutdown = Some(value),
            "instanceType" => self.kind = Some(value),
            "userData" => self.user_data = Some(value),
            other => {
                return Err(Refusal::not_implemented(format!("Changing the attribute {other}")));
            }
        }
        Ok(())
    }

    fn apply(&self, id: &str, instance: &mut Instance) -> Result<(), Refusal> {
        let options = &mut instance.options;
        options.protect_stop = self.disable_api_stop.unwrap_or(options.protect_stop);
        options.protect_termination =
            self.disable_api_termination.unwrap_or(options.protect_termination);
        options.shutdown_terminates = match self.shutdown.as_deref() {
            Some("terminate") => true,
            Some("stop") => false,
            None => options.shutdown_terminates,
            Some(other) => {
                return Err(invalid(format!(
                    "Invalid value '{other}' for instanceInitiatedShutdownBehavior."
                )));
            }
        };
        if let Some(on) = self.ebs_optimized {
            rules::stopped(id, instance)?;
            instance.options.ebs_optimized = on;
        }
        if let Some(kind) = &self.kind {
            let kind = rules::instance_type(kind)?;
            rules::stopped(id, instance)?;
            if kind.name != instance.kind {
                instance.options.credits = launch::credits(&kind, None)?;
                instance.kind = kind.name.to_owned();
            }
        }
        if let Some(data) = self.user_data.clone() {
            rules::stopped(id, instance)?;
            instance.user_data = rules::user_data(Some(data))?;
        }
        Ok(())
    }
}

/// Every instance here has it, and none can be without.
fn ena(wanted: Option<api_ec2::AttributeBooleanValue>) -> Result<(), Refusal> {
    if wanted.and_then(|one| one.value) == Some(false) {
        return Err(Refusal::not_implemented("EnaSupport=false"));
    }
    Ok(())
}

/// Whether a volume goes with the instance.
fn device(
    call: &mut Call,
    id: &str,
    mapping: InstanceBlockDeviceMappingSpecification,
) -> Result<(), Refusal> {
    serve!(call, InstanceBlockDeviceMappingSpecification { device_name, ebs } = mapping);
    let device = device_name.ok_or_else(|| missing("deviceName"))?;
    let ebs = ebs.ok_or_else(|| missing("BlockDeviceMapping.Ebs"))?;
    let all = call.list::<Volume>();
    let here = |volume: &Volume| {
        let attachment = volume.attachment.as_ref();
        attachment.is_some_and(|one| one.instance == id && one.device == device)
    };
    let Some((found, volume)) = all.into_iter().find(|(_, volume)| here(volume)) else {
        let message = format!("No device is currently mapped at {device}");
        return Err(Refusal::new("InvalidInstanceAttributeValue", message));
    };
    if ebs.volume_id.is_some_and(|named| named != found.as_str()) {
        return Err(combination(format!("The volume at {device} is {found}.")));
    }
    let Some(goes) = ebs.delete_on_termination else { return Ok(()) };
    let attachment = volume.attachment.clone();
    let attachment = attachment.map(|one| Attachment { delete_on_termination: goes, ..one });
    call.put(found, Volume { attachment, ..(*volume).clone() });
    Ok(())
}
