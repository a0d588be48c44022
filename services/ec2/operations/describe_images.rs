//! DescribeImages.

use crate::model::images::{self, Found};
use crate::operations::{answer, rules};
use api_ec2::{DescribeImagesRequest, DescribeImagesResult, EbsBlockDevice, Image};
use region::{Call, Refusal, serve};
use vpc::form::{List, Query, list};

/// docs: API_DescribeImages. Nothing here is deprecated or disabled.
pub(super) fn describe_images(
    call: &mut Call,
    input: DescribeImagesRequest,
) -> Result<DescribeImagesResult, Refusal> {
    serve!(call, DescribeImagesRequest {
        executable_users, filters, image_ids, max_results, next_token, owners,
    } unheeded { include_deprecated, include_disabled } = input);
    let view = call.view();
    let all = images::visible(view.store, &call.scope);
    let owners = owners.unwrap_or_default();
    let users = executable_users.unwrap_or_default();
    let wanted = all.iter().filter(|image| {
        (owners.is_empty() || owners.iter().any(|owner| owned(call, image, owner)))
            && (users.is_empty() || users.iter().any(|user| executable(call, image, user)))
    });
    let shown = wanted.map(|image| answer::image::of(&view, &call.scope, image)).collect();
    let query = Query { ids: image_ids, filters, max_results, next_token };
    let (images, next_token) = LIST.page(shown, query).map_err(bracket)?;
    Ok(DescribeImagesResult { images: Some(images), next_token })
}

fn owned(call: &Call, image: &Found, owner: &str) -> bool {
    match (image, owner) {
        (Found::Own(key, _), "self") => key.scope == call.scope,
        (Found::Own(key, _), account) => *key.scope.account == *account,
        (Found::Public(_), "self") => false,
        (Found::Public(image), owner) => image.owner == owner || image.alias == Some(owner),
    }
}

fn executable(call: &Call, image: &Found, user: &str) -> bool {
    match (image, user) {
        (Found::Public(_), user) => user == "all",
        (Found::Own(_, own), "all") => own.visible.all,
        (Found::Own(_, own), "self") => own.visible.accounts.contains(&*call.scope.account),
        (Found::Own(_, own), account) => own.visible.accounts.contains(account),
    }
}

/// AWS puts the ids of images that do not exist into brackets.
fn bracket(refusal: Refusal) -> Refusal {
    if refusal.code != "InvalidAMIID.NotFound" {
        return refusal;
    }
    let mut parts = refusal.message.split('\'');
    let (before, ids) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let verb = if ids.contains(',') { "do" } else { "does" };
    Refusal::new(refusal.code, format!("{before}'[{ids}]' {verb} not exist"))
}

fn disks(image: &Image, read: fn(&EbsBlockDevice) -> Vec<String>) -> Vec<String> {
    let disks = image.block_device_mappings.iter().flatten();
    disks.filter_map(|disk| disk.ebs.as_ref()).flat_map(read).collect()
}

const LIST: List<Image> = List {
    noun: rules::IMAGE,
    id: |i| &i.image_id,
    tags: |i| &i.tags,
    fields: &[
        ("architecture", |i| list(&i.architecture)),
        ("block-device-mapping.delete-on-termination", |i| {
            disks(i, |d| list(&d.delete_on_termination))
        }),
        ("block-device-mapping.device-name", |i| {
            i.block_device_mappings.iter().flatten().flat_map(|d| list(&d.device_name)).collect()
        }),
        ("block-device-mapping.encrypted", |i| disks(i, |d| list(&d.encrypted))),
        ("block-device-mapping.snapshot-id", |i| disks(i, |d| list(&d.snapshot_id))),
        ("block-device-mapping.volume-size", |i| disks(i, |d| list(&d.volume_size))),
        ("block-device-mapping.volume-type", |i| disks(i, |d| list(&d.volume_type))),
        ("boot-mode", |i| list(&i.boot_mode)),
        ("creation-date", |i| list(&i.creation_date)),
        ("description", |i| list(&i.description)),
        ("ena-support", |i| list(&i.ena_support)),
        ("hypervisor", |i| list(&i.hypervisor)),
        ("image-id", |i| list(&i.image_id)),
        ("image-type", |i| list(&i.image_type)),
        ("is-public", |i| list(&i.public)),
        ("manifest-location", |i| list(&i.image_location)),
        ("name", |i| list(&i.name)),
        ("owner-alias", |i| list(&i.image_owner_alias)),
        ("owner-id", |i| list(&i.owner_id)),
        ("platform", |_| Vec::new()),
        ("root-device-name", |i| list(&i.root_device_name)),
        ("root-device-type", |i| list(&i.root_device_type)),
        ("source-instance-id", |i| list(&i.source_instance_id)),
        ("source-image-id", |i| list(&i.source_image_id)),
        ("source-image-region", |i| list(&i.source_image_region)),
        ("sriov-net-support", |i| list(&i.sriov_net_support)),
        ("state", |i| list(&i.state)),
        ("state-reason-code", |_| Vec::new()),
        ("usage-operation", |i| list(&i.usage_operation)),
        ("virtualization-type", |i| list(&i.virtualization_type)),
    ],
};
