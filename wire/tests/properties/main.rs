//! Properties over the real models: what is written reads back the same, and no bytes at all make
//! a reader panic. Random, but from fixed seeds: a failure repeats.
#![allow(clippy::unwrap_used, reason = "a test may end where it cannot go on")]

mod hostile;
mod models;
mod params;
mod round_trip;
