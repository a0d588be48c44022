//! Digests as SQS computes them: MD5 of bodies and attributes, SHA-256 of bodies for
//! deduplication. Not security.

use super::{Attribute, Payload};
use md5::{Digest, Md5};
use sha2::Sha256;
use std::collections::BTreeMap;

/// MD5 in lower-case hexadecimal.
pub(crate) fn md5_hex(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

/// SHA-256 in lower-case hexadecimal: the deduplication id of a queue with
/// ContentBasedDeduplication.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The first eight bytes of an MD5, as a number.
pub(crate) fn number(parts: &[u64]) -> u64 {
    let mut md5 = Md5::new();
    for part in parts {
        md5.update(part.to_be_bytes());
    }
    let sum = md5.finalize();
    sum.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// MD5 of attributes, as "Calculating the MD5 message digest for message attributes" in the
/// developer's guide has it: sorted by name; name, type and value each with its length in four
/// bytes, big end first; a byte 1 before text and 2 before binary values.
pub(crate) fn attributes_md5<'a>(
    attributes: impl IntoIterator<Item = (&'a String, &'a Attribute)>,
) -> Option<String> {
    let sorted: BTreeMap<&String, &Attribute> = attributes.into_iter().collect();
    if sorted.is_empty() {
        return None;
    }
    let mut md5 = Md5::new();
    let piece = |md5: &mut Md5, bytes: &[u8]| {
        md5.update((bytes.len() as u32).to_be_bytes());
        md5.update(bytes);
    };
    for (name, attribute) in sorted {
        piece(&mut md5, name.as_bytes());
        piece(&mut md5, attribute.data_type.as_bytes());
        match &attribute.value {
            Payload::Text(text) => {
                md5.update([1]);
                piece(&mut md5, text.as_bytes());
            }
            Payload::Binary(bytes) => {
                md5.update([2]);
                piece(&mut md5, bytes);
            }
        }
    }
    Some(hex(&md5.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
