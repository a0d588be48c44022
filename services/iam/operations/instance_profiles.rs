//! Instance profiles: CreateInstanceProfile, GetInstanceProfile, ListInstanceProfiles,
//! ListInstanceProfilesForRole, AddRoleToInstanceProfile, RemoveRoleFromInstanceProfile,
//! DeleteInstanceProfile.

use super::answer;
use super::tags::checked;
use crate::model::refuse;
use crate::model::{Entity, InstanceProfile, Role, edit, exists, find, list, unique};
use api_iam::{
    AddRoleToInstanceProfileOutput, AddRoleToInstanceProfileRequest, CreateInstanceProfileRequest,
    CreateInstanceProfileResponse, DeleteInstanceProfileOutput, DeleteInstanceProfileRequest,
    GetInstanceProfileRequest, GetInstanceProfileResponse, ListInstanceProfilesForRoleRequest,
    ListInstanceProfilesForRoleResponse, ListInstanceProfilesRequest, ListInstanceProfilesResponse,
    RemoveRoleFromInstanceProfileOutput, RemoveRoleFromInstanceProfileRequest,
};
use region::{Call, Refusal, serve};

/// Instance profiles of one account (AWS: IAM quotas).
const PROFILES: usize = 1000;

/// docs: API_CreateInstanceProfile
pub(crate) fn create_instance_profile(
    call: &mut Call,
    input: CreateInstanceProfileRequest,
) -> Result<CreateInstanceProfileResponse, Refusal> {
    serve!(call, CreateInstanceProfileRequest { instance_profile_name, path, tags } = input);
    let name = instance_profile_name;
    refuse::name(&name, "instanceProfileName")?;
    let path = refuse::path(path)?;
    let tags = checked(&Default::default(), tags.unwrap_or_default())?;
    if exists::<InstanceProfile>(call, &name) {
        return Err(refuse::taken(format!("Instance Profile {name} already exists.")));
    }
    if list::<InstanceProfile>(call, None).len() >= PROFILES {
        return Err(refuse::quota("InstanceProfilesPerAccount", PROFILES));
    }
    let id = unique(call, "AIPA");
    let profile = InstanceProfile { name, id, path, created: call.now, role: None, tags };
    let shown = answer::profile(call, &profile);
    call.put_at(InstanceProfile::key(&call.scope, &profile.name), profile);
    Ok(CreateInstanceProfileResponse { instance_profile: Some(shown) })
}

/// docs: API_GetInstanceProfile
pub(crate) fn get_instance_profile(
    call: &mut Call,
    input: GetInstanceProfileRequest,
) -> Result<GetInstanceProfileResponse, Refusal> {
    serve!(call, GetInstanceProfileRequest { instance_profile_name } = input);
    let profile = find::<InstanceProfile>(call, &instance_profile_name)?;
    Ok(GetInstanceProfileResponse { instance_profile: Some(answer::profile(call, &profile)) })
}

/// docs: API_ListInstanceProfiles
pub(crate) fn list_instance_profiles(
    call: &mut Call,
    input: ListInstanceProfilesRequest,
) -> Result<ListInstanceProfilesResponse, Refusal> {
    serve!(call, ListInstanceProfilesRequest { path_prefix, marker, max_items } = input);
    let all = list::<InstanceProfile>(call, path_prefix.as_deref());
    let (all, is_truncated, marker) =
        answer::page(all, answer::sorted_name::<InstanceProfile>, marker, max_items)?;
    let all = all.iter().map(|profile| answer::profile_line(call, profile)).collect();
    Ok(ListInstanceProfilesResponse { instance_profiles: Some(all), is_truncated, marker })
}

/// docs: API_ListInstanceProfilesForRole
pub(crate) fn list_instance_profiles_for_role(
    call: &mut Call,
    input: ListInstanceProfilesForRoleRequest,
) -> Result<ListInstanceProfilesForRoleResponse, Refusal> {
    serve!(call, ListInstanceProfilesForRoleRequest { role_name, marker, max_items } = input);
    find::<Role>(call, &role_name)?;
    let mut all = list::<InstanceProfile>(call, None);
    all.retain(|profile| profile.role.as_ref() == Some(&role_name));
    let (all, is_truncated, marker) =
        answer::page(all, answer::sorted_name::<InstanceProfile>, marker, max_items)?;
    let all = all.iter().map(|profile| answer::profile_line(call, profile)).collect();
    Ok(ListInstanceProfilesForRoleResponse { instance_profiles: Some(all), is_truncated, marker })
}

/// docs: API_AddRoleToInstanceProfile
pub(crate) fn add_role_to_instance_profile(
    call: &mut Call,
    input: AddRoleToInstanceProfileRequest,
) -> Result<AddRoleToInstanceProfileOutput, Refusal> {
    serve!(call, AddRoleToInstanceProfileRequest { instance_profile_name, role_name } = input);
    find::<InstanceProfile>(call, &instance_profile_name)?;
    let role = find::<Role>(call, &role_name)?;
    super::roles::own(&role)?;
    edit::<InstanceProfile>(call, &instance_profile_name, |profile| {
        if profile.role.is_some() {
            return Err(refuse::quota("InstanceSessionsPerInstanceProfile", 1));
        }
        profile.role = Some(role_name);
        Ok(())
    })?;
    Ok(AddRoleToInstanceProfileOutput::default())
}

/// docs: API_RemoveRoleFromInstanceProfile
pub(crate) fn remove_role_from_instance_profile(
    call: &mut Call,
    input: RemoveRoleFromInstanceProfileRequest,
) -> Result<RemoveRoleFromInstanceProfileOutput, Refusal> {
    serve!(call, RemoveRoleFromInstanceProfileRequest { instance_profile_name, role_name } = input);
    edit::<InstanceProfile>(call, &instance_profile_name, |profile| {
        if profile.role.as_ref() != Some(&role_name) {
            return Err(Role::missing(&role_name));
        }
        profile.role = None;
        Ok(())
    })?;
    Ok(RemoveRoleFromInstanceProfileOutput::default())
}

/// docs: API_DeleteInstanceProfile
pub(crate) fn delete_instance_profile(
    call: &mut Call,
    input: DeleteInstanceProfileRequest,
) -> Result<DeleteInstanceProfileOutput, Refusal> {
    serve!(call, DeleteInstanceProfileRequest { instance_profile_name } = input);
    let profile = find::<InstanceProfile>(call, &instance_profile_name)?;
    if profile.role.is_some() {
        let message = "Cannot delete entity, must remove roles from instance profile first.";
        return Err(refuse::conflict(message));
    }
    call.forget_at::<InstanceProfile>(&InstanceProfile::key(&call.scope, &profile.name));
    Ok(DeleteInstanceProfileOutput::default())
}
