//! A running digest, and on demand the text, of everything the world was told and said.

use std::fmt::Write as _;
use std::hash::{Hash, Hasher};
use world::Time;

/// Two traces are equal when two runs were. Its digest is good against accident, not malice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    lanes: [u64; 2],
    text: Option<String>,
}

impl Default for Trace {
    fn default() -> Self {
        Trace { lanes: [0xcbf2_9ce4_8422_2325, 0x6c62_272e_07bb_0142], text: None }
    }
}

impl Trace {
    pub(crate) fn new(text: bool) -> Trace {
        Trace { text: text.then(String::new), ..Trace::default() }
    }

    /// 128 bits over everything so far.
    pub fn digest(&self) -> u128 {
        u128::from(self.lanes[0]) << 64 | u128::from(self.lanes[1])
    }

    /// One line for each thing told (`>`) and said (`<`); empty unless the settings ask for it.
    pub fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    /// Adds one line. `data` goes into the digest, `line` into the text only.
    pub(crate) fn note(
        &mut self,
        at: Time,
        verb: &str,
        data: &impl Hash,
        line: impl FnOnce() -> String,
    ) {
        at.hash(self);
        verb.hash(self);
        data.hash(self);
        if let Some(text) = &mut self.text {
            writeln!(text, "{:>16} {verb} {}", at.0, line()).expect("a string takes all text");
        }
    }

    fn mix(&mut self, word: u64) {
        let [left, right] = self.lanes;
        let product = u128::from(left ^ word) * u128::from(0x9e37_79b9_7f4a_7c15_u64);
        self.lanes[0] = (product as u64) ^ ((product >> 64) as u64) ^ right.rotate_left(23);
        self.lanes[1] =
            (right ^ word.rotate_left(32)).wrapping_mul(0xff51_afd7_ed55_8ccd) ^ right >> 29;
    }
}

impl Hasher for Trace {
    fn finish(&self) -> u64 {
        self.lanes[0] ^ self.lanes[1].rotate_left(32)
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            self.mix(u64::from_le_bytes(word.try_into().expect("eight bytes")));
        }
        let rest = words.remainder();
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            self.mix(u64::from_le_bytes(last) ^ (rest.len() as u64) << 56);
        }
    }
}
