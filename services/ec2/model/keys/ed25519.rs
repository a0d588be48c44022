//! ED25519 key pairs in OpenSSH's private key file (PROTOCOL.key): no cipher, one key.

use super::layout::{pem, string};
use super::{Made, line, sha256};
use ed25519_dalek::SigningKey;

/// A key pair from 32 random bytes; the check number tells a good read of the file from a bad one.
pub(crate) fn make(seed: [u8; 32], check: u32, comment: &str) -> Made {
    let public = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
    let (line, blob) = line("ssh-ed25519", &[&public], comment);
    let mut secret = [check.to_be_bytes(), check.to_be_bytes()].concat();
    secret.extend(string(b"ssh-ed25519"));
    secret.extend(string(&public));
    secret.extend(string(&[seed, public].concat()));
    secret.extend(string(comment.as_bytes()));
    // Padding 1, 2, 3, … to the block size of no cipher, which is 8.
    let padding = (8 - secret.len() % 8) % 8;
    secret.extend((1..=8).take(padding));
    let mut file = b"openssh-key-v1\0".to_vec();
    file.extend(string(b"none"));
    file.extend(string(b"none"));
    file.extend(string(b""));
    file.extend(1u32.to_be_bytes());
    file.extend(string(&blob));
    file.extend(string(&secret));
    let private = pem("OPENSSH PRIVATE KEY", &file, 70);
    Made { fingerprint: sha256(&blob), public: line, private }
}
