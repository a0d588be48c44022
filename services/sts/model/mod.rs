//! Credentials of sessions: made for those who assume a role, and for machines that carry one.

use iam::model::{Role, access_key_id, secret, session_token};
use region::{Call, Credential, Principal, Scope};
use sha2::{Digest, Sha256};
use shape::base64;
use world::{Span, Time};

#[cfg(test)]
mod tests;

/// Makes credentials that end after `lasts`, and writes them where the front door looks.
pub(crate) fn credentials(call: &mut Call, principal: Principal, lasts: Span) -> Credential {
    let credential = Credential {
        key_id: access_key_id(call),
        secret: secret(call),
        principal,
        session_token: Some(session_token(call)),
        expires: Some(whole_seconds(call.now + lasts)),
        active: true,
    };
    call.put_at(Credential::key(&credential.key_id), credential.clone());
    credential
}

/// AWS's sessions end on a whole second; answers show no more.
fn whole_seconds(at: Time) -> Time {
    Time::from_millis(at.seconds() * 1000)
}

/// The principal of a role's session: `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. The path
/// of the role is not in it.
pub(crate) fn of_role(scope: &Scope, role: &Role, session: &str) -> Principal {
    Principal {
        account: scope.account.clone(),
        arn: scope.global().arn("sts", &format!("assumed-role/{}/{session}", role.name)),
        user_id: format!("{}:{session}", role.id),
    }
}

/// The session in which a machine acts for the role of its instance profile: a record to be
/// wanted under [`Credential::key`].
///
/// Pure, so that a controller can plan it: everything secret comes from `seed`, at least 32 random
/// bytes that the instance keeps to itself. Another `expires` makes other credentials, which is
/// how they rotate. `scope` is the instance's; the session is called as the instance is.
pub fn instance_session(
    scope: &Scope,
    role: &Role,
    instance: &str,
    seed: &[u8],
    expires: Time,
) -> Credential {
    const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let expires = whole_seconds(expires);
    let part = |what: &str| {
        let mut hash = Sha256::new();
        hash.update((seed.len() as u64).to_le_bytes());
        hash.update(seed);
        hash.update(expires.0.to_le_bytes());
        hash.update(format!("{what}/{instance}/{}", role.id));
        hash.finalize()
    };
    let letters = part("id");
    let letters = letters.iter().take(16).map(|byte| char::from(BASE32[usize::from(byte % 32)]));
    let token: Vec<u8> = (0..6).flat_map(|turn| part(&format!("token{turn}"))).collect();
    Credential {
        key_id: format!("ASIA{}", letters.collect::<String>()),
        secret: base64::encode(&part("secret")[..30]),
        principal: of_role(scope, role, instance),
        session_token: Some(base64::encode(&token)),
        expires: Some(expires),
        active: true,
    }
}
