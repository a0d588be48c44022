//! Key pairs as OpenSSH writes them (RFC 4253 section 6.6, RFC 8709; PROTOCOL.key of OpenSSH):
//! making, reading, fingerprints. All chance comes from the caller.

mod ed25519;
mod layout;
mod rsa;

pub(crate) use ed25519::make as make_ed25519;
pub(crate) use rsa::make as make_rsa;

use crate::model::KeyKind;
use layout::{Reader, string};
use md5::{Digest as _, Md5};
use region::Refusal;
use sha2::Sha256;
use shape::base64;

/// A key pair just made.
pub(crate) struct Made {
    /// One line in OpenSSH's form.
    pub(crate) public: String,
    /// The private key as a file.
    pub(crate) private: String,
    /// As AWS prints it.
    pub(crate) fingerprint: String,
}

/// A public key that was read.
pub(crate) struct Read {
    pub(crate) kind: KeyKind,
    /// One line in OpenSSH's form.
    pub(crate) public: String,
    /// As AWS prints it for imported keys.
    pub(crate) fingerprint: String,
}

/// Says that no key pair has this name.
pub(crate) fn unknown(name: &str) -> Refusal {
    let message = format!("The key pair '{name}' does not exist");
    Refusal::new("InvalidKeyPair.NotFound", message)
}

fn bad() -> Refusal {
    let message = "Key is not in valid OpenSSH public key format";
    Refusal::new("InvalidKey.Format", message)
}

/// Reads a public key: `ssh-rsa …` or `ssh-ed25519 …`, as the API takes it.
pub(crate) fn read(material: &[u8]) -> Result<Read, Refusal> {
    let text = std::str::from_utf8(material).map_err(|_| bad())?;
    let mut words = text.split_whitespace();
    let (name, blob) = (words.next().ok_or_else(bad)?, words.next().ok_or_else(bad)?);
    let comment = words.collect::<Vec<_>>().join(" ");
    let bytes = base64::decode(blob).ok_or_else(bad)?;
    let mut reader = Reader(&bytes);
    if reader.string().ok_or_else(bad)? != name.as_bytes() {
        return Err(bad());
    }
    let (kind, fingerprint) = match name {
        "ssh-ed25519" => {
            let key = reader.string().ok_or_else(bad)?;
            if key.len() != 32 {
                return Err(bad());
            }
            (KeyKind::Ed25519, sha256(&bytes))
        }
        "ssh-rsa" => {
            let exponent = reader.string().ok_or_else(bad)?;
            let modulus = reader.string().ok_or_else(bad)?;
            let bits = modulus.iter().skip_while(|byte| **byte == 0).count() * 8;
            if !matches!(bits, 1024 | 2048 | 4096) {
                let message = "Only RSA keys of 1024, 2048 and 4096 bits are supported";
                return Err(Refusal::new("InvalidKey.Format", message));
            }
            (KeyKind::Rsa, colons(&Md5::digest(public_der(modulus, exponent))))
        }
        _ => return Err(bad()),
    };
    if !reader.0.is_empty() {
        return Err(bad());
    }
    let public = format!("{name} {blob} {comment}").trim_end().to_owned();
    Ok(Read { kind, public, fingerprint })
}

/// AWS's fingerprint of ED25519 keys: SHA-256 of the key's blob, in base64.
fn sha256(blob: &[u8]) -> String {
    base64::encode(&Sha256::digest(blob))
}

/// `1f:51:…`
fn colons(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
}

/// A public key's line.
fn line(name: &str, parts: &[&[u8]], comment: &str) -> (String, Vec<u8>) {
    let mut blob = string(name.as_bytes());
    parts.iter().for_each(|part| blob.extend(string(part)));
    (format!("{name} {} {comment}", base64::encode(&blob)), blob)
}

/// The algorithm rsaEncryption, 1.2.840.113549.1.1.1, with NULL parameters, in DER (RFC 3279).
const RSA_ENCRYPTION: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// RSA public key as SubjectPublicKeyInfo (RFC 5280), of which AWS prints the MD5.
fn public_der(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let key = layout::der(0x30, &[layout::integer(modulus), layout::integer(exponent)].concat());
    let bits = layout::der(0x03, &[vec![0], key].concat());
    layout::der(0x30, &[RSA_ENCRYPTION.to_vec(), bits].concat())
}

#[cfg(test)]
mod tests;
