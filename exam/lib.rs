//! What every exam row needs: a region of its own in a state directory of its own, real clients,
//! chance with a seed, and the leak audit. The rows themselves are the files in `tests/`.

mod audit;
mod clients;
mod http;
mod process;
mod seed;
mod subject;

pub use audit::{Audit, listeners};
pub use clients::{Script, run as run_script, same};
pub use http::{Response, exchange, exchange_in_parts};
pub use process::{Process, descriptors, memory_kib, processes};
pub use seed::{Seed, full, size};
pub use subject::{Said, Subject, scratch};
