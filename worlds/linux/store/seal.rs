//! Small files that say themselves whether they are whole: a JSON object with a sum over the rest
//! of it. Not the journal, whose frames have their own.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// The member that holds the sum.
const SUM: &str = "sum";

/// FNV-1a, 64 bits: changes with every byte; neither secret nor safe against intent.
pub fn fnv(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

/// An object as the bytes of a file.
pub fn seal(what: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut json = serde_json::to_value(what)?;
    let sum = format!("{:016x}", fnv(json.to_string().as_bytes()));
    if let Some(members) = json.as_object_mut() {
        members.insert(SUM.to_owned(), sum.into());
    }
    serde_json::to_vec(&json)
}

/// What a file held; `None` when it is not as it was written.
pub fn open<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let mut json: Json = serde_json::from_slice(bytes).ok()?;
    let sum = json.as_object_mut()?.remove(SUM)?;
    let whole = sum == format!("{:016x}", fnv(json.to_string().as_bytes()));
    // Blanks and the order of members are no part of the sum, but of what was written.
    let same = whole && seal(&json).ok()? == bytes;
    if same { serde_json::from_value(json).ok() } else { None }
}
