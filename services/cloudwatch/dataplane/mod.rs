//! What is made of an account's metrics: series, metric maths; and the history of alarms.

mod history;
pub mod maths;

pub use history::{Event, History, Item, Kind};
