//! Metric maths: queries to series.

mod line;
mod queries;

pub use line::Line;
pub use queries::{Frame, answers, check};
