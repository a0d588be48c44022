//! Metric maths: queries to series. docs: using-metric-math

mod aggregate;
mod function;
mod label;
mod line;
mod operator;
mod parse;
mod queries;
mod search;
#[cfg(test)]
mod tests;
mod value;

pub use line::Line;
pub use queries::{Frame, answers, check};
