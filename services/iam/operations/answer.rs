//! Records as IAM's answers show them.

use crate::document::percent_encoded;
use crate::model::refuse;
use crate::model::{Entity, Grants, Group, InstanceProfile, Policy, Role, Tags, User, role};
use api_iam as api;
use region::{Call, Refusal, Scope, listing};
use shape::Timestamp;
use world::Time;

/// Items of an answer when the client names no number (AWS: MaxItems).
const PAGE: usize = 100;

/// Items, whether there are more (`IsTruncated`), and from where (`Marker`).
pub(crate) type Page<T> = (Vec<T>, Option<bool>, Option<String>);

/// One page of a list that is sorted by `name`, whether there is more, and the marker of it.
pub(crate) fn page<T>(
    items: Vec<T>,
    name: impl Fn(&T) -> String,
    marker: Option<String>,
    max_items: Option<i32>,
) -> Result<Page<T>, Refusal> {
    let limit = max_items.and_then(|most| usize::try_from(most).ok()).unwrap_or(PAGE);
    let (items, marker) = listing::page(items, name, marker.as_deref(), Some(limit))
        .map_err(|_| refuse::validation("Invalid Marker."))?;
    Ok((items, Some(marker.is_some()), marker))
}

/// How lists of entities are sorted: as their keys are.
pub(crate) fn sorted_name<E: Entity>(entity: &impl std::ops::Deref<Target = E>) -> String {
    entity.name().to_lowercase()
}

pub(crate) fn time(at: Time) -> Option<Timestamp> {
    // IAM shows whole seconds.
    Some(Timestamp::from_seconds(at.seconds() as i64))
}

pub(crate) fn tags(tags: &Tags) -> Vec<api::Tag> {
    let tag =
        |(key, value): (&String, &String)| api::Tag { key: key.clone(), value: value.clone() };
    tags.iter().map(tag).collect()
}

pub(crate) fn some_tags(all: &Tags) -> Option<Vec<api::Tag>> {
    Some(tags(all)).filter(|tags| !tags.is_empty())
}

pub(crate) fn boundary(arn: Option<&String>) -> Option<api::AttachedPermissionsBoundary> {
    arn.map(|arn| api::AttachedPermissionsBoundary {
        permissions_boundary_type: Some("Policy".into()),
        permissions_boundary_arn: Some(arn.clone()),
    })
}

/// A user as lists show it: without tags and boundary.
pub(crate) fn user_line(scope: &Scope, user: &User) -> api::User {
    api::User {
        path: Some(user.path.clone()),
        user_name: Some(user.name.clone()),
        user_id: Some(user.id.clone()),
        arn: Some(user.arn(scope)),
        create_date: time(user.created),
        ..Default::default()
    }
}

pub(crate) fn user(scope: &Scope, user: &User) -> api::User {
    api::User {
        tags: some_tags(&user.tags),
        permissions_boundary: boundary(user.boundary.as_ref()),
        ..user_line(scope, user)
    }
}

pub(crate) fn group(scope: &Scope, group: &Group) -> api::Group {
    api::Group {
        path: Some(group.path.clone()),
        group_name: Some(group.name.clone()),
        group_id: Some(group.id.clone()),
        arn: Some(group.arn(scope)),
        create_date: time(group.created),
    }
}

/// A role as lists show it: without tags, boundary and last use.
pub(crate) fn role_line(scope: &Scope, role: &Role) -> api::Role {
    api::Role {
        path: Some(role.path.clone()),
        role_name: Some(role.name.clone()),
        role_id: Some(role.id.clone()),
        arn: Some(role.arn(scope)),
        create_date: time(role.created),
        assume_role_policy_document: Some(percent_encoded(&role.trust)),
        description: role.description.clone(),
        max_session_duration: i32::try_from(role.max_session).ok(),
        ..Default::default()
    }
}

pub(crate) fn role_whole(scope: &Scope, role: &Role) -> api::Role {
    api::Role {
        tags: some_tags(&role.tags),
        permissions_boundary: boundary(role.boundary.as_ref()),
        ..role_line(scope, role)
    }
}

/// An instance profile as lists show it: without tags.
pub(crate) fn profile_line(call: &Call, profile: &InstanceProfile) -> api::InstanceProfile {
    let scope = &call.scope;
    let carried = profile.role.as_deref().and_then(|name| role(call.store(), scope, name));
    let roles = carried.iter().map(|role| role_line(scope, role)).collect();
    api::InstanceProfile {
        path: Some(profile.path.clone()),
        instance_profile_name: Some(profile.name.clone()),
        instance_profile_id: Some(profile.id.clone()),
        arn: Some(profile.arn(scope)),
        create_date: time(profile.created),
        roles: Some(roles),
        tags: None,
    }
}

pub(crate) fn profile(call: &Call, profile: &InstanceProfile) -> api::InstanceProfile {
    api::InstanceProfile { tags: Some(tags(&profile.tags)), ..profile_line(call, profile) }
}

/// A customer's policy, without tags and description, as lists show it.
pub(crate) fn policy_line(policy: &Policy, attached: usize, bounds: usize) -> api::Policy {
    api::Policy {
        policy_name: Some(policy.name.clone()),
        policy_id: Some(policy.id.clone()),
        arn: Some(policy.arn.clone()),
        path: Some(policy.path.clone()),
        default_version_id: Some(format!("v{}", policy.default)),
        attachment_count: i32::try_from(attached).ok(),
        permissions_boundary_usage_count: i32::try_from(bounds).ok(),
        is_attachable: Some(true),
        description: None,
        create_date: time(policy.created),
        update_date: time(policy.updated),
        tags: None,
    }
}

pub(crate) fn attached(arn: &str) -> api::AttachedPolicy {
    api::AttachedPolicy {
        policy_name: Some(arn.rsplit('/').next().unwrap_or_default().to_owned()),
        policy_arn: Some(arn.to_owned()),
    }
}

pub(crate) fn attached_list(grants: &Grants) -> Vec<api::AttachedPolicy> {
    grants.attached.iter().map(|arn| attached(arn)).collect()
}

pub(crate) fn inline_list(grants: &Grants) -> Vec<api::PolicyDetail> {
    let detail = |(name, document): (&String, &String)| api::PolicyDetail {
        policy_name: Some(name.clone()),
        policy_document: Some(percent_encoded(document)),
    };
    grants.inline.iter().map(detail).collect()
}
