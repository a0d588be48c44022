//! What every world promises, as one body of tests. A world's own crate implements [`Ground`]
//! and runs [`CASES`]; nothing here knows which world it is in.

mod cases;
mod ground;
mod run;
mod topology;

pub use cases::CASES;
pub use ground::{Ground, Place, Probe, Reach};
pub use run::{Case, run, run_all};
pub use topology::Site;
