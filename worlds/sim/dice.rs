//! The simulated world's only source of chance: SplitMix64. Not for secrets.

use world::Span;

/// A stream of numbers that a seed determines.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// The next 64 bits (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Evenly from 0 to `most`, both included.
    pub(crate) fn up_to(&mut self, most: u64) -> u64 {
        let wide = u128::from(self.roll()) * (u128::from(most) + 1);
        (wide >> 64) as u64
    }

    /// Evenly from `least` to `most`, both included; `least` when they are the wrong way round.
    pub(crate) fn span(&mut self, least: Span, most: Span) -> Span {
        Span(least.0 + self.up_to(most.0.saturating_sub(least.0)))
    }

    pub(crate) fn coin(&mut self) -> bool {
        self.roll() >> 63 == 1
    }
}
