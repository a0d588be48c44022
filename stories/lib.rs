//! Stories: scripts that run a whole region over the simulated world. Calls skip signature and
//! protocol (those are `endpoint`'s) and speak the models' own JSON.

mod bench;
mod door;
mod machines;
mod parse;
mod pattern;
mod play;

pub use bench::{Bench, Refused};
pub use door::PlainDoor;
pub use parse::{Line, parse};
pub use pattern::{Names, expand, matches};
pub use play::play;
