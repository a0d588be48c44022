//! What has a name in an account: found by it, in exactly its spelling, though no two may differ
//! in case alone.

use region::{Call, Key, Record, Refusal, Scope, Store};
use std::sync::Arc;
use world::Id;

use super::Tags;

/// A thing with a name of its own.
pub trait Entity: Record {
    /// Its name.
    fn name(&self) -> &str;

    /// Its path: `/` or `/team/`.
    fn path(&self) -> &str;

    /// Its tags.
    fn tags(&self) -> &Tags;

    /// Its tags, to change.
    fn tags_mut(&mut self) -> &mut Tags;

    /// The refusal when there is nothing of this name.
    fn missing(name: &str) -> Refusal;

    /// The key under which something of this name is kept.
    fn key(scope: &Scope, name: &str) -> Key {
        Key::new(&scope.global(), Id::from(name.to_lowercase()))
    }

    /// Whether a client's word names this one.
    fn is(&self, name: &str) -> bool {
        self.name() == name
    }
}

/// Declares that a record is an entity whose fields are called so, and gives it its ARN:
/// `entity!(Role, "role", "The role with name {} cannot be found.")`, after its noun in ARNs the
/// message when there is none.
macro_rules! entity {
    ($type:ident, $noun:literal, $missing:literal) => {
        impl $type {
            #[doc = concat!("`arn:aws:iam::ACCOUNT:", $noun, "/PATH/NAME`.")]
            pub fn arn(&self, scope: &region::Scope) -> String {
                scope.global().arn("iam", &format!("{}{}{}", $noun, self.path, self.name))
            }
        }

        impl $crate::model::Entity for $type {
            fn name(&self) -> &str {
                &self.name
            }

            fn path(&self) -> &str {
                &self.path
            }

            fn tags(&self) -> &$crate::model::Tags {
                &self.tags
            }

            fn tags_mut(&mut self) -> &mut $crate::model::Tags {
                &mut self.tags
            }

            fn missing(name: &str) -> region::Refusal {
                $crate::model::refuse::missing(format!($missing, name))
            }
        }
    };
}
pub(super) use entity;

/// The entity of this name in an account.
pub(crate) fn get<E: Entity>(store: &Store, scope: &Scope, name: &str) -> Option<Arc<E>> {
    store.get::<E>(&E::key(scope, name)).filter(|found| found.is(name)).cloned()
}

/// The entity of this name in the caller's account.
pub(crate) fn find<E: Entity>(call: &Call, name: &str) -> Result<Arc<E>, Refusal> {
    get(call.store(), &call.scope, name).ok_or_else(|| E::missing(name))
}

/// Whether the name is taken, in any spelling.
pub(crate) fn exists<E: Entity>(call: &Call, name: &str) -> bool {
    call.get::<E>(&E::key(&call.scope, name)).is_some()
}

/// Changes the entity of this name.
pub(crate) fn edit<E: Entity>(
    call: &mut Call,
    name: &str,
    change: impl FnOnce(&mut E) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut changed = (*find::<E>(call, name)?).clone();
    change(&mut changed)?;
    call.put_at(E::key(&call.scope, name), changed);
    Ok(())
}

/// All of a kind in the caller's account under a path, in the order of their names.
pub(crate) fn list<E: Entity>(call: &Call, prefix: Option<&str>) -> Vec<Arc<E>> {
    let scope = call.scope.global();
    let all = call.store().list::<E>(&scope).map(|(_, row)| row.clone());
    all.filter(|row| prefix.is_none_or(|prefix| row.path().starts_with(prefix))).collect()
}
