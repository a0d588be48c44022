//! DescribeVolumeAttribute, ModifyVolumeAttribute: `autoEnableIO`, recorded; `productCodes`, none.

use crate::model::Volume;
use crate::operations::rules;
use api_ec2::{
    AttributeBooleanValue, DescribeVolumeAttributeRequest, DescribeVolumeAttributeResult,
    ModifyVolumeAttributeOutput, ModifyVolumeAttributeRequest,
};
use region::{Call, Refusal, serve};
use vpc::form::text;

/// docs: API_DescribeVolumeAttribute
pub(super) fn describe_volume_attribute(
    call: &mut Call,
    input: DescribeVolumeAttributeRequest,
) -> Result<DescribeVolumeAttributeResult, Refusal> {
    serve!(call, DescribeVolumeAttributeRequest { volume_id, attribute } = input);
    let volume = rules::volume(call, &volume_id)?;
    let io = AttributeBooleanValue { value: Some(volume.auto_enable_io) };
    Ok(DescribeVolumeAttributeResult {
        volume_id: text(volume_id),
        auto_enable_io: (attribute == "autoEnableIO").then_some(io),
        product_codes: (attribute == "productCodes").then(Vec::new),
    })
}

/// docs: API_ModifyVolumeAttribute
pub(super) fn modify_volume_attribute(
    call: &mut Call,
    input: ModifyVolumeAttributeRequest,
) -> Result<ModifyVolumeAttributeOutput, Refusal> {
    serve!(call, ModifyVolumeAttributeRequest { volume_id, auto_enable_io } = input);
    let volume = rules::volume(call, &volume_id)?;
    let auto_enable_io = auto_enable_io.and_then(|io| io.value).unwrap_or(volume.auto_enable_io);
    call.put(&volume_id, Volume { auto_enable_io, ..volume });
    Ok(ModifyVolumeAttributeOutput {})
}
