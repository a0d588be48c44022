//! Roles: CreateRole, GetRole, ListRoles, UpdateRole, UpdateRoleDescription,
//! UpdateAssumeRolePolicy, DeleteRole, and their boundaries.

use super::answer;
use super::policies::known_policy;
use super::tags::checked;
use super::trust;
use super::users::forget_credentials;
use crate::model::refuse;
use crate::model::{Entity, InstanceProfile, Role, edit, exists, find, list, unique};
use api_iam::{
    CreateRoleRequest, CreateRoleResponse, DeleteRoleOutput, DeleteRolePermissionsBoundaryOutput,
    DeleteRolePermissionsBoundaryRequest, DeleteRoleRequest, GetRoleRequest, GetRoleResponse,
    ListRolesRequest, ListRolesResponse, PutRolePermissionsBoundaryOutput,
    PutRolePermissionsBoundaryRequest, UpdateAssumeRolePolicyOutput, UpdateAssumeRolePolicyRequest,
    UpdateRoleDescriptionRequest, UpdateRoleDescriptionResponse, UpdateRoleRequest,
    UpdateRoleResponse,
};
use region::{Call, Refusal, serve};

/// Roles of one account (AWS: IAM quotas).
const ROLES: usize = 1000;
/// How long a session of a role lasts at most when nothing was said, seconds.
const MAX_SESSION: u32 = 3600;

/// docs: API_CreateRole
pub(crate) fn create_role(
    call: &mut Call,
    input: CreateRoleRequest,
) -> Result<CreateRoleResponse, Refusal> {
    serve!(
        call,
        CreateRoleRequest {
            role_name,
            path,
            assume_role_policy_document,
            description,
            max_session_duration,
            permissions_boundary,
            tags,
        } = input
    );
    refuse::name(&role_name, "roleName")?;
    let path = refuse::path(path)?;
    if path.starts_with("/aws-service-role/") {
        return Err(refuse::input("Paths starting with /aws-service-role/ are reserved."));
    }
    let tags = checked(&Default::default(), tags.unwrap_or_default())?;
    trust::check(call, &assume_role_policy_document)?;
    if exists::<Role>(call, &role_name) {
        return Err(refuse::taken(format!("Role with name {role_name} already exists.")));
    }
    if let Some(arn) = &permissions_boundary {
        known_policy(call, arn)?;
    }
    if list::<Role>(call, None).len() >= ROLES {
        return Err(refuse::quota("RolesPerAccount", ROLES));
    }
    let role = Role {
        id: unique(call, "AROA"),
        name: role_name,
        path,
        created: call.now,
        trust: assume_role_policy_document,
        description: description.filter(|text| !text.is_empty()),
        max_session: max_session_duration.map_or(MAX_SESSION, i32::unsigned_abs),
        boundary: permissions_boundary,
        grants: Default::default(),
        service: None,
        tags,
    };
    let shown = answer::role_whole(&call.scope, &role);
    call.put_at(Role::key(&call.scope, &role.name), role);
    Ok(CreateRoleResponse { role: Some(shown) })
}

/// docs: API_GetRole
pub(crate) fn get_role(call: &mut Call, input: GetRoleRequest) -> Result<GetRoleResponse, Refusal> {
    serve!(call, GetRoleRequest { role_name } = input);
    let role = find::<Role>(call, &role_name)?;
    let mut shown = answer::role_whole(&call.scope, &role);
    // Uses are not kept: empty is what AWS answers for a role that was not used.
    shown.role_last_used = Some(Default::default());
    Ok(GetRoleResponse { role: Some(shown) })
}

/// docs: API_ListRoles
pub(crate) fn list_roles(
    call: &mut Call,
    input: ListRolesRequest,
) -> Result<ListRolesResponse, Refusal> {
    serve!(call, ListRolesRequest { path_prefix, marker, max_items } = input);
    let roles = list::<Role>(call, path_prefix.as_deref());
    let (roles, is_truncated, marker) =
        answer::page(roles, answer::sorted_name::<Role>, marker, max_items)?;
    let roles = roles.iter().map(|role| answer::role_line(&call.scope, role)).collect();
    Ok(ListRolesResponse { roles: Some(roles), is_truncated, marker })
}

/// Changes a role that is not a service's own.
pub(crate) fn edit_role(
    call: &mut Call,
    name: &str,
    change: impl FnOnce(&mut Role) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    edit::<Role>(call, name, |role| {
        own(role)?;
        change(role)
    })
}

