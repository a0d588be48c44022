//! The simulated world: virtual time, chance from a seed, things as plain data. It holds no
//! thread, clock, file or socket; the same seed and the same calls give the same bytes.

mod agenda;
mod boundary;
mod clients;
mod content;
mod crash;
mod dice;
mod door;
mod faults;
mod journal;
mod matter;
pub mod reach;
mod settings;
mod sim;
mod trace;
mod traffic;
mod watch;
mod work;

pub use clients::Delivery;
pub use content::Content;
pub use settings::{Delay, Settings};
pub use sim::Sim;
pub use trace::Trace;
pub use traffic::{Curve, Demand, Goal, Moment};
pub use watch::{Heard, Reply, Wish};
