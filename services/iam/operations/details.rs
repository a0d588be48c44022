//! GetAccountAuthorizationDetails: everybody and what they are allowed, in one list.

use super::answer;
use super::{policies, versions};
use crate::document::percent_encoded;
use crate::managed;
use crate::model::{Entity, Group, InstanceProfile, Policy, Role, User, list};
use api_iam::{
    GetAccountAuthorizationDetailsRequest, GetAccountAuthorizationDetailsResponse, GroupDetail,
    ManagedPolicyDetail, PolicyVersion, RoleDetail, UserDetail,
};
use region::{Call, Refusal, serve};
use std::sync::Arc;

enum Detail {
    User(Arc<User>),
    Group(Arc<Group>),
    Role(Arc<Role>),
    Policy(Arc<Policy>),
    Managed(&'static managed::Managed),
}

impl Detail {
    fn place(&self) -> String {
        match self {
            Detail::User(user) => format!("1/{}", user.name().to_lowercase()),
            Detail::Group(group) => format!("2/{}", group.name().to_lowercase()),
            Detail::Role(role) => format!("3/{}", role.name().to_lowercase()),
            Detail::Policy(policy) => format!("4/{}", policy.name().to_lowercase()),
            Detail::Managed(policy) => format!("5/{}", policy.name.to_lowercase()),
        }
    }
}

/// docs: API_GetAccountAuthorizationDetails
pub(crate) fn get_account_authorization_details(
    call: &mut Call,
    input: GetAccountAuthorizationDetailsRequest,
) -> Result<GetAccountAuthorizationDetailsResponse, Refusal> {
    serve!(call, GetAccountAuthorizationDetailsRequest { filter, marker, max_items } = input);
    let filter = filter.unwrap_or_default();
    let wants = |kind: &str| filter.is_empty() || filter.iter().any(|one| one == kind);
    let uses = policies::uses(call);
    let mut all = Vec::new();
    if wants("User") {
        all.extend(list::<User>(call, None).into_iter().map(Detail::User));
    }
    if wants("Group") {
        all.extend(list::<Group>(call, None).into_iter().map(Detail::Group));
    }
    if wants("Role") {
        all.extend(list::<Role>(call, None).into_iter().map(Detail::Role));
    }
    if wants("LocalManagedPolicy") {
        all.extend(list::<Policy>(call, None).into_iter().map(Detail::Policy));
    }
    if wants("AWSManagedPolicy") {
        // Of AWS's own, AWS shows those that are in use.
        let used = managed::all().filter(|policy| uses.contains_key(&policy.arn()));
        all.extend(used.map(Detail::Managed));
    }
    all.sort_by_key(Detail::place);
    let (all, is_truncated, marker) = answer::page(all, Detail::place, marker, max_items)?;
    let (mut users, mut groups, mut roles, mut shown) = (vec![], vec![], vec![], vec![]);
    for one in &all {
        let counts = |arn: &str| uses.get(arn).copied().unwrap_or_default();
        match one {
            Detail::User(one) => users.push(user(call, one)),
            Detail::Group(one) => groups.push(group(call, one)),
            Detail::Role(one) => roles.push(role(call, one)),
            Detail::Policy(one) => shown.push(policy(one, counts(&one.arn))),
            Detail::Managed(one) => shown.push(managed_policy(one, counts(&one.arn()))),
        }
    }
    Ok(GetAccountAuthorizationDetailsResponse {
        user_detail_list: Some(users),
        group_detail_list: Some(groups),
        role_detail_list: Some(roles),
        policies: Some(shown),
        is_truncated,
        marker,
    })
}

fn user(call: &Call, user: &User) -> UserDetail {
    UserDetail {
        path: Some(user.path.clone()),
        user_name: Some(user.name.clone()),
        user_id: Some(user.id.clone()),
        arn: Some(user.arn(&call.scope)),
        create_date: answer::time(user.created),
        user_policy_list: Some(answer::inline_list(&user.grants)),
        group_list: Some(user.groups.iter().cloned().collect()),
        attached_managed_policies: Some(answer::attached_list(&user.grants)),
        permissions_boundary: answer::boundary(user.boundary.as_ref()),
        tags: Some(answer::tags(&user.tags)),
    }
}

fn group(call: &Call, group: &Group) -> GroupDetail {
    GroupDetail {
        path: Some(group.path.clone()),
        group_name: Some(group.name.clone()),
        group_id: Some(group.id.clone()),
        arn: Some(group.arn(&call.scope)),
        create_date: answer::time(group.created),
        group_policy_list: Some(answer::inline_list(&group.grants)),
        attached_managed_policies: Some(answer::attached_list(&group.grants)),
    }
}

fn role(call: &Call, role: &Role) -> RoleDetail {
    let mut profiles = list::<InstanceProfile>(call, None);
    profiles.retain(|profile| profile.role.as_ref() == Some(&role.name));
    let profiles = profiles.iter().map(|profile| answer::profile_line(call, profile)).collect();
    RoleDetail {
        path: Some(role.path.clone()),
        role_name: Some(role.name.clone()),
        role_id: Some(role.id.clone()),
        arn: Some(role.arn(&call.scope)),
        create_date: answer::time(role.created),
        assume_role_policy_document: Some(percent_encoded(&role.trust)),
        instance_profile_list: Some(profiles),
        role_policy_list: Some(answer::inline_list(&role.grants)),
        attached_managed_policies: Some(answer::attached_list(&role.grants)),
        permissions_boundary: answer::boundary(role.boundary.as_ref()),
        tags: Some(answer::tags(&role.tags)),
        role_last_used: Some(Default::default()),
    }
}

fn policy(policy: &Policy, (attached, bounds): (usize, usize)) -> ManagedPolicyDetail {
    let version = |number: &u32| PolicyVersion {
        document: policy.versions.get(number).map(|one| percent_encoded(&one.document)),
        ..versions::line(policy, *number)
    };
    ManagedPolicyDetail {
        policy_name: Some(policy.name.clone()),
        policy_id: Some(policy.id.clone()),
        arn: Some(policy.arn.clone()),
        path: Some(policy.path.clone()),
        default_version_id: Some(format!("v{}", policy.default)),
        attachment_count: i32::try_from(attached).ok(),
        permissions_boundary_usage_count: i32::try_from(bounds).ok(),
        is_attachable: Some(true),
        description: policy.description.clone(),
        create_date: answer::time(policy.created),
        update_date: answer::time(policy.updated),
        policy_version_list: Some(policy.versions.keys().rev().map(version).collect()),
    }
}

fn managed_policy(
    policy: &managed::Managed,
    (attached, bounds): (usize, usize),
) -> ManagedPolicyDetail {
    let version = PolicyVersion {
        version_id: Some("v1".into()),
        is_default_version: Some(true),
        document: Some(percent_encoded(&policy.document())),
        create_date: None,
    };
    ManagedPolicyDetail {
        policy_name: Some(policy.name.into()),
        policy_id: Some(policy.id()),
        arn: Some(policy.arn()),
        path: Some(policy.path.into()),
        default_version_id: Some("v1".into()),
        attachment_count: i32::try_from(attached).ok(),
        permissions_boundary_usage_count: i32::try_from(bounds).ok(),
        is_attachable: Some(true),
        policy_version_list: Some(vec![version]),
        ..Default::default()
    }
}
