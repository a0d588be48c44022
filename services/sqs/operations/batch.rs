//! What all batches have in common: their entries' ids, and the answer to an entry that failed.

use api_sqs::BatchResultErrorEntry;
use region::Refusal;
use std::collections::BTreeSet;

/// A batch has this many entries at most.
const ENTRIES: usize = 10;

/// The longest id of an entry.
const ID_BYTES: usize = 80;

/// Refuses a batch whose entries cannot be told apart. `shape` is the entries' name in the model.
pub(crate) fn check<'a>(
    ids: impl ExactSizeIterator<Item = &'a str>,
    shape: &str,
) -> Result<(), Refusal> {
    if ids.len() == 0 {
        let message = format!("There should be at least one {shape} in the request.");
        return Err(Refusal::new("EmptyBatchRequest", message));
    }
    if ids.len() > ENTRIES {
        let sent = ids.len();
        let message =
            format!("Maximum number of entries per request are {ENTRIES}. You have sent {sent}.");
        return Err(Refusal::new("TooManyEntriesInBatchRequest", message));
    }
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let mut earlier = BTreeSet::new();
    for id in ids {
        if !(1..=ID_BYTES).contains(&id.len()) || !id.bytes().all(valid) {
            let message = "A batch entry id can only contain alphanumeric characters, hyphens and \
                           underscores. It can be at most 80 letters long.";
            return Err(Refusal::new("InvalidBatchEntryId", message));
        }
        if !earlier.insert(id) {
            let message = format!("Id {id} repeated.");
            return Err(Refusal::new("BatchEntryIdsNotDistinct", message));
        }
    }
    Ok(())
}

/// The answer to one entry that was refused.
pub(crate) fn failed(id: String, refusal: Refusal) -> BatchResultErrorEntry {
    BatchResultErrorEntry {
        id: Some(id),
        code: Some(refusal.code),
        message: Some(refusal.message),
        sender_fault: Some(refusal.sender),
    }
}

/// A list of an answer, which AWS leaves out when it is empty.
pub(crate) fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    Some(list).filter(|list| !list.is_empty())
}
