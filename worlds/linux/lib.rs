//! The Linux world: things made of namespaces, links, rules, files and processes. It carries
//! orders out and reports; it decides nothing that a region decides.

mod anchor;
mod carried;
mod clock;
mod door;
mod examine;
mod hands;
mod host;
mod inventory;
mod journal;
mod linux;
mod machines;
mod places;
mod process;
mod stall;
mod state;
mod storage;
mod told;
mod whereabouts;

pub use anchor::{Anchor, run as anchor};
pub use door::Counter;
pub use examine::{Finding, examine};
pub use linux::Linux;
pub use linux_node::{City, Doors, city};
pub use places::{Place, halt, import_image, node, run_at, zone};
pub use process::Identity;
pub use state::{Lock, Running, State};
