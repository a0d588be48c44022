//! Receipt handles: opaque text that names one receive of one message of one queue.

use super::digest;

/// What a handle says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The message's number in its mailbox.
    pub number: u64,
    /// Which receive of it this was.
    pub receive: u32,
}

/// AWS's handles begin with `AQEB`, which is what these bytes are in base64.
const BEGINNING: [u8; 3] = [1, 1, 1];
const LENGTH: usize = 27;

impl Receipt {
    /// The handle, which only the mailbox with this salt takes.
    pub fn handle(self, salt: u64) -> String {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.extend_from_slice(&BEGINNING);
        let proof = self.proof(salt);
        let [first, second] = masks(proof);
        for word in [self.number ^ first, u64::from(self.receive) ^ second, proof] {
            bytes.extend_from_slice(&word.to_be_bytes());
        }
        shape::base64::encode(&bytes)
    }

    /// Reads a handle; `None` when this mailbox never gave it out.
    pub fn read(handle: &str, salt: u64) -> Option<Receipt> {
        let bytes = shape::base64::decode(handle)?;
        if bytes.len() != LENGTH || bytes[..3] != BEGINNING {
            return None;
        }
        let word = |at: usize| {
            bytes[at..at + 8].iter().fold(0u64, |word, byte| word << 8 | u64::from(*byte))
        };
        let proof = word(19);
        let [first, second] = masks(proof);
        let receive = u32::try_from(word(11) ^ second).ok()?;
        let receipt = Receipt { number: word(3) ^ first, receive };
        (receipt.proof(salt) == proof).then_some(receipt)
    }

    fn proof(self, salt: u64) -> u64 {
        digest::mix(&[salt, self.number, u64::from(self.receive)])
    }
}

/// Hides number and receive, so that handles of neighbours do not look alike.
fn masks(proof: u64) -> [u64; 2] {
    [digest::mix(&[proof, 1]), digest::mix(&[proof, 2])]
}
