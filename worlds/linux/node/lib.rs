//! A machine of the world's own programs on Linux: one process in its machine's network namespace,
//! and what its zone's process says to it. Supervises nothing; it ends with whoever started it.

mod cities;
mod courier;
mod delay;
mod door;
mod doors;
mod process;
mod program;
mod question;
mod space;
#[cfg(test)]
mod tests;

pub use doors::Doors;
pub use names::places::{City, city};
pub use process::node;
