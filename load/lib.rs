//! A small load generator: so many requests a second, whether the answers come or not, and a
//! picture of what came of them. Speaks HTTP/1.1; measures from when a request was due.

mod client;
mod generator;
mod picture;
mod tally;
#[cfg(test)]
mod tests;

pub use client::{Addresses, Target};
pub use generator::{Order, run};
pub use picture::{Picture, summary};
pub use tally::{Report, Tally};
