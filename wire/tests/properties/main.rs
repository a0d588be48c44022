//! Properties over the real models: what is written reads back the same, and no bytes at all make
//! a reader panic. Random, but from fixed seeds: a failure repeats.

mod hostile;
mod models;
mod params;
mod random;
mod round_trip;
