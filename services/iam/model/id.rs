//! Ids and secrets as IAM writes them, made from the world's chance.

use region::Call;
use shape::base64;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Random text of this alphabet, whose length is a power of two.
fn text(call: &mut Call, alphabet: &[u8], length: usize) -> String {
    let bits = alphabet.len().trailing_zeros();
    let mut out = String::with_capacity(length);
    while out.len() < length {
        let mut chance = call.chance();
        for _ in 0..(64 / bits as usize).min(length - out.len()) {
            out.push(char::from(alphabet[(chance as usize) & (alphabet.len() - 1)]));
            chance >>= bits;
        }
    }
    out
}

/// The id of an entity: `AIDA` and 17 characters.
pub(crate) fn unique(call: &mut Call, prefix: &str) -> String {
    format!("{prefix}{}", text(call, BASE32, 17))
}

/// The id of a credential: `AKIA` and 16 characters.
pub(crate) fn credential_id(call: &mut Call, prefix: &str) -> String {
    format!("{prefix}{}", text(call, BASE32, 16))
}

/// A fresh id for a session's key: `ASIA` and 16 characters.
pub fn access_key_id(call: &mut Call) -> String {
    credential_id(call, "ASIA")
}

/// A secret access key: 40 characters, 240 random bits.
pub fn secret(call: &mut Call) -> String {
    base64::encode(&bytes(call, 30))
}

/// A session's token. It means nothing but itself.
pub fn session_token(call: &mut Call) -> String {
    base64::encode(&bytes(call, 240))
}

fn bytes(call: &mut Call, count: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(count + 8);
    while out.len() < count {
        out.extend_from_slice(&call.chance().to_le_bytes());
    }
    out.truncate(count);
    out
}