/// Refuses to change what belongs to a service.
pub(crate) fn own(role: &Role) -> Result<(), Refusal> {
    if role.service.is_none() {
        return Ok(());
    }
    let message = format!(
        "Cannot perform the operation on the protected role '{}' - this role is only modifiable \
         by AWS",
        role.name
    );
    Err(Refusal::new("UnmodifiableEntity", message))
}

/// docs: API_UpdateRole
pub(crate) fn update_role(
    call: &mut Call,
    input: UpdateRoleRequest,
) -> Result<UpdateRoleResponse, Refusal> {
    serve!(call, UpdateRoleRequest { role_name, description, max_session_duration } = input);
    edit::<Role>(call, &role_name, |role| {
        if max_session_duration.is_some() {
            own(role)?;
        }
        if let Some(text) = description {
            role.description = Some(text).filter(|text| !text.is_empty());
        }
        role.max_session = max_session_duration.map_or(role.max_session, i32::unsigned_abs);
        Ok(())
    })?;
    Ok(UpdateRoleResponse::default())
}

/// docs: API_UpdateRoleDescription
pub(crate) fn update_role_description(
    call: &mut Call,
    input: UpdateRoleDescriptionRequest,
) -> Result<UpdateRoleDescriptionResponse, Refusal> {
    serve!(call, UpdateRoleDescriptionRequest { role_name, description } = input);
    edit::<Role>(call, &role_name, |role| {
        role.description = Some(description).filter(|text| !text.is_empty());
        Ok(())
    })?;
    let role = find::<Role>(call, &role_name)?;
    let role = Some(answer::role_whole(&call.scope, &role));
    Ok(UpdateRoleDescriptionResponse { role })
}

/// docs: API_UpdateAssumeRolePolicy
pub(crate) fn update_assume_role_policy(
    call: &mut Call,
    input: UpdateAssumeRolePolicyRequest,
) -> Result<UpdateAssumeRolePolicyOutput, Refusal> {
    serve!(call, UpdateAssumeRolePolicyRequest { role_name, policy_document } = input);
    find::<Role>(call, &role_name)?;
    trust::check(call, &policy_document)?;
    edit_role(call, &role_name, |role| {
        role.trust = policy_document;
        Ok(())
    })?;
    Ok(UpdateAssumeRolePolicyOutput::default())
}

/// docs: API_DeleteRole
pub(crate) fn delete_role(
    call: &mut Call,
    input: DeleteRoleRequest,
) -> Result<DeleteRoleOutput, Refusal> {
    serve!(call, DeleteRoleRequest { role_name } = input);
    let role = find::<Role>(call, &role_name)?;
    own(&role)?;
    let profiles = list::<InstanceProfile>(call, None);
    let left = if profiles.iter().any(|profile| profile.role.as_ref() == Some(&role_name)) {
        "must remove roles from instance profile first."
    } else if !role.grants.attached.is_empty() {
        "must detach all policies first."
    } else if !role.grants.inline.is_empty() {
        "must delete policies first."
    } else {
        ""
    };
    if !left.is_empty() {
        return Err(refuse::conflict(format!("Cannot delete entity, {left}")));
    }
    forget(call, &role);
    Ok(DeleteRoleOutput::default())
}

/// Forgets a role and its sessions.
pub(crate) fn forget(call: &mut Call, role: &Role) {
    let session = format!("{}:", role.id);
    forget_credentials(call, |found| found.principal.user_id.starts_with(&session));
    call.forget_at::<Role>(&Role::key(&call.scope, &role.name));
}

/// docs: API_PutRolePermissionsBoundary
pub(crate) fn put_role_permissions_boundary(
    call: &mut Call,
    input: PutRolePermissionsBoundaryRequest,
) -> Result<PutRolePermissionsBoundaryOutput, Refusal> {
    serve!(call, PutRolePermissionsBoundaryRequest { role_name, permissions_boundary } = input);
    known_policy(call, &permissions_boundary)?;
    edit_role(call, &role_name, |role| {
        role.boundary = Some(permissions_boundary);
        Ok(())
    })?;
    Ok(PutRolePermissionsBoundaryOutput::default())
}

/// docs: API_DeleteRolePermissionsBoundary
pub(crate) fn delete_role_permissions_boundary(
    call: &mut Call,
    input: DeleteRolePermissionsBoundaryRequest,
) -> Result<DeleteRolePermissionsBoundaryOutput, Refusal> {
    serve!(call, DeleteRolePermissionsBoundaryRequest { role_name } = input);
    edit_role(call, &role_name, |role| {
        role.boundary = None;
        Ok(())
    })?;
    Ok(DeleteRolePermissionsBoundaryOutput::default())
}
