//! Who asks and on whose behalf: scopes, principals and the credentials that prove them.

use crate::record;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use world::{Id, Time};

/// The account that the built-in key `test` belongs to.
pub const DEFAULT_ACCOUNT: &str = "000000000000";

/// The region in which account-wide (global) services keep their records.
pub const GLOBAL: &str = "aws-global";

/// An account in a region: nothing in one scope sees another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// Twelve digits.
    pub account: Arc<str>,
    /// `ap-northeast-2`; [`GLOBAL`] for services without regions.
    pub region: Arc<str>,
}

impl Scope {
    /// A scope from its two names.
    pub fn new(account: &str, region: &str) -> Scope {
        Scope { account: account.into(), region: region.into() }
    }

    /// The same account, where its global services live.
    pub fn global(&self) -> Scope {
        Scope { account: self.account.clone(), region: GLOBAL.into() }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account, self.region)
    }
}

/// Names a record: its scope and its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// Whose.
    pub scope: Scope,
    /// Which.
    pub id: Id,
}

impl Key {
    /// A key from its two parts.
    pub fn new(scope: &Scope, id: impl Into<Id>) -> Key {
        Key { scope: scope.clone(), id: id.into() }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}", self.id, self.scope)
    }
}

/// Who a request comes from, after its signature was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// Twelve digits.
    pub account: Arc<str>,
    /// `arn:aws:iam::000000000000:root`, `…:user/NAME`, `arn:aws:sts::…:assumed-role/ROLE/SESSION`.
    pub arn: String,
    /// What GetCallerIdentity shows as UserId.
    pub user_id: String,
}

impl Principal {
    /// The root user of an account.
    pub fn root(account: &str) -> Principal {
        Principal {
            account: account.into(),
            arn: format!("arn:aws:iam::{account}:root"),
            user_id: account.to_owned(),
        }
    }
}

/// What proves a principal. The front door reads these; `iam` and `sts` write them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// `AKIA…` for users, `ASIA…` for sessions.
    pub key_id: String,
    /// The secret access key.
    pub secret: String,
    /// Whom it proves.
    pub principal: Principal,
    /// The token that must come with a session's key.
    pub session_token: Option<String>,
    /// After this it is refused.
    pub expires: Option<Time>,
    /// A key that was made inactive is refused.
    pub active: bool,
}

record!(Credential, "region/credential", 1);

// By hand: plans are logged, and secrets are not for logs.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credential({} of {})", self.key_id, self.principal.arn)
    }
}

impl Credential {
    /// Credentials of all accounts are found by key id alone, so they share one scope.
    pub fn key(key_id: &str) -> Key {
        Key::new(&Scope::new("", GLOBAL), key_id)
    }

    /// The built-in key: id `test`, secret `test`, root of account 000000000000.
    pub fn built_in() -> Credential {
        Credential {
            key_id: "test".into(),
            secret: "test".into(),
            principal: Principal::root(DEFAULT_ACCOUNT),
            session_token: None,
            expires: None,
            active: true,
        }
    }
}
