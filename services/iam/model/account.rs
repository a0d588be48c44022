//! What an account has once: its alias and its password policy.

use region::{Call, Key, record};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The account's own; its key is `account`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Account {
    /// The name beside its number.
    pub alias: Option<String>,
    /// Rules for passwords. Only stored: nobody signs in with one.
    pub passwords: Option<PasswordPolicy>,
}

record!(Account, "iam/account", 1);

impl Account {
    pub(crate) fn key(call: &Call) -> Key {
        Key::new(&call.scope.global(), "account")
    }

    pub(crate) fn of(call: &Call) -> Arc<Account> {
        call.get::<Account>(&Account::key(call)).unwrap_or_default()
    }
}

/// Rules for passwords (AWS: API_PasswordPolicy).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordPolicy {
    /// MinimumPasswordLength.
    pub length: i32,
    /// RequireSymbols, RequireNumbers, RequireUppercaseCharacters, RequireLowercaseCharacters.
    pub require: [bool; 4],
    /// AllowUsersToChangePassword.
    pub change: bool,
    /// MaxPasswordAge, days.
    pub days: Option<i32>,
    /// PasswordReusePrevention.
    pub reuse: Option<i32>,
    /// HardExpiry.
    pub hard: Option<bool>,
}
