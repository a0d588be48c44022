//! What is kept: templates, experiments and the safety lever.

pub mod catalog;
mod experiment;
mod template;
mod words;

pub use experiment::{Experiment, Progress, Status};
pub use template::{Action, Design, LEVER, Lever, Target, Template, Words};
pub use words::{DURATIONS, SHORTEST_PAUSE, duration, id_of};
