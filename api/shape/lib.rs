//! The run time of AWS's shapes: values, records, schemas as constant data, timestamps,
//! constraints. Knows no protocol and no service.
//!
//! - [`Value`] and [`Record`]: anything an operation takes or gives, found by position or by name.
//! - [`Api`], [`OperationSchema`], [`Structure`], [`Member`], [`Shape`]: what the model says.
//! - [`Shaped`] and [`Operation`]: generated structs and markers, to records and back.
//! - [`validate`]: the model's constraints. [`to_json`], [`from_json`]: inputs written by hand.

pub mod base64;
mod dynamic;
pub mod model;
pub mod names;
mod schema;
mod shaped;
#[cfg(test)]
mod tests;
mod timestamp;
mod validate;
mod value;

pub use dynamic::{
    NotOfShape, Scalars, from_json, from_json_with, from_text, to_json, value_to_json,
};
pub use schema::{
    Api, ErrorSchema, Item, Kind, Location, Member, Members, NOTHING, Namespace, OperationSchema,
    Protocol, Shape, Structure,
};
/// Any JSON.
pub use serde_json::Value as Json;
pub use shaped::{Mismatch, Operation, Part, Reader, Shaped, Writer, present, take_struct};
pub use timestamp::{TimeFormat, Timestamp};
pub use validate::{Checks, Fault, FaultKind, validate, validate_with};
pub use value::{Record, Value};
