//! A key pair as it is kept: the public half only.

use region::record;
use serde::{Deserialize, Serialize};
use world::Time;

/// Which kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyKind {
    /// `rsa`
    Rsa,
    /// `ed25519`
    Ed25519,
}

impl KeyKind {
    /// AWS's name.
    pub fn name(self) -> &'static str {
        match self {
            KeyKind::Rsa => "rsa",
            KeyKind::Ed25519 => "ed25519",
        }
    }
}

/// A public key that instances let in. Kept under its id, `key-…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPair {
    /// Unique in a region.
    pub name: String,
    /// Which kind.
    pub kind: KeyKind,
    /// As AWS prints it; see `keys::fingerprint`.
    pub fingerprint: String,
    /// One line in OpenSSH's form.
    pub public: String,
    /// When it was made or imported.
    pub created: Time,
}

record!(KeyPair, "ec2/key-pair", 1);
