//! What the room keeps, all of it in [`region::Scope::global`]; and how it is found.

mod account;
mod certificate;
pub mod document;
mod entity;
mod find;
mod grants;
mod group;
mod id;
pub mod managed;
mod policy;
pub(crate) mod refuse;
mod role;
mod user;

pub use account::{Account, PasswordPolicy};
pub use certificate::ServerCertificate;
pub use entity::Entity;
pub use find::{profile_role, role, role_of_arn, user};
pub use grants::{Grants, Holder};
pub use group::Group;
pub use policy::{Policy, Version};
pub use role::{InstanceProfile, Role, RoleDeletion};
pub use user::{AccessKey, User};

pub(crate) use entity::{edit, exists, find, list};
pub use id::{access_key_id, secret, session_token};
pub(crate) use id::{credential_id, unique};

use std::collections::BTreeMap;

/// Tags by key.
pub type Tags = BTreeMap<String, String>;
