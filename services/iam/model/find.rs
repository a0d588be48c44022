//! What other rooms may ask: who is who, and which role an instance profile carries.

use super::{InstanceProfile, Role, User, entity};
use region::{Arn, GLOBAL, Scope, Store};
use std::sync::Arc;

/// The user of this name in an account (the scope's region does not matter).
pub fn user(store: &Store, scope: &Scope, name: &str) -> Option<Arc<User>> {
    entity::get(store, scope, name)
}

/// The role of this name in an account.
pub fn role(store: &Store, scope: &Scope, name: &str) -> Option<Arc<Role>> {
    entity::get(store, scope, name)
}

/// The role with exactly this ARN, in whichever account it names, and that account's scope.
pub fn role_of_arn(store: &Store, arn: &str) -> Option<(Scope, Arc<Role>)> {
    let parts = Arn::parse(arn).filter(|parts| parts.service == "iam")?;
    let scope = Scope::new(parts.account, GLOBAL);
    let name = parts.resource.strip_prefix("role/")?.rsplit('/').next()?;
    let found = role(store, &scope, name).filter(|role| role.arn(&scope) == arn)?;
    Some((scope, found))
}

/// An instance profile, by its name or its ARN, and the role that it carries. `None` when the
/// account has no such profile.
pub fn profile_role(
    store: &Store,
    scope: &Scope,
    name_or_arn: &str,
) -> Option<(Arc<InstanceProfile>, Option<Arc<Role>>)> {
    let name = name_or_arn.rsplit('/').next().unwrap_or_default();
    let profile: Arc<InstanceProfile> = entity::get(store, scope, name)?;
    if name_or_arn.starts_with("arn:") && profile.arn(scope) != name_or_arn {
        return None;
    }
    let carried = profile.role.as_deref().and_then(|name| role(store, scope, name));
    Some((profile, carried))
}
