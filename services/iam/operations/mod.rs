//! The table of contents: every operation that this room serves.

mod access_keys;
mod instance_profiles;
mod policies;
mod roles;
mod tags;
mod trust;
mod users;

use region::{Operation, operations};

/// What is served.
pub(crate) const OPERATIONS: &[Operation] = operations![
    AddRoleToInstanceProfile => instance_profiles::add_role_to_instance_profile,
    CreateAccessKey => access_keys::create_access_key,
    CreateInstanceProfile => instance_profiles::create_instance_profile,
    CreatePolicy => policies::create_policy,
    CreateRole => roles::create_role,
    CreateUser => users::create_user,
    DeleteAccessKey => access_keys::delete_access_key,
    DeleteInstanceProfile => instance_profiles::delete_instance_profile,
    DeletePolicy => policies::delete_policy,
    DeleteRole => roles::delete_role,
    DeleteRolePermissionsBoundary => roles::delete_role_permissions_boundary,
    DeleteUser => users::delete_user,
    DeleteUserPermissionsBoundary => users::delete_user_permissions_boundary,
    GetAccessKeyLastUsed => access_keys::get_access_key_last_used,
    GetInstanceProfile => instance_profiles::get_instance_profile,
    GetPolicy => policies::get_policy,
    GetRole => roles::get_role,
    GetUser => users::get_user,
    ListAccessKeys => access_keys::list_access_keys,
    ListEntitiesForPolicy => policies::list_entities_for_policy,
    ListInstanceProfileTags => tags::instance_profile::list,
    ListInstanceProfiles => instance_profiles::list_instance_profiles,
    ListInstanceProfilesForRole => instance_profiles::list_instance_profiles_for_role,
    ListPolicies => policies::list_policies,
    ListPolicyTags => tags::policy::list,
    ListRoleTags => tags::role::list,
    ListRoles => roles::list_roles,
    ListServerCertificateTags => tags::server_certificate::list,
    ListUserTags => tags::user::list,
    ListUsers => users::list_users,
    PutRolePermissionsBoundary => roles::put_role_permissions_boundary,
    PutUserPermissionsBoundary => users::put_user_permissions_boundary,
    RemoveRoleFromInstanceProfile => instance_profiles::remove_role_from_instance_profile,
    TagInstanceProfile => tags::instance_profile::tag,
    TagPolicy => tags::policy::tag,
    TagRole => tags::role::tag,
    TagServerCertificate => tags::server_certificate::tag,
    TagUser => tags::user::tag,
    UntagInstanceProfile => tags::instance_profile::untag,
    UntagPolicy => tags::policy::untag,
    UntagRole => tags::role::untag,
    UntagServerCertificate => tags::server_certificate::untag,
    UntagUser => tags::user::untag,
    UpdateAccessKey => access_keys::update_access_key,
    UpdateAssumeRolePolicy => roles::update_assume_role_policy,
    UpdateRole => roles::update_role,
    UpdateRoleDescription => roles::update_role_description,
    UpdateUser => users::update_user,
];
