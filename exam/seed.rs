//! Chance that can be had again: every run prints its seed, `SEED=n` plays it again.

use std::time::{SystemTime, UNIX_EPOCH};

/// Whether the exam runs at its full size (`EXAM=full`).
pub fn full() -> bool {
    std::env::var("EXAM").is_ok_and(|size| size == "full")
}

/// One of two numbers, by the exam's size.
pub fn size(short: u64, full_size: u64) -> u64 {
    if full() { full_size } else { short }
}

/// A stream of random numbers (SplitMix64).
#[derive(Debug, Clone)]
pub struct Seed {
    first: u64,
    state: u64,
}

impl Seed {
    /// The seed in `SEED`, or a new one; printed so that a failure can be played again.
    pub fn take(test: &str) -> Seed {
        let given = std::env::var("SEED").ok().and_then(|text| text.trim().parse().ok());
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut new = Seed { first: 0, state: since.as_nanos() as u64 };
        let first = given.unwrap_or_else(|| new.next() % 1_000_000_007);
        eprintln!("{test}: SEED={first}");
        Seed { first, state: first }
    }

    /// The number it began with.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// Sixty-four random bits.
    #[expect(clippy::should_implement_trait, reason = "a stream without end is no iterator here")]
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` up to and without `high`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low).max(1)
    }
}
