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

/// Mixes numbers into one (the finalizer of SplitMix64 after each). Spreads well and hides nothing
/// from who tries hard.
pub(crate) fn mix(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9E37_79B9_7F4A_7C15, |state, part| {
        let mut mixed = (state ^ part).wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    })
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
