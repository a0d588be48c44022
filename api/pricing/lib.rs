//! The pricing API: AWS's own model as types and constant schemas, generated; and beside it the
//! price list itself, dated, for all rooms that say what something costs.

pub mod prices;
pub mod reserved;

#[allow(
    missing_docs,
    non_upper_case_globals,
    non_camel_case_types,
    clippy::all,
    reason = "generated from AWS's model, whose names these are"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/api.rs"));
}
pub use generated::*;

/// AWS's waiters of the kept operations, as botocore's JSON.
pub const WAITERS: &str = include_str!("waiters.json");
/// AWS's paginators of the kept operations, as botocore's JSON.
pub const PAGINATORS: &str = include_str!("paginators.json");
