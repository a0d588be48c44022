//! Groups: CreateGroup, GetGroup, ListGroups, ListGroupsForUser, UpdateGroup, AddUserToGroup,
//! RemoveUserFromGroup, DeleteGroup.

use super::answer;
use crate::model::refuse;
use crate::model::{Entity, Group, User, edit, exists, find, list, unique};
use api_iam::{
    AddUserToGroupOutput, AddUserToGroupRequest, CreateGroupRequest, CreateGroupResponse,
    DeleteGroupOutput, DeleteGroupRequest, GetGroupRequest, GetGroupResponse,
    ListGroupsForUserRequest, ListGroupsForUserResponse, ListGroupsRequest, ListGroupsResponse,
    RemoveUserFromGroupOutput, RemoveUserFromGroupRequest, UpdateGroupOutput, UpdateGroupRequest,
};
use region::{Call, Refusal, serve};
use std::sync::Arc;

/// Groups of one account (AWS: IAM quotas).
const GROUPS: usize = 300;
/// Groups that one user is in (AWS: IAM quotas).
const GROUPS_PER_USER: usize = 10;

/// docs: API_CreateGroup
pub(crate) fn create_group(
    call: &mut Call,
    input: CreateGroupRequest,
) -> Result<CreateGroupResponse, Refusal> {
    serve!(call, CreateGroupRequest { group_name, path } = input);
    refuse::name(&group_name, "groupName")?;
    let path = refuse::path(path)?;
    if exists::<Group>(call, &group_name) {
        return Err(taken(&group_name));
    }
    if list::<Group>(call, None).len() >= GROUPS {
        return Err(refuse::quota("GroupsPerAccount", GROUPS));
    }
    let group = Group {
        id: unique(call, "AGPA"),
        name: group_name,
        path,
        created: call.now,
        grants: Default::default(),
        tags: Default::default(),
    };
    let shown = answer::group(&call.scope, &group);
    call.put_at(Group::key(&call.scope, &group.name), group);
    Ok(CreateGroupResponse { group: Some(shown) })
}

fn taken(name: &str) -> Refusal {
    refuse::taken(format!("Group with name {name} already exists."))
}

fn members(call: &Call, group: &str) -> Vec<Arc<User>> {
    let mut users = list::<User>(call, None);
    users.retain(|user| user.groups.contains(group));
    users
}

/// docs: API_GetGroup
pub(crate) fn get_group(
    call: &mut Call,
    input: GetGroupRequest,
) -> Result<GetGroupResponse, Refusal> {
    serve!(call, GetGroupRequest { group_name, marker, max_items } = input);
    let group = find::<Group>(call, &group_name)?;
    let users = members(call, &group_name);
    let (users, is_truncated, marker) =
        answer::page(users, answer::sorted_name::<User>, marker, max_items)?;
    let users = users.iter().map(|user| answer::user_line(&call.scope, user)).collect();
    let group = Some(answer::group(&call.scope, &group));
    Ok(GetGroupResponse { group, users: Some(users), is_truncated, marker })
}

/// docs: API_ListGroups
pub(crate) fn list_groups(
    call: &mut Call,
    input: ListGroupsRequest,
) -> Result<ListGroupsResponse, Refusal> {
    serve!(call, ListGroupsRequest { path_prefix, marker, max_items } = input);
    let groups = list::<Group>(call, path_prefix.as_deref());
    let (groups, is_truncated, marker) =
        answer::page(groups, answer::sorted_name::<Group>, marker, max_items)?;
    let groups = groups.iter().map(|group| answer::group(&call.scope, group)).collect();
    Ok(ListGroupsResponse { groups: Some(groups), is_truncated, marker })
}

/// docs: API_ListGroupsForUser
pub(crate) fn list_groups_for_user(
    call: &mut Call,
    input: ListGroupsForUserRequest,
) -> Result<ListGroupsForUserResponse, Refusal> {
    serve!(call, ListGroupsForUserRequest { user_name, marker, max_items } = input);
    let user = find::<User>(call, &user_name)?;
    let mut groups = list::<Group>(call, None);
    groups.retain(|group| user.groups.contains(&group.name));
    let (groups, is_truncated, marker) =
        answer::page(groups, answer::sorted_name::<Group>, marker, max_items)?;
    let groups = groups.iter().map(|group| answer::group(&call.scope, group)).collect();
    Ok(ListGroupsForUserResponse { groups: Some(groups), is_truncated, marker })
}

/// docs: API_UpdateGroup
pub(crate) fn update_group(
    call: &mut Call,
    input: UpdateGroupRequest,
) -> Result<UpdateGroupOutput, Refusal> {
    serve!(call, UpdateGroupRequest { group_name, new_path, new_group_name } = input);
    let mut group = (*find::<Group>(call, &group_name)?).clone();
    if let Some(path) = new_path {
        group.path = refuse::path(Some(path))?;
    }
    if let Some(name) = new_group_name {
        refuse::name(&name, "newGroupName")?;
        if !name.eq_ignore_ascii_case(&group_name) && exists::<Group>(call, &name) {
            return Err(taken(&name));
        }
        group.name = name;
    }
    for member in members(call, &group_name) {
        edit::<User>(call, &member.name, |user| {
            user.groups.remove(&group_name);
            user.groups.insert(group.name.clone());
            Ok(())
        })?;
    }
    call.forget_at::<Group>(&Group::key(&call.scope, &group_name));
    call.put_at(Group::key(&call.scope, &group.name), group);
    Ok(UpdateGroupOutput::default())
}

/// docs: API_AddUserToGroup
pub(crate) fn add_user_to_group(
    call: &mut Call,
    input: AddUserToGroupRequest,
) -> Result<AddUserToGroupOutput, Refusal> {
    serve!(call, AddUserToGroupRequest { group_name, user_name } = input);
    find::<Group>(call, &group_name)?;
    edit::<User>(call, &user_name, |user| {
        user.groups.insert(group_name);
        if user.groups.len() > GROUPS_PER_USER {
            return Err(refuse::quota("GroupsPerUser", GROUPS_PER_USER));
        }
        Ok(())
    })?;
    Ok(AddUserToGroupOutput::default())
}

/// docs: API_RemoveUserFromGroup
pub(crate) fn remove_user_from_group(
    call: &mut Call,
    input: RemoveUserFromGroupRequest,
) -> Result<RemoveUserFromGroupOutput, Refusal> {
    serve!(call, RemoveUserFromGroupRequest { group_name, user_name } = input);
    find::<Group>(call, &group_name)?;
    edit::<User>(call, &user_name, |user| match user.groups.remove(&group_name) {
        true => Ok(()),
        false => Err(refuse::missing(format!("User {user_name} is not in group {group_name}."))),
    })?;
    Ok(RemoveUserFromGroupOutput::default())
}

/// docs: API_DeleteGroup
pub(crate) fn delete_group(
    call: &mut Call,
    input: DeleteGroupRequest,
) -> Result<DeleteGroupOutput, Refusal> {
    serve!(call, DeleteGroupRequest { group_name } = input);
    let group = find::<Group>(call, &group_name)?;
    let left = if !members(call, &group_name).is_empty() {
        "must remove users from group first."
    } else if !group.grants.attached.is_empty() {
        "must detach all policies first."
    } else if !group.grants.inline.is_empty() {
        "must delete policies first."
    } else {
        ""
    };
    if !left.is_empty() {
        return Err(refuse::conflict(format!("Cannot delete entity, {left}")));
    }
    call.forget_at::<Group>(&Group::key(&call.scope, &group_name));
    Ok(DeleteGroupOutput::default())
}
