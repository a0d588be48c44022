//! Session tokens that need no memory: an end and a seal over it and the instance it is for.
//! Only who has the key can make one; one instance's is no other's.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Format 1: one byte, eight of the end in milliseconds, 32 of the seal; 56 characters.
const FORMAT: u8 = 1;
const BYTES: usize = 1 + 8 + 32;

/// A token for `owner` that ends at `ends_ms` since the epoch.
pub(crate) fn issue(secret: &[u8], owner: &str, ends_ms: i64) -> String {
    let mut bytes = Vec::with_capacity(BYTES);
    bytes.push(FORMAT);
    bytes.extend_from_slice(&ends_ms.to_be_bytes());
    bytes.extend_from_slice(&seal(secret, owner, ends_ms));
    URL_SAFE.encode(bytes)
}

/// The end of a token that is good for `owner` now, milliseconds since the epoch.
pub(crate) fn check(secret: &[u8], owner: &str, token: &str, now_ms: i64) -> Option<i64> {
    // Longer texts are not decoded at all.
    let bytes = (token.len() == BYTES.div_ceil(3) * 4).then(|| URL_SAFE.decode(token).ok())??;
    let (head, sealed) = bytes.split_at_checked(9)?;
    let (format, end) = head.split_first()?;
    let ends_ms = i64::from_be_bytes(end.try_into().ok()?);
    let same: bool = seal(secret, owner, ends_ms).as_slice().ct_eq(sealed).into();
    (same && *format == FORMAT && now_ms < ends_ms).then_some(ends_ms)
}

fn seal(secret: &[u8], owner: &str, ends_ms: i64) -> [u8; 32] {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length (RFC 2104)");
    mac.update(b"metadata token 1\0");
    mac.update(&ends_ms.to_be_bytes());
    mac.update(owner.as_bytes());
    mac.finalize().into_bytes().into()
}
