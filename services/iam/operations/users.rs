//! Users: CreateUser, GetUser, ListUsers, UpdateUser, DeleteUser, and their boundaries.

use super::answer;
use super::policies::known_policy;
use super::tags::checked;
use crate::model::refuse;
use crate::model::{AccessKey, Entity, User, edit, exists, find, list, unique};
use api_iam::{
    CreateUserRequest, CreateUserResponse, DeleteUserOutput, DeleteUserPermissionsBoundaryOutput,
    DeleteUserPermissionsBoundaryRequest, DeleteUserRequest, GetUserRequest, GetUserResponse,
    ListUsersRequest, ListUsersResponse, PutUserPermissionsBoundaryOutput,
    PutUserPermissionsBoundaryRequest, UpdateUserOutput, UpdateUserRequest,
};
use region::{Call, Credential, GLOBAL, Refusal, Scope, serve};
use std::collections::BTreeSet;

/// Users of one account (AWS: IAM quotas).
const USERS: usize = 5000;

/// docs: API_CreateUser
pub(crate) fn create_user(
    call: &mut Call,
    input: CreateUserRequest,
) -> Result<CreateUserResponse, Refusal> {
    serve!(call, CreateUserRequest { user_name, path, permissions_boundary, tags } = input);
    refuse::name(&user_name, "userName")?;
    let path = refuse::path(path)?;
    let tags = checked(&Default::default(), tags.unwrap_or_default())?;
    if exists::<User>(call, &user_name) {
        return Err(refuse::taken(format!("User with name {user_name} already exists.")));
    }
    if let Some(arn) = &permissions_boundary {
        known_policy(call, arn)?;
    }
    if list::<User>(call, None).len() >= USERS {
        return Err(refuse::quota("UsersPerAccount", USERS));
    }
    let user = User {
        id: unique(call, "AIDA"),
        name: user_name,
        path,
        created: call.now,
        boundary: permissions_boundary,
        grants: Default::default(),
        groups: BTreeSet::new(),
        tags,
    };
    let shown = answer::user(&call.scope, &user);
    call.put_at(User::key(&call.scope, &user.name), user);
    Ok(CreateUserResponse { user: Some(shown) })
}

/// docs: API_GetUser
pub(crate) fn get_user(call: &mut Call, input: GetUserRequest) -> Result<GetUserResponse, Refusal> {
    serve!(call, GetUserRequest { user_name } = input);
    let name = match user_name {
        Some(name) => name,
        None => match own_name(call)? {
            Some(name) => name,
            None => {
                let root = region::Principal::root(&call.scope.account);
                let (arn, user_id) = (Some(root.arn), Some(root.user_id));
                let user = api_iam::User { arn, user_id, ..Default::default() };
                return Ok(GetUserResponse { user: Some(user) });
            }
        },
    };
    let user = find::<User>(call, &name)?;
    Ok(GetUserResponse { user: Some(answer::user(&call.scope, &user)) })
}

/// The name of the user who calls; none for the account's root. Sessions of roles have none.
pub(crate) fn own_name(call: &Call) -> Result<Option<String>, Refusal> {
    let arn = &call.principal.arn;
    if arn.ends_with(":root") {
        return Ok(None);
    }
    match arn.split_once(":user/") {
        Some((_, name)) => Ok(Some(name.rsplit('/').next().unwrap_or_default().to_owned())),
        None => {
            let message = "Must specify userName when calling with non-User credentials";
            Err(refuse::validation(message))
        }
    }
}

/// docs: API_ListUsers
pub(crate) fn list_users(
    call: &mut Call,
    input: ListUsersRequest,
) -> Result<ListUsersResponse, Refusal> {
    serve!(call, ListUsersRequest { path_prefix, marker, max_items } = input);
    let users = list::<User>(call, path_prefix.as_deref());
    let (users, is_truncated, marker) =
        answer::page(users, answer::sorted_name::<User>, marker, max_items)?;
    let users = users.iter().map(|user| answer::user_line(&call.scope, user)).collect();
    Ok(ListUsersResponse { users: Some(users), is_truncated, marker })
}

