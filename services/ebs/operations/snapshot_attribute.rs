//! DescribeSnapshotAttribute, ModifySnapshotAttribute, ResetSnapshotAttribute: who else may use a
//! snapshot.

use crate::model::{Snapshot, Visible};
use crate::operations::rules;
use api_ec2::{
    CreateVolumePermission, DescribeSnapshotAttributeRequest, DescribeSnapshotAttributeResult,
    ModifySnapshotAttributeOutput, ModifySnapshotAttributeRequest, ResetSnapshotAttributeOutput,
    ResetSnapshotAttributeRequest,
};
use region::{Call, Refusal, serve};
use vpc::form::{invalid, missing, text};

/// docs: API_DescribeSnapshotAttribute
pub(super) fn describe_snapshot_attribute(
    call: &mut Call,
    input: DescribeSnapshotAttributeRequest,
) -> Result<DescribeSnapshotAttributeResult, Refusal> {
    serve!(call, DescribeSnapshotAttributeRequest { snapshot_id, attribute } = input);
    let snapshot = rules::own_snapshot(call, &snapshot_id)?;
    let permissions = attribute == "createVolumePermission";
    let accounts = snapshot
        .visible
        .accounts
        .iter()
        .map(|account| CreateVolumePermission { group: None, user_id: text(account) });
    let all =
        snapshot.visible.all.then(|| CreateVolumePermission { group: text("all"), user_id: None });
    Ok(DescribeSnapshotAttributeResult {
        create_volume_permissions: permissions.then(|| accounts.chain(all).collect()),
        product_codes: (attribute == "productCodes").then(Vec::new),
        snapshot_id: text(snapshot_id),
    })
}

/// docs: API_ModifySnapshotAttribute
pub(super) fn modify_snapshot_attribute(
    call: &mut Call,
    input: ModifySnapshotAttributeRequest,
) -> Result<ModifySnapshotAttributeOutput, Refusal> {
    serve!(
        call,
        ModifySnapshotAttributeRequest {
            snapshot_id,
            attribute,
            create_volume_permission,
            group_names,
            operation_type,
            user_ids,
        } = input
    );
    if attribute.as_deref().is_some_and(|name| name != "createVolumePermission") {
        return Err(invalid("Only the attribute createVolumePermission can be changed."));
    }
    let mut snapshot = rules::own_snapshot(call, &snapshot_id)?;
    let one =
        |group: Option<String>, user_id: Option<String>| CreateVolumePermission { group, user_id };
    let groups = group_names.unwrap_or_default().into_iter().map(|name| one(Some(name), None));
    let users = user_ids.unwrap_or_default().into_iter().map(|id| one(None, Some(id)));
    let named: Vec<CreateVolumePermission> = groups.chain(users).collect();
    let (mut add, mut remove) = match operation_type.as_deref() {
        Some("remove") => (Vec::new(), named),
        Some("add") => (named, Vec::new()),
        _ if named.is_empty() => (Vec::new(), Vec::new()),
        _ => return Err(missing("operationType")),
    };
    let change = create_volume_permission.unwrap_or_default();
    add.extend(change.add.unwrap_or_default());
    remove.extend(change.remove.unwrap_or_default());
    if add.is_empty() && remove.is_empty() {
        return Err(missing("createVolumePermission"));
    }
    let before = snapshot.visible.clone();
    add.iter().try_for_each(|one| set(&mut snapshot.visible, one, true))?;
    remove.iter().try_for_each(|one| set(&mut snapshot.visible, one, false))?;
    if snapshot.visible != before {
        call.put::<Snapshot>(&snapshot_id, snapshot);
    }
    Ok(ModifySnapshotAttributeOutput {})
}

fn set(visible: &mut Visible, who: &CreateVolumePermission, on: bool) -> Result<(), Refusal> {
    let user = who.user_id.as_deref();
    visible.set(who.group.as_deref(), user, on)
}

/// docs: API_ResetSnapshotAttribute
pub(super) fn reset_snapshot_attribute(
    call: &mut Call,
    input: ResetSnapshotAttributeRequest,
) -> Result<ResetSnapshotAttributeOutput, Refusal> {
    serve!(call, ResetSnapshotAttributeRequest { snapshot_id, attribute } = input);
    let snapshot = rules::own_snapshot(call, &snapshot_id)?;
    if attribute != "createVolumePermission" {
        return Err(invalid("Only the attribute createVolumePermission can be reset."));
    }
    call.put(&snapshot_id, Snapshot { visible: Visible::default(), ..snapshot });
    Ok(ResetSnapshotAttributeOutput {})
}
