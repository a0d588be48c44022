//! Chance from a seed: the swarm's own stream, apart from the world's.

use world::Span;

/// A stream of random numbers (splitmix64).
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// A stream that is all in its seed.
    pub fn new(seed: u64) -> Dice {
        Dice(seed ^ 0x5eed_5eed_5eed_5eed)
    }

    /// Sixty-four bits.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ word >> 31
    }

    /// Less than `limit`; zero when that is zero.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit.max(1)
    }

    /// True once in so many times.
    pub fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of these; none when there is none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len() as u64) as usize)
    }

    /// One of these texts.
    pub fn word(&mut self, from: &[&'static str]) -> &'static str {
        from[self.below(from.len() as u64) as usize]
    }

    /// A span between nothing and so many milliseconds.
    pub fn millis(&mut self, most: u64) -> Span {
        Span::micros(self.below(most * 1_000 + 1))
    }
}