/// docs: API_UpdateUser
pub(crate) fn update_user(
    call: &mut Call,
    input: UpdateUserRequest,
) -> Result<UpdateUserOutput, Refusal> {
    serve!(call, UpdateUserRequest { user_name, new_path, new_user_name } = input);
    let old = find::<User>(call, &user_name)?;
    let mut user = (*old).clone();
    if let Some(path) = new_path {
        user.path = refuse::path(Some(path))?;
    }
    if let Some(name) = new_user_name {
        refuse::name(&name, "newUserName")?;
        if !name.eq_ignore_ascii_case(&user_name) && exists::<User>(call, &name) {
            return Err(refuse::taken(format!("User with name {name} already exists.")));
        }
        user.name = name;
    }
    for key in super::access_keys::of(call, Some(&user_name)) {
        let id = key.id.clone();
        let key = AccessKey { user: Some(user.name.clone()), ..(*key).clone() };
        call.put_at(super::access_keys::key(call, &id), key);
    }
    // Its keys and sessions prove the user under the new name.
    let (before, after) = (old.arn(&call.scope), user.arn(&call.scope));
    for (key, mut credential) in credentials(call, |found| found.principal.arn == before) {
        credential.principal.arn.clone_from(&after);
        call.put_at(key, credential);
    }
    call.forget_at::<User>(&User::key(&call.scope, &user_name));
    call.put_at(User::key(&call.scope, &user.name), user);
    Ok(UpdateUserOutput::default())
}

/// docs: API_DeleteUser
pub(crate) fn delete_user(
    call: &mut Call,
    input: DeleteUserRequest,
) -> Result<DeleteUserOutput, Refusal> {
    serve!(call, DeleteUserRequest { user_name } = input);
    let user = find::<User>(call, &user_name)?;
    let left = if !user.grants.attached.is_empty() {
        "must detach all policies first."
    } else if !user.grants.inline.is_empty() {
        "must delete policies first."
    } else if !user.groups.is_empty() {
        "must remove users from group first."
    } else if !super::access_keys::of(call, Some(&user_name)).is_empty() {
        "must delete access keys first."
    } else {
        ""
    };
    if !left.is_empty() {
        return Err(refuse::conflict(format!("Cannot delete entity, {left}")));
    }
    let arn = user.arn(&call.scope);
    forget_credentials(call, |found| found.principal.arn == arn);
    call.forget_at::<User>(&User::key(&call.scope, &user_name));
    Ok(DeleteUserOutput::default())
}

fn credentials(call: &Call, which: impl Fn(&Credential) -> bool) -> Vec<(region::Key, Credential)> {
    let scope = Scope::new("", GLOBAL);
    let all = call.store().list::<Credential>(&scope);
    let chosen = all.filter(|(_, found)| which(found));
    chosen.map(|(key, found)| (key.clone(), (**found).clone())).collect()
}

/// Forgets the credentials of somebody who is no more.
pub(crate) fn forget_credentials(call: &mut Call, which: impl Fn(&Credential) -> bool) {
    for (key, _) in credentials(call, which) {
        call.forget_at::<Credential>(&key);
    }
}

/// docs: API_PutUserPermissionsBoundary
pub(crate) fn put_user_permissions_boundary(
    call: &mut Call,
    input: PutUserPermissionsBoundaryRequest,
) -> Result<PutUserPermissionsBoundaryOutput, Refusal> {
    serve!(call, PutUserPermissionsBoundaryRequest { user_name, permissions_boundary } = input);
    known_policy(call, &permissions_boundary)?;
    edit::<User>(call, &user_name, |user| {
        user.boundary = Some(permissions_boundary);
        Ok(())
    })?;
    Ok(PutUserPermissionsBoundaryOutput::default())
}

/// docs: API_DeleteUserPermissionsBoundary
pub(crate) fn delete_user_permissions_boundary(
    call: &mut Call,
    input: DeleteUserPermissionsBoundaryRequest,
) -> Result<DeleteUserPermissionsBoundaryOutput, Refusal> {
    serve!(call, DeleteUserPermissionsBoundaryRequest { user_name } = input);
    edit::<User>(call, &user_name, |user| {
        user.boundary = None;
        Ok(())
    })?;
    Ok(DeleteUserPermissionsBoundaryOutput::default())
}
