//! `maquette simulate`: a whole day of a web site in virtual time, over the same control plane as
//! the real thing, and its curves. Touches no file and no terminal.

mod chart;
mod day;
mod plan;
mod site;
mod summary;
mod svg;
mod terminal;
#[cfg(test)]
mod tests;

pub use day::{Day, play};
pub use plan::{Failure, Plan, Sale};
pub use summary::Summary;
pub use svg::svg;
pub use terminal::terminal;
