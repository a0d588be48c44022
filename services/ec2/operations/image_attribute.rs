//! DescribeImageAttribute, ModifyImageAttribute, ResetImageAttribute: description and launch
//! permission.

use super::images::own;
use crate::model::Image;
use crate::model::images::Found;
use api_ec2::{
    AttributeValue, DescribeImageAttributeRequest, ImageAttribute, LaunchPermission,
    ModifyImageAttributeOutput, ModifyImageAttributeRequest, ResetImageAttributeOutput,
    ResetImageAttributeRequest,
};
use ebs::model::Visible;
use region::{Call, Refusal, serve};
use std::sync::Arc;
use vpc::form::{invalid, missing, text};

/// docs: API_DescribeImageAttribute
pub(super) fn describe_image_attribute(
    call: &mut Call,
    input: DescribeImageAttributeRequest,
) -> Result<ImageAttribute, Refusal> {
    serve!(call, DescribeImageAttributeRequest { image_id, attribute } = input);
    let image = own(call, &image_id)?;
    let mut shown = ImageAttribute { image_id: text(&image_id), ..Default::default() };
    let value = |value: String| Some(AttributeValue { value: Some(value) });
    match attribute.as_str() {
        "description" => shown.description = value(image.description),
        "launchPermission" => {
            let all = image.visible.all.then(|| permission(Some("all"), None));
            let accounts = image.visible.accounts.iter().map(|id| permission(None, Some(id)));
            shown.launch_permissions = Some(all.into_iter().chain(accounts).collect());
        }
        "blockDeviceMapping" => {
            let found = Found::Own(call.key(&image_id), Arc::new(image));
            let whole = crate::operations::answer::image::of(&call.view(), &call.scope, &found);
            shown.block_device_mappings = whole.block_device_mappings;
        }
        "bootMode" => shown.boot_mode = value("uefi-preferred".to_owned()),
        "sriovNetSupport" => shown.sriov_net_support = value("simple".to_owned()),
        "productCodes" => shown.product_codes = Some(Vec::new()),
        "imdsSupport" => {
            shown.imds_support = image.imds_v2.then(|| AttributeValue { value: text("v2.0") });
        }
        other => return Err(Refusal::not_implemented(format!("The image attribute {other}"))),
    }
    Ok(shown)
}

fn permission(group: Option<&str>, user: Option<&str>) -> LaunchPermission {
    LaunchPermission {
        group: group.and_then(text),
        user_id: user.and_then(text),
        ..Default::default()
    }
}

/// docs: API_ModifyImageAttribute
pub(super) fn modify_image_attribute(
    call: &mut Call,
    input: ModifyImageAttributeRequest,
) -> Result<ModifyImageAttributeOutput, Refusal> {
    serve!(
        call,
        ModifyImageAttributeRequest {
            image_id,
            attribute,
            description,
            launch_permission,
            operation_type,
            user_groups,
            user_ids,
            value,
            imds_support,
        } = input
    );
    let mut image = own(call, &image_id)?;
    if let Some(wanted) = description.and_then(|one| one.value) {
        image.description = wanted;
    }
    if let Some(wanted) = imds_support.and_then(|one| one.value) {
        if wanted != "v2.0" {
            return Err(invalid("The attribute imdsSupport can only become v2.0."));
        }
        image.imds_v2 = true;
    }
    match (attribute.as_deref(), value) {
        (Some("description"), Some(wanted)) => image.description = wanted,
        (None | Some("launchPermission" | "description"), _) => {}
        (Some(other), _) => {
            return Err(Refusal::not_implemented(format!("The image attribute {other}")));
        }
    }
    let groups = user_groups.unwrap_or_default();
    let users = user_ids.unwrap_or_default();
    if !groups.is_empty() || !users.is_empty() {
        let on = match operation_type.as_deref() {
            Some("add") => true,
            Some("remove") => false,
            _ => return Err(missing("OperationType")),
        };
        for group in &groups {
            image.visible.set(Some(group), None, on)?;
        }
        for user in &users {
            image.visible.set(None, Some(user), on)?;
        }
    }
    let change = launch_permission.unwrap_or_default();
    apply(call, &mut image.visible, change.add, true)?;
    apply(call, &mut image.visible, change.remove, false)?;
    call.put(&image_id, image);
    Ok(ModifyImageAttributeOutput {})
}

fn apply(
    call: &mut Call,
    visible: &mut Visible,
    who: Option<Vec<LaunchPermission>>,
    on: bool,
) -> Result<(), Refusal> {
    for one in who.unwrap_or_default() {
        serve!(call, LaunchPermission { group, user_id } = one);
        visible.set(group.as_deref(), user_id.as_deref(), on)?;
    }
    Ok(())
}

/// docs: API_ResetImageAttribute
pub(super) fn reset_image_attribute(
    call: &mut Call,
    input: ResetImageAttributeRequest,
) -> Result<ResetImageAttributeOutput, Refusal> {
    serve!(call, ResetImageAttributeRequest { image_id, attribute } = input);
    let image = own(call, &image_id)?;
    if attribute != "launchPermission" {
        return Err(invalid("Only the attribute launchPermission can be reset."));
    }
    call.put(&image_id, Image { visible: Visible::default(), ..image });
    Ok(ResetImageAttributeOutput {})
}
