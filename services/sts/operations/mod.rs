//! The table of contents: every operation that this room serves.

mod assume_role;
mod caller;
mod session_token;

use region::{Credential, Operation, operations};
use shape::Timestamp;

/// What is served.
pub(crate) const OPERATIONS: &[Operation] = operations![
    AssumeRole => assume_role::assume_role,
    GetAccessKeyInfo => caller::get_access_key_info,
    GetCallerIdentity => caller::get_caller_identity,
    GetSessionToken => session_token::get_session_token,
];

/// Credentials as answers show them.
fn shown(credential: &Credential) -> api_sts::Credentials {
    let seconds = |at: world::Time| Timestamp::from_seconds(at.seconds() as i64);
    api_sts::Credentials {
        access_key_id: Some(credential.key_id.clone()),
        secret_access_key: Some(credential.secret.clone()),
        session_token: credential.session_token.clone(),
        expiration: credential.expires.map(seconds),
    }
}
