//! The secret's side: HMAC-SHA256, the derived signing key, and a small ring that remembers
//! derived keys. Never prints a secret.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fmt;

/// Lower-case hex SHA-256 of some bytes.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// HMAC-SHA256.
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length (RFC 2104)");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// A key derived for one day, region and service. Good for that scope only.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey([u8; 32]);

impl SigningKey {
    /// Derives: four HMACs, under a microsecond.
    pub fn derive(secret: &str, date: &str, region: &str, service: &str) -> SigningKey {
        let day = hmac_sha256(format!("AWS4{secret}").as_bytes(), date.as_bytes());
        let place = hmac_sha256(&day, region.as_bytes());
        let trade = hmac_sha256(&place, service.as_bytes());
        SigningKey(hmac_sha256(&trade, b"aws4_request"))
    }

    /// Lower-case hex signature of a string to sign (also the seed of a chunk chain).
    pub fn signature(&self, string_to_sign: &str) -> String {
        hex(&hmac_sha256(&self.0, string_to_sign.as_bytes()))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SigningKey(..)")
    }
}

/// Remembers the keys derived last, so that a busy caller costs one HMAC a request and not five.
/// Bounded; the least recently used one leaves first.
#[derive(Default)]
pub struct KeyRing {
    // Newest use last. A region has few callers at a time, so a walk beats a map.
    keys: Vec<(String, String, String, String, SigningKey)>,
}

impl KeyRing {
    /// How many keys a ring holds.
    pub const LIMIT: usize = 64;

    /// The signing key for this secret and scope.
    pub fn key(&mut self, secret: &str, date: &str, region: &str, service: &str) -> &SigningKey {
        let found = self.keys.iter().rposition(|(known, day, place, trade, _)| {
            known == secret && day == date && place == region && trade == service
        });
        match found {
            Some(index) => self.keys[index..].rotate_left(1),
            None => {
                if self.keys.len() == Self::LIMIT {
                    self.keys.remove(0);
                }
                let key = SigningKey::derive(secret, date, region, service);
                let text = |part: &str| part.to_owned();
                self.keys.push((text(secret), text(date), text(region), text(service), key));
            }
        }
        &self.keys.last().expect("an entry was just put or moved last").4
    }

    /// How many keys it holds now.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// True when it holds none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "KeyRing({} keys)", self.keys.len())
    }
}
