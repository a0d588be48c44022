//! Words and ids that are made of what they name: the same every time.

use region::Key;
use world::Time;

/// `2026-01-01T00:00:00Z`.
pub(crate) fn at(time: Time) -> String {
    shape::Timestamp::from_seconds(time.seconds() as i64).iso8601()
}

/// A timestamp for answers.
pub(crate) fn stamp(time: Time) -> shape::Timestamp {
    shape::Timestamp(time.millis() as i64)
}

/// A UUID that is made of a key and a number (FNV-1a with a finisher; no secret).
pub(crate) fn uuid(key: &Key, salt: &str, number: u64) -> String {
    let text = format!("{key} {salt} {number}");
    let (a, b) = (hash(&text, 1), hash(&text, 2));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        a >> 32,
        a >> 16 & 0xFFFF,
        a & 0xFFF,
        b >> 48 & 0x3FFF | 0x8000,
        b & 0xFFFF_FFFF_FFFF
    )
}

fn hash(text: &str, seed: u64) -> u64 {
    let start = 0xCBF2_9CE4_8422_2325_u64 ^ seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = text
        .bytes()
        .fold(start, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
